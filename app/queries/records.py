"""The audit trail, read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.people import Person
from app.db.models.records import Record
from app.queries.drafts import hidden_numbers
from app.queries.people import Account


@dataclass(frozen=True, slots=True)
class RecordView:
    """One line of the trail; ``person`` is None where the product itself acted."""

    number: int
    at: datetime
    person: str | None
    act: str
    object: str
    before: str
    after: str
    hash: str


def record_values(record: Record) -> dict[str, object]:
    """What the hash of a record covers, JSON-safe."""
    return {
        "chain": record.chain,
        "number": record.number,
        "person": record.person_id,
        "at": record.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "act": record.act,
        "object": record.object,
        "before": record.before,
        "after": record.after,
        "detail": record.detail,
    }


def records(
    session: Session, charter: Charter, person: Account | None, *, before: int | None = None, limit: int = 50
) -> Sequence[RecordView]:
    """The newest records of a charter first, at most ``limit``, those below number ``before`` if given.

    Those that speak of drafts are left out for everybody but their authors.
    """
    hidden = [f"proposal {number}" for number in sorted(hidden_numbers(session, charter, person))]
    query = (
        select(Record, Person.name)
        .outerjoin(Person, Person.id == Record.person_id)
        .where(Record.chain == charter.key, Record.object.not_in(hidden))
        .order_by(Record.number.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Record.number < before)
    return [
        RecordView(r.number, r.at, name, r.act, r.object, r.before, r.after, r.hash)
        for r, name in session.execute(query)
    ]
