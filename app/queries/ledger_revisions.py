"""Whether revisions, and the counters and origin of a charter, are what the records say."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.records import Record
from app.db.models.revisions import PermanentId, Revision
from app.queries.ledger_acts import Acts, Detail
from app.text.digest import digest
from app.text.snapshot import Snapshot

STORING = ("import", "merge", "revert")
"""The acts that store a revision."""


def audit_charter(charter: Charter, acts: Acts, faults: list[str]) -> None:
    """Hold what a charter says of itself against the records."""
    name = f"charter {charter.key}"
    founded = acts.get(("found charter", name), ())
    if founded and charter.created_at != founded[0][0].at:
        faults.append(f"{name}: since when it is here is not what was recorded.")
    if charter.proposals_made != len({object for act, object in acts if act == "propose"}):
        faults.append(f"{name}: the number of its proposals is not the recorded one.")
    kept = acts.get(("keep imported source", name), ())
    record, detail = kept[-1] if kept else (None, {})
    bases = (charter.imported_outline, charter.imported_front)
    edition = digest(charter.imported_edition or "")
    if bases != (record.after if record else None, detail.get("front")) or detail.get("edition", edition) != edition:
        faults.append(f"{name}: the source it was imported from is not the recorded one.")


def audit_revision(charter: Charter, revision: Revision, told: tuple[Record, Detail] | None, faults: list[str]) -> None:
    """Hold one revision against its record: its text, who made it, when, and what they said of it."""
    name = f"revision {revision.number} of {charter.key}"
    if told is None or (told[0].after, told[1].get("front")) != (revision.outline_hash, revision.front_hash):
        faults.append(f"{name}: its text is not the one that was recorded.")
        return
    record, detail = told
    if (revision.author_id, revision.created_at) != (record.person_id, record.at):
        faults.append(f"{name}: who made it, or when, is not what was recorded.")
    if revision.message != detail.get("message", revision.message):
        faults.append(f"{name}: what is said of it is not what was recorded.")


class Ids:
    """The ids of sections and blocks as the revisions bring them in, held against those that are written down."""

    def __init__(self) -> None:
        self._first: dict[str, tuple[str, int]] = {}

    def read(self, text: Snapshot, number: int) -> None:
        """Take the ids of one revision; revisions come in order."""
        for section in text.sections:
            self._first.setdefault(section.id, ("section", number))
            for block in section.blocks:
                self._first.setdefault(str(block.id), ("block", number))

    def audit(self, session: Session, charter: Charter, faults: list[str]) -> None:
        """Name every id that is missing, was added, or is said to have come otherwise."""
        columns = (PermanentId.id, PermanentId.sort, PermanentId.first_revision)
        rows = session.execute(select(*columns).where(PermanentId.charter_id == charter.id))
        stored = {id: (sort, first) for id, sort, first in rows}
        for id in sorted(stored.keys() | self._first.keys()):
            if stored.get(id) != self._first.get(id):
                faults.append(f"the permanent id {id} of {charter.key}: it is not what follows from the revisions.")
