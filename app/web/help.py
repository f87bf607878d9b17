"""Help for people who have never seen such a tool."""

from fastapi import APIRouter
from fastapi.responses import Response

from app.deps import VisitorDep
from app.web.frame import page

router = APIRouter(include_in_schema=False)


@router.api_route("/help", methods=["GET", "HEAD"])
def read_help(visitor: VisitorDep) -> Response:
    """All of it on one page, so that it can be searched and printed."""
    return page("help/page.html", {}, visitor)
