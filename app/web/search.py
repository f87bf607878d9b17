"""Search in a charter: one field, and what was found by what it is."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app import clock
from app.deps import CharterDep
from app.queries.found import Found, Sort
from app.queries.search import LONGEST_QUERY, search
from app.rules.permissions import Action
from app.web.frame import charter_page

router = APIRouter(include_in_schema=False)

STATES = {"draft": "Draft", "open": "Open", "returned": "Returned to its author", "withdrawn": "Withdrawn"}
"""The state of a proposal in words; one that is decided says on its page how."""

_NAMES = {
    Sort.WORKING: "places in the working text",
    Sort.EDITION: "places in the edition",
    Sort.PROPOSALS: "proposals",
    Sort.THREADS: "comments",
}


@router.api_route("/{c}/search", methods=["GET", "HEAD"])
def find(
    request: Request,
    at: CharterDep,
    q: Annotated[str, Query()] = "",
    of: Annotated[str, Query(max_length=20)] = "",
    after: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """The paragraphs, proposals and comments in which all the words stand, as far as the visitor may see them.

    ``of`` and ``after`` lead on in one sort of them.
    """
    asked = " ".join("".join(c if c.isprintable() else " " for c in q).split())
    too_long = len(asked) > LONGEST_QUERY
    asked = asked[:LONGEST_QUERY]
    one = Sort(of) if of in set(Sort) else None
    found = Found()
    if not too_long:
        seen = at.visitor.account
        found = search(at.session, at.charter, seen, at.allowed, asked, clock.today(), of=one, after=after)
    here = f"/{at.charter.key}/search?"
    values = {
        "asked": asked,
        "found": found,
        "too_long": too_long,
        "longest": LONGEST_QUERY,
        "states": STATES,
        "reads": at.may(Action.READ_WORKING_TEXT),
        "of": "" if one is None else _NAMES[one],
        "further": bool(after),
        "everything": here + urlencode({"q": asked}),
        "first": here + urlencode({"q": asked, "of": of}),
        "more": {
            str(sort): (_NAMES[sort], here + urlencode({"q": asked, "of": str(sort), "after": key}))
            for sort, key in found.more.items()
        },
    }
    return charter_page(request, at, "search/list.html", values, tab="Search")
