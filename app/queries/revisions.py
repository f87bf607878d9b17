"""Revisions and the snapshots they stand for."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.engine import ONLY_READS
from app.db.models.charters import Charter
from app.db.models.people import Person
from app.db.models.revisions import Body, Revision
from app.errors import NotFound
from app.queries.naming import name_of, shown_name
from app.queries.stretches import downwards, stretch
from app.text.digest import unpack
from app.text.snapshot import Snapshot

# Snapshots never change and are addressed by hash, so a few can be kept for all requests of the process.
_KEPT = 64
_kept: OrderedDict[tuple[str, str], Snapshot] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class RevisionView:
    """A revision as pages and the interface list it; ``author`` is None where the product itself imported it."""

    number: int
    parent: int | None
    author: str | None
    created_at: datetime
    message: str


def revision_row(session: Session, charter: Charter, number: int) -> Revision:
    """The revision of that number; NotFound if the charter has none such."""
    # A page asks for the same few revisions again and again, and a revision never changes.
    known: dict[tuple[int, int], Revision]
    known = session.info.setdefault("revisions", {}) if session.info.get(ONLY_READS) else {}
    found = known.get((charter.id, number))
    if found is None:
        found = session.scalar(select(Revision).where(Revision.charter_id == charter.id, Revision.number == number))
    if found is None:
        raise NotFound(f"There is no revision {number} of this charter; the newest is {charter.head}.")
    known[charter.id, number] = found
    return found


def snapshot(session: Session, charter: Charter, number: int) -> Snapshot:
    """The whole text at that revision."""
    row = revision_row(session, charter, number)
    return packed_snapshot(session, row.front_hash, row.outline_hash)


def made_at(session: Session, charter: Charter, numbers: Iterable[int]) -> dict[int, datetime]:
    """When each of these revisions was made."""
    asked = select(Revision.number, Revision.created_at).where(Revision.charter_id == charter.id)
    found = session.execute(asked.where(Revision.number.in_(set(numbers))))
    return {row.number: row.created_at for row in found}


def head_snapshot(session: Session, charter: Charter) -> Snapshot:
    """The working text."""
    return snapshot(session, charter, charter.head)


def packed_snapshot(session: Session, front: str, outline: str) -> Snapshot:
    """The snapshot under these two hashes."""
    with _lock:
        known = _kept.get((front, outline))
        if known is not None:
            _kept.move_to_end((front, outline))
            return known
    made = unpack(front, outline, lambda hashes: bodies(session, hashes))
    with _lock:
        _kept[front, outline] = made
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return made


def revisions(
    session: Session, charter: Charter, *, before: int | None = None, above: int | None = None, limit: int = 50
) -> list[RevisionView]:
    """The newest revisions first, at most ``limit``, those below number ``before`` or nearest above ``above``."""
    query = (
        select(Revision, shown_name(charter.id))
        .outerjoin(Person, Person.id == Revision.author_id)
        .where(Revision.charter_id == charter.id)
    )
    rows = session.execute(stretch(query, Revision.number, below=before, above=above, limit=limit))
    return downwards([_view(row, name) for row, name in rows], above)


def revision(session: Session, charter: Charter, number: int) -> RevisionView:
    """One revision; NotFound if there is none such."""
    row = revision_row(session, charter, number)
    name = name_of(session, charter.id, row.author_id)
    return _view(row, name)


def _view(row: Revision, author: str | None) -> RevisionView:
    return RevisionView(row.number, row.parent, author, row.created_at, row.message)


def bodies(session: Session, hashes: Iterable[str]) -> Mapping[str, str]:
    """The stored texts under these hashes, as far as there are any."""
    wanted: Sequence[str] = sorted(set(hashes))
    found: dict[str, str] = {}
    # SQLite takes a limited number of values in one statement.
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        rows = session.execute(select(Body.hash, Body.canonical).where(Body.hash.in_(part)))
        found.update((row.hash, row.canonical) for row in rows)
    return found
