"""Files as answers of both fronts: editions under a strong ETag, and the register of decisions as a table."""

import hashlib
from collections.abc import Iterator, Mapping

from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from app.db.engine import Database
from app.deps import CharterAccess, EditionAccess
from app.queries.charters import charter_row
from app.queries.editions import PUBLIC_STATES, file_bytes
from app.queries.printing import prepared_edition
from app.queries.register import RegisterEntry, Wanted, register
from app.queries.revisions import snapshot
from app.render.markdown import charter_markdown
from app.render.pdf import render_pdf
from app.render.tables import BEGINNING, csv_line

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


_COLUMNS = (
    "Decision",
    "Decided on (UTC)",
    "Decided by",
    "Change",
    "Proposal",
    "Proposed by",
    "Version",
    "Section",
    "Outcome",
    "Reason",
    "Against the rule",
    "Words before",
    "Proposed wording",
    "Adopted wording",
    "In the text since revision",
    "Supersedes decision",
    "Superseded by decision",
)
# So many decisions are read in one transaction and sent before the next ones are read.
_AT_ONCE = 500


def decisions_csv(database: Database, at: CharterAccess, wanted: Wanted, sections: Mapping[str, str]) -> Response:
    """The decisions that are asked for as CSV, however many, read and sent page by page; ``sections`` are the names."""
    name = f"{at.charter.key}-decisions.csv"
    return StreamingResponse(
        _decision_lines(database, at.charter.key, wanted, sections),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _decision_lines(database: Database, key: str, wanted: Wanted, sections: Mapping[str, str]) -> Iterator[str]:
    yield BEGINNING + csv_line(_COLUMNS)
    before: int | None = None
    while True:
        # The request's own transaction is over when its answer begins.
        with database.reading() as session:
            charter = charter_row(session, key)
            found = register(session, charter, wanted, before=before, limit=_AT_ONCE, wordings=True)
        yield "".join(csv_line(_cells(entry, sections)) for entry in found)
        if len(found) < _AT_ONCE:
            return
        before = found[-1].id


def _cells(entry: RegisterEntry, sections: Mapping[str, str]) -> tuple[object, ...]:
    return (
        entry.id,
        f"{entry.decided_at:%Y-%m-%d %H:%M}",
        entry.decided_by,
        entry.ref,
        entry.title,
        entry.author,
        entry.version,
        "" if entry.section is None else sections.get(entry.section, entry.section),
        entry.outcome.replace("_", " "),
        entry.reason,
        "yes" if entry.against_rule else "no",
        entry.before,
        entry.proposed,
        entry.adopted,
        entry.merged_revision,
        entry.supersedes,
        entry.superseded_by,
    )


def _has(condition: str, tag: str) -> bool:
    """Whether an If-None-Match names that tag; weak ones count, as RFC 9110 has it."""
    return condition.strip() == "*" or tag in {one.strip().removeprefix("W/") for one in condition.split(",")}
