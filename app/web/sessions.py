"""Signing in by a one-time link, and signing out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import RedirectResponse, Response

from app import clock
from app.deps import SessionDep, SettingsDep, VisitorDep
from app.errors import NotAllowed, NotSignedIn
from app.queries.people import person_of_link, was_link_of
from app.rules.permissions import LONGEST_SESSION
from app.security import COOKIE, form_token_fits
from app.services import sessions
from app.web.frame import page

router = APIRouter(include_in_schema=False)

Secret = Annotated[str, Path(max_length=100)]


def check_form(request: Request, visitor: VisitorDep, csrf: Annotated[str, Form(max_length=200)] = "") -> None:
    """NotAllowed for a form that does not prove, by the browser's word or by its token, that it is ours."""
    if request.state.origin_proven:
        return
    if visitor.session_secret is None or not form_token_fits(visitor.session_secret, csrf):
        raise NotAllowed("This form did not come from a page of ours. Load the page again and send it from there.")


OurForm = Depends(check_form)


@router.api_route("/sign-in", methods=["GET", "HEAD"])
def explain_signing_in(visitor: VisitorDep) -> Response:
    """How to get a link."""
    return page("sessions/sign_in.html", {"problem": None}, visitor)


@router.api_route("/sign-in/{secret}", methods=["GET", "HEAD"])
def offer_signing_in(secret: Secret, visitor: VisitorDep, session: SessionDep) -> Response:
    """One button. Opening the page uses nothing up: mail scanners open links too."""
    person = person_of_link(session, secret, clock.now())
    if person is None:
        raise NotSignedIn("This link was used already or is too old. Ask for a new one.", kind="link-over")
    values = {"name": person.name, "secret": secret}
    return page("sessions/link.html", values, visitor, headers={"cache-control": "no-store"})


@router.post("/sign-in/{secret}", dependencies=[OurForm])
def sign_in(secret: Secret, visitor: VisitorDep, session: SessionDep, settings: SettingsDep) -> Response:
    """Use the link up. A session that was there before ends: every sign-in is a new one.

    Pressed twice, the button signs in once: who is in by this very link already is led on.
    """
    if visitor.account is not None and was_link_of(session, secret, visitor.account):
        return RedirectResponse("/", 303)
    fresh = sessions.sign_in_by_link(session, secret, now=clock.now())
    if visitor.session_secret is not None:
        sessions.sign_out(session, visitor.session_secret)
    answer = RedirectResponse("/", 303)
    answer.set_cookie(
        COOKIE,
        fresh,
        max_age=int(LONGEST_SESSION.total_seconds()),
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )
    return answer


@router.post("/sign-out", dependencies=[OurForm])
def sign_out(visitor: VisitorDep, session: SessionDep, settings: SettingsDep) -> Response:
    """End the session of this browser."""
    if visitor.session_secret is not None:
        sessions.sign_out(session, visitor.session_secret)
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(COOKIE, path="/", secure=settings.secure, httponly=True, samesite="lax")
    return answer
