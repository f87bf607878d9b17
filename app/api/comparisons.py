"""Comparing any two texts of a charter."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from app.api import shapes
from app.api.redlines import redline_html, redline_json
from app.api.strict import StrictRoute
from app.deps import CharterDep
from app.errors import NotFound
from app.files import file_response
from app.queries.texts import NamedText, named_text
from app.redlines import redline_name, redline_pdf
from app.word import comparison_word

router = APIRouter(route_class=StrictRoute)


@router.get("/charters/{c}/compare/{pair}", response_model=shapes.Comparison)
def compare_texts(
    at: CharterDep,
    pair: Annotated[str, Path(description="Two texts, as 2025-05...working", max_length=40)],
    request: Request,
    format: Annotated[str | None, Query(description="json, html, pdf or docx", max_length=10)] = None,
) -> Response:
    """The redline of two texts: editions by key, revisions by number, or the working text."""
    if format not in (None, "json", "html", "pdf", "docx"):
        raise NotFound("A comparison comes as json, html, pdf or docx.")
    first, dots, second = pair.partition("...")
    if not dots:
        raise NotFound("Name two texts with three dots between them, like 2025-05...working.")
    old = named_text(at.session, at.charter, first, at.allowed)
    new = named_text(at.session, at.charter, second, at.allowed)
    if format == "pdf":
        name = redline_name(at.charter.key, pair)
        pdf = redline_pdf(at.session, at.charter, old, new)
        return file_response(request, pdf.bytes, pdf.sha256, "application/pdf", name, public=False)
    if format == "docx":
        return comparison_word(request, at, pair, old, new)
    wants_html = format == "html" or (format is None and "text/html" in request.headers.get("accept", ""))
    if wants_html:
        return HTMLResponse(redline_html(old.snapshot, new.snapshot))
    value = {"from": _name(old), "to": _name(new), **redline_json(old.snapshot, new.snapshot)}
    return JSONResponse(value)


def _name(text: NamedText) -> dict[str, object]:
    return {"name": text.name, "revision": text.revision, "edition": text.edition}
