"""My settings: the name shown, where I am signed in, and everything else about me on one page."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Query
from fastapi.responses import RedirectResponse, Response

from app import clock
from app.deps import AccountDep, SessionDep, SettingsDep, VisitorDep
from app.errors import BadInput
from app.queries.sessions import browser_sessions
from app.services import people, sessions
from app.web.mine import show_me
from app.web.sessions import OurForm, signed_out

router = APIRouter(include_in_schema=False)

Number = Annotated[int, Path(ge=1, le=999_999_999)]


@router.api_route("/me", methods=["GET", "HEAD"])
def show(
    person: AccountDep,
    visitor: VisitorDep,
    session: SessionDep,
    settings: SettingsDep,
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Everything about oneself, on one page."""
    return show_me(person, visitor, session, settings, done=done)


@router.post("/me/name", dependencies=[OurForm])
def change_name(
    person: AccountDep,
    visitor: VisitorDep,
    session: SessionDep,
    settings: SettingsDep,
    name: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Have one's name shown otherwise."""
    try:
        people.change_name(session, person, name, now=clock.now())
    except BadInput as wrong:
        return show_me(person, visitor, session, settings, name=name, problem=wrong.message)
    return RedirectResponse("/me?done=name", 303)


@router.post("/me/sessions/others", dependencies=[OurForm])
def end_others(person: AccountDep, visitor: VisitorDep, session: SessionDep) -> Response:
    """Sign out everywhere but here."""
    sessions.end_other_sessions(session, person, visitor.session_secret, now=clock.now())
    return RedirectResponse("/me?done=others#page.sessions", 303)


@router.post("/me/sessions/{id}", dependencies=[OurForm])
def end_one(
    id: Number, person: AccountDep, visitor: VisitorDep, session: SessionDep, settings: SettingsDep
) -> Response:
    """End one sign-in; if it is this one, that is signing out."""
    now = clock.now()
    here = any(one.id == id and one.here for one in browser_sessions(session, person, visitor.session_secret, now))
    sessions.end_session(session, person, id, now=now)
    return signed_out(settings) if here else RedirectResponse("/me?done=session#page.sessions", 303)


@router.api_route("/me/name", methods=["GET", "HEAD"])
@router.api_route("/me/sessions/{id}", methods=["GET", "HEAD"])
@router.api_route("/sessions", methods=["GET", "HEAD"])
def back() -> Response:
    """Who loads the address of a form again is shown the page it stood on."""
    return RedirectResponse("/me", 303)
