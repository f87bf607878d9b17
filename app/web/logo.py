"""The logo on the cover as a form: looking at it, putting one there, describing it, taking it away."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from app import clock
from app.deps import CharterAccess, CharterDep, require
from app.errors import BadInput, EngrossError, NotFound, TooLarge
from app.queries.attachments import LOGO, attachment_at, last_change
from app.queries.revisions import head_snapshot
from app.rules.permissions import Action
from app.services import attachments as acts
from app.web.annexes import seen_number
from app.web.forms import OurFields
from app.web.frame import charter_page
from app.web.once import lead, led_already
from app.web.uploads import OurUpload

router = APIRouter(include_in_schema=False)

_keeping = Depends(require(Action.KEEP_FILES))
_GET = ["GET", "HEAD"]


@router.api_route("/{c}/settings/logo", methods=_GET, dependencies=[_keeping])
def read_logo_form(request: Request, at: CharterDep, done: str = "") -> Response:
    """The logo as it is, and the form for another one."""
    return _show(request, at, done=done if done in ("put", "taken") else "")


@router.api_route("/{c}/settings/logo/take-away", methods=_GET, dependencies=[_keeping])
def back_to_logo(at: CharterDep) -> Response:
    """Who loads the address of the form again is shown the logo."""
    return RedirectResponse(f"/{at.charter.key}/settings/logo", 303)


@router.post("/{c}/settings/logo", dependencies=[_keeping])
def put_logo(request: Request, at: CharterDep, sent: OurUpload) -> Response:
    """Put a logo on the cover, or give the one there another description."""
    alt = sent.fields.get("alt", "")
    try:
        if sent.problem is not None:
            raise TooLarge(f"{sent.problem.message} A logo may have {acts.LARGEST_LOGO // 1_000_000} MB.")
        seen = seen_number(sent.fields)
        acts.put_logo(at.session, at.charter, sent.file, alt=alt, by=at.by.id, now=clock.now(), seen=seen)
    except EngrossError as error:
        return _show(request, at, alt=alt, problem=error)
    return RedirectResponse(f"/{at.charter.key}/settings/logo?done=put#page.done", 303)


@router.post("/{c}/settings/logo/take-away", dependencies=[_keeping])
def take_logo_away(request: Request, at: CharterDep, fields: OurFields) -> Response:
    """Take the logo off the cover of what is published from now on."""
    if (before := led_already(at, fields)) is not None:
        return before
    try:
        acts.take_away(at.session, at.charter, LOGO, by=at.by.id, now=clock.now(), seen=seen_number(fields))
    except NotFound:
        return RedirectResponse(f"/{at.charter.key}/settings/logo", 303)
    except EngrossError as error:
        return _show(request, at, problem=error)
    return lead(at, fields, f"/{at.charter.key}/settings/logo?done=taken#page.done")


def _show(
    request: Request, at: CharterAccess, *, alt: str | None = None, problem: EngrossError | None = None, done: str = ""
) -> Response:
    if problem is not None:
        at.session.rollback()
    front = head_snapshot(at.session, at.charter).front
    logo = attachment_at(at.session, at.charter, LOGO)
    status = 200
    if problem is not None:
        status = 413 if isinstance(problem, TooLarge) else 422 if isinstance(problem, BadInput) else 409
    values: dict[str, object] = {
        "front": front,
        "logo": logo,
        "alt": alt if alt is not None else logo.alt if logo is not None else f"Logo of {front.organisation}"[:300],
        "seen": last_change(at.session, at.charter, LOGO),
        "largest": acts.LARGEST_LOGO // 1_000_000,
        "longest": acts.LONGEST_ALT,
        "problem": problem.message if problem is not None else "",
        "about_words": problem is not None and problem.kind == "alt-needed",
        "done": done,
    }
    return charter_page(request, at, "settings/logo.html", values, tab="", status=status)
