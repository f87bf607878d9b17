"""The signing key of the installation: made once, and replaced by another."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.models.keys import SigningKey
from app.queries.keys import current_key_row
from app.services import records
from app.signing import KeyPair, PublicKey, new_pair, pair_of


def key_pair(session: Session, *, now: datetime) -> KeyPair:
    """The key that signs now; made if there is none yet."""
    row = current_key_row(session)
    if row is None:
        _alone(session)
        row = current_key_row(session) or _make(session, by=None, now=now, act="make signing key")
    assert row.secret is not None, "the key that signs has its secret half"
    return pair_of(row.secret)


def rotate(session: Session, *, by: int | None, now: datetime) -> PublicKey:
    """Let a fresh key sign from now on. The old one stays listed, so that what it signed can be checked for ever.

    Its secret half is destroyed: nobody can sign with it any more.
    """
    _alone(session)
    row = current_key_row(session)
    if row is not None:
        row.retired_at, row.secret = now, None
        session.flush()
    made = _make(session, by=by, now=now, act="rotate signing key" if row is not None else "make signing key")
    assert made.secret is not None
    return pair_of(made.secret).public


def _make(session: Session, *, by: int | None, now: datetime, act: str) -> SigningKey:
    pair = new_pair()
    last = session.scalar(select(func.max(SigningKey.number))) or 0
    row = SigningKey(number=last + 1, public=pair.public.base64, secret=pair.secret, created_at=now)
    session.add(row)
    session.flush()
    records.append(
        session, records.INSTALLATION, by=by, now=now, act=act, object=f"key {row.number}", after=pair.public.base64
    )
    return row


def _alone(session: Session) -> None:
    """Several servers may start at once on one PostgreSQL; SQLite has one writer at a time anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(records.INSTALLATION))))
