"""What waits for somebody: proposals to review, to decide on, or to take up again."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.proposals import Proposal, ProposedChange
from app.db.models.reviews import Review
from app.queries.people import Account
from app.rules.permissions import Role, Standing
from app.rules.states import UNSETTLED, ProposalState


def awaiting(session: Session, charter: Charter, person: Account, standing: Standing) -> set[int]:
    """The numbers of proposals that wait for this person.

    One's own that were returned; for those with a role, open ones they have not reviewed; for a governor, open ones
    with undecided changes.
    """
    own = Proposal.author_id == person.id
    waits = own & (Proposal.state == ProposalState.RETURNED)
    if standing.role is not None:
        reviewed = select(Review.proposal_id).where(Review.person_id == person.id)
        waits = waits | (~own & (Proposal.state == ProposalState.OPEN) & Proposal.id.not_in(reviewed))
    if standing.role is Role.GOVERNOR:
        undecided = select(ProposedChange.proposal_id).where(
            ProposedChange.outcome.in_(UNSETTLED), ProposedChange.last_version.is_(None)
        )
        waits = waits | ((Proposal.state == ProposalState.OPEN) & Proposal.id.in_(undecided))
    return set(session.scalars(select(Proposal.number).where(Proposal.charter_id == charter.id, waits)))
