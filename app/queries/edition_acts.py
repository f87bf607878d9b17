"""What was done to an edition, by whom and when, as the records have it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.people import Person
from app.db.models.records import Record
from app.queries.naming import shown_name


@dataclass(frozen=True, slots=True)
class EditionAct:
    """One act on an edition ("freeze edition"); ``person`` is None where the product itself acted."""

    act: str
    person: str | None
    at: datetime


def edition_acts(session: Session, charter: Charter, key: str) -> Sequence[EditionAct]:
    """All acts on the edition of that key, the oldest first; of an earlier draft that was discarded, none."""
    rows = session.execute(
        select(Record.act, shown_name(charter.id), Record.at)
        .outerjoin(Person, Person.id == Record.person_id)
        .where(Record.chain == charter.key, Record.object == f"edition {key}")
        .order_by(Record.number)
    )
    acts = [EditionAct(*row) for row in rows]
    begun = max((n for n, one in enumerate(acts) if one.act == "draft edition"), default=0)
    return acts[begun:]
