"""Which proposals exist for few: drafts, and those that were withdrawn before anybody saw them."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from app.db.models.charters import Charter
from app.db.models.people import Role
from app.db.models.proposals import Proposal, ProposalPartner
from app.queries.people import Account

_OWN = aliased(Proposal)


def never_shown() -> ColumnElement[bool]:
    """The condition in SQL: this proposal was never put before others."""
    return Proposal.shown_at.is_(None)


def hidden_from(person: Account | None) -> ColumnElement[bool]:
    """The condition in SQL: this proposal does not exist for that person: not theirs, and not shared with them."""
    if person is None:
        return never_shown()
    # Whoever lost their role in the charter is no partner any more, though the row stays.
    shared = (
        select(ProposalPartner.proposal_id)
        .join(_OWN, _OWN.id == ProposalPartner.proposal_id)
        .join(Role, (Role.charter_id == _OWN.charter_id) & (Role.person_id == ProposalPartner.person_id))
        .where(ProposalPartner.person_id == person.id)
    )
    return never_shown() & (Proposal.author_id != person.id) & Proposal.id.not_in(shared)


def hidden_numbers(session: Session, charter: Charter, person: Account | None) -> set[int]:
    """The numbers of the proposals that do not exist for that person."""
    query = select(Proposal.number).where(Proposal.charter_id == charter.id, hidden_from(person))
    return set(session.scalars(query))
