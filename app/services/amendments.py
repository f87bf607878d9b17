"""Amendments: the author of a proposal takes the wording over that somebody else offered for it."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.proposals import Proposal
from app.errors import NotFound, Refused
from app.queries.changes import current_changes, operation
from app.queries.follows import followers
from app.queries.people import Account
from app.queries.proposals import version_row, words_digest
from app.rules.notices import Happening
from app.rules.relations import RelationKind
from app.rules.states import UNSETTLED, ProposalState
from app.services import following, records
from app.services.proposal_news import called, tell_of
from app.services.proposals import check_author, make_version

_IN_PLAY = (ProposalState.OPEN, ProposalState.RETURNED)


def accept_amendment(
    session: Session, charter: Charter, proposal: Proposal, amendment: Proposal, *, by: Account, now: datetime
) -> int:
    """Make the text of an amendment the next version of the proposal it was offered for; the answer is that version.

    Title and reasons stay those of the proposal. The amendment is closed as taken over, and its author follows the
    proposal from now on. Refused if one of the two is not in play, or if something of either is decided that this
    would undo; NotFound if it is no amendment to this proposal.
    """
    check_author(proposal, by)
    if amendment.relation != RelationKind.AMENDMENT or amendment.related != proposal.number:
        raise NotFound(f"Proposal {amendment.number} is not an amendment to proposal {proposal.number}.")
    for one in (proposal, amendment):
        if ProposalState(one.state) not in _IN_PLAY:
            raise Refused(
                f"Proposal {one.number} is {one.state}, so this cannot be taken over now.", kind="wrong-state"
            )
    offered = current_changes(session, amendment)
    if any(row.outcome not in UNSETTLED for row in offered):
        raise Refused(
            f"Parts of proposal {amendment.number} are decided already, so it cannot be taken over.",
            kind="already-decided",
        )
    standing, other = version_row(session, proposal), version_row(session, amendment)
    changes = [operation(row) for row in offered]
    make_version(
        session, charter, proposal, standing.title, standing.rationale, other.base_revision, changes, by=by, now=now
    )
    before = amendment.state
    amendment.state = ProposalState.WITHDRAWN
    amendment.state_reason = f"{by.name} took it over into version {proposal.version} of proposal {proposal.number}."
    amendment.taken_into = proposal.version
    amendment.updated_at = now
    session.flush()
    record = records.append(
        session,
        charter.key,
        by=by.id,
        now=now,
        act="take amendment over",
        object=f"proposal {amendment.number}",
        before=before,
        after=amendment.state,
        detail={
            "version": amendment.version,
            "state": amendment.state,
            "reason": amendment.state_reason,
            "words": words_digest(other),
            "into": proposal.number,
            "into_version": proposal.version,
        },
    )
    following.follow_if_new(session, charter, amendment.author_id, f"proposal {proposal.number}", now=now)
    words = (
        f"{by.name} took {called(session, amendment)} over: it is now version {proposal.version} of "
        f"{called(session, proposal)}."
    )
    people = {amendment.author_id}
    for one in (proposal, amendment):
        people |= followers(session, charter, f"proposal {one.number}")
    key = f"record {record.number}"
    tell_of(session, charter, proposal, people, Happening.AMENDMENT_TAKEN, words, key=key, by=by, now=now)
    return proposal.version
