"""Following: whether somebody wants to hear of a thread or a proposal."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from app import clock
from app.api import shapes
from app.api.schemas import Body
from app.api.strict import StrictRoute
from app.api.tags import check_match, tag
from app.deps import CharterAccess, ProposalDep, ThreadDep, require_on_proposal, require_on_thread
from app.queries.follows import following
from app.rules.permissions import Action
from app.services.following import set_following

router = APIRouter(route_class=StrictRoute, prefix="/charters/{c}")

_on_thread = Depends(require_on_thread(Action.COMMENT))
_on_proposal = Depends(require_on_proposal(Action.COMMENT))


class FollowingBody(Body):
    """Follow it, mute it, or (null) neither."""

    mode: Annotated[Literal["following", "muted"] | None, Field()]


@router.get("/threads/{t}/following", dependencies=[_on_thread], response_model=shapes.Following)
def read_thread_following(where: ThreadDep) -> Response:
    """Whether one follows or has muted a thread; its ETag is for changing that."""
    return _answer(where.at, f"thread {where.thread.number}")


@router.put("/threads/{t}/following", dependencies=[_on_thread], response_model=shapes.Following)
def follow_thread(where: ThreadDep, request: Request, body: FollowingBody) -> Response:
    """Follow a thread, mute it, or neither; If-Match is needed."""
    return _set(where.at, request, f"thread {where.thread.number}", body.mode)


@router.get("/proposals/{n}/following", dependencies=[_on_proposal], response_model=shapes.Following)
def read_proposal_following(where: ProposalDep) -> Response:
    """Whether one follows or has muted a proposal; its ETag is for changing that."""
    return _answer(where.at, f"proposal {where.proposal.number}")


@router.put("/proposals/{n}/following", dependencies=[_on_proposal], response_model=shapes.Following)
def follow_proposal(where: ProposalDep, request: Request, body: FollowingBody) -> Response:
    """Follow a proposal, mute it, or neither; If-Match is needed."""
    return _set(where.at, request, f"proposal {where.proposal.number}", body.mode)


def _set(at: CharterAccess, request: Request, object: str, mode: str | None) -> Response:
    check_match(request, _tag(object, following(at.session, at.charter, at.by.id, object)))
    set_following(at.session, at.charter, at.by.id, object, mode, now=clock.now())
    return _answer(at, object)


def _answer(at: CharterAccess, object: str) -> Response:
    mode = following(at.session, at.charter, at.by.id, object)
    return JSONResponse({"mode": mode}, headers={"ETag": _tag(object, mode)})


def _tag(object: str, mode: str | None) -> str:
    return tag(*object.split(), mode or "neither")
