"""The history of a charter: every revision, who made it, and what it changed."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app import clock
from app.deps import CharterDep
from app.queries.editions import editions
from app.queries.revisions import revisions
from app.rules.permissions import Action
from app.web.frame import charter_page, for_readers_of_working_text

router = APIRouter(include_in_schema=False)

_A_PAGE = 50


@router.api_route("/{c}/history", methods=["GET", "HEAD"])
def list_revisions(
    request: Request, at: CharterDep, before: Annotated[int | None, Query(ge=1, le=999_999_999)] = None
) -> Response:
    """Revisions, the newest first."""
    for_readers_of_working_text(at)
    found = revisions(at.session, at.charter, before=before, limit=_A_PAGE + 1)
    known = editions(at.session, at.charter, unpublished=at.may(Action.READ_UNPUBLISHED_EDITIONS), today=clock.today())
    values = {
        "revisions": found[:_A_PAGE],
        "older": found[_A_PAGE - 1].number if len(found) > _A_PAGE else None,
        "newest": before is None,
        "editions": {number: [e for e in known if e.revision == number] for number in {e.revision for e in known}},
    }
    return charter_page(request, at, "revisions/list.html", values, tab="History")
