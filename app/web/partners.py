"""Partners of a proposal in forms on its page: sharing it, putting one's name under it, and taking that back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import Response

from app import clock
from app.deps import ProposalDep, require_author, require_on_proposal
from app.rules.permissions import Action
from app.services import partners
from app.web.proposal_page import Filled, lead_back, show_proposal
from app.web.sessions import OurForm

router = APIRouter(include_in_schema=False)

_authoring = Depends(require_author)
_proposing = Depends(require_on_proposal(Action.PROPOSE))
_HERE = "page.partners"
PersonId = Annotated[int, Path(ge=1, le=999_999_999)]


@router.api_route("/{c}/proposals/{n}/partners", methods=["GET", "HEAD"])
@router.api_route("/{c}/proposals/{n}/partners/{p}/remove", methods=["GET", "HEAD"])
@router.api_route("/{c}/proposals/{n}/sign", methods=["GET", "HEAD"])
@router.api_route("/{c}/proposals/{n}/unsign", methods=["GET", "HEAD"])
def back_to_partners(where: ProposalDep) -> Response:
    """Who loads the address of a form again is shown the proposal."""
    return lead_back(where, _HERE)


@router.post("/{c}/proposals/{n}/partners", dependencies=[_authoring, OurForm])
def share_proposal(
    request: Request,
    where: ProposalDep,
    person: Annotated[list[Annotated[int, Path(ge=1, le=999_999_999)]], Form(max_length=1_000)] = [],  # noqa: B006
) -> Response:
    """Share one's own proposal with those who were ticked."""
    at = where.at
    if not person:
        return show_proposal(request, where, Filled("partners", {}, "Tick at least one name."))
    for id in person:
        partners.share(at.session, at.charter, where.proposal, by=at.by, now=clock.now(), person=id)
    return lead_back(where, _HERE)


@router.post("/{c}/proposals/{n}/partners/{p}/remove", dependencies=[_authoring, OurForm])
def unshare_proposal(where: ProposalDep, p: PersonId) -> Response:
    """No longer share one's own proposal with somebody."""
    at = where.at
    partners.unshare(at.session, at.charter, where.proposal, p, by=at.by, now=clock.now())
    return lead_back(where, _HERE)


@router.post("/{c}/proposals/{n}/sign", dependencies=[_proposing, OurForm])
def sign_proposal(where: ProposalDep) -> Response:
    """Put one's name under a proposal that was shared with one."""
    at = where.at
    partners.sign(at.session, at.charter, where.proposal, by=at.by, now=clock.now())
    return lead_back(where, _HERE)


@router.post("/{c}/proposals/{n}/unsign", dependencies=[_proposing, OurForm])
def unsign_proposal(where: ProposalDep) -> Response:
    """Take one's name off it again."""
    at = where.at
    partners.unsign(at.session, at.charter, where.proposal, by=at.by, now=clock.now())
    return lead_back(where, _HERE)
