"""How the installation is: what waits in the outbox, and when something was done last."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.db.models.notices import OutboxMail
from app.db.models.records import Record

STUCK = timedelta(hours=1)
"""A mail that has been due for so long is stuck: a server that runs sends what is due within a minute."""

LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Outbox:
    """What waits, since when the mail waits that was written first, how many are stuck, and why the last one is.

    ``given_up`` are those of the last seven days that were given up after trying.
    """

    waiting: int
    since: datetime | None
    stuck: int
    reason: str
    given_up: int


def outbox_health(session: Session, now: datetime) -> Outbox:
    """What is to be said of the outbox at that moment."""
    waits = and_(OutboxMail.sent_at.is_(None), OutboxMail.given_up_at.is_(None))
    old = OutboxMail.created_at <= now - STUCK
    waiting, since = session.execute(select(func.count(), func.min(OutboxMail.created_at)).where(waits)).one()
    stuck = session.scalar(select(func.count()).where(waits, old)) or 0
    last = select(OutboxMail.last_error).where(waits, old, OutboxMail.last_error != "").order_by(OutboxMail.id.desc())
    # One that was never tried was given up on purpose: nobody was to read it any more.
    tried = and_(OutboxMail.given_up_at > now - LATELY, OutboxMail.attempts > 1)
    given_up = session.scalar(select(func.count()).where(tried)) or 0
    return Outbox(waiting, since, stuck, session.scalar(last.limit(1)) or "", given_up)


def newest_record(session: Session) -> datetime | None:
    """When the last act was recorded, None if there was none yet."""
    return session.scalar(select(func.max(Record.at)))
