"""A charter with very much in it, made quickly: rows as the services write them, without the records behind them."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app import clock
from app.db.engine import Database
from app.db.models.charters import Charter
from app.db.models.decisions import Decision
from app.db.models.notices import Notice
from app.db.models.people import Person
from app.db.models.proposals import Proposal, ProposalVersion, ProposedChange
from app.db.models.reviews import Review
from app.db.models.threads import Thread, ThreadComment
from app.queries.charters import charter_row
from app.queries.revisions import head_snapshot
from app.text.anchor_json import anchor_to_json
from app.text.anchors import create
from app.text.blocks import Block, Kind
from app.text.change import Change, ChangeKind, change_to_json
from app.text.digest import canonical
from app.text.snapshot import Section

_WORDY = (Kind.PARAGRAPH, Kind.ITEM)


def grow(
    database: Database, *, proposals: int = 0, decided: int = 0, threads: int = 0, notices: int = 0, key: str = "peps"
) -> None:
    """Add so many open proposals, decided ones, open threads, and unread notices for everybody who has any role.

    Every proposal changes one paragraph, one after the other over all sections; half of them have been reviewed by two
    people, and a hundredth of the threads are about words that are gone.
    """
    with database.writing() as session:
        charter = charter_row(session, key, lock=True)
        people = session.scalars(select(Person.id).where(Person.removed_at.is_(None)).order_by(Person.id)).all()
        places = [
            (section, block)
            for section, _, block in head_snapshot(session, charter).placed_blocks()
            if block.kind in _WORDY and len(block.text.split()) > 3
        ]
        _propose(session, charter, people, places, proposals, decided)
        _discuss(session, charter, people, places, threads)
        _tell(session, charter, people, notices)


def _propose(
    session: Session,
    charter: Charter,
    people: Sequence[int],
    places: list[tuple[Section, Block]],
    open_ones: int,
    decided: int,
) -> None:
    now = clock.now()
    first = charter.proposals_made + 1
    numbers = range(first, first + open_ones + decided)
    if not numbers:
        return
    charter.proposals_made = numbers[-1]
    session.execute(
        insert(Proposal),
        [
            {
                "charter_id": charter.id,
                "number": n,
                "author_id": people[n % len(people)],
                "state": "open" if n - first < open_ones else "decided",
                "version": 1,
                "changes_made": 1,
                "created_at": now - timedelta(minutes=len(numbers) + first - n),
                "updated_at": now - timedelta(minutes=len(numbers) + first - n),
                "shown_at": now,
                "lock": 1,
            }
            for n in numbers
        ],
    )
    rows = session.execute(
        select(Proposal.id, Proposal.number).where(Proposal.charter_id == charter.id, Proposal.number >= first)
    ).all()
    session.execute(
        insert(ProposalVersion),
        [
            {
                "proposal_id": id,
                "version": 1,
                "base_revision": charter.head,
                "title": f"Other words, number {n}",
                "rationale": "It says better what we mean.",
                "created_at": now,
            }
            for id, n in rows
        ],
    )
    session.execute(
        insert(ProposedChange),
        [_change(id, n, charter, *places[n % len(places)], n - first < open_ones) for id, n in rows],
    )
    session.execute(
        insert(Review),
        [
            {
                "proposal_id": id,
                "version": 1,
                "person_id": people[(n + k) % len(people)],
                "position": "support" if n % 5 else "object",
                "text": "So I think.",
                "created_at": now,
            }
            for id, n in rows
            if n % 2
            for k in (1, 2)
        ],
    )
    _decide(session, people, [id for id, n in rows if n - first >= open_ones])


def _change(
    proposal: int, n: int, charter: Charter, section: Section, block: Block, is_open: bool
) -> dict[str, object]:
    new = block.with_text(f"{block.text} We mean it, {n} times.")
    act = Change(1, ChangeKind.REPLACE, section.id, block.id, block, new)
    return {
        "proposal_id": proposal,
        "number": 1,
        "first_version": 1,
        "base_revision": charter.head,
        "kind": "replace",
        "section_id": section.id,
        "block_id": block.id,
        "operation": canonical(change_to_json(act)),
        "outcome": "pending" if is_open else "rejected",
        "fit_revision": charter.head,
    }


def _decide(session: Session, people: Sequence[int], proposals: list[int]) -> None:
    if not proposals:
        return
    changes = session.scalars(
        select(ProposedChange.id).where(ProposedChange.proposal_id.in_(proposals)).order_by(ProposedChange.id)
    )
    session.execute(
        insert(Decision),
        [
            {
                "change_id": change,
                "version": 1,
                "outcome": "rejected",
                "reason": "We want to keep the words as they are.",
                "person_id": people[0],
                "created_at": clock.now(),
            }
            for change in changes
        ],
    )


def _discuss(
    session: Session, charter: Charter, people: Sequence[int], places: list[tuple[Section, Block]], count: int
) -> None:
    now = clock.now()
    first = charter.threads_made + 1
    numbers = range(first, first + count)
    if not numbers:
        return
    charter.threads_made = numbers[-1]
    text = head_snapshot(session, charter)
    anchors = [
        canonical(anchor_to_json(create(text, charter.head, block.id or "", word, start=0, end=len(word))))
        for _, block in places
        for word in block.text.split()[:1]
    ]
    session.execute(
        insert(Thread),
        [
            {
                "charter_id": charter.id,
                "number": n,
                "author_id": people[n % len(people)],
                "audience": "public" if n % 2 else "members",
                "state": "open",
                "reach": "words",
                "section_id": places[n % len(places)][0].id,
                "block_id": places[n % len(places)][1].id,
                "first_anchor": anchors[n % len(places)],
                "anchor": anchors[n % len(places)],
                "anchor_state": "attached" if n % 100 else "orphaned",
                "comments_made": 1,
                "created_at": now,
                "last_at": now,
                "lock": 1,
            }
            for n in numbers
        ],
    )
    rows = session.execute(
        select(Thread.id, Thread.author_id).where(Thread.charter_id == charter.id, Thread.number >= first)
    ).all()
    session.execute(
        insert(ThreadComment),
        [
            {"thread_id": id, "number": 1, "author_id": by, "text": "Why these words and no others?", "created_at": now}
            for id, by in rows
        ],
    )


def _tell(session: Session, charter: Charter, people: Sequence[int], count: int) -> None:
    if not count:
        return
    session.execute(
        insert(Notice),
        [
            {
                "person_id": person,
                "charter_id": charter.id,
                "key": f"{charter.key}: grown {clock.now().timestamp()} {n}",
                "kind": "mentioned" if n % 100 == 0 else "commented",
                "object": f"thread {n}",
                "address": f"/{charter.key}/threads/{n}",
                "words": "Somebody said something in a thread you follow.",
                "created_at": clock.now(),
                "listed": True,
            }
            for person in people
            for n in range(count)
        ],
    )
