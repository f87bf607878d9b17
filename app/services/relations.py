"""Relations: a proposal is made as an alternative to another one, or as an amendment that its author may take over."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.proposals import Proposal
from app.errors import BadInput, NotFound, Refused
from app.queries.people import Account
from app.queries.proposals import proposal_row
from app.rules.notices import Happening
from app.rules.relations import Relation, RelationKind
from app.rules.states import ProposalState
from app.services.proposal_news import called, tell_of

_IN_PLAY = (ProposalState.OPEN, ProposalState.RETURNED)


def check_relation(session: Session, charter: Charter, relation: Relation, *, by: Account) -> Proposal:
    """The proposal somebody wants to relate one to.

    BadInput if there is none for this person or if it is their own and they would amend it; Refused if it is neither
    open nor returned to its author.
    """
    try:
        other = proposal_row(session, charter, relation.to, by)
    except NotFound:
        raise BadInput(
            f"There is no proposal {relation.to} in this charter to relate this one to.", kind="no-such-proposal"
        ) from None
    if relation.kind is RelationKind.AMENDMENT and other.author_id == by.id:
        raise BadInput(f"Proposal {relation.to} is your own: edit it instead of amending it.", kind="own-proposal")
    if ProposalState(other.state) not in _IN_PLAY:
        what = "an alternative to it" if relation.kind is RelationKind.ALTERNATIVE else "an amendment to it"
        raise Refused(f"Proposal {relation.to} is {other.state}, so nobody can make {what} now.", kind="wrong-state")
    return other


def offer(session: Session, charter: Charter, proposal: Proposal, *, by: Account, now: datetime) -> None:
    """Tell the author of the other proposal of an amendment to it, once it is there for others to see."""
    if proposal.relation != RelationKind.AMENDMENT or proposal.related is None:
        return
    other = proposal_row(session, charter, proposal.related, by)
    words = f"{by.name} offers other wording for {called(session, other)}. You can take it over as your next version."
    key = f"amendment {proposal.number}"
    tell_of(
        session,
        charter,
        proposal,
        {other.author_id},
        Happening.AMENDMENT_OFFERED,
        words,
        key=key,
        by=by,
        now=now,
        anchor="#page.relation",
    )
