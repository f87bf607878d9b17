"""Search in a charter, for programs."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from app import clock
from app.api import shapes
from app.api.strict import StrictRoute
from app.api.views import Json, moment
from app.deps import CharterDep
from app.queries.found import Found, FoundBlock, Sort
from app.queries.search import LONGEST_QUERY, SHOWN, search
from app.text.folding import Piece

router = APIRouter(route_class=StrictRoute, prefix="/charters/{c}")


@router.get("/search", response_model=shapes.Found)
def find(
    at: CharterDep,
    request: Request,
    q: Annotated[str, Query(max_length=LONGEST_QUERY, description="Words that all have to stand there")] = "",
    of: Annotated[Sort | None, Query(description="Only what is of this sort")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="How many of each sort at most")] = SHOWN,
    after: Annotated[str, Query(max_length=200, description="Only what comes after that; see `more`")] = "",
) -> Response:
    """The paragraphs, proposals and threads in which all the words stand, as far as you may see them."""
    seen, today = at.visitor.account, clock.today()
    found = search(at.session, at.charter, seen, at.allowed, q, today, of=of, after=after, limit=limit)
    headers = {}
    if of is not None and of in found.more:
        url = request.url.include_query_params(after=found.more[of], limit=limit)
        headers = {"Link": f'<{url.path}?{url.query}>; rel="next"'}
    return JSONResponse(_json(found), headers=headers)


def _json(found: Found) -> Json:
    return {
        "words": list(found.words),
        "working": _blocks(found.working),
        "edition": _blocks(found.edition),
        "proposals": [
            {
                "number": one.number,
                "title": _plain(one.title),
                "author": one.author,
                "state": one.state,
                "where": one.where,
                "change": one.change,
                "section_name": one.section,
                "words": _plain(one.words),
                "updated_at": moment(one.updated_at),
            }
            for one in found.proposals
        ],
        "threads": [
            {
                "id": one.number,
                "comment": one.comment,
                "subject": one.subject,
                "state": one.state,
                "audience": one.audience,
                "author": one.author,
                "words": _plain(one.words),
                "created_at": moment(one.at),
            }
            for one in found.threads
        ],
        "more": sorted(found.more),
        "after": {str(sort): key for sort, key in found.more.items()},
    }


def _blocks(found: Sequence[FoundBlock]) -> list[Json]:
    return [
        {"section": one.section or None, "block": one.block, "place": one.place, "words": _plain(one.words)}
        for one in found
    ]


def _plain(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces)
