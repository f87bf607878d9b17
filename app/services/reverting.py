"""Reverting: what a merge put into the text is taken out again by a new revision; nothing is erased."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.decisions import MergedChange
from app.errors import Refused
from app.queries.changes import latest_decisions, proposed, reference
from app.queries.fits import Row
from app.queries.people import Account
from app.queries.reverting import Reversal, is_merge, merged_in, names, reverted_in
from app.queries.revisions import head_snapshot, revision_row, snapshot
from app.services import consequences, outcomes, records
from app.services.merging import merge_message
from app.services.revisions import store_revision, text_has_moved
from app.services.settling import Confirmed, refuse_conflicts, refuse_unread
from app.text.merge import SnapshotsMerge, merge_snapshots
from app.text.snapshot import Snapshot
from app.text.weave import Choice, Class, Resolution, classify_all

Merged = tuple[Row, MergedChange]


def preview(
    session: Session, charter: Charter, number: int, resolutions: Mapping[str, Resolution] | None = None
) -> Reversal:
    """What the working text becomes without what revision ``number`` merged. Nothing is written.

    ``resolutions`` settle what later words stand on.

    NotFound if there is no such revision, Refused if it merged nothing or was reverted already.
    """
    rows = _rows(session, charter, number)
    before, merged = _without(session, charter, number, resolutions or {})
    return Reversal(number, charter.head, before, merged, names([row for row, _ in rows]))


def revert(
    session: Session,
    charter: Charter,
    *,
    by: Account,
    now: datetime,
    number: int,
    base_revision: int,
    message: str,
    confirmed: Confirmed = False,
    resolutions: Mapping[str, Resolution] | None = None,
) -> int:
    """Take back what revision ``number`` merged, and answer with the revision that no longer says so.

    What others changed since stays. Compare-and-set like a merge: TextHasMoved unless ``base_revision`` is still the
    newest. MergeConflicts where later words stand on what would go and nobody has chosen, UnconfirmedCombination for a
    sentence that nobody has written as a whole; then nothing is written. The changes are adopted and not in the text
    again, but for those whose paragraph was left as it is: these stay.
    """
    said = merge_message(message)
    revision_row(session, charter, number)
    if charter.head != base_revision:
        raise text_has_moved(charter.head, base_revision)
    rows = _rows(session, charter, number)
    choices = resolutions or {}
    before, merged = _without(session, charter, number, choices)
    _refuse_unsettled(merged, confirmed, choices)
    stay = _staying(merged, before, choices)
    if merged.snapshot != before:
        text = said or f"Reverted revision {number}"
        store_revision(session, charter, merged.snapshot, by=by.id, now=now, message=text, act="revert")
    made = charter.head
    gone = [row for row in _gone(session, charter, rows, merged.snapshot) if row[0][1].block_id not in stay]
    for (_, change), merge in gone:
        change.merged_revision = None
        merge.reverted_in = made
    session.flush()
    changes = [row for row, _ in gone]
    records.append(
        session,
        charter.key,
        by=by.id,
        now=now,
        act="revert merge",
        object=f"revision {made}",
        before=f"revision {base_revision}",
        after=f"revision {made}",
        detail={
            "reverted": number,
            "changes": names(changes),
            "resolutions": {id: {"choice": r.choice, "text": r.text} for id, r in sorted(choices.items())},
        },
    )
    outcomes.tell_reverted(session, charter, changes, number, made, by=by, now=now)
    if made != base_revision:
        consequences.follow(session, charter, before, made, by=by.id, now=now)
    return made


def _rows(session: Session, charter: Charter, number: int) -> list[Merged]:
    revision_row(session, charter, number)
    if not is_merge(session, charter, number):
        raise Refused(
            f"Revision {number} did not merge any changes, so there is no merge to revert. "
            "Propose the text as you want it.",
            kind="not-a-merge",
        )
    taken_back = reverted_in(session, charter, number)
    if taken_back is not None:
        raise Refused(
            f"Revision {number} was reverted already, in revision {taken_back}. Its changes can be merged again.",
            kind="already-reverted",
            details={"reverted_in": taken_back},
        )
    return merged_in(session, charter, number)


def _without(
    session: Session, charter: Charter, number: int, resolutions: Mapping[str, Resolution]
) -> tuple[Snapshot, SnapshotsMerge]:
    head = head_snapshot(session, charter)
    then, earlier = snapshot(session, charter, number), snapshot(session, charter, number - 1)
    return head, merge_snapshots(then, head, earlier, resolutions)


def _staying(merged: SnapshotsMerge, before: Snapshot, resolutions: Mapping[str, Resolution]) -> set[str]:
    """The blocks in which somebody chose the words as they stand, and that read as before.

    Refused if that leaves the whole text as it is: then there is nothing to revert.
    """
    kept = {one.block for one in merged.settled if one.block and resolutions[one.id].choice == Choice.STANDING}
    if kept and merged.snapshot == before:
        raise Refused(
            "With these choices the text stays as it is, so there is nothing to revert. Choose otherwise, or leave it.",
            kind="nothing-changed",
        )
    now = {block.id: block for _, _, block in merged.snapshot.placed_blocks()}
    return {block.id for _, _, block in before.placed_blocks() if block.id in kept and now.get(block.id) == block}


def _gone(session: Session, charter: Charter, rows: Sequence[Merged], after: Snapshot) -> list[Merged]:
    """Those of the changes that are out of the text now: not what it said before the merge, and says still."""
    said_before = [row for row, merge in rows if merge.merged_as == Class.ALREADY]
    decisions = latest_decisions(session, [change.id for _, change in said_before])
    fits = classify_all(after, proposed(session, charter, said_before, decisions))
    still = {ref for ref, fit in fits.items() if fit.cls is Class.ALREADY}
    return [(row, merge) for row, merge in rows if reference(*row) not in still]


def _refuse_unsettled(merged: SnapshotsMerge, confirmed: Confirmed, resolutions: Mapping[str, Resolution]) -> None:
    refuse_conflicts(
        merged.conflicts,
        merged.outdated,
        resolutions,
        because="Later changes stand on the words that would go, so somebody has to choose. Nothing was changed.",
    )
    refuse_unread(
        merged.combined,
        confirmed,
        because="Without these changes there are sentences that nobody has written as a whole. Read and confirm them: ",
    )
