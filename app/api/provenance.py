"""Where the words of a block come from."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import JSONResponse

from app import clock
from app.api import shapes
from app.api.strict import StrictRoute
from app.api.views import Json, moment
from app.deps import CharterDep
from app.queries.editions import edition_in_force
from app.queries.provenance import Adoption, block_provenance
from app.rules.permissions import Action

router = APIRouter(route_class=StrictRoute, prefix="/charters/{c}/blocks")


@router.get("/{id}/provenance", response_model=shapes.Provenance)
def read_provenance(
    at: CharterDep,
    id: Annotated[str, Path(description="The permanent id of a block", max_length=64)],
    revision: Annotated[int | None, Query(ge=1, le=999_999_999, description="By default as it reads now")] = None,
) -> Response:
    """Where every word of a block comes from: the revision, the proposal, and who decided it.

    Whoever may not read the working text can ask this of the blocks of published editions.
    """
    current = edition_in_force(at.session, at.charter, clock.today())
    found = block_provenance(
        at.session,
        at.charter,
        id,
        revision,
        working=at.may(Action.READ_WORKING_TEXT),
        in_force=None if current is None else current.revision,
    )
    spans: list[Json] = []
    for span in found.spans:
        source = found.sources[span.source]
        spans.append(
            {
                "start": span.start,
                "end": span.end,
                "text": span.words,
                "revision": source.revision,
                "created_at": moment(source.created_at),
                "author": source.author,
                "message": source.message,
                **_adoption(source.adoption),
            }
        )
    value: Json = {
        "block": id,
        "section": found.section.key,
        "revision": found.revision,
        "text": found.block.text,
        "gone": found.gone,
        "spans": spans,
    }
    return JSONResponse(value)


def _adoption(found: Adoption | None) -> Json:
    if found is None:
        names = ("proposal", "change", "ref", "title", "proposed_by", "decided_by", "decided_at", "reason", "outcome")
        return {**dict.fromkeys(names), "signed_by": [], "words_by": [], "against_rule": False}
    return {
        "proposal": found.proposal,
        "change": found.change,
        "ref": found.ref,
        "title": found.title,
        "proposed_by": found.author,
        "signed_by": list(found.cosigners),
        "words_by": list(found.amenders),
        "decided_by": found.decided_by,
        "decided_at": moment(found.decided_at),
        "reason": found.reason,
        "outcome": "adopted_amended" if found.amended else "adopted",
        "against_rule": found.against_rule,
    }
