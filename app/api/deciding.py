"""Deciding on many changes at once, over several proposals."""

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Depends, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from app import clock
from app.api import schemas, shapes
from app.api.schemas import ShortWords, Words
from app.api.strict import StrictRoute
from app.api.views import decision_json
from app.deps import CharterDep, require
from app.queries.change_views import decision_view
from app.rules.permissions import Action
from app.services.decisions import Verdict, decide_many

router = APIRouter(route_class=StrictRoute, prefix="/charters/{c}")


class NamedDecisionBody(schemas.Body):
    """What shall become of one change, named by its proposal and number ("12.1")."""

    ref: Annotated[str, Field(max_length=25)]
    outcome: Literal["adopted", "adopted_amended", "rejected", "deferred"]
    reason: ShortWords = ""
    text: Words | None = None
    supersedes: bool = False


@router.post(
    "/decisions",
    status_code=201,
    dependencies=[Depends(require(Action.DECIDE))],
    response_model=shapes.Decisions,
)
def decide_on_many(
    at: CharterDep, body: Annotated[list[NamedDecisionBody], Body(min_length=1, max_length=2_000)]
) -> Response:
    """Decide on changes of several proposals, all of these or none."""
    verdicts = [(d.ref, Verdict(0, d.outcome, d.reason, d.text, d.supersedes)) for d in body]
    made = decide_many(at.session, at.charter, by=at.by, now=clock.now(), verdicts=verdicts)
    people = {at.by.id: at.by.name}
    return JSONResponse(
        {"decided": [{"ref": ref, **decision_json(decision_view(decision, people))} for ref, decision in made]}, 201
    )
