"""The audit trail: append one record for each act, in the act's own transaction."""

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.models.records import Record
from app.queries.records import record_values
from app.rules.chains import FIRST_LINK, link_hash
from app.text.digest import canonical

INSTALLATION = "installation"


def append(
    session: Session,
    chain: str,
    *,
    by: int | None,
    now: datetime,
    act: str,
    object: str,
    before: str = "",
    after: str = "",
    detail: object = None,
) -> Record:
    """Add a record to a chain ("installation" or a charter's key); ``before`` and ``after`` are hashes or states.

    Appends to one chain follow each other: SQLite has one writer at a time, PostgreSQL is asked for a lock by name.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(chain))))
    last = session.execute(
        select(Record.number, Record.hash).where(Record.chain == chain).order_by(Record.number.desc()).limit(1)
    ).first()
    number, previous = (last.number + 1, last.hash) if last else (1, FIRST_LINK)
    record = Record(
        chain=chain,
        number=number,
        person_id=by,
        at=now.astimezone(UTC),
        act=act,
        object=object,
        before=before,
        after=after,
        detail="" if detail is None else canonical(detail),
        previous=previous,
        hash="",
    )
    record.hash = link_hash(record_values(record), previous)
    session.add(record)
    session.flush()
    return record
