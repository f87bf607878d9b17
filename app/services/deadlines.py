"""Deadlines: the day until which governors ask for reviews of a proposal. It is shown and never stops anybody."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.proposals import Proposal
from app.errors import BadInput, Refused
from app.queries.follows import people_with_role
from app.queries.people import Account
from app.queries.reviews import reviewers
from app.rules.dates import day_in_words
from app.rules.notices import Happening
from app.rules.states import ProposalState
from app.services import records
from app.services.proposal_news import called, tell_of

_IN_PLAY = (ProposalState.OPEN, ProposalState.RETURNED)


def ask_until(
    session: Session, charter: Charter, proposal: Proposal, day: date | None, *, by: Account, now: datetime
) -> None:
    """Ask for reviews until that day, the day included; None takes the deadline away. The same day again does nothing.

    BadInput for a day that is over, Refused for a proposal that is not in play. Members who have not reviewed are told.
    """
    if day is not None and day < now.date():
        raise BadInput(f"{day_in_words(day)} is over. Choose today or a later day.", kind="bad-date")
    if ProposalState(proposal.state) not in _IN_PLAY:
        raise Refused(f"This proposal is {proposal.state}, so no reviews are asked for now.", kind="wrong-state")
    if proposal.review_by == day:
        return
    before, proposal.review_by = proposal.review_by, day
    session.flush()
    record = records.append(
        session,
        charter.key,
        by=by.id,
        now=now,
        act="set review deadline",
        object=f"proposal {proposal.number}",
        before="" if before is None else before.isoformat(),
        after="" if day is None else day.isoformat(),
    )
    if day is not None:
        words = f"{by.name} asks for reviews of {called(session, proposal)}, until {day_in_words(day)}."
        silent = people_with_role(session, charter) - reviewers(session, proposal)
        key = f"record {record.number}"
        tell_of(session, charter, proposal, silent, Happening.PROPOSED, words, key=key, by=by, now=now)
