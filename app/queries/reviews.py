"""Reviews as they count: the newest of each person on a proposal, and on a single change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.people import Role
from app.db.models.proposals import Proposal
from app.db.models.reviews import Review
from app.queries.people import names


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A position that counts. ``on_earlier_version`` says that the proposal was edited since."""

    id: int
    person: str
    position: str
    text: str
    change: int | None
    version: int
    on_earlier_version: bool
    created_at: datetime


def _newest(session: Session, proposal: Proposal) -> dict[tuple[int, int | None], Review]:
    rows = session.scalars(select(Review).where(Review.proposal_id == proposal.id).order_by(Review.id))
    return {(row.person_id, row.change_number): row for row in rows}


def positions_on(session: Session, proposal: Proposal, change: int) -> list[str]:
    """One position a person on that change: what they said of the change itself goes before the whole proposal.

    Only those count who have a role in the charter now.
    """
    newest = _newest(session, proposal)
    members = set(session.scalars(select(Role.person_id).where(Role.charter_id == proposal.charter_id)))
    people = {person for person, number in newest if number in (None, change)} & members
    return [(newest.get((p, change)) or newest[p, None]).position for p in sorted(people)]


def reviews(session: Session, proposal: Proposal) -> Sequence[ReviewView]:
    """The positions that count, oldest first."""
    newest = _newest(session, proposal)
    known = names(session, {person for person, _ in newest})
    return [
        ReviewView(
            id=row.id,
            person=known[row.person_id],
            position=row.position,
            text=row.text,
            change=row.change_number,
            version=row.version,
            on_earlier_version=row.version < proposal.version,
            created_at=row.created_at,
        )
        for row in sorted(newest.values(), key=lambda r: r.id)
    ]
