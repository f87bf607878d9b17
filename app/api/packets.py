"""The packet for a meeting: the open proposals as one PDF."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from app.api.strict import StrictRoute
from app.deps import CharterDep, require
from app.files import file_response
from app.packet import packet_name, packet_pdf
from app.rules.permissions import Action
from app.word import proposed_word

router = APIRouter(route_class=StrictRoute)
_PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}, "description": "The packet"}}


@router.get(
    "/charters/{c}/proposals.docx",
    dependencies=[Depends(require(Action.READ_WORKING_TEXT))],
    response_class=Response,
)
def read_all_proposed(at: CharterDep, request: Request) -> Response:
    """The working text as a Word document with all that is proposed as tracked changes; 404 if nothing is open."""
    return proposed_word(request, at)


@router.get(
    "/charters/{c}/proposals.pdf",
    dependencies=[Depends(require(Action.READ_WORKING_TEXT))],
    response_class=Response,
    responses=_PDF,
)
def read_packet(
    at: CharterDep,
    request: Request,
    section: Annotated[str, Query(max_length=100, description="The key of a section they touch")] = "",
) -> Response:
    """The open proposals in the order of the text, for a meeting: redlines, reasons, reviews, room for decisions."""
    name = packet_name(at.charter.key)
    pdf = packet_pdf(at, section)
    return file_response(request, pdf.bytes, pdf.sha256, "application/pdf", name, public=False)
