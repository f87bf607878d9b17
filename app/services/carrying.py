"""Carrying threads: what hangs on words that a new revision touched is brought to it, and its author is told."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.threads import Thread
from app.queries.ledger_threads import CARRY
from app.queries.revisions import head_snapshot
from app.queries.thread_lists import Hanging, threads_hanging_on
from app.queries.thread_words import quoted
from app.rules.notices import Happening
from app.rules.threads import ThreadState
from app.services import records
from app.services.hanging import anchor_columns
from app.services.notices import tell
from app.text.anchor_json import anchor_from_json
from app.text.anchors import Anchor, AnchorState, carried, found_again
from app.text.difference import moved_between
from app.text.digest import canonical, digest
from app.text.snapshot import Snapshot
from app.text.survival import Survival

# So many of somebody's threads are named one by one.
_NAMED = 10


def carry_threads(
    session: Session, charter: Charter, before: Snapshot | None, number: int, *, by: int | None, now: datetime
) -> None:
    """Bring the threads on touched blocks and sections from the text before to revision ``number``, resolved ones too.

    The cost is that of what was touched: threads on other words stay as they are stored. An orphan stays an orphan,
    unless its very words are back in their place, as a revert brings them back.
    One record says how many there were, and under which hash each anchor stands now.
    """
    if before is None:
        return
    after = head_snapshot(session, charter)
    blocks, sections = touched(before, after)
    threads = threads_hanging_on(session, charter, blocks, sections)
    lost = threads_hanging_on(session, charter, *touched(after, before), lost=True)
    if not threads and not lost:
        return
    survival = Survival(before, after)
    rows: list[dict[str, object]] = []
    hashes: dict[str, str] = {}
    states: dict[str, int] = {}
    worse: dict[int, list[tuple[Hanging, Anchor]]] = {}
    for thread in (*threads, *lost):
        old = anchor_from_json(json.loads(thread.anchor))
        # No revision between touched its words, so this is true of it, and is what an orphan keeps.
        was = replace(old, revision=number - 1)
        anchor = carried(was, survival, number) if not old.orphaned else _back(thread, old, survival, number)
        if anchor is None:
            continue
        columns = anchor_columns(anchor)
        rows.append({"row": thread.id, **{f"new_{name}": value for name, value in columns.items()}})
        hashes[str(thread.number)] = digest(str(columns["anchor"]))
        states[anchor.state] = states.get(anchor.state, 0) + 1
        is_worse = anchor.state in (AnchorState.CHANGED, AnchorState.ORPHANED) and anchor.state != old.state
        if is_worse and not old.orphaned and thread.state == ThreadState.OPEN:
            worse.setdefault(thread.author_id, []).append((thread, anchor))
    if not rows:
        return
    _store(session, rows)
    records.append(
        session,
        charter.key,
        by=by,
        now=now,
        act=CARRY,
        object=f"revision {number}",
        after=digest(canonical(hashes)),
        detail={"carried": len(rows), "states": states, "anchors": hashes},
    )
    for author, lost_ones in sorted(worse.items()):
        _tell_author(session, charter, author, lost_ones, number, by=by, now=now)


def _back(thread: Hanging, old: Anchor, survival: Survival, number: int) -> Anchor | None:
    """Where an orphan hangs again: as it last did, or as it did at first if it was not hung elsewhere since."""
    found = found_again(old, survival, number)
    if found is not None or not thread.first:
        return found
    first = anchor_from_json(json.loads(thread.first))
    same = (first.block, first.quote) == (old.block, old.quote)
    return found_again(replace(first, orphaned=True), survival, number) if same else None


def _store(session: Session, rows: Sequence[dict[str, object]]) -> None:
    """Write the anchors in one go: row by row, many threads on one paragraph would hold up whoever merges."""
    # The table, not the class: SQLAlchemy cannot count the rows of many updates, which its version column asks for.
    table = Thread.metadata.tables[Thread.__tablename__]
    names = [name.removeprefix("new_") for name in rows[0] if name != "row"]
    values: dict[str, object] = {name: bindparam(f"new_{name}") for name in names}
    session.connection().execute(
        update(table).where(table.c.id == bindparam("row")).values(lock=table.c.lock + 1, **values), list(rows)
    )
    for thread in list(session.identity_map.values()):
        if isinstance(thread, Thread):
            session.expire(thread)


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
    session: Session,
    charter: Charter,
    author: int,
    threads: Sequence[tuple[Hanging, Anchor]],
    number: int,
    *,
    by: int | None,
    now: datetime,
) -> None:
    """Somebody hears once of all their open threads whose words were rewritten or are gone."""
    first, anchor = threads[0]
    home = f"/{charter.key}/threads"
    if len(threads) > 1:
        named = _listed([str(thread.number) for thread, _ in threads])
        words = f"Revision {number} rewrote or took out what your comments are about in threads {named}."
        object, address = f"revision {number}", f"{home}?show=mine"
    else:
        object, address = f"thread {first.number}", f"{home}/{first.number}"
        named = f"{object} on {quoted(anchor)}"
        words = (
            f"Since revision {number} the text no longer has what your comment was about: {named}."
            if anchor.orphaned
            else f"Revision {number} rewrote part of what your comment is about: {named}."
        )
    tell(
        session,
        charter,
        {author},
        kind=Happening.ORPHANED,
        key=f"threads in revision {number}",
        object=object,
        address=address,
        words=words,
        # Who merges does not see on the way what that does to comments of their own, so they are told as well.
        by=None if by == author else by,
        now=now,
    )


def _listed(names: Sequence[str]) -> str:
    """1, 4 and 9; of very many the first ones and how many more."""
    if len(names) > _NAMED:
        return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"
    return f"{', '.join(names[:-1])} and {names[-1]}"
