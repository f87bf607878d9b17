"""Merging: trying changes out together, and putting adopted ones into the text."""

import re

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from app import clock
from app.api import shapes
from app.api.redlines import redline_json
from app.api.schemas import MergeBody, PreviewBody, ResolutionBody
from app.api.strict import StrictRoute
from app.api.views import revision_json, section_json
from app.deps import CharterDep, require
from app.errors import BadInput
from app.queries.merging import combined_to_json, conflict_to_json
from app.queries.revisions import revision, snapshot
from app.rules.permissions import Action
from app.services import merging
from app.text.dialect import clean
from app.text.weave import Resolution

# What can be the id of a conflict at all: refused here, before any words about it would repeat what was sent.
_CONFLICT = re.compile(r"[0-9a-f]{1,64}(?:-[0-9]{1,6})?")

router = APIRouter(route_class=StrictRoute, prefix="/charters/{c}")


@router.post("/merge-preview", dependencies=[Depends(require(Action.PROPOSE))], response_model=shapes.MergePreview)
def preview_merge(at: CharterDep, body: PreviewBody) -> Response:
    """What the working text becomes with these changes: classes, conflicts, combined sentences and the redline."""
    made = merging.preview(at.session, at.charter, body.changes, resolutions_of(body.resolutions))
    woven = made.woven
    return JSONResponse(
        {
            "base_revision": made.base_revision,
            "changes": [
                {"ref": ref, "class": str(result.cls), "confirm": result.confirm}
                for ref, result in woven.classes.items()
            ],
            "conflicts": [conflict_to_json(conflict) for conflict in woven.conflicts],
            "combined": [combined_to_json(combined) for combined in woven.combined],
            "outdated": list(woven.outdated),
            "problems": list(woven.problems),
            "sections": [section_json(section) for section in woven.snapshot.sections],
            "redline": redline_json(made.before, woven.snapshot),
        }
    )


@router.post("/merge", status_code=201, dependencies=[Depends(require(Action.MERGE))], response_model=shapes.Revision)
def merge_changes(at: CharterDep, body: MergeBody) -> Response:
    """Put adopted changes into the text as one revision. Nothing is written unless everything is settled."""
    number = merging.merge(
        at.session,
        at.charter,
        by=at.by,
        now=clock.now(),
        references=body.changes,
        base_revision=body.base_revision,
        message=body.message,
        resolutions=resolutions_of(body.resolutions),
        confirmed=body.confirm_combined,
    )
    value = revision_json(revision(at.session, at.charter, number), snapshot(at.session, at.charter, number))
    return JSONResponse(value, 201)


def resolutions_of(given: dict[str, ResolutionBody]) -> dict[str, Resolution]:
    """What was chosen, by conflict. BadInput for what cannot be a choice."""
    made = {}
    for id, one in given.items():
        if not _CONFLICT.fullmatch(id):
            raise BadInput("A resolution is given under the id of a conflict, as the preview names it.")
        if (one.choice == "text") != (one.text is not None):
            raise BadInput("A resolution has `text` if its choice is text, and only then.")
        made[id] = Resolution(one.choice, None if one.text is None else clean(one.text))
    return made
