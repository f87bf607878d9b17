"""How the installation is: what waits in the outbox, and when something was done last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.db.models.notices import OutboxMail
from app.db.models.records import Record
from app.queries.undelivered import undelivered, was_given_up

STUCK = timedelta(hours=1)
"""A mail that has been due for so long is stuck: a server that runs sends what is due within a minute."""

LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Outbox:
    """What waits, since when the mail waits that was written first, how many are stuck, and why the last one is.

    ``given_up`` are those of the last seven days that were given up after trying; ``unreached`` are the addresses that
    have got none since, each with the reason.
    """

    waiting: int
    since: datetime | None
    stuck: int
    reason: str
    given_up: int
    unreached: Mapping[str, str]


def outbox_health(session: Session, now: datetime) -> Outbox:
    """What is to be said of the outbox at that moment."""
    waits = and_(OutboxMail.sent_at.is_(None), OutboxMail.given_up_at.is_(None))
    old = OutboxMail.created_at <= now - STUCK
    waiting, since = session.execute(select(func.count(), func.min(OutboxMail.created_at)).where(waits)).one()
    stuck = session.scalar(select(func.count()).where(waits, old)) or 0
    last = select(OutboxMail.last_error).where(waits, old, OutboxMail.last_error != "").order_by(OutboxMail.id.desc())
    given_up = session.scalar(select(func.count()).where(was_given_up(now - LATELY))) or 0
    unreached = undelivered(session, now, within=LATELY)
    return Outbox(waiting, since, stuck, session.scalar(last.limit(1)) or "", given_up, unreached)


def newest_record(session: Session) -> datetime | None:
    """When the last act was recorded, None if there was none yet."""
    return session.scalar(select(func.max(Record.at)))
