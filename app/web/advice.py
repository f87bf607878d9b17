"""Forms on a proposal's page that help it to a decision: recommendations, a review deadline, amendments."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import Response

from app import clock
from app.deps import ProposalDep, require_author, require_on_proposal
from app.errors import BadInput
from app.queries.proposals import proposal_row
from app.rules.dates import calendar_day
from app.rules.permissions import Action
from app.services import amendments, deadlines, recommendations
from app.web.forms import OurFields
from app.web.own_words import canonical
from app.web.proposal_page import Filled, carry_out, lead_back, show_proposal
from app.web.relations import versions_seen
from app.web.sessions import OurForm

router = APIRouter(include_in_schema=False)

_advising = Depends(require_on_proposal(Action.RECOMMEND))
_authoring = Depends(require_author)
_deciding = Depends(require_on_proposal(Action.DECIDE))


@router.api_route("/{c}/proposals/{n}/recommendations", methods=["GET", "HEAD"])
@router.api_route("/{c}/proposals/{n}/review-by", methods=["GET", "HEAD"])
@router.api_route("/{c}/proposals/{n}/amendments/{m}/accept", methods=["GET", "HEAD"])
def back_to_proposal(where: ProposalDep) -> Response:
    """Who loads the address of a form again is shown the proposal."""
    return lead_back(where, "page.main")


@router.post("/{c}/proposals/{n}/recommendations", dependencies=[_advising])
def recommend(request: Request, where: ProposalDep, fields: OurFields) -> Response:
    """Recommend what to decide on one change."""
    at = where.at
    if not re.fullmatch(r"[1-9][0-9]{0,8}", fields.get("change", "")):
        raise BadInput("Say which change you recommend something for.")
    change = int(fields["change"])
    form = f"recommend.{change}"
    sent = canonical(fields)
    values = {name: sent.fields.get(name, "") for name in ("outcome", "reason", "text", "sheet")}
    outcome, reason, text = values["outcome"], values["reason"], values["text"].replace("\r\n", "\n")
    if sent.problem is not None:
        return show_proposal(request, where, Filled(form, values, sent.problem.message))
    if not outcome:
        return show_proposal(request, where, Filled(form, values, "Choose first what you recommend."))
    wording = text if outcome == "adopted_amended" else None
    advice = recommendations.Advice(change, outcome, reason, wording)

    def act() -> None:
        recommendations.recommend(at.session, at.charter, where.proposal, by=at.by, now=clock.now(), advice=[advice])

    return carry_out(request, where, form, values, act, f"change.{change}")


@router.post("/{c}/proposals/{n}/review-by", dependencies=[_deciding, OurForm])
def set_review_by(request: Request, where: ProposalDep, day: Annotated[str, Form(max_length=20)] = "") -> Response:
    """Ask for reviews until a day; an empty field takes the deadline away."""
    at = where.at

    def act() -> None:
        wanted = calendar_day(day.strip()) if day.strip() else None
        deadlines.ask_until(at.session, at.charter, where.proposal, wanted, by=at.by, now=clock.now())

    return carry_out(request, where, "deadline", {"day": day}, act, "page.reviews")


@router.post("/{c}/proposals/{n}/amendments/{m}/accept", dependencies=[_authoring, OurForm])
def accept_amendment(
    request: Request,
    where: ProposalDep,
    m: Annotated[int, Path(ge=1, le=999_999_999)],
    sure: Annotated[str, Form(max_length=10)] = "",
    seen: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Make the text of an amendment the next version of one's own proposal."""
    at = where.at
    amendment = proposal_row(at.session, at.charter, m, at.visitor.account)
    form = f"accept.{m}"
    if amendment.taken_into is not None and amendment.related == where.proposal.number:
        return lead_back(where, "page.main")
    if seen and seen != versions_seen(where.proposal, amendment):
        problem = (
            "One of the two has a newer version since you opened this page. See what would change now, and choose."
        )
        return show_proposal(request, where, Filled(form, {}, problem), status=409)
    if sure != "yes":
        problem = "Tick the box if you are sure: your text becomes the one above, and the amendment is closed."
        return show_proposal(request, where, Filled(form, {}, problem))

    def act() -> None:
        amendments.accept_amendment(at.session, at.charter, where.proposal, amendment, by=at.by, now=clock.now())

    return carry_out(request, where, form, {}, act, "page.main")
