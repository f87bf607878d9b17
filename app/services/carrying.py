"""Carrying threads: what hangs on words that a new revision touched is brought to it, and its author is told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.threads import Thread
from app.queries.ledger_threads import CARRY
from app.queries.revisions import head_snapshot
from app.queries.thread_lists import threads_hanging_on
from app.queries.thread_readers import readers_among
from app.queries.thread_words import stored_anchor, subject
from app.rules.notices import Happening
from app.rules.threads import ThreadState
from app.services import records
from app.services.hanging import put_anchor
from app.services.notices import tell
from app.services.thread_telling import thread_address, thread_name
from app.text.anchors import Anchor, AnchorState, carried
from app.text.difference import moved_between
from app.text.digest import canonical, digest
from app.text.snapshot import Snapshot
from app.text.survival import Survival


def carry_threads(
    session: Session, charter: Charter, before: Snapshot | None, number: int, *, by: int | None, now: datetime
) -> None:
    """Bring the threads on touched blocks and sections from the text before to revision ``number``, resolved ones too.

    The cost is that of what was touched: threads on other words stay as they are stored. An orphan stays an orphan.
    One record says how many there were, and under which hash each anchor stands now.
    """
    if before is None:
        return
    after = head_snapshot(session, charter)
    blocks, sections = touched(before, after)
    threads = threads_hanging_on(session, charter, blocks, sections)
    if not threads:
        return
    survival = Survival(before, after)
    hashes: dict[str, str] = {}
    worse: list[tuple[Thread, Anchor]] = []
    states: dict[str, int] = {}
    for thread in threads:
        old = stored_anchor(thread.anchor)
        assert old is not None
        # No revision between touched its words, so this is true of it, and is what an orphan keeps.
        anchor = carried(replace(old, revision=number - 1), survival, number)
        hashes[str(thread.number)] = put_anchor(thread, anchor)
        states[anchor.state] = states.get(anchor.state, 0) + 1
        if anchor.state in (AnchorState.CHANGED, AnchorState.ORPHANED) and anchor.state != old.state:
            worse.append((thread, anchor))
    session.flush()
    records.append(
        session,
        charter.key,
        by=by,
        now=now,
        act=CARRY,
        object=f"revision {number}",
        after=digest(canonical(hashes)),
        detail={"carried": len(threads), "states": states, "anchors": hashes},
    )
    for thread, anchor in worse:
        _tell_author(session, charter, thread, anchor, number, by=by, now=now)


def touched(before: Snapshot, after: Snapshot) -> tuple[Sequence[str], Sequence[str]]:
    """The ids of the blocks whose words, section or order are others now or that are gone, and of such sections."""
    now = {section.id: section for section in after.sections}
    changed = [s for s in before.sections if s.id not in now or (now[s.id] is not s and now[s.id] != s)]
    there = {block.id: (section.id, block.text) for section, _, block in after.placed_blocks()}
    blocks = {
        block.id
        for section in changed
        for block in section.blocks
        if block.id is not None and there.get(block.id) != (section.id, block.text)
    }
    sections = [s.id for s in changed if s.id not in now or now[s.id].heading != s.heading]
    return sorted(blocks | moved_between(before, after)), sections


def _tell_author(
    session: Session, charter: Charter, thread: Thread, anchor: Anchor, number: int, *, by: int | None, now: datetime
) -> None:
    if thread.state != ThreadState.OPEN:
        return
    named = f"thread {thread.number} on {subject(thread, None)}"
    if anchor.orphaned:
        words = f"Since revision {number} the text no longer has what your comment was about: {named}."
    else:
        words = f"Revision {number} rewrote part of what your comment is about: {named}."
    tell(
        session,
        charter,
        readers_among(session, charter, thread, {thread.author_id}),
        kind=Happening.ORPHANED,
        key=f"thread {thread.number} in revision {number}",
        object=thread_name(thread),
        address=thread_address(charter, thread),
        words=words,
        # Who merges does not see on the way what that does to a comment of their own, so they are told as well.
        by=None if by == thread.author_id else by,
        now=now,
    )
