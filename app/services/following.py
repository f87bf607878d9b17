"""Following and muting a thing: whose happenings somebody wants to hear of."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.threads import Follow
from app.errors import BadInput
from app.rules.notices import Following


def follow_if_new(session: Session, charter: Charter, person: int, object: str, *, now: datetime) -> None:
    """Let somebody hear of a thing they took part in, unless they have muted it."""
    if _row(session, charter, person, object) is None:
        session.add(
            Follow(person_id=person, charter_id=charter.id, object=object, mode=Following.FOLLOWING, created_at=now)
        )
        session.flush()


def set_following(
    session: Session, charter: Charter, person: int, object: str, mode: str | None, *, now: datetime
) -> None:
    """Follow a thing, mute it, or (None) neither."""
    if mode is not None and mode not in set(Following):
        raise BadInput("You can follow a thing, mute it, or neither.")
    row = _row(session, charter, person, object)
    if row is not None and mode is None:
        session.delete(row)
    elif row is not None and mode is not None:
        row.mode = mode
    elif mode is not None:
        session.add(Follow(person_id=person, charter_id=charter.id, object=object, mode=mode, created_at=now))
    session.flush()


def _row(session: Session, charter: Charter, person: int, object: str) -> Follow | None:
    return session.scalar(
        select(Follow).where(Follow.person_id == person, Follow.charter_id == charter.id, Follow.object == object)
    )
