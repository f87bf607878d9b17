"""Signing in with an account elsewhere, where one provider is configured: there, and back again."""

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app import clock
from app.deps import BrowserDep, DatabaseDep, SessionDep, SettingsDep, VisitorDep
from app.errors import NotFound, NotSignedIn
from app.rules.addresses import own_path
from app.services import accounts, challenges, sessions
from app.services.sessions import SignedIn
from app.tokens import new_secret
from app.web.frame import page
from app.web.sessions import OurForm, device_of, place_of, signed_in

router = APIRouter(include_in_schema=False)

PURPOSE = "account"
BROWSER = "engross_login"
"""The cookie that says that somebody comes back in the browser they went there with."""

_PLACE = "/login"
_LATE = "This sign-in took too long, was used before, or was begun in another browser. Begin once more."


def _configured(settings: SettingsDep) -> None:
    if not settings.oidc_issuer:
        raise NotFound("There is nothing at this address.")


def _mine_configured(_person: BrowserDep, settings: SettingsDep) -> None:
    _configured(settings)


@router.post("/login/account", dependencies=[Depends(_configured), OurForm])
def go_there(
    request: Request,
    visitor: VisitorDep,
    database: DatabaseDep,
    settings: SettingsDep,
    to: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Lead to the provider. A page does, since a form of ours may send to no other site."""
    from app.services import provider

    now, browser, nonce, verifier = clock.now(), new_secret(), new_secret(), new_secret()
    kept = json.dumps({"nonce": nonce, "verifier": verifier, "to": own_path(to)})
    with database.writing() as session:
        state = challenges.ask(session, PURPOSE, now=now, browser=browser, place=place_of(request), kept=kept)
    # Asked outside of the transaction: the provider may be slow.
    address = provider.question(settings, state=state, nonce=nonce, verifier=verifier, now=now)
    values = {"address": address, "issuer": settings.oidc_name}
    answer = page("sessions/elsewhere.html", values, visitor, headers={"cache-control": "no-store"})
    # Lax: the provider leads back by a link. It has to be there then, and nowhere else.
    life = int(challenges.LIFE.total_seconds())
    answer.set_cookie(
        BROWSER, browser, max_age=life, path=_PLACE, secure=settings.secure, httponly=True, samesite="lax"
    )
    return answer


@router.get("/login/account/back", dependencies=[Depends(_configured)])
def come_back(
    request: Request,
    visitor: VisitorDep,
    database: DatabaseDep,
    settings: SettingsDep,
    code: Annotated[str, Query(max_length=4_000)] = "",
    state: Annotated[str, Query(max_length=200)] = "",
    iss: Annotated[str, Query(max_length=1_000)] = "",
) -> Response:
    """Sign in whoever comes back, once, in the browser that went. A session that was there before ends."""
    from app.services import provider

    now, browser = clock.now(), request.cookies.get(BROWSER, "")
    with database.writing() as session:
        # Used up whatever comes of it: the answer is good once.
        kept = challenges.answered(session, state, PURPOSE, now=now, browser=browser) if browser else None
    if kept is None:
        raise NotSignedIn(_LATE, kind="account-late")
    if not code or (iss and iss != settings.oidc_issuer):
        raise NotSignedIn(f"You were not signed in by {settings.oidc_name}. Begin once more.", kind="account-refused")
    asked = json.loads(kept)
    who = provider.identity(settings, code, nonce=asked["nonce"], verifier=asked["verifier"], now=now)
    with database.writing() as session:
        secret = accounts.sign_in(
            session, settings.oidc_issuer, who.subject, who.email, now=now, device=device_of(request)
        )
        if visitor.session_secret is not None:
            sessions.sign_out(session, visitor.session_secret)
    answer = signed_in(SignedIn(secret, asked["to"]), settings)
    answer.delete_cookie(BROWSER, path=_PLACE, secure=settings.secure, httponly=True, samesite="lax")
    return answer


@router.post("/me/account/unlink", dependencies=[OurForm, Depends(_mine_configured)])
def unlink(person: BrowserDep, session: SessionDep, settings: SettingsDep) -> Response:
    """Link one's account no longer."""
    accounts.unlink(session, person, settings.oidc_issuer, now=clock.now())
    return RedirectResponse("/me?done=unlinked#page.account", 303)


@router.api_route("/me/account/unlink", methods=["GET", "HEAD"])
def back() -> Response:
    """Who loads the address of a form again is shown the page it stood on."""
    return RedirectResponse("/me", 303)


@router.api_route("/login/account", methods=["GET", "HEAD"])
def back_to_sign_in() -> Response:
    """The same where one signs in."""
    return RedirectResponse("/sign-in", 303)
