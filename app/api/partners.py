"""Partners of a proposal: with whom its author shares it, and who puts their name under it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse

from app import clock
from app.api import shapes
from app.api.proposal_answers import answer_with_proposal
from app.api.schemas import Nothing, PartnerBody
from app.api.strict import StrictRoute
from app.api.tags import check_match, tag
from app.api.views import partner_json
from app.deps import ProposalAccess, ProposalDep, require_author, require_on_proposal
from app.errors import NotFound
from app.queries.partners import partners, partners_digest
from app.rules.permissions import Action
from app.services import partners as acts

router = APIRouter(route_class=StrictRoute, prefix="/charters/{c}/proposals/{n}")

PersonId = Annotated[int, Path(description="The id of a person of the charter", ge=1, le=999_999_999)]


async def require_partner(request: Request, where: ProposalDep) -> None:
    """Whether it is there, whether somebody may propose here, and whether it was shared with them."""
    await require_on_proposal(Action.PROPOSE)(request, where)
    acts.check_partner(where.at.session, where.proposal, where.at.by)


def known_partner(where: ProposalDep, p: PersonId) -> int:
    """The id of a partner this visitor may know of; NotFound else."""
    known = partners(where.at.session, where.proposal, where.at.visitor.account)
    if p not in {view.id for view in known}:
        raise NotFound("The proposal is not shared with this person.")
    return p


_reading = Depends(require_on_proposal(Action.READ_WORKING_TEXT))
_authoring = Depends(require_author)
_partnering = Depends(require_partner)


@router.get("/partners", dependencies=[_reading], response_model=list[shapes.Partner])
def list_partners(where: ProposalDep) -> Response:
    """Who put their name under it; its author and partners see all with whom it is shared. The ETag is for DELETE."""
    return _answer(where, 200)


@router.post("/partners", status_code=201, dependencies=[_authoring], response_model=list[shapes.Partner])
def create_partner(where: ProposalDep, body: PartnerBody) -> Response:
    """Share one's own proposal with somebody who has a role in the charter; they are told."""
    at = where.at
    acts.share(at.session, at.charter, where.proposal, by=at.by, now=clock.now(), person=body.person, email=body.email)
    return _answer(where, 201)


@router.delete("/partners/{p}", response_model=list[shapes.Partner])
def delete_partner(
    where: ProposalDep, request: Request, p: Annotated[int, Depends(known_partner)], _: Annotated[None, _authoring]
) -> Response:
    """No longer share it with somebody; If-Match is needed, with the ETag of the partners."""
    at = where.at
    check_match(request, _tag(where))
    acts.unshare(at.session, at.charter, where.proposal, p, by=at.by, now=clock.now())
    return _answer(where, 200)


@router.post("/sign", dependencies=[_partnering], response_model=shapes.Proposal)
def sign_proposal(where: ProposalDep, _body: Nothing = None) -> Response:
    """Put one's name under the present version of a proposal that was shared with one."""
    acts.sign(where.at.session, where.at.charter, where.proposal, by=where.at.by, now=clock.now())
    return answer_with_proposal(where.at, where.proposal, 200)


@router.post("/unsign", dependencies=[_partnering], response_model=shapes.Proposal)
def unsign_proposal(where: ProposalDep, _body: Nothing = None) -> Response:
    """Take one's name off it again."""
    acts.unsign(where.at.session, where.at.charter, where.proposal, by=where.at.by, now=clock.now())
    return answer_with_proposal(where.at, where.proposal, 200)


def _tag(where: ProposalAccess) -> str:
    known = partners(where.at.session, where.proposal, where.at.visitor.account)
    return tag("partners", where.proposal.number, partners_digest(known))


def _answer(where: ProposalAccess, status: int) -> Response:
    known = partners(where.at.session, where.proposal, where.at.visitor.account)
    return JSONResponse([partner_json(view) for view in known], status, headers={"ETag": _tag(where)})
