"""Errors as pages: what happened and what to do, in words."""

import re
from collections.abc import Mapping

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.deps import Visitor
from app.errors import (
    BadInput,
    EngrossError,
    NotAllowed,
    NotFound,
    NotSignedIn,
    PreconditionNeeded,
    Refused,
    Stale,
    TooLarge,
    TooMany,
    Unavailable,
)
from app.render.pages import render
from app.rules.addresses import own_path
from app.security import COOKIE, SAFE_METHODS, form_token
from app.settings import Settings
from app.web.fields import LONGEST_FIELD, MOST_FIELDS
from app.web.sessions import page_before, sign_in_values

# The fields people write in; the others are chosen or hidden.
_WRITTEN = re.compile(r"title|heading|message|common|words|quote|top|(text|reason)(\..+)?|[tanw]\..+")
_LABELS: Mapping[str, str] = {
    "title": "Title",
    "heading": "Heading",
    "message": "What this merge is",
    "common": "One reason for all",
    "reason": "Reason",
    "text": "Words",
    "quote": "The words it is about",
}
_SECRET = re.compile(r"password|secret|credential")
MOST_HANDED_BACK = 500_000
"""So many characters of a form at most are sent back in a page: whoever is in haste must not cost more than others."""
_PAGES: Mapping[type[EngrossError], tuple[int, str]] = {
    BadInput: (422, "This cannot be used as it is"),
    NotAllowed: (403, "You cannot do this"),
    NotFound: (404, "There is nothing here"),
    TooLarge: (413, "This is too large"),
    Refused: (409, "This is not possible now"),
    Stale: (412, "This was changed meanwhile"),
    PreconditionNeeded: (428, "This was not carried out"),
    TooMany: (429, "Too often in a short time"),
    Unavailable: (503, "This cannot be shown now"),
}
_ADVICE: Mapping[int, str] = {
    403: "If you think you should be able to, ask a governor of this charter.",
    404: "Check the address for a slip, or begin at the start.",
    405: "Go back, and use the links and buttons of the page.",
    409: "Nothing was changed. Go back, load the page again and look at how things stand now.",
    412: "Nothing was changed, and nobody’s work was overwritten. Go back, load the page again and make your change on "
    "what it is now.",
    413: "Nothing was saved. Go back, shorten it and send it again.",
    422: "Nothing was saved. Go back, correct it and send it again.",
    428: "Nothing was changed. Go back, load the page again and send it from there.",
    429: "Nothing is lost. Wait for some minutes, then go back and send it again.",
    500: "Nothing was changed. Go back and try again: your browser still has what you typed. If it happens again, tell "
    "whoever runs this installation when it happened.",
    503: "Nothing was changed. Try again in a minute. If it stays so, tell whoever runs this installation; the "
    "sentence above says what is missing.",
}


async def typed_words(request: Request) -> str:
    """What somebody typed into a form of ours that could not be taken, so that a page can hand it back; or nothing.

    What another site may have sent is not shown.
    """
    if request.method != "POST" or not getattr(request.state, "origin_proven", False):
        return ""
    said = [value for name, value in await _sent(request) or () if _WRITTEN.fullmatch(name)]
    return "\n\n".join(words.replace("\r\n", "\n").strip() for words in said if words.strip())


async def haste_page(request: Request, told: str) -> Response:
    """A form that came too soon, as it was sent: what was typed stands there, and one button sends it once more.

    ``told`` says how long to wait. What cannot be handed back whole (files, secrets) is for the browser to keep.
    """
    sent = await _sent(request) if request.method == "POST" and request.state.origin_proven else None
    if not sent or any(_SECRET.search(name) for name, _ in sent) or sum(len(v) for _, v in sent) > MOST_HANDED_BACK:
        return error_page(request, TooMany(f"{told}, go back, and send it again: nothing is lost."))
    query = request.url.query
    values: dict[str, object] = {
        "told": told,
        "action": own_path(request.url.path + (f"?{query}" if query else "")),
        "fields": [(name, value, _label(name) if value.strip() else None) for name, value in sent],
        "account": None,
        "offers_sign_in": not _may_be_signed_in(request),
    }
    return HTMLResponse(render("haste.html", values), 429)


async def _sent(request: Request) -> list[tuple[str, str]] | None:
    """The fields of a form in their order; None for what is no form, and for one that holds a file."""
    try:
        form = await request.form(max_files=0, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD)
    except (HTTPException, ClientDisconnect):
        return None
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]


def _label(name: str) -> str | None:
    """What a field is called in which people write; None for one that is chosen or hidden."""
    return _LABELS.get(name.partition(".")[0], "What you typed") if _WRITTEN.fullmatch(name) else None


def error_page(request: Request, error: EngrossError, typed: str = "") -> Response:
    """An error of ours as a page; who is not signed in is shown how to. What they ``typed`` is handed back."""
    if isinstance(error, NotSignedIn):
        to = "" if error.kind.endswith("-over") else _here(request)
        values: dict[str, object] = {"problem": _why(request, error), "typed": typed, "to": to, **_ways(request)}
        return HTMLResponse(render("sessions/sign_in.html", values), 401)
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    if error.kind == "not-fresh" and visitor is not None and visitor.account is not None:
        csrf = form_token(visitor.session_secret) if visitor.session_secret else ""
        told = {"detail": error.message, "email": visitor.account.email, "to": page_before(request), "csrf": csrf}
        return HTMLResponse(render("sessions/afresh.html", {**told, **_ways(request)}), 403)
    status, title = next((_PAGES[kind] for kind in type(error).__mro__ if kind in _PAGES), (500, "This did not work"))
    return _page(request, status, title, error.message, typed)


def status_page(request: Request, status: int, title: str, detail: str, typed: str = "") -> Response:
    """A page for what the framework refused, or for what nobody foresaw."""
    if status == 404:
        # A wrong address and a charter one may not see must look the same.
        title = _PAGES[NotFound][1]
    return _page(request, status, title, detail, typed)


def _page(request: Request, status: int, title: str, detail: str, typed: str) -> Response:
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    values: dict[str, object] = {
        "status": status,
        "heading": title,
        "detail": detail,
        "advice": _ADVICE.get(status),
        "typed": typed,
        # At an address no route knows nobody was asked who they are; whoever has a cookie may well be signed in.
        "account": visitor.account if visitor else None,
        # The address is not repeated here: signing in leads back to the page one comes from.
        "offers_sign_in": not _may_be_signed_in(request),
    }
    return HTMLResponse(render("error.html", values), status)


def _ways(request: Request) -> dict[str, object]:
    """Which ways to sign in there are; what was made without a service knows mail alone."""
    service = request.scope.get("app")
    return sign_in_values(Settings() if service is None else service.state.settings)


def _why(request: Request, error: NotSignedIn) -> str:
    """Why somebody is asked to sign in, in the words of what they were about to do."""
    if error.kind != NotSignedIn.kind or not error.message.startswith("Sign in first"):
        return error.message
    if request.scope.get("method", "GET") not in SAFE_METHODS:
        return "You are not signed in, or no longer: a sign-in ends when it was not used for two weeks."
    return "This page is for people who are signed in."


def _may_be_signed_in(request: Request) -> bool:
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    if visitor is not None:
        return visitor.account is not None
    return "headers" in request.scope and bool(request.cookies.get(COOKIE))


def _here(request: Request) -> str:
    """The page somebody is on: for a form, the one it stood on."""
    if "path" not in request.scope or "headers" not in request.scope:
        return ""
    if request.method in SAFE_METHODS:
        query = request.url.query
        return own_path(request.url.path + (f"?{query}" if query else ""))
    return page_before(request)
