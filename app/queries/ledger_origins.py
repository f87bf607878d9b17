"""Whether provenance says what follows from the revisions and merges: a row changed, added or taken out is named."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.origins import Origins
from app.errors import EngrossError
from app.queries.lineage import as_stored, recomputed


def audit_origins(session: Session, charter: Charter, faults: list[str]) -> None:
    """Find the provenance of every wording anew, and hold what is written down against it."""
    if charter.origins_up_to > charter.head:
        faults.append(
            f"charter {charter.key}: provenance is written down up to revision {charter.origins_up_to}, "
            f"but the newest is {charter.head}."
        )
    stored: dict[int, dict[str, str]] = {}
    for block, revision, spans in session.execute(
        select(Origins.block_id, Origins.revision, Origins.spans).where(Origins.charter_id == charter.id)
    ):
        stored.setdefault(revision, {})[block] = spans
    try:
        for number, written in recomputed(session, charter, min(charter.origins_up_to, charter.head)):
            there = stored.pop(number, {})
            for block in sorted(written.keys() | there.keys()):
                _compare(
                    f"the provenance of block {block} from revision {number} of {charter.key} on",
                    faults,
                    there.get(block),
                    as_stored(written[block]) if block in written else None,
                )
    except (EngrossError, KeyError, ValueError, TypeError):
        faults.append(f"the provenance of {charter.key}: it cannot be found anew; a text or a change is broken.")
        return
    for number, there in sorted(stored.items()):
        for block in sorted(there):
            faults.append(f"the provenance of block {block} from revision {number} of {charter.key} on: it was added.")


def _compare(name: str, faults: list[str], there: str | None, expected: str | None) -> None:
    if there == expected:
        return
    if there is None:
        faults.append(f"{name}: it is missing.")
    elif expected is None:
        faults.append(f"{name}: it was added.")
    else:
        faults.append(f"{name}: it is not what follows from the text and the merges.")
