"""Recommendations as they count: the newest on each change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.models.people import Person
from app.db.models.proposals import Proposal, ProposedChange
from app.db.models.recommendations import Recommendation
from app.queries.naming import shown_name


@dataclass(frozen=True, slots=True)
class RecommendationView:
    """The advice that counts on a change; ``text`` is the wording that is recommended instead, if one is.

    ``earlier`` is how many recommendations on the same change went before it.
    """

    id: int
    outcome: str
    reason: str
    text: str | None
    person: str
    created_at: datetime
    version: int
    earlier: int


def latest_recommendations(session: Session, change_ids: Iterable[int]) -> dict[int, RecommendationView]:
    """The recommendation that counts on each change that has one, by the change's row id."""
    ids = sorted(set(change_ids))
    found: dict[int, RecommendationView] = {}
    for start in range(0, len(ids), 500):
        newest = (
            select(func.max(Recommendation.id).label("id"), func.count().label("given"))
            .where(Recommendation.change_id.in_(ids[start : start + 500]))
            .group_by(Recommendation.change_id)
            .subquery()
        )
        rows = session.execute(
            select(Recommendation, shown_name(Proposal.charter_id), newest.c.given)
            .join(newest, newest.c.id == Recommendation.id)
            .join(ProposedChange, ProposedChange.id == Recommendation.change_id)
            .join(Proposal, Proposal.id == ProposedChange.proposal_id)
            .join(Person, Person.id == Recommendation.person_id)
        )
        for row, name, given in rows:
            found[row.change_id] = RecommendationView(
                row.id, row.outcome, row.reason, row.text, name, row.created_at, row.version, given - 1
            )
    return found


def newest_recommendations(session: Session, change_ids: Iterable[int]) -> dict[int, Recommendation]:
    """The row of the newest recommendation on each change that has one, by the change's row id."""
    rows = session.scalars(
        select(Recommendation).where(Recommendation.change_id.in_(sorted(set(change_ids)))).order_by(Recommendation.id)
    )
    return {row.change_id: row for row in rows}
