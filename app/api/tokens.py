"""Your API tokens: made, listed and revoked, by a program that has one as well."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from app import clock
from app.api import shapes
from app.api.schemas import Body, Line
from app.api.strict import StrictRoute
from app.api.views import Json, moment
from app.deps import AccountDep, SessionDep, VisitorDep, charter_access, get_account
from app.queries.people import person_by_email
from app.queries.sessions import TokenView, tokens
from app.rules.mailboxes import short_name
from app.services import sessions

router = APIRouter(route_class=StrictRoute, prefix="/me/tokens", dependencies=[Depends(get_account)])
UNKEPT = {"cache-control": "no-store"}


class TokenBody(Body):
    """A token to make: what it is for, for how long, whether it only reads, and in which charter alone."""

    name: Line
    days: Annotated[int, Field(ge=1, le=365)]
    read_only: bool = True
    charter: Annotated[str, Field(max_length=100)] | None = None


@router.get("", response_model=list[shapes.Token])
def list_tokens(person: AccountDep, session: SessionDep) -> Response:
    """The tokens of yours that are good, the newest first; never their secrets."""
    return JSONResponse([_json(view) for view in tokens(session, person, clock.now())], headers=UNKEPT)


@router.post("", status_code=201, response_model=shapes.NewToken)
def make_token(person: AccountDep, visitor: VisitorDep, session: SessionDep, body: TokenBody) -> Response:
    """Make a token; `token` is shown this once. One that is made with a token ends with that one at the latest."""
    charter = None
    if body.charter is not None:
        charter = charter_access(session, body.charter, visitor, writes=False).charter
    secret = sessions.create_token(
        session,
        person_by_email(session, person.email),
        days=body.days,
        read_only=body.read_only,
        by=person.id,
        now=clock.now(),
        name=short_name(body.name),
        charter=charter,
        latest=None if visitor.token is None else visitor.token.ends_at,
    )
    newest = tokens(session, person, clock.now())[0]
    return JSONResponse({**_json(newest), "token": secret}, 201, headers=UNKEPT)


@router.delete("/{i}", response_model=list[shapes.Token])
def revoke_token(
    person: AccountDep, session: SessionDep, i: Annotated[int, Path(description="Its id", ge=1, le=999_999_999)]
) -> Response:
    """Revoke a token: nothing can use it any more. The answer: those that are left."""
    sessions.revoke_token(session, person, i, now=clock.now())
    return list_tokens(person, session)


def _json(view: TokenView) -> Json:
    return {
        "id": view.id,
        "name": view.name,
        "read_only": view.read_only,
        "charter": view.charter,
        "created_at": moment(view.created_at),
        "ends_at": None if view.ends_at is None else moment(view.ends_at),
        "used_at": None if view.used_at is None else moment(view.used_at),
    }
