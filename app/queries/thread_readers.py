"""Who may see a thread: as a condition in SQL for one person, and as those among many who do."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.people import Person
from app.db.models.proposals import Proposal, ProposalPartner
from app.db.models.threads import Thread
from app.errors import NotFound
from app.queries.drafts import hidden_from
from app.queries.follows import people_with_role
from app.queries.people import Account
from app.rules.permissions import Action
from app.rules.threads import Audience


def seen_by(person: Account | None, allowed: frozenset[Action]) -> ColumnElement[bool]:
    """The condition in SQL, over threads outer joined with their proposals: this thread exists for that person."""
    return is_for(allowed) & (Thread.proposal_id.is_(None) | ~hidden_from(person))


def is_for(allowed: frozenset[Action]) -> ColumnElement[bool]:
    """The condition in SQL: this thread is for whoever may do that. It is enough for one that hangs on the text."""
    if Action.READ_MEMBERS_THREADS in allowed:
        return true()
    return Thread.audience == Audience.PUBLIC if Action.READ_WORKING_TEXT in allowed else ~true()


def thread_row(
    session: Session, charter: Charter, number: int, person: Account | None, allowed: frozenset[Action]
) -> Thread:
    """The thread of that number; NotFound if there is none, or none for this person."""
    found = session.scalar(
        select(Thread)
        .outerjoin(Proposal, Proposal.id == Thread.proposal_id)
        .where(Thread.charter_id == charter.id, Thread.number == number, seen_by(person, allowed))
    )
    if found is None:
        raise NotFound(f"There is no thread {number} in this charter.")
    return found


def readers_among(session: Session, charter: Charter, thread: Thread, people: Collection[int]) -> set[int]:
    """Those of these people (by id) who may see the thread now."""
    if not people:
        return set()
    known = session.execute(
        select(Person.id, Person.admin).where(Person.id.in_(sorted(people)), Person.removed_at.is_(None))
    ).all()
    inside = people_with_role(session, charter) | {row.id for row in known if row.admin}
    everybody = charter.open and thread.audience == Audience.PUBLIC
    found = {row.id for row in known if everybody or row.id in inside}
    draft = None
    if thread.proposal_id is not None:
        draft = session.scalar(select(Proposal).where(Proposal.id == thread.proposal_id, Proposal.shown_at.is_(None)))
    if draft is not None:
        partners = session.scalars(select(ProposalPartner.person_id).where(ProposalPartner.proposal_id == draft.id))
        found &= {draft.author_id, *partners}
    return found
