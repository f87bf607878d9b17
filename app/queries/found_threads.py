"""Threads with a comment in which all the words stand."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, and_, exists, select
from sqlalchemy.orm import Session, aliased

from app.db.models.charters import Charter
from app.db.models.people import Person
from app.db.models.proposals import Proposal
from app.db.models.threads import Thread, ThreadComment
from app.queries.candidates import comments_with, holds
from app.queries.found import FoundThread
from app.queries.naming import shown_name
from app.queries.people import Account
from app.queries.thread_readers import seen_by
from app.queries.thread_words import stored_anchor, subject
from app.rules.permissions import Action
from app.text.folding import excerpt


def found_threads(
    session: Session,
    charter: Charter,
    person: Account | None,
    allowed: frozenset[Action],
    words: tuple[str, ...],
    *,
    after: tuple[int, int] | None,
    limit: int,
) -> list[FoundThread]:
    """Those this person may see, at most ``limit``; where the words were said last comes first.

    ``after`` are the numbers of a thread and a comment in it: only those in which they were said before that.
    """
    candidates = comments_with(session, words)
    below = None if after is None else _place(session, charter, person, allowed, *after)
    rows: list[Row[*tuple[Any, ...]]] = []
    while len(rows) < limit:
        # A part of the comments from the newest on, and of these the ones that are the newest of their thread.
        part = _said(session, charter, person, allowed, words, candidates, below, limit)
        if part:
            rows += session.execute(_shown(part, words)).all()
            below = part[-1]
        if len(part) < limit:
            break
    return [
        FoundThread(
            number=row.number,
            comment=row.comment,
            subject=subject(row.proposal, row.change_number, stored_anchor(row.anchor)),
            state=row.state,
            audience=row.audience,
            author=row.name,
            at=row.created_at,
            words=excerpt(" ".join(row.text.split()), words),
        )
        for row in rows[:limit]
    ]


def _said(
    session: Session,
    charter: Charter,
    person: Account | None,
    allowed: frozenset[Action],
    words: tuple[str, ...],
    candidates: set[int] | None,
    below: int | None,
    limit: int,
) -> Sequence[int]:
    """Row ids of comments this person may see in which the words stand, the newest first, below that id."""
    # The sum keeps SQLite from going over all threads first: it is to go back from the newest comment.
    of = Thread.charter_id + 0 if session.get_bind().dialect.name == "sqlite" else Thread.charter_id
    query = (
        select(ThreadComment.id)
        .join(Thread, Thread.id == ThreadComment.thread_id)
        .outerjoin(Proposal, Proposal.id == Thread.proposal_id)
        .where(of == charter.id, seen_by(person, allowed), *(holds(ThreadComment.folded, word) for word in words))
        .order_by(ThreadComment.id.desc())
        .limit(limit)
    )
    if candidates is not None:
        query = query.where(ThreadComment.id.in_(candidates))
    if below is not None:
        query = query.where(ThreadComment.id < below)
    return session.scalars(query).all()


def _shown(comments: Sequence[int], words: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    """What is shown of those of these comments after which the words were not said in their thread again."""
    later = aliased(ThreadComment)
    said_again = exists().where(
        later.thread_id == ThreadComment.thread_id,
        later.id > ThreadComment.id,
        *(holds(later.folded, word) for word in words),
    )
    return (
        select(
            Thread.number,
            Thread.state,
            Thread.audience,
            Thread.change_number,
            Thread.anchor,
            ThreadComment.number.label("comment"),
            ThreadComment.text,
            ThreadComment.created_at,
            shown_name(Thread.charter_id).label("name"),
            Proposal.number.label("proposal"),
        )
        .select_from(ThreadComment)
        .join(Thread, Thread.id == ThreadComment.thread_id)
        .join(Person, Person.id == ThreadComment.author_id)
        .outerjoin(Proposal, Proposal.id == Thread.proposal_id)
        .where(ThreadComment.id.in_(comments), ~said_again)
        .order_by(ThreadComment.id.desc())
    )


def _place(
    session: Session,
    charter: Charter,
    person: Account | None,
    allowed: frozenset[Action],
    thread: int,
    comment: int,
) -> int:
    """The row id of a comment; before what somebody may not see, or what is not there, nothing stands (0)."""
    query = (
        select(ThreadComment.id)
        .join(Thread, and_(Thread.id == ThreadComment.thread_id, Thread.charter_id == charter.id))
        .outerjoin(Proposal, Proposal.id == Thread.proposal_id)
        .where(Thread.number == thread, ThreadComment.number == comment, seen_by(person, allowed))
    )
    return session.scalar(query) or 0
