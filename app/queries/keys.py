"""The keys by which this installation signs: which sign now, and which did when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.keys import SigningKey
from app.signing import PublicKey, public_key


@dataclass(frozen=True, slots=True)
class KeyView:
    """The public half of a key, and when it signed; ``until`` is None for the one that signs now."""

    number: int
    public: PublicKey
    since: datetime
    until: datetime | None


def signing_keys(session: Session) -> Sequence[KeyView]:
    """All keys this installation ever had, the oldest first."""
    columns = (SigningKey.number, SigningKey.public, SigningKey.created_at, SigningKey.retired_at)
    rows = session.execute(select(*columns).order_by(SigningKey.number))
    return [KeyView(number, public_key(public), since, until) for number, public, since, until in rows]


def current_key_row(session: Session) -> SigningKey | None:
    """The key that signs now, None before the first start."""
    return session.scalar(select(SigningKey).where(SigningKey.retired_at.is_(None)))
