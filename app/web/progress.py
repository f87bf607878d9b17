"""The way of a proposal in forms on its page: put before everybody, withdrawn, returned to its author."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from app import clock
from app.deps import ProposalDep, require_author, require_on_proposal
from app.rules.permissions import Action
from app.rules.states import ProposalState
from app.services import proposals
from app.text.dialect import clean
from app.web.proposal_page import Filled, carry_out, lead_back, show_proposal
from app.web.sessions import OurForm

router = APIRouter(include_in_schema=False)

_authoring = Depends(require_author)
_deciding = Depends(require_on_proposal(Action.DECIDE))
Reason = Annotated[str, Form()]
Sure = Annotated[str, Form(max_length=10)]


@router.api_route("/{c}/proposals/{n}/submit", methods=["GET", "HEAD"])
@router.api_route("/{c}/proposals/{n}/withdraw", methods=["GET", "HEAD"])
@router.api_route("/{c}/proposals/{n}/return", methods=["GET", "HEAD"])
def back_to_proposal(where: ProposalDep) -> Response:
    """Who loads the address of a form again is shown the proposal."""
    return lead_back(where, "page.main")


@router.post("/{c}/proposals/{n}/submit", dependencies=[_authoring, OurForm])
def submit_proposal(request: Request, where: ProposalDep, reason: Reason = "") -> Response:
    """Put one's own proposal before everybody. A button pressed twice is pressed once."""
    at = where.at
    if where.proposal.state == ProposalState.OPEN:
        return lead_back(where, "page.main")

    def act() -> None:
        proposals.submit(at.session, at.charter, where.proposal, by=at.by, now=clock.now(), reason=reason)

    return carry_out(request, where, "submit", {"reason": reason}, act, "page.main")


@router.post("/{c}/proposals/{n}/withdraw", dependencies=[_authoring, OurForm])
def withdraw_proposal(request: Request, where: ProposalDep, reason: Reason = "", sure: Sure = "") -> Response:
    """Take one's own proposal back for good, once somebody says that they are sure."""
    at = where.at
    if where.proposal.state == ProposalState.WITHDRAWN:
        return lead_back(where, "page.main")
    if sure != "yes":
        problem = "Tick the box if you are sure: what was withdrawn cannot be taken up again."
        return show_proposal(request, where, Filled("withdraw", {"reason": reason}, problem))

    def act() -> None:
        proposals.withdraw(at.session, at.charter, where.proposal, by=at.by, now=clock.now(), reason=reason)

    return carry_out(request, where, "withdraw", {"reason": reason}, act, "page.main")


@router.post("/{c}/proposals/{n}/return", dependencies=[_deciding, OurForm])
def return_proposal(request: Request, where: ProposalDep, reason: Reason = "") -> Response:
    """Give a proposal back to its author with a reason."""
    at = where.at
    if where.proposal.state == ProposalState.RETURNED and where.proposal.state_reason == clean(reason).strip():
        return lead_back(where, "page.main")

    def act() -> None:
        proposals.return_to_author(at.session, at.charter, where.proposal, by=at.by, now=clock.now(), reason=reason)

    return carry_out(request, where, "return", {"reason": reason}, act, "page.main")
