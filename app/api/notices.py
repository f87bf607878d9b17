"""Somebody's notices, and how they want to be told."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from app import clock
from app.api import shapes
from app.api.paging import next_page
from app.api.schemas import Body, Number
from app.api.strict import StrictRoute
from app.api.tags import check_match, tag
from app.api.views import Json, moment
from app.deps import AccountDep, SessionDep, get_account
from app.errors import BadInput
from app.queries.notices import Choices, NoticeView, choices, notices
from app.services.choices import choose
from app.services.notices import mark_read

router = APIRouter(route_class=StrictRoute, prefix="/me", dependencies=[Depends(get_account)])


class ReadBody(Body):
    """Which notices were read: those with these ids, or all."""

    ids: Annotated[list[Number], Field(min_length=1, max_length=1_000)] | None = None
    all: Literal[True] | None = None


class ChoicesBody(Body):
    """When to get mail, and whether to have a list."""

    mail: Literal["at_once", "daily", "none"]
    listing: Literal["shown", "none"]


@router.get("/notices", response_model=list[shapes.Notice])
def list_notices(
    person: AccountDep,
    session: SessionDep,
    request: Request,
    unread: Annotated[bool | None, Query(description="Only those not read yet, or only those read")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="How many at most")] = 50,
    after: Annotated[int | None, Query(ge=1, le=999_999_999, description="Only those with an id below this")] = None,
) -> Response:
    """What you were told, the newest first."""
    found = notices(session, person, unread=unread, before=after, limit=limit + 1)
    page = [_notice_json(view) for view in found[:limit]]
    headers = next_page(request, page, more=len(found) > limit, limit=limit, key="id")
    return JSONResponse(page, headers=headers)


@router.post("/notices/read", response_model=shapes.NoticesRead)
def read_notices(person: AccountDep, session: SessionDep, body: ReadBody) -> Response:
    """Mark notices as read; the answer is how many were not until now."""
    if (body.ids is None) == (body.all is None):
        raise BadInput("Send either `ids` or `all`.")
    return JSONResponse({"read": mark_read(session, person, body.ids, now=clock.now())})


@router.get("/notice-choices", response_model=shapes.NoticeChoices)
def read_choices(person: AccountDep, session: SessionDep) -> Response:
    """How you want to be told."""
    return _answer(choices(session, person))


@router.put("/notice-choices", response_model=shapes.NoticeChoices)
def change_choices(person: AccountDep, session: SessionDep, request: Request, body: ChoicesBody) -> Response:
    """Choose how you want to be told; If-Match is needed."""
    check_match(request, _tag(choices(session, person)))
    choose(session, person, mail=body.mail, listing=body.listing, now=clock.now())
    return _answer(choices(session, person))


def _answer(chosen: Choices) -> Response:
    value: Json = {"mail": chosen.mail, "listing": chosen.listing}
    return JSONResponse(value, headers={"ETag": _tag(chosen)})


def _tag(chosen: Choices) -> str:
    return tag("notice-choices", chosen.mail, chosen.listing)


def _notice_json(view: NoticeView) -> Json:
    return {
        "id": view.id,
        "charter": view.charter,
        "kind": view.kind,
        "object": view.object,
        "address": view.address,
        "words": view.sentence,
        "quote": view.quote,
        "created_at": moment(view.created_at),
        "read_at": None if view.read_at is None else moment(view.read_at),
    }
