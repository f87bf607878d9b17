"""Search in a charter: one field, and what was found by what it is."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app import clock
from app.deps import CharterDep
from app.queries.search import LONGEST_QUERY, SHOWN, Found, search
from app.rules.permissions import Action
from app.web.frame import charter_page

router = APIRouter(include_in_schema=False)

STATES = {"draft": "Draft", "open": "Open", "returned": "Returned to its author", "withdrawn": "Withdrawn"}
"""The state of a proposal in words; one that is decided says on its page how."""


@router.api_route("/{c}/search", methods=["GET", "HEAD"])
def find(request: Request, at: CharterDep, q: Annotated[str, Query()] = "") -> Response:
    """The paragraphs, proposals and comments in which all the words stand, as far as the visitor may see them."""
    asked = " ".join("".join(c if c.isprintable() else " " for c in q).split())
    too_long = len(asked) > LONGEST_QUERY
    asked = asked[:LONGEST_QUERY]
    found = Found()
    if not too_long:
        found = search(at.session, at.charter, at.visitor.account, at.allowed, asked, clock.today())
    values = {
        "asked": asked,
        "found": found,
        "too_long": too_long,
        "longest": LONGEST_QUERY,
        "most": SHOWN,
        "states": STATES,
        "reads": at.may(Action.READ_WORKING_TEXT),
    }
    return charter_page(request, at, "search/list.html", values, tab="Search")
