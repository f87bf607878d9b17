"""Files as answers of both fronts: bytes from memory under a strong ETag, so that nobody fetches them twice."""

import hashlib

from fastapi import Request
from fastapi.responses import Response

from app.deps import EditionAccess
from app.queries.editions import PUBLIC_STATES, file_bytes
from app.queries.printing import prepared_edition
from app.queries.revisions import snapshot
from app.render.markdown import charter_markdown
from app.render.pdf import render_pdf

# A published edition never changes, so its address may be kept for good.
_FOR_GOOD = "public, max-age=31536000, immutable"


def file_response(
    request: Request, octets: bytes, sha256: str | None, media_type: str, name: str, *, public: bool
) -> Response:
    """These bytes, or 304 for whoever has them already. ``name`` is what a browser calls the file when it keeps it."""
    tag = f'"{sha256 or hashlib.sha256(octets).hexdigest()}"'
    headers = {
        "etag": tag,
        "cache-control": _FOR_GOOD if public else "private, no-cache",
        "content-disposition": f'inline; filename="{name}"',
    }
    if _has(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(octets, media_type=media_type, headers=headers)


def edition_pdf(request: Request, where: EditionAccess) -> Response:
    """The PDF as it was stored at approval; of an edition that is not approved yet, a preview that says so."""
    at, edition = where.at, where.edition
    name = f"{at.charter.key}-charter-{edition.key}"
    if edition.pdf_hash is None:
        preview = render_pdf(prepared_edition(at.session, at.charter, edition), approved=False)
        name += "-not-approved.pdf"
        return file_response(request, preview.bytes, preview.sha256, "application/pdf", name, public=False)
    octets = file_bytes(at.session, edition.pdf_hash)
    public = edition.state in PUBLIC_STATES
    return file_response(request, octets, edition.pdf_hash, "application/pdf", f"{name}.pdf", public=public)


def edition_markdown(request: Request, where: EditionAccess) -> Response:
    """The text of an edition as one Markdown file."""
    at, edition = where.at, where.edition
    written = charter_markdown(snapshot(at.session, at.charter, edition.revision)).encode()
    name = f"{at.charter.key}-charter-{edition.key}.md"
    public = edition.state in PUBLIC_STATES
    return file_response(request, written, None, "text/markdown; charset=utf-8", name, public=public)


def _has(condition: str, tag: str) -> bool:
    """Whether an If-None-Match names that tag; weak ones count, as RFC 9110 has it."""
    return condition.strip() == "*" or tag in {one.strip().removeprefix("W/") for one in condition.split(",")}
