"""What somebody has begun to write and not sent."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.unsent import Unsent
from app.queries.people import Account

# Nobody writes at so many places at once; what is beyond is still there when its form is opened.
_MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class Begun:
    """What was typed into a form, by field, and when it was kept. ``proposal`` is 0 for a proposal that is none yet."""

    proposal: int
    part: str
    fields: Mapping[str, str]
    kept_at: datetime


def unsent_row(session: Session, charter: Charter, by: Account, proposal: int, part: str) -> Unsent | None:
    """The row of one form of that person."""
    return session.scalar(
        select(Unsent).where(
            Unsent.person_id == by.id,
            Unsent.charter_id == charter.id,
            Unsent.proposal == proposal,
            Unsent.part == part,
        )
    )


def begun(session: Session, charter: Charter, by: Account, proposal: int, part: str) -> Begun | None:
    """What that person began to write in that form, if anything."""
    row = unsent_row(session, charter, by, proposal, part)
    return None if row is None else _begun(row)


def all_begun(session: Session, charter: Charter, by: Account) -> Sequence[Begun]:
    """Everything that person has begun to write in this charter, the newest first."""
    rows = session.scalars(
        select(Unsent)
        .where(Unsent.person_id == by.id, Unsent.charter_id == charter.id)
        .order_by(Unsent.kept_at.desc(), Unsent.id.desc())
        .limit(_MOST_LISTED)
    )
    return [_begun(row) for row in rows]


def _begun(row: Unsent) -> Begun:
    return Begun(row.proposal, row.part, json.loads(row.fields), row.kept_at)
