"""Errors as pages: what happened and what to do, in words."""

import re
from collections.abc import Mapping

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

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
    Unavailable,
)
from app.render.pages import render
from app.web.fields import LONGEST_FIELD, MOST_FIELDS

# The fields people write in; the others are chosen or hidden.
_WRITTEN = re.compile(r"title|heading|message|common|words|quote|top|(text|reason)(\..+)?|[tanw]\..+")
_PAGES: Mapping[type[EngrossError], tuple[int, str]] = {
    BadInput: (422, "This cannot be used as it is"),
    NotAllowed: (403, "You cannot do this"),
    NotFound: (404, "There is nothing here"),
    TooLarge: (413, "This is too large"),
    Refused: (409, "This is not possible now"),
    Stale: (412, "This was changed meanwhile"),
    PreconditionNeeded: (428, "This was not carried out"),
    Unavailable: (503, "This cannot be shown now"),
}
_ADVICE: Mapping[int, str] = {
    403: "If you think you should be able to, ask a governor of this charter.",
    404: "Check the address for a slip, or begin at the start. What you may see can also depend on signing in.",
    409: "Go back, load the page again and look at how things stand now.",
    412: "Go back, load the page again and look at how things stand now.",
    413: "Go back, shorten it and send it again.",
    422: "Go back, correct it and send it again.",
    500: "Nothing was changed. If it happens again, tell whoever runs this installation when it happened.",
    503: "Tell whoever runs this installation; the sentence above says what is missing.",
}


async def typed_words(request: Request) -> str:
    """What somebody typed into a form of ours that could not be taken, so that a page can hand it back; or nothing.

    What another site may have sent is not shown.
    """
    if request.method != "POST" or not getattr(request.state, "origin_proven", False):
        return ""
    try:
        form = await request.form(max_files=0, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD)
    except HTTPException:
        return ""
    said = [value for name, value in form.multi_items() if _WRITTEN.fullmatch(name) and isinstance(value, str)]
    return "\n\n".join(words.replace("\r\n", "\n").strip() for words in said if words.strip())


def error_page(_request: Request, error: EngrossError, typed: str = "") -> Response:
    """An error of ours as a page; who is not signed in is shown how to, and what they ``typed`` meanwhile."""
    if isinstance(error, NotSignedIn):
        return HTMLResponse(render("sessions/sign_in.html", {"problem": error.message, "typed": typed}), 401)
    status, title = next((_PAGES[kind] for kind in type(error).__mro__ if kind in _PAGES), (500, "This did not work"))
    return _page(status, title, error.message)


def status_page(_request: Request, status: int, title: str, detail: str) -> Response:
    """A page for what the framework refused, or for what nobody foresaw."""
    if status == 404:
        # A wrong address and a charter one may not see must look the same.
        title = _PAGES[NotFound][1]
    return _page(status, title, detail)


def _page(status: int, title: str, detail: str) -> Response:
    values: dict[str, object] = {"status": status, "heading": title, "detail": detail, "advice": _ADVICE.get(status)}
    return HTMLResponse(render("error.html", values), status)
