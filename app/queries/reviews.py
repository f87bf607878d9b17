"""Reviews as they count: the newest of each person on a proposal, and on a single change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.people import Role
from app.db.models.proposals import Proposal
from app.db.models.reviews import Review
from app.queries.naming import names


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


@dataclass(frozen=True, slots=True)
class Positions:
    """Who said what of a proposal and of its changes, as far as they have a role in the charter now."""

    taken: Mapping[tuple[int, int | None], str]

    def spoke(self, person: int, change: int) -> bool:
        """Whether somebody (by id) took a position on that change or on the whole proposal."""
        return (person, change) in self.taken or (person, None) in self.taken

    def on(self, change: int) -> list[str]:
        """One position a person on that change: what they said of the change itself goes before the whole proposal."""
        people = sorted({person for person, number in self.taken if number in (None, change)})
        return [self.taken.get((p, change)) or self.taken[p, None] for p in people]


def positions(session: Session, proposal: Proposal) -> Positions:
    """The positions that count, read once for all changes."""
    members = set(session.scalars(select(Role.person_id).where(Role.charter_id == proposal.charter_id)))
    newest = _newest(session, proposal)
    return Positions({(p, number): row.position for (p, number), row in newest.items() if p in members})


def reviews(session: Session, proposal: Proposal) -> Sequence[ReviewView]:
    """The positions that count, oldest first."""
    newest = _newest(session, proposal)
    known = names(session, proposal.charter_id, {person for person, _ in newest})
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


def reviewers(session: Session, proposal: Proposal) -> set[int]:
    """The people, by id, who took a position on the proposal or on anything in it."""
    return set(session.scalars(select(Review.person_id).where(Review.proposal_id == proposal.id)))


def review_that_counts(session: Session, proposal: Proposal, person: int, change: int | None) -> Review | None:
    """The newest position of somebody (by id) on the proposal, or on one change of it; None if there is none."""
    return _newest(session, proposal).get((person, change))
