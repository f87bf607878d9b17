"""Reverting a merge by a new revision."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from fastapi.responses import JSONResponse

from app import clock
from app.api import shapes
from app.api.merging import resolutions_of
from app.api.schemas import RevertBody
from app.api.strict import StrictRoute
from app.api.views import revision_json
from app.deps import CharterAccess, CharterDep, refuse_read_only
from app.errors import NotFound
from app.queries.revisions import revision, revision_row, snapshot
from app.rules.permissions import Action
from app.services import reverting

router = APIRouter(route_class=StrictRoute, prefix="/charters/{c}")

MergeNumber = Annotated[int, Path(description="The number of the revision that merged", ge=1, le=999_999_999)]


def may_revert(at: CharterDep, n: MergeNumber) -> None:
    """Whether the revision is there comes before whether it may be reverted."""
    if not at.may(Action.READ_WORKING_TEXT):
        raise NotFound("There is nothing at this address.")
    revision_row(at.session, at.charter, n)
    at.require(Action.MERGE)
    refuse_read_only(at.visitor)


@router.post(
    "/revisions/{n}/revert", status_code=201, dependencies=[Depends(may_revert)], response_model=shapes.Revision
)
def revert_merge(at: CharterDep, n: MergeNumber, body: RevertBody) -> Response:
    """Take back by a new revision what that one merged; its changes are adopted and not in the text again."""
    number = reverting.revert(
        at.session,
        at.charter,
        by=at.by,
        now=clock.now(),
        number=n,
        base_revision=body.base_revision,
        message=body.message,
        confirmed=body.confirm_combined,
        resolutions=resolutions_of(body.resolutions),
    )
    return _answer(at, number)


def _answer(at: CharterAccess, number: int) -> Response:
    value = revision_json(revision(at.session, at.charter, number), snapshot(at.session, at.charter, number))
    return JSONResponse(value, 201)
