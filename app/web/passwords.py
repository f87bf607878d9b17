"""Passwords on pages, where the installation allows them: used where one signs in, set under my settings."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app import clock
from app.db.engine import Database
from app.deps import BrowserDep, DatabaseDep, SettingsDep, Visitor, VisitorDep, is_fresh
from app.errors import BadInput, EngrossError, NotAllowed, NotFound, NotSignedIn, TooMany
from app.queries.people import Account
from app.rules.addresses import own_path
from app.rules.passwords import check_password
from app.security import DEVICE
from app.services import passwords, sessions
from app.services.sessions import SignedIn
from app.settings import Settings
from app.web.frame import page
from app.web.mine import show_me
from app.web.sessions import OurForm, device_of, place_of, sign_in_values, signed_in

router = APIRouter(include_in_schema=False)

Typed = Annotated[str, Form(max_length=5_000)]


def _allowed(settings: SettingsDep) -> None:
    if not settings.passwords:
        raise NotFound("There is nothing at this address.")


def _allowed_to(_person: BrowserDep, settings: SettingsDep) -> None:
    """The same for what is one's own: first it is asked who somebody is."""
    _allowed(settings)


where_allowed, mine_where_allowed = Depends(_allowed), Depends(_allowed_to)


@router.post("/password/sign-in", dependencies=[where_allowed, OurForm])
def sign_in(
    request: Request,
    visitor: VisitorDep,
    database: DatabaseDep,
    settings: SettingsDep,
    email: Annotated[str, Form(max_length=1000)] = "",
    password: Typed = "",
    to: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Sign in with a password. A session that was there before ends."""
    try:
        tried = _try(request, database, email, password)
        with database.writing() as session:
            secret = passwords.sign_in(session, tried, now=clock.now(), device=device_of(request))
            if visitor.session_secret is not None:
                sessions.sign_out(session, visitor.session_secret)
    except (BadInput, NotSignedIn, TooMany) as wrong:
        status = 429 if isinstance(wrong, TooMany) else 422 if isinstance(wrong, BadInput) else 401
        told = {"problem": wrong.message, "to": own_path(to), "email": email.strip(), "by_password": True}
        # Somebody who is signed in is asked once more who they are: the page must not say that they are in already.
        values = {**told, **sign_in_values(settings), "person": None}
        return page("sessions/sign_in.html", values, visitor, status=status)
    return signed_in(SignedIn(secret, to), settings)


def _try(request: Request, database: Database, email: str, password: str) -> passwords.Try:
    """A try that was right; NotSignedIn if it was not. The work is done outside of any transaction."""
    device = request.cookies.get(DEVICE, "")[:200]
    with database.writing() as session:
        tried = passwords.begin_try(session, email, place=place_of(request), device=device, now=clock.now())
    if not passwords.fits(tried, password):
        raise NotSignedIn(passwords.WRONG, kind="wrong-password")
    return tried


@router.post("/me/password", dependencies=[OurForm, mine_where_allowed])
def set_password(
    request: Request,
    person: BrowserDep,
    visitor: VisitorDep,
    database: DatabaseDep,
    settings: SettingsDep,
    old: Typed = "",
    new: Typed = "",
) -> Response:
    """Set or change one's password. Whoever has not signed in just now has to know the old one."""
    try:
        plain = check_password(new, email=person.email, name=person.name)
        _prove(request, database, person, visitor, old)
    except EngrossError as wrong:
        return _again(database, person, visitor, settings, wrong)
    hash = passwords.hashed(plain)
    with database.writing() as session:
        passwords.keep(session, person, hash, here=visitor.session_secret, now=clock.now())
    return RedirectResponse("/me?done=password#page.password", 303)


@router.post("/me/password/remove", dependencies=[OurForm, mine_where_allowed])
def remove_password(
    request: Request,
    person: BrowserDep,
    visitor: VisitorDep,
    database: DatabaseDep,
    settings: SettingsDep,
    old: Typed = "",
) -> Response:
    """Do without a password again."""
    try:
        _prove(request, database, person, visitor, old)
    except EngrossError as wrong:
        return _again(database, person, visitor, settings, wrong)
    with database.writing() as session:
        passwords.remove(session, person, now=clock.now())
    return RedirectResponse("/me?done=nopassword#page.password", 303)


@router.api_route("/me/password", methods=["GET", "HEAD"])
@router.api_route("/me/password/remove", methods=["GET", "HEAD"])
def back() -> Response:
    """Who loads the address of a form again is shown the page it stood on."""
    return RedirectResponse("/me#page.password", 303)


@router.api_route("/password/sign-in", methods=["GET", "HEAD"])
def back_to_sign_in() -> Response:
    """The same where one signs in."""
    return RedirectResponse("/sign-in", 303)


def _prove(request: Request, database: Database, person: Account, visitor: Visitor, old: str) -> None:
    """Nothing for who signed in just now or knows the old password; else NotAllowed, or TooMany after many tries."""
    if is_fresh(visitor):
        return
    if not old:
        raise NotAllowed("Give your old password, or sign in once more.", kind="not-fresh")
    try:
        tried = _try(request, database, person.email, old)
    except NotSignedIn as wrong:
        raise NotAllowed("The old password is not that one.", kind="wrong-password") from wrong
    with database.writing() as session:
        passwords.was_right(session, tried)


def _again(database: Database, person: Account, visitor: Visitor, settings: Settings, wrong: EngrossError) -> Response:
    with database.reading() as session:
        answer = show_me(person, visitor, session, settings, password_problem=wrong.message)
    answer.status_code = 429 if isinstance(wrong, TooMany) else 403 if isinstance(wrong, NotAllowed) else 422
    return answer
