"""Reviews: a member takes a position on a proposal, or on one change of it."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.proposals import Proposal
from app.db.models.reviews import Review
from app.errors import BadInput, NotFound, Refused
from app.queries.changes import current_changes
from app.queries.people import Account
from app.queries.reviews import review_that_counts
from app.rules.majorities import Position
from app.rules.states import UNSETTLED, after_proposal_act
from app.services import records, telling
from app.text.dialect import clean

LONGEST_REVIEW = 20_000


def review(
    session: Session,
    charter: Charter,
    proposal: Proposal,
    *,
    by: Account,
    now: datetime,
    position: str,
    text: str,
    change: int | None,
) -> Review:
    """Take a position; an earlier one of the same person on the same thing no longer counts, and stays readable.

    Whoever says the same again of the same version has said it once.
    """
    if position not in set(Position):
        raise BadInput("A position is one of: " + ", ".join(Position) + ".")
    words = clean(text).strip()
    if len(words) > LONGEST_REVIEW:
        raise BadInput(f"A review may have {LONGEST_REVIEW:,} characters at most.")
    row_of = {c.number: c for c in current_changes(session, proposal)} if change is not None else {}
    if change is not None and change not in row_of:
        raise NotFound(f"Proposal {proposal.number} has no change {change} in its present version.")
    after_proposal_act("review", proposal.state)
    if change is not None and row_of[change].outcome not in UNSETTLED:
        raise Refused(
            f"Change {proposal.number}.{change} is decided already, so a review of it comes too late.",
            kind="already-decided",
            details={"change": change, "outcome": row_of[change].outcome},
        )
    earlier = review_that_counts(session, proposal, by.id, change)
    if earlier is not None and (earlier.version, earlier.position, earlier.text) == (proposal.version, position, words):
        # A button was pressed twice.
        return earlier
    row = Review(
        proposal_id=proposal.id,
        version=proposal.version,
        change_number=change,
        person_id=by.id,
        position=position,
        text=words,
        created_at=now,
    )
    session.add(row)
    session.flush()
    records.append(
        session,
        charter.key,
        by=by.id,
        now=now,
        act="review",
        object=f"proposal {proposal.number}" if change is None else f"change {proposal.number}.{change}",
        after=position,
        detail={"version": proposal.version, "text": words},
    )
    telling.proposal_reviewed(session, charter, proposal, row, by=by, now=now)
    return row
