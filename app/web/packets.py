"""The packet for a meeting: the open proposals as one PDF, found at the desk and on the list of proposals."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.deps import CharterDep
from app.files import file_response
from app.packet import packet_name, packet_pdf
from app.web.frame import for_readers_of_working_text

router = APIRouter(include_in_schema=False)


@router.api_route("/{c}/proposals.pdf", methods=["GET", "HEAD"])
def read_packet(request: Request, at: CharterDep, section: Annotated[str, Query(max_length=100)] = "") -> Response:
    """The packet of today, of all sections or of one."""
    for_readers_of_working_text(at)
    name = packet_name(at.charter.key)
    pdf = packet_pdf(at, section)
    return file_response(request, pdf.bytes, pdf.sha256, "application/pdf", name, public=False)
