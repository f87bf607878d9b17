"""Threads in lists: which there are for somebody, on what, and what was said first; and which hang on touched words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, null, select, text
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.people import Person
from app.db.models.proposals import Proposal
from app.db.models.threads import Thread, ThreadComment
from app.queries.naming import shown_name
from app.queries.people import Account
from app.queries.stretches import downwards, length, stretch
from app.queries.thread_readers import is_for, seen_by
from app.queries.thread_words import shortened, stored_anchor, subject
from app.rules.permissions import Action
from app.rules.threads import About, Audience, ThreadState
from app.text.anchors import AnchorState, Reach

_AT_ONCE = 500
_BESIDE = 3
_FIRST_WORDS = 240


@dataclass(frozen=True, slots=True)
class ThreadHead:
    """A thread in a list. ``subject`` says what it is about, ``said`` is how its first comment begins.

    ``words`` are the code points of the block's text it hangs on now, None where it hangs on no words.
    """

    number: int
    state: str
    audience: str
    about: str
    subject: str
    section: str | None
    block: str | None
    proposal: int | None
    change: int | None
    anchor_state: str | None
    author: str
    said: str
    comments: int
    created_at: datetime
    last_at: datetime
    words: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which threads a list shows; None asks for nothing. ``mine``: the person has opened it or said something in it."""

    state: str | None = None
    section: str | None = None
    block: str | None = None
    proposal: int | None = None
    anchor: str | None = None
    about: str | None = None
    mine: Account | None = None


def thread_heads(
    session: Session,
    charter: Charter,
    person: Account | None,
    allowed: frozenset[Action],
    wanted: Wanted,
    *,
    after: int | None = None,
    above: int | None = None,
    limit: int = 50,
) -> list[ThreadHead]:
    """The threads this person may see, by number from the newest, at most ``limit``, those below number ``after``.

    ``above``: instead those nearest above that number.
    """
    query = _heads(person, allowed).where(*_wanted(charter, wanted))
    rows = session.execute(stretch(query, Thread.number, below=after, above=above, limit=limit))
    return downwards([_head(row) for row in rows], above)


def thread_count(
    session: Session, charter: Charter, person: Account | None, allowed: frozenset[Action], wanted: Wanted
) -> int:
    """How many such threads there are for this person, as far as lists are counted."""
    query = select(Thread.id).outerjoin(Proposal, Proposal.id == Thread.proposal_id)
    return length(session, query.where(seen_by(person, allowed), *_wanted(charter, wanted)))


