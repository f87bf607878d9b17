"""Charters, their revisions and records, and who is asking."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from app import clock
from app.api import shapes
from app.api.paging import next_page
from app.api.people import settings_tag
from app.api.strict import StrictRoute
from app.api.views import Json, charter_json, moment, revision_head_json, revision_json
from app.deps import CharterDep, SessionDep, VisitorDep, require
from app.errors import NotFound, NotSignedIn
from app.queries.overview import charter_view, charter_views
from app.queries.people import person_by_email, person_view
from app.queries.records import records
from app.queries.revisions import revision, revisions, snapshot
from app.rules.permissions import Action
from app.word import revision_word

router = APIRouter(route_class=StrictRoute)

Limit = Annotated[int, Query(ge=1, le=200, description="How many at most")]
Revision = Annotated[str, Path(description="A number, or head", max_length=10)]
Before = Annotated[int | None, Query(ge=1, le=999_999_999, description="Only those below this number")]


@router.get("/charters", response_model=list[shapes.Charter])
def list_charters(session: SessionDep, visitor: VisitorDep) -> Response:
    """All charters that exist for whoever asks."""
    views = charter_views(session, visitor.account, clock.today(), only=visitor.only)
    return JSONResponse([charter_json(view) for view in views])


@router.get("/charters/{c}", response_model=shapes.Charter)
def read_charter(at: CharterDep) -> Response:
    """One charter: its settings, sections, newest revision and edition in force; the ETag is for its settings."""
    value = charter_json(charter_view(at.session, at.charter, at.allowed, clock.today()))
    return JSONResponse(value, headers={"ETag": settings_tag(at.charter)})


@router.get(
    "/charters/{c}/revisions",
    dependencies=[Depends(require(Action.READ_WORKING_TEXT))],
    response_model=list[shapes.RevisionHead],
)
def list_revisions(at: CharterDep, request: Request, limit: Limit = 50, after: Before = None) -> Response:
    """Revisions, the newest first."""
    found = revisions(at.session, at.charter, before=after, limit=limit + 1)
    page = [revision_head_json(view) for view in found[:limit]]
    return JSONResponse(page, headers=next_page(request, page, more=len(found) > limit, limit=limit))


@router.get(
    "/charters/{c}/revisions/{n}.docx",
    dependencies=[Depends(require(Action.READ_WORKING_TEXT))],
    response_class=Response,
)
def read_revision_word(at: CharterDep, request: Request, n: Revision) -> Response:
    """One revision as a Word document, marked as not approved."""
    return revision_word(request, at, at.charter.head if n in ("head", "working") else _number(n))


@router.get(
    "/charters/{c}/revisions/{n}",
    dependencies=[Depends(require(Action.READ_WORKING_TEXT))],
    response_model=shapes.Revision,
)
def read_revision(at: CharterDep, n: Revision) -> Response:
    """One revision with its whole text."""
    number = at.charter.head if n in ("head", "working") else _number(n)
    value = revision_json(revision(at.session, at.charter, number), snapshot(at.session, at.charter, number))
    return JSONResponse(value)


@router.get(
    "/charters/{c}/records",
    dependencies=[Depends(require(Action.READ_RECORDS))],
    response_model=list[shapes.Record],
)
def list_records(at: CharterDep, request: Request, limit: Limit = 50, after: Before = None) -> Response:
    """The audit trail, the newest first."""
    found = records(at.session, at.charter, at.visitor.account, at.allowed, before=after, limit=limit + 1)
    page: list[Json] = [
        {
            "number": r.number,
            "at": moment(r.at),
            "person": r.person,
            "act": r.act,
            "object": r.object,
            "before": r.before,
            "after": r.after,
            "hash": r.hash,
        }
        for r in found[:limit]
    ]
    return JSONResponse(page, headers=next_page(request, page, more=len(found) > limit, limit=limit))


@router.get("/me", response_model=shapes.Me)
def read_me(session: SessionDep, visitor: VisitorDep) -> Response:
    """Who is asking, and their role in each charter."""
    if visitor.account is None:
        raise NotSignedIn("Sign in first, or send a token.")
    view = person_view(session, person_by_email(session, visitor.account.email))
    value: Json = {
        "email": view.email,
        "name": view.name,
        "admin": view.admin,
        "read_only": visitor.read_only,
        "charter": visitor.only,
        "roles": [{"charter": r.charter, "role": r.role} for r in view.roles if visitor.only in (None, r.charter)],
    }
    return JSONResponse(value)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise NotFound("There is no such revision.")
    return int(text)
