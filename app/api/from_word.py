"""A Word document that came back, read: what `POST …/proposals` and `…/threads` would take of it. Nothing is kept."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse, Response

from app.api import shapes
from app.api.annexes import AnyBytes, Octets
from app.api.strict import StrictRoute
from app.api.views import Json, moment
from app.deps import CharterDep, require
from app.from_word import Returned, Wish, returned
from app.rules.permissions import Action
from app.text.blocks import block_to_json
from app.text.phrases import phrases
from app.text.redline import redline_snapshots
from app.text.submission import ABSENT, SubmittedSection
from app.text.wordfile import Remark

router = APIRouter(route_class=StrictRoute, prefix="/charters/{c}")


@router.post(
    "/from-word",
    dependencies=[Depends(require(Action.PROPOSE))],
    openapi_extra=AnyBytes,
    response_model=shapes.FromWord,
)
def read_word_document(
    at: CharterDep,
    octets: Octets,
    revision: Annotated[int | None, Query(ge=1, le=999_999_999, description="Read it against this one")] = None,
) -> Response:
    """What each person changed and said in a Word document, ready to be sent as proposals and threads.

    The body is the file as it is. Without `revision` it is read against the one it was made from, or the working text.
    """
    found = returned(at, octets, revision)
    return JSONResponse(
        {
            "base_revision": found.revision,
            "names_revision": found.named,
            "suggestions": [_suggestion(found, wish) for wish in found.wishes],
            "remarks": [_remark(found, remark) for remark in found.remarks],
            "left": [{"what": one.what, "where": one.where} for one in found.left],
            "known": found.known,
            "known_remarks": found.known_remarks,
        }
    )


def _suggestion(found: Returned, wish: Wish) -> Json:
    told = [] if wish.derived is None else phrases(redline_snapshots(found.base, wish.derived.wanted))
    return {
        "author": wish.author,
        "member": None if wish.member is None else wish.member.id,
        "changed_at": moment(wish.suggestion.changed_at),
        "sections": [_section(section) for section in wish.submission.sections],
        "in_words": [phrase.text for phrase in told],
        "changes": 0 if wish.derived is None else len(wish.derived.changes),
        "same_as": [head.number for head in wish.same],
        "problem": wish.problem,
    }


def _section(section: SubmittedSection) -> Json:
    """As a proposal takes it: what is not there stays as it is."""
    told: Json = {"key": section.key}
    if section.remove:
        told["remove"] = True
    if section.kind is not None:
        told["kind"] = str(section.kind)
    if section.heading is not None:
        told["heading"] = section.heading
    if section.blocks is not None:
        told["blocks"] = [block_to_json(block) for block in section.blocks]
    if section.after is not ABSENT:
        told["after"] = section.after
    return told


def _remark(found: Returned, remark: Remark) -> Json:
    section = None if remark.section is None else found.base.section_by_id(remark.section)
    return {
        "section": None if section is None else section.key,
        "block": remark.block,
        "quote": remark.quote,
        "prefix": remark.prefix,
        "suffix": remark.suffix,
        "resolved": remark.resolved,
        "sayings": [{"author": one.author, "at": moment(one.at), "text": one.text} for one in remark.sayings],
    }
