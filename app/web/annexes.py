"""The annexes of a charter: which it declares, their files, and the forms by which governors put these in place."""

import re
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import RedirectResponse, Response

from app import clock
from app.deps import CharterAccess, CharterDep, EditionDep, require
from app.errors import BadInput, EngrossError, NotFound, TooLarge
from app.files import attached_file, edition_annexe, edition_logo, logo_response
from app.queries.attachments import (
    LOGO,
    annexe_views,
    attachment_at,
    attachments,
    earlier_attachment,
    logo_of,
    place_of,
)
from app.queries.editions import file_bytes
from app.queries.revisions import head_snapshot
from app.rules.file_kinds import TAKEN_IN_WORDS
from app.rules.permissions import Action
from app.services import attachments as acts
from app.web.forms import OurFields
from app.web.frame import charter_page, for_readers_of_working_text
from app.web.once import lead, led_already
from app.web.uploads import OurUpload

router = APIRouter(include_in_schema=False)

AnnexeKey = Annotated[str, Path(max_length=100, pattern="^[a-z0-9-]+$")]
_GET = ["GET", "HEAD"]
_keeping = Depends(require(Action.KEEP_FILES))


@router.api_route("/{c}/annexes", methods=_GET)
def list_annexes(request: Request, at: CharterDep, done: str = "") -> Response:
    """All annexes with their files."""
    for_readers_of_working_text(at)
    return _show(request, at, done=done if done in ("put", "taken") else "")


@router.api_route("/{c}/annexes/{a}", methods=_GET)
def read_annexe(request: Request, at: CharterDep, a: AnnexeKey) -> Response:
    """The file of an annexe as it stands now."""
    for_readers_of_working_text(at)
    found = attachment_at(at.session, at.charter, place_of(a))
    if found is None or all(one.key != a for one in head_snapshot(at.session, at.charter).front.annexes):
        raise NotFound("This annexe has no file.")
    return attached_file(request, file_bytes(at.session, found.hash), found.as_file, public=False)


@router.api_route("/{c}/annexes/{a}/earlier/{n}", methods=_GET)
def read_earlier_file(
    request: Request, at: CharterDep, a: AnnexeKey, n: Annotated[int, Path(ge=1, le=999_999_999)]
) -> Response:
    """A file that an annexe had before, for those who belong to the charter."""
    if not at.may(Action.READ_MEMBERS_THREADS):
        raise NotFound("There is nothing at this address.")
    found = earlier_attachment(at.session, at.charter, place_of(a), n)
    if found is None:
        raise NotFound("There is no such file.")
    return attached_file(request, file_bytes(at.session, found.hash), found.as_file, public=False)


@router.api_route("/{c}/logo", methods=_GET)
def read_logo(request: Request, at: CharterDep) -> Response:
    """The logo as it stands now."""
    for_readers_of_working_text(at)
    logo = logo_of(at.session, attachments(at.session, at.charter))
    if logo is None:
        raise NotFound("This charter has no logo.")
    return logo_response(request, logo, public=False)


@router.api_route("/{c}/editions/{key}/annexes/{a}", methods=_GET)
def read_edition_annexe(request: Request, where: EditionDep, a: AnnexeKey) -> Response:
    """The file of an annexe as it goes with an edition."""
    return edition_annexe(request, where, a)


@router.api_route("/{c}/editions/{key}/logo", methods=_GET)
def read_edition_logo(request: Request, where: EditionDep) -> Response:
    """The logo on the cover of an edition."""
    return edition_logo(request, where)


@router.api_route("/{c}/annexes/{a}/put", methods=_GET)
@router.api_route("/{c}/annexes/{a}/take-away", methods=_GET)
def back_to_annexes(at: CharterDep, a: AnnexeKey) -> Response:
    """Who loads the address of a form again is shown the annexes."""
    for_readers_of_working_text(at)
    return RedirectResponse(f"/{at.charter.key}/annexes#annexe.{a}", 303)


@router.post("/{c}/annexes/{a}/put", dependencies=[_keeping])
def put_file(request: Request, at: CharterDep, a: AnnexeKey, sent: OurUpload) -> Response:
    """Put a file in place, or another one in its stead."""
    try:
        if sent.problem is not None:
            raise TooLarge(f"{sent.problem.message} At most {acts.LARGEST_FILE // 1_000_000} MB are taken.")
        if sent.file is None:
            raise BadInput("Choose a file first.", kind="empty-file")
        acts.put_annexe_file(
            at.session, at.charter, a, sent.file, by=at.by.id, now=clock.now(), seen=seen_number(sent.fields)
        )
    except EngrossError as error:
        return _refused(request, at, a, error)
    return RedirectResponse(f"/{at.charter.key}/annexes?done=put#page.done", 303)


@router.post("/{c}/annexes/{a}/take-away", dependencies=[_keeping])
def take_file_away(request: Request, at: CharterDep, a: AnnexeKey, fields: OurFields) -> Response:
    """Take the file of an annexe away; the annexe stays declared."""
    if (before := led_already(at, fields)) is not None:
        return before
    try:
        if fields.get("sure") != "yes":
            raise BadInput("Tick the box if you are sure that this file shall go.")
        acts.take_away(at.session, at.charter, place_of(a), by=at.by.id, now=clock.now(), seen=seen_number(fields))
    except EngrossError as error:
        return _refused(request, at, a, error)
    return lead(at, fields, f"/{at.charter.key}/annexes?done=taken#page.done")


def seen_number(fields: Mapping[str, str]) -> int:
    """The last act on a place that the form was made of."""
    seen = fields.get("seen", "")
    return int(seen) if re.fullmatch(r"[0-9]{1,9}", seen) else -1


def _refused(request: Request, at: CharterAccess, annexe: str, error: EngrossError) -> Response:
    if isinstance(error, NotFound):
        raise error
    return _show(request, at, annexe=annexe, problem=error)


def _show(
    request: Request, at: CharterAccess, *, annexe: str = "", problem: EngrossError | None = None, done: str = ""
) -> Response:
    if problem is not None:
        at.session.rollback()
    front = head_snapshot(at.session, at.charter).front
    status = 200
    if problem is not None:
        status = 413 if isinstance(problem, TooLarge) else 422 if isinstance(problem, BadInput) else 409
    values: dict[str, object] = {
        "annexes": annexe_views(at.session, at.charter, front.annexes),
        "language": front.language,
        "may_keep": at.may(Action.KEEP_FILES),
        "taken": TAKEN_IN_WORDS,
        "largest": acts.LARGEST_FILE // 1_000_000,
        "wrong": annexe,
        "problem": problem.message if problem is not None else "",
        "done": done,
        "has_logo": attachment_at(at.session, at.charter, LOGO) is not None,
    }
    return charter_page(request, at, "annexes/list.html", values, tab="Working text", status=status)