def _wanted(charter: Charter, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """What is asked for, as conditions in SQL."""
    if wanted.state is not None:
        yield Thread.state == wanted.state
    if wanted.section is not None:
        yield Thread.section_id == wanted.section
    if wanted.block is not None:
        yield Thread.block_id == wanted.block
    if wanted.about is not None:
        # A section as such is on no block, and the index of blocks leads to those.
        yield (Thread.reach == wanted.about) & Thread.block_id.is_(None)
    if wanted.anchor is not None:
        yield Thread.anchor_state == wanted.anchor
    if wanted.proposal is not None:
        # A thread on a change belongs to the proposal too. The proposal alone, not the charter, leads to few rows.
        of = select(Proposal.id).where(Proposal.charter_id == charter.id, Proposal.number == wanted.proposal)
        yield Thread.proposal_id == of.scalar_subquery()
    else:
        yield Thread.charter_id == charter.id
    if wanted.mine is not None:
        spoken = select(ThreadComment.thread_id).where(ThreadComment.author_id == wanted.mine.id)
        yield Thread.id.in_(spoken)


def open_threads_on_proposals(
    session: Session, person: Account | None, allowed: frozenset[Action], proposals: Sequence[int], *, limit: int
) -> list[ThreadHead]:
    """The open threads on these proposals (row ids) and on their changes, by number from the oldest."""
    query = (
        _heads(person, allowed)
        .where(Thread.proposal_id.in_(proposals), Thread.state == ThreadState.OPEN)
        .order_by(Thread.number)
        .limit(limit)
    )
    return [_head(row) for row in session.execute(query)]


def open_threads_beside(
    session: Session, charter: Charter, person: Account | None, allowed: frozenset[Action]
) -> dict[str, tuple[Sequence[ThreadHead], int]]:
    """The newest open threads on each block of the working text, and on each section as such, with how many there are.

    By the id of the block or of the section.
    """
    # What hangs on the text is on no proposal, so only the audience decides, and no draft has to be asked after.
    standing = (
        Thread.charter_id == charter.id,
        Thread.state == ThreadState.OPEN,
        Thread.anchor_state != AnchorState.ORPHANED,
        is_for(allowed),
    )
    counted = session.execute(
        select(Thread.block_id, func.count()).where(*standing, Thread.block_id.is_not(None)).group_by(Thread.block_id)
    )
    among = {block: count for block, count in counted}  # noqa: C416 - rows are no pairs for mypy
    ids = _newest(session, charter, allowed, sorted(filter(None, among)))
    query = _heads(person, allowed).where(Thread.id.in_(ids)).order_by(Thread.number.desc())
    found: dict[str, tuple[list[ThreadHead], int]] = {}
    for row in session.execute(query):
        head = _head(row)
        found.setdefault(head.block or "", ([], among[head.block]))[0].append(head)
    of_sections = Wanted(state=ThreadState.OPEN, about=About.SECTION)
    for head in thread_heads(session, charter, person, allowed, of_sections, limit=_AT_ONCE):
        if head.anchor_state != AnchorState.ORPHANED:
            heads, count = found.get(head.section or "", ([], 0))
            found[head.section or ""] = ([*heads, head][:_BESIDE], count + 1)
    return {id: (tuple(heads), count) for id, (heads, count) in found.items()}


def _newest(session: Session, charter: Charter, allowed: frozenset[Action], blocks: Sequence[str]) -> list[int]:
    """The row ids of the newest open threads on each block: one short look into the index for each.

    To number all threads would go through all; and written by hand the many small questions cost nothing to put.
    """
    audience = "" if Action.READ_MEMBERS_THREADS in allowed else " AND audience = :audience"
    found: list[int] = []
    for start in range(0, len(blocks), _AT_ONCE):
        part = dict(enumerate(blocks[start : start + _AT_ONCE]))
        asked = " UNION ALL ".join(
            f"SELECT id FROM (SELECT id FROM threads WHERE charter_id = :charter AND block_id = :b{n}"
            f" AND state = :state AND anchor_state <> :gone{audience} ORDER BY number DESC LIMIT {_BESIDE}) AS t{n}"
            for n in part
        )
        given: dict[str, object] = {"charter": charter.id, "state": ThreadState.OPEN, "gone": AnchorState.ORPHANED}
        if audience:
            given["audience"] = Audience.PUBLIC
        given.update((f"b{n}", block) for n, block in part.items())
        found += session.scalars(text(asked), given)
    return found


@dataclass(frozen=True, slots=True)
class Hanging:
    """What carrying a thread needs of it: many of them are read at once."""

    id: int
    number: int
    author_id: int
    state: str
    anchor: str
    first: str = ""


def threads_hanging_on(
    session: Session, charter: Charter, blocks: Sequence[str], sections: Sequence[str], *, lost: bool = False
) -> list[Hanging]:
    """The threads on these blocks, and those on these sections as such, by number; orphans hang on nothing.

    ``lost``: instead the orphans that last hung there.
    """
    orphaned = Thread.anchor_state == AnchorState.ORPHANED
    first = (Thread.first_anchor if lost else null()).label("first")
    hanging = select(Thread.id, Thread.number, Thread.author_id, Thread.state, Thread.anchor, first).where(
        Thread.charter_id == charter.id, orphaned if lost else ~orphaned, Thread.anchor.is_not(None)
    )
    found: dict[int, Hanging] = {}
    for ids, condition in ((blocks, Thread.block_id), (sections, Thread.section_id)):
        query = hanging if condition is Thread.block_id else hanging.where(Thread.reach == About.SECTION)
        for start in range(0, len(ids), _AT_ONCE):
            part = query.where(condition.in_(ids[start : start + _AT_ONCE]))
            for row in session.execute(part):
                found[row.number] = Hanging(
                    row.id, row.number, row.author_id, row.state, row.anchor or "", row.first or ""
                )
    return [found[number] for number in sorted(found)]


def _heads(person: Account | None, allowed: frozenset[Action]) -> Select[*tuple[Any, ...]]:
    # Columns and not rows: a page shows many threads, and of each only this.
    return (
        select(
            Thread.number,
            Thread.state,
            Thread.audience,
            Thread.reach,
            Thread.section_id,
            Thread.block_id,
            Thread.change_number,
            Thread.anchor,
            Thread.anchor_state,
            Thread.comments_made,
            Thread.created_at,
            Thread.last_at,
            Proposal.number.label("proposal"),
            shown_name(Thread.charter_id).label("author"),
            func.substr(ThreadComment.text, 1, _FIRST_WORDS + 1).label("said"),
        )
        .outerjoin(Proposal, Proposal.id == Thread.proposal_id)
        .join(Person, Person.id == Thread.author_id)
        .join(ThreadComment, (ThreadComment.thread_id == Thread.id) & (ThreadComment.number == 1))
        .where(seen_by(person, allowed))
    )


def _head(row: Row[*tuple[Any, ...]]) -> ThreadHead:
    anchor = stored_anchor(row.anchor)
    on_words = anchor is not None and anchor.reach is Reach.WORDS and not anchor.orphaned
    return ThreadHead(
        number=row.number,
        state=row.state,
        audience=row.audience,
        about=row.reach,
        subject=subject(row.proposal, row.change_number, anchor),
        section=row.section_id,
        block=row.block_id,
        proposal=row.proposal,
        change=row.change_number,
        anchor_state=row.anchor_state,
        author=row.author,
        said=shortened(row.said, _FIRST_WORDS),
        comments=row.comments_made,
        created_at=row.created_at,
        last_at=row.last_at,
        words=(anchor.start, anchor.end) if anchor is not None and on_words else None,
    )
