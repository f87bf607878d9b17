"""Signing in by a one-time link, asked for by mail, and signing out."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from app import clock
from app.deps import SessionDep, SettingsDep, VisitorDep
from app.errors import BadInput, NotAllowed, NotSignedIn
from app.queries.people import person_of_link, was_link_of
from app.rules.addresses import own_path
from app.rules.devices import device_in_words
from app.rules.permissions import DEVICE_LIFE, LONGEST_SESSION
from app.rules.site import site_of
from app.security import COOKIE, DEVICE, form_token_fits
from app.services import links, sessions
from app.services.sessions import SignedIn
from app.settings import Settings
from app.tokens import device_secret
from app.web.frame import page

router = APIRouter(include_in_schema=False)

Secret = Annotated[str, Path(max_length=100)]
Target = Annotated[str, Query(max_length=1000)]


def check_form(request: Request, visitor: VisitorDep, csrf: Annotated[str, Form(max_length=200)] = "") -> None:
    """NotAllowed for a form that does not prove, by the browser's word or by its token, that it is ours."""
    if request.state.origin_proven:
        return
    if visitor.session_secret is None or not form_token_fits(visitor.session_secret, csrf):
        raise NotAllowed("This form did not come from a page of ours. Load the page again and send it from there.")


OurForm = Depends(check_form)


@router.api_route("/sign-in", methods=["GET", "HEAD"])
def explain_signing_in(request: Request, visitor: VisitorDep, settings: SettingsDep, to: Target = "") -> Response:
    """Where one asks for a link. Signing in leads ``to`` a page of ours, or back to the one somebody comes from."""
    values = {"problem": None, "to": own_path(to) or page_before(request), **sign_in_values(settings)}
    return page("sessions/sign_in.html", values, visitor)


@router.post("/sign-in", dependencies=[OurForm])
def send_link(
    request: Request,
    visitor: VisitorDep,
    session: SessionDep,
    settings: SettingsDep,
    email: Annotated[str, Form(max_length=1000)] = "",
    to: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Send a link to that address, if anybody here has it. The answer is the same if nobody has."""
    values: dict[str, object] = {
        "to": own_path(to),
        "email": email.strip(),
        **sign_in_values(settings),
    }
    try:
        links.ask_for_link(session, email, place=place_of(request), leads_to=to, now=clock.now())
    except BadInput as wrong:
        return page("sessions/sign_in.html", {**values, "problem": wrong.message}, visitor, status=422)
    return page("sessions/sent.html", values, visitor, headers={"cache-control": "no-store"})


@router.api_route("/sign-in/{secret}", methods=["GET", "HEAD"])
def offer_signing_in(secret: Secret, visitor: VisitorDep, session: SessionDep) -> Response:
    """One button. Opening the page uses nothing up: mail scanners open links too."""
    person = person_of_link(session, secret, clock.now())
    if person is None:
        raise NotSignedIn("This link was used already or is too old. Ask for a new one.", kind="link-over")
    values = {"name": person.name, "secret": secret}
    return page("sessions/link.html", values, visitor, headers={"cache-control": "no-store"})


@router.post("/sign-in/{secret}", dependencies=[OurForm])
def sign_in(
    request: Request, secret: Secret, visitor: VisitorDep, session: SessionDep, settings: SettingsDep
) -> Response:
    """Use the link up. A session that was there before ends: every sign-in is a new one.

    Pressed twice, the button signs in once: who is in by this very link already is led on.
    """
    if visitor.account is not None and was_link_of(session, secret, visitor.account):
        return RedirectResponse("/", 303)
    begun = sessions.sign_in_by_link(session, secret, now=clock.now(), device=device_of(request))
    if visitor.session_secret is not None:
        sessions.sign_out(session, visitor.session_secret)
    return signed_in(begun, settings)


@router.post("/sign-out", dependencies=[OurForm])
def sign_out(visitor: VisitorDep, session: SessionDep, settings: SettingsDep) -> Response:
    """End the session of this browser."""
    if visitor.session_secret is not None:
        sessions.sign_out(session, visitor.session_secret)
    return signed_out(settings)


@router.api_route("/sign-out", methods=["GET", "HEAD"])
def say_signed_out(visitor: VisitorDep) -> Response:
    """That one is signed out, or who is still signed in: a GET ends nothing."""
    return page("sessions/signed_out.html", {}, visitor)


def sign_in_values(settings: Settings) -> dict[str, object]:
    """What the page to sign in has to know of this installation: which ways in there are."""
    return {
        "by_mail": settings.mail_server is not None,
        "passkeys_work": site_of(settings.address) is not None,
        "passwords": settings.passwords,
        "issuer": settings.oidc_name if settings.oidc_issuer else "",
    }


def signed_in(begun: SignedIn, settings: Settings) -> Response:
    """Lead on to where somebody wanted to go, with the cookie of the session that has begun."""
    answer = RedirectResponse(own_path(begun.leads_to) or "/", 303)
    answer.set_cookie(
        COOKIE,
        begun.secret,
        max_age=int(LONGEST_SESSION.total_seconds()),
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )
    if settings.passwords:
        # Signing out leaves it: it lets nobody in, and keeps others from locking somebody out of their own browser.
        answer.set_cookie(
            DEVICE,
            device_secret(begun.secret),
            max_age=int(DEVICE_LIFE.total_seconds()),
            path="/",
            secure=settings.secure,
            httponly=True,
            samesite="lax",
        )
    return answer


def signed_out(settings: Settings) -> Response:
    """Say that the session has ended, without its cookie."""
    answer = RedirectResponse("/sign-out", 303)
    answer.delete_cookie(COOKIE, path="/", secure=settings.secure, httponly=True, samesite="lax")
    return answer


def device_of(request: Request) -> str:
    """What somebody signs in with, in words."""
    return device_in_words(request.headers.get("user-agent", "")[:1000])


def place_of(request: Request) -> str:
    """The network address somebody comes from, "" if it is not known."""
    return request.client.host if request.client else ""


def page_before(request: Request) -> str:
    """The page of ours somebody comes from, as the browser says; "" if it says nothing, or it is not ours."""
    try:
        before = urlsplit(request.headers.get("referer", "")[:2000])
    except ValueError:
        return ""
    if before.netloc.lower() != request.headers.get("host", "").lower():
        return ""
    return own_path(before.path + (f"?{before.query}" if before.query else ""))
