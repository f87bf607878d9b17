"""The audit trail, read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Integer, case, cast, exists, func, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.people import Person
from app.db.models.proposals import Proposal
from app.db.models.records import Record
from app.db.models.threads import Thread
from app.queries.drafts import hidden_numbers
from app.queries.naming import shown_name
from app.queries.people import Account
from app.queries.thread_readers import seen_by
from app.rules.permissions import Action


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
    session: Session,
    charter: Charter,
    person: Account | None,
    allowed: frozenset[Action],
    *,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[RecordView]:
    """The newest records of a charter first, at most ``limit``, those below number ``before`` if given.

    Those that speak of drafts are left out for everybody but their authors, those that speak of a thread for whoever
    may not see it.
    """
    hidden = [f"proposal {number}" for number in sorted(hidden_numbers(session, charter, person))]
    query = (
        select(Record, shown_name(charter.id))
        .outerjoin(Person, Person.id == Record.person_id)
        .where(
            Record.chain == charter.key, Record.object.not_in(hidden), _of_no_hidden_thread(charter, person, allowed)
        )
        .order_by(Record.number.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Record.number < before)
    return [
        RecordView(r.number, r.at, name, r.act, r.object, r.before, r.after, r.hash)
        for r, name in session.execute(query)
    ]


def _of_no_hidden_thread(charter: Charter, person: Account | None, allowed: frozenset[Action]) -> ColumnElement[bool]:
    """The condition in SQL: a record speaks of no thread, or of one that this person may see."""
    named = Record.object.like("thread %")
    # Only what is said to be a thread has a number there: elsewhere the cast must not be tried.
    number = case((named, cast(func.substr(Record.object, len("thread ") + 1), Integer)))
    seen = (
        select(Thread.id)
        .outerjoin(Proposal, Proposal.id == Thread.proposal_id)
        .where(Thread.charter_id == charter.id, Thread.number == number, seen_by(person, allowed))
    )
    return ~named | exists(seen)
