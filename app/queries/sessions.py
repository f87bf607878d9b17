"""Where somebody is signed in, and which programs act for them; never a secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.sessions import ApiToken, BrowserSession
from app.queries.people import Account
from app.rules.permissions import IDLE_SESSION
from app.tokens import fingerprint


@dataclass(frozen=True, slots=True)
class SessionView:
    """A browser somebody is signed in with. ``here``: the one that asks. It ends at ``ends_at`` unless used before."""

    id: int
    device: str
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token of somebody, in ``charter`` alone (None: in all); ``ends_at`` is None: good until it is revoked."""

    id: int
    name: str
    read_only: bool
    charter: str | None
    created_at: datetime
    ends_at: datetime | None
    used_at: datetime | None


def browser_sessions(session: Session, person: Account, secret: str | None, now: datetime) -> Sequence[SessionView]:
    """Where somebody is signed in, this browser first and then the one used last."""
    mine = "" if secret is None else fingerprint(secret)
    rows = session.scalars(
        select(BrowserSession)
        .where(
            BrowserSession.person_id == person.id,
            BrowserSession.ends_at > now,
            BrowserSession.seen_at > now - IDLE_SESSION,
        )
        .order_by(BrowserSession.seen_at.desc(), BrowserSession.id.desc())
    )
    views = [
        SessionView(
            row.id,
            row.device,
            row.created_at,
            row.seen_at,
            min(row.ends_at, row.seen_at + IDLE_SESSION),
            row.secret_hash == mine,
        )
        for row in rows
    ]
    return sorted(views, key=lambda view: not view.here)


def tokens(session: Session, person: Account, now: datetime) -> Sequence[TokenView]:
    """The tokens of somebody that are good, the newest first."""
    rows = session.execute(
        select(ApiToken, Charter.key)
        .outerjoin(Charter, Charter.id == ApiToken.charter_id)
        .where(ApiToken.person_id == person.id, ApiToken.revoked_at.is_(None))
        .order_by(ApiToken.id.desc())
    )
    return [
        TokenView(row.id, row.name, row.read_only, charter, row.created_at, row.ends_at, row.used_at)
        for row, charter in rows
        if row.ends_at is None or row.ends_at > now
    ]
