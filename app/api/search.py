"""Search in a charter, for programs."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from app import clock
from app.api.strict import StrictRoute
from app.api.views import Json, moment
from app.deps import CharterDep
from app.queries.search import LONGEST_QUERY, FoundBlock, search
from app.text.folding import Piece

router = APIRouter(route_class=StrictRoute, prefix="/charters/{c}")


@router.get("/search")
def find(
    at: CharterDep,
    q: Annotated[str, Query(max_length=LONGEST_QUERY, description="Words that all have to stand there")] = "",
) -> Json:
    """The paragraphs, proposals and threads in which all the words stand, as far as you may see them."""
    found = search(at.session, at.charter, at.visitor.account, at.allowed, q, clock.today())
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
                "words": _plain(one.words),
                "updated_at": moment(one.updated_at),
            }
            for one in found.proposals
        ],
        "threads": [
            {
                "id": one.number,
                "comment": one.comment,
                "state": one.state,
                "audience": one.audience,
                "author": one.author,
                "words": _plain(one.words),
                "created_at": moment(one.at),
            }
            for one in found.threads
        ],
        "more": sorted(found.more),
    }


def _blocks(found: Sequence[FoundBlock]) -> list[Json]:
    return [{"section": one.section or None, "block": one.block, "words": _plain(one.words)} for one in found]


def _plain(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces)
