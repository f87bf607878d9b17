"""Annexes with their files, and the logo: read, put in place, taken away. Files are sent and got as they are."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from app import clock
from app.api import shapes
from app.api.strict import StrictRoute
from app.api.tags import check_match, tag
from app.api.views import Json, annexe_json, attachment_json
from app.deps import CharterAccess, CharterDep, EditionDep, require
from app.errors import NotFound, TooLarge
from app.files import attached_file, edition_annexe, edition_logo, logo_response
from app.queries.attachments import LOGO, AnnexeView, annexe_views, attachment_at, attachments, last_change, logo_of
from app.queries.attachments import place_of as place_of_annexe
from app.queries.editions import file_bytes
from app.queries.revisions import head_snapshot
from app.rules.permissions import Action
from app.services import attachments as acts

router = APIRouter(route_class=StrictRoute, prefix="/charters/{c}")

_reading = Depends(require(Action.READ_WORKING_TEXT))
_keeping = Depends(require(Action.KEEP_FILES))
FileName = Annotated[str, Query(max_length=300, description="What the file is called; what it is, its content says")]
Alt = Annotated[str, Query(max_length=2_000, description="What the logo shows, in words")]
AnyBytes = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


async def sent_bytes(request: Request) -> bytes:
    """The body as it is; TooLarge for more than a file may have."""
    octets = await request.body()
    if getattr(request.state, "broken_body", None) is not None:
        raise TooLarge(f"A file may have {acts.LARGEST_FILE // 1_000_000} MB at most.")
    return octets


Octets = Annotated[bytes, Depends(sent_bytes)]


def get_annexe(
    at: CharterDep,
    a: Annotated[str, Path(description="The key of an annexe", max_length=100)],
    _: Annotated[None, _reading],
) -> AnnexeView:
    """The annexe of the address, as the newest text declares it."""
    declared = [one for one in head_snapshot(at.session, at.charter).front.annexes if one.key == a]
    if not declared:
        raise NotFound("The cover declares no such annexe.")
    return annexe_views(at.session, at.charter, declared)[0]


AnnexeDep = Annotated[AnnexeView, Depends(get_annexe)]


@router.get("/annexes", dependencies=[_reading], response_model=list[shapes.Annexe])
def list_annexes(at: CharterDep) -> Response:
    """Every annexe that the newest text declares, with its file."""
    declared = head_snapshot(at.session, at.charter).front.annexes
    return JSONResponse([annexe_json(one) for one in annexe_views(at.session, at.charter, declared)])


@router.get("/annexes/{a}", response_model=shapes.Annexe)
def read_annexe(found: AnnexeDep) -> Response:
    """One annexe; the ETag is for its file."""
    return _answer(found)


@router.head("/annexes/{a}/file", include_in_schema=False)
@router.get("/annexes/{a}/file", response_class=Response)
def read_annexe_file(request: Request, at: CharterDep, found: AnnexeDep) -> Response:
    """Its file as it stands now."""
    if found.file is None:
        raise NotFound("This annexe has no file.")
    octets = file_bytes(at.session, found.file.hash)
    return attached_file(request, octets, found.file.as_file, public=False)


@router.put("/annexes/{a}/file", openapi_extra=AnyBytes, response_model=shapes.Annexe)
def put_annexe_file(
    at: CharterDep,
    request: Request,
    found: AnnexeDep,
    _: Annotated[None, _keeping],
    name: FileName,
    octets: Octets,
) -> Response:
    """Put its file in place: the body is the file as it is. If-Match is needed, with the ETag of the annexe."""
    check_match(request, _tag(found))
    upload = acts.Upload(name, octets)
    acts.put_annexe_file(at.session, at.charter, found.annexe.key, upload, by=at.by.id, now=clock.now())
    return _answer(annexe_views(at.session, at.charter, [found.annexe])[0])


@router.delete("/annexes/{a}/file", response_model=shapes.Annexe)
def take_annexe_file_away(at: CharterDep, request: Request, found: AnnexeDep, _: Annotated[None, _keeping]) -> Response:
    """Take its file away; editions keep theirs. If-Match is needed."""
    check_match(request, _tag(found))
    acts.take_away(at.session, at.charter, place_of_annexe(found.annexe.key), by=at.by.id, now=clock.now())
    return _answer(annexe_views(at.session, at.charter, [found.annexe])[0])


@router.head("/logo", include_in_schema=False)
@router.get("/logo", response_class=Response, dependencies=[_reading])
def read_logo(request: Request, at: CharterDep) -> Response:
    """The logo as it stands now: a PNG or SVG that holds nothing but its picture."""
    logo = logo_of(at.session, attachments(at.session, at.charter))
    if logo is None:
        raise NotFound("This charter has no logo.")
    return logo_response(request, logo, public=False)


@router.get("/logo/about", dependencies=[_reading], response_model=shapes.Logo | None)
def read_about_logo(at: CharterDep) -> Response:
    """What is known of the logo, null without one; the ETag is for putting another one in its place."""
    return _about_logo(at)


@router.put("/logo", openapi_extra=AnyBytes, response_model=shapes.Logo | None)
def put_logo(
    at: CharterDep, request: Request, _: Annotated[None, _keeping], name: FileName, alt: Alt, octets: Octets
) -> Response:
    """Put a logo on the cover: the body is a PNG or SVG. If-Match is needed, with the ETag of `logo/about`."""
    check_match(request, _logo_tag(at))
    acts.put_logo(at.session, at.charter, acts.Upload(name, octets), alt=alt, by=at.by.id, now=clock.now())
    return _about_logo(at)


@router.delete("/logo", response_model=shapes.Logo | None)
def take_logo_away(at: CharterDep, request: Request, _: Annotated[None, _keeping]) -> Response:
    """Take the logo off the cover of what is frozen from now on. If-Match is needed."""
    check_match(request, _logo_tag(at))
    acts.take_away(at.session, at.charter, LOGO, by=at.by.id, now=clock.now())
    return _about_logo(at)


@router.head("/editions/{key}/annexes/{a}", include_in_schema=False)
@router.get("/editions/{key}/annexes/{a}", response_class=Response)
def read_edition_annexe(
    request: Request, where: EditionDep, a: Annotated[str, Path(description="The key of an annexe", max_length=100)]
) -> Response:
    """The file of an annexe as it goes with an edition."""
    return edition_annexe(request, where, a)


@router.head("/editions/{key}/logo", include_in_schema=False)
@router.get("/editions/{key}/logo", response_class=Response)
def read_edition_logo(request: Request, where: EditionDep) -> Response:
    """The logo on the cover of an edition."""
    return edition_logo(request, where)


def _answer(found: AnnexeView) -> Response:
    return JSONResponse(annexe_json(found), headers={"ETag": _tag(found)})


def _tag(found: AnnexeView) -> str:
    return tag("annexe", found.annexe.key, found.seen)


def _about_logo(at: CharterAccess) -> Response:
    logo = attachment_at(at.session, at.charter, LOGO)
    value: Json | None = None if logo is None else {**attachment_json(logo), "alt": logo.alt}
    return JSONResponse(value, headers={"ETag": _logo_tag(at)})


def _logo_tag(at: CharterAccess) -> str:
    return tag("logo", last_change(at.session, at.charter, LOGO))
