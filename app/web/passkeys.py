"""Passkeys on pages: added and removed under my settings, used where one signs in. Only these need a script."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from app import clock
from app.deps import BrowserDep, FreshDep, SessionDep, SettingsDep, VisitorDep
from app.errors import BadInput, NotFound, Refused
from app.rules.site import Site, site_of
from app.services import passkeys, sessions
from app.services.sessions import SignedIn
from app.settings import Settings
from app.web.me import Number
from app.web.mine import show_me
from app.web.sessions import OurForm, device_of, place_of, signed_in

router = APIRouter(include_in_schema=False)

Answer = Annotated[str, Form(max_length=50_000)]
UNKEPT = {"cache-control": "no-store"}


def _site(settings: Settings) -> Site:
    site = site_of(settings.address)
    if site is None:
        raise NotFound("Passkeys work only where this site has a name and TLS.")
    return site


@router.post("/me/passkeys/options", dependencies=[OurForm])
def options_to_add(request: Request, person: FreshDep, session: SessionDep, settings: SettingsDep) -> Response:
    """What the script of the page hands to the browser to make a passkey."""
    told = passkeys.options_to_add(session, person, _site(settings), place=place_of(request), now=clock.now())
    return Response(told, media_type="application/json", headers=UNKEPT)


@router.post("/me/passkeys", dependencies=[OurForm])
def add(
    person: FreshDep,
    visitor: VisitorDep,
    session: SessionDep,
    settings: SettingsDep,
    name: Annotated[str, Form(max_length=1000)] = "",
    credential: Answer = "",
) -> Response:
    """Keep a passkey the browser has made."""
    try:
        passkeys.add(session, person, _site(settings), name, credential, now=clock.now())
    except (BadInput, Refused) as wrong:
        return show_me(person, visitor, session, settings, passkey_problem=wrong.message, passkey_name=name)
    return RedirectResponse("/me?done=passkey#page.passkeys", 303)


@router.post("/me/passkeys/{id}/remove", dependencies=[OurForm])
def remove(id: Number, person: BrowserDep, session: SessionDep) -> Response:
    """Remove one."""
    passkeys.remove(session, person, id, now=clock.now())
    return RedirectResponse("/me?done=nopasskey#page.passkeys", 303)


@router.api_route("/me/passkeys", methods=["GET", "HEAD"])
@router.api_route("/me/passkeys/options", methods=["GET", "HEAD"])
@router.api_route("/me/passkeys/{id}/remove", methods=["GET", "HEAD"])
def back() -> Response:
    """Who loads the address of a form again is shown the page it stood on."""
    return RedirectResponse("/me#page.passkeys", 303)


@router.post("/passkeys/options", dependencies=[OurForm])
def options_to_use(request: Request, session: SessionDep, settings: SettingsDep) -> Response:
    """What the script of the page hands to the browser to ask for a passkey."""
    told = passkeys.options_to_use(session, _site(settings), place=place_of(request), now=clock.now())
    return Response(told, media_type="application/json", headers=UNKEPT)


@router.post("/passkeys/sign-in", dependencies=[OurForm])
def sign_in(
    request: Request,
    visitor: VisitorDep,
    session: SessionDep,
    settings: SettingsDep,
    credential: Answer = "",
    to: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Sign in with a passkey. A session that was there before ends."""
    secret = passkeys.sign_in(session, _site(settings), credential, now=clock.now(), device=device_of(request))
    if visitor.session_secret is not None:
        sessions.sign_out(session, visitor.session_secret)
    return signed_in(SignedIn(secret, to), settings)


@router.api_route("/passkeys/options", methods=["GET", "HEAD"])
@router.api_route("/passkeys/sign-in", methods=["GET", "HEAD"])
def back_to_sign_in() -> Response:
    """Who loads the address of such a form again is shown the page to sign in."""
    return RedirectResponse("/sign-in", 303)
