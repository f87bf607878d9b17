"""Tokens for programs that act for me: made here and shown once, and revoked."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from app import clock
from app.deps import BrowserDep, SessionDep, SettingsDep, VisitorDep, charter_access
from app.errors import BadInput
from app.queries.people import person_by_email
from app.services import sessions
from app.web.me import Number
from app.web.mine import LIVES, show_me
from app.web.sessions import OurForm

router = APIRouter(include_in_schema=False)


@router.post("/me/tokens", dependencies=[OurForm])
def make_token(
    person: BrowserDep,
    visitor: VisitorDep,
    session: SessionDep,
    settings: SettingsDep,
    days: Annotated[str, Form(max_length=10)] = "",
    access: Annotated[str, Form(max_length=10)] = "",
    name: Annotated[str, Form(max_length=1000)] = "",
    charter: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Make a token and show it, this once."""
    typed = {"token_name": name, "token_access": access, "token_days": days, "token_charter": charter}
    if days not in LIVES or access not in ("read", "write"):
        problem = "Choose how long it is good, and what it may do."
        return show_me(person, visitor, session, settings, token_problem=problem, **typed)
    only = charter_access(session, charter, visitor, writes=False).charter if charter else None
    row, now = person_by_email(session, person.email), clock.now()
    reads = access == "read"
    try:
        secret = sessions.create_token(
            session, row, days=int(days), read_only=reads, by=person.id, now=now, name=name, charter=only
        )
    except BadInput as wrong:
        return show_me(person, visitor, session, settings, token_problem=wrong.message, **typed)
    return show_me(person, visitor, session, settings, token=secret)


@router.post("/me/tokens/{id}", dependencies=[OurForm])
def revoke_token(id: Number, person: BrowserDep, session: SessionDep) -> Response:
    """Take a token back."""
    sessions.revoke_token(session, person, id, now=clock.now())
    return RedirectResponse("/me?done=token#page.tokens", 303)


@router.api_route("/me/tokens", methods=["GET", "HEAD"])
@router.api_route("/me/tokens/{id}", methods=["GET", "HEAD"])
def back() -> Response:
    """Who loads the address of a form again is shown the page it stood on."""
    return RedirectResponse("/me#page.tokens", 303)
