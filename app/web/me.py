"""My settings: the name shown, where I am signed in, how I am told, and the programs that act for me."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Query
from fastapi.responses import RedirectResponse, Response

from app import clock
from app.deps import AccountDep, SessionDep, SettingsDep, VisitorDep
from app.errors import BadInput
from app.queries.notices import choices
from app.queries.overview import charter_views
from app.queries.people import person_by_email, person_view
from app.queries.sessions import browser_sessions, tokens
from app.services import people, sessions
from app.web.frame import page
from app.web.sessions import OurForm, signed_out

router = APIRouter(include_in_schema=False)

Number = Annotated[int, Path(ge=1, le=999_999_999)]
LIVES = {"30": "30 days", "90": "90 days", "365": "a year"}
"""How long a token can be good: days as the form sends them, and in words."""

DONE = {
    "name": "Your name is saved, also under what you have said before.",
    "session": "That sign-in has ended.",
    "others": "You are signed out everywhere else.",
    "token": "The token is revoked: nothing can use it any more.",
}
"""What was done, by the word that stands in the address after it."""


@router.api_route("/me", methods=["GET", "HEAD"])
def show(
    person: AccountDep, visitor: VisitorDep, session: SessionDep, done: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """Everything about oneself, on one page."""
    return _show(person, visitor, session, said=DONE.get(done, ""))


@router.post("/me/name", dependencies=[OurForm])
def change_name(
    person: AccountDep, visitor: VisitorDep, session: SessionDep, name: Annotated[str, Form(max_length=1000)] = ""
) -> Response:
    """Have one's name shown otherwise."""
    try:
        people.change_name(session, person, name, now=clock.now())
    except BadInput as wrong:
        return _show(person, visitor, session, typed=name, problem=wrong.message)
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


@router.post("/me/tokens", dependencies=[OurForm])
def make_token(
    person: AccountDep,
    visitor: VisitorDep,
    session: SessionDep,
    days: Annotated[str, Form(max_length=10)] = "",
    access: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Make a token and show it, this once."""
    if days not in LIVES or access not in ("read", "write"):
        return _show(person, visitor, session, token_problem="Choose how long it is good, and what it may do.")
    row = person_by_email(session, person.email)
    secret = sessions.create_token(
        session, row, days=int(days), read_only=access == "read", by=person.id, now=clock.now()
    )
    return _show(person, visitor, session, token=secret)


@router.post("/me/tokens/{id}", dependencies=[OurForm])
def revoke_token(id: Number, person: AccountDep, session: SessionDep) -> Response:
    """Take a token back."""
    sessions.revoke_token(session, person, id, now=clock.now())
    return RedirectResponse("/me?done=token#page.tokens", 303)


@router.api_route("/me/name", methods=["GET", "HEAD"])
@router.api_route("/me/tokens", methods=["GET", "HEAD"])
@router.api_route("/me/tokens/{id}", methods=["GET", "HEAD"])
@router.api_route("/me/sessions/{id}", methods=["GET", "HEAD"])
@router.api_route("/sessions", methods=["GET", "HEAD"])
def back() -> Response:
    """Who loads the address of a form again is shown the page it stood on."""
    return RedirectResponse("/me", 303)


def _show(
    person: AccountDep,
    visitor: VisitorDep,
    session: SessionDep,
    *,
    said: str = "",
    typed: str | None = None,
    problem: str = "",
    token: str = "",
    token_problem: str = "",
) -> Response:
    now = clock.now()
    view = person_view(session, person_by_email(session, person.email))
    organisations = {one.key: one for one in charter_views(session, person, clock.today())}
    values = {
        "name": person.name if typed is None else typed,
        "email": person.email,
        "admin": person.admin,
        "roles": [(organisations[role.charter], role.role) for role in view.roles if role.charter in organisations],
        "choices": choices(session, person),
        "sessions": browser_sessions(session, person, visitor.session_secret, now),
        "tokens": tokens(session, person, now),
        "lives": LIVES,
        "said": said,
        "problem": problem,
        "token": token,
        "token_problem": token_problem,
    }
    status = 422 if problem or token_problem else 200
    return page("people/me.html", values, visitor, status=status, headers={"cache-control": "no-store"})
