"""The register of decisions: every decision ever made on a change, those that were superseded too."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from app.api import shapes
from app.api.paging import next_page
from app.api.strict import StrictRoute
from app.api.views import Json, moment, section_asked_for, section_keys
from app.deps import CharterDep, DatabaseDep, require
from app.files import decisions_csv
from app.queries.register import RegisterEntry, Wanted, register
from app.queries.revisions import head_snapshot
from app.rules.dates import calendar_day
from app.rules.permissions import Action
from app.text.dialect import clean

router = APIRouter(route_class=StrictRoute, prefix="/charters/{c}/decisions")

Outcomes = Literal["adopted", "adopted_amended", "rejected", "deferred"]


@router.get("", dependencies=[Depends(require(Action.READ_WORKING_TEXT))], response_model=list[shapes.RegisterEntry])
def list_decisions(
    at: CharterDep,
    database: DatabaseDep,
    request: Request,
    outcome: Outcomes | None = None,
    section: Annotated[str | None, Query(max_length=100, description="The key of a section")] = None,
    against_rule: bool | None = None,
    first_day: Annotated[str | None, Query(alias="from", max_length=10, description="A day like 2026-11-30")] = None,
    last_day: Annotated[str | None, Query(alias="to", max_length=10, description="The last day, included")] = None,
    q: Annotated[str | None, Query(max_length=200, description="Words in the reason")] = None,
    format: Annotated[Literal["json", "csv"], Query()] = "json",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[int | None, Query(ge=1, le=999_999_999, description="Only those with an id below this")] = None,
) -> Response:
    """Decisions, the newest first; as CSV all that are asked for, in one table that a spreadsheet can open."""
    text = head_snapshot(at.session, at.charter)
    wanted = Wanted(
        outcome=outcome,
        section=section_asked_for(text, section),
        against_rule=against_rule,
        first_day=_day(first_day),
        last_day=_day(last_day),
        words=None if q is None else clean(q),
    )
    keys = section_keys(text)
    if format == "csv":
        return decisions_csv(database, at, wanted, keys)
    found = register(at.session, at.charter, wanted, before=after, limit=limit + 1, wordings=True)
    page = [_entry(entry, keys) for entry in found[:limit]]
    return JSONResponse(page, headers=next_page(request, page, more=len(found) > limit, limit=limit, key="id"))


def _day(text: str | None) -> date | None:
    return None if text is None else calendar_day(text)


def _entry(entry: RegisterEntry, keys: dict[str, str]) -> Json:
    return {
        "id": entry.id,
        "ref": entry.ref,
        "proposal": entry.proposal,
        "change": entry.change,
        "title": entry.title,
        "proposed_by": entry.author,
        "kind": entry.kind,
        "section": None if entry.section is None else keys.get(entry.section, entry.section),
        "version": entry.version,
        "outcome": entry.outcome,
        "reason": entry.reason,
        "before": entry.before,
        "proposed": entry.proposed,
        "adopted": entry.adopted,
        "against_rule": entry.against_rule,
        "decided_by": entry.decided_by,
        "decided_at": moment(entry.decided_at),
        "supersedes": entry.supersedes,
        "superseded_by": entry.superseded_by,
        "merged_revision": entry.merged_revision,
        "merged_words": entry.took or None,
    }
