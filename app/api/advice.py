"""What helps a proposal on its way: amendments taken over, recommendations, and a day until which reviews are asked."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Request, Response

from app import clock
from app.api import shapes
from app.api.proposal_answers import answer_with_proposal, proposal_tag
from app.api.schemas import AdviceBody, Nothing, ReviewByBody
from app.api.strict import StrictRoute
from app.api.tags import check_match
from app.db.models.proposals import Proposal
from app.deps import ProposalDep, require_author, require_on_proposal
from app.queries.proposals import proposal_row
from app.rules.dates import calendar_day
from app.rules.permissions import Action
from app.services import amendments, deadlines, recommendations

router = APIRouter(route_class=StrictRoute, prefix="/charters/{c}/proposals/{n}")

_advising = Depends(require_on_proposal(Action.RECOMMEND))
_deciding = Depends(require_on_proposal(Action.DECIDE))


def get_amendment(
    where: ProposalDep, m: Annotated[int, Path(description="The number of the amendment", ge=1, le=999_999_999)]
) -> Proposal:
    """The other proposal, as far as it exists for whoever asks."""
    return proposal_row(where.at.session, where.at.charter, m, where.at.visitor.account)


@router.post("/amendments/{m}/accept", response_model=shapes.Proposal)
def accept_amendment(
    where: ProposalDep,
    amendment: Annotated[Proposal, Depends(get_amendment)],
    _: Annotated[None, Depends(require_author)],
    _body: Nothing = None,
) -> Response:
    """Make the text of an amendment the next version of one's own proposal; the amendment is closed as taken over."""
    at = where.at
    amendments.accept_amendment(at.session, at.charter, where.proposal, amendment, by=at.by, now=clock.now())
    return answer_with_proposal(at, where.proposal, 200)


@router.post("/recommendations", status_code=201, dependencies=[_advising], response_model=shapes.Proposal)
def create_recommendations(
    where: ProposalDep, body: Annotated[list[AdviceBody], Body(min_length=1, max_length=2_000)]
) -> Response:
    """Recommend what to decide on changes, all of these or none; the newest on a change counts."""
    at = where.at
    advice = [recommendations.Advice(a.change, a.outcome, a.reason, a.text) for a in body]
    recommendations.recommend(at.session, at.charter, where.proposal, by=at.by, now=clock.now(), advice=advice)
    return answer_with_proposal(at, where.proposal, 201)


@router.put("/review-by", dependencies=[_deciding], response_model=shapes.Proposal)
def set_review_by(where: ProposalDep, request: Request, body: ReviewByBody) -> Response:
    """Ask for reviews until a day, or (null) until no day in particular; If-Match is needed."""
    at = where.at
    day = None if body.review_by is None else calendar_day(body.review_by)
    check_match(request, proposal_tag(where.proposal))
    deadlines.ask_until(at.session, at.charter, where.proposal, day, by=at.by, now=clock.now())
    return answer_with_proposal(at, where.proposal, 200)
