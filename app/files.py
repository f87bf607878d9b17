"""Files as answers of both fronts: editions under a strong ETag, and the register of decisions as a table."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response, StreamingResponse
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.models.editions import Edition
from app.deps import CharterAccess, EditionAccess
from app.errors import NotFound
from app.immutable import FOR_GOOD
from app.queries.charters import charter_row
from app.queries.edition_files import edition_files
from app.queries.edition_records import edition_material
from app.queries.editions import PUBLIC_STATES, file_bytes
from app.queries.printing import prepared_edition
from app.queries.register import Wanted, register
from app.queries.revisions import snapshot
from app.render.edition_pages import policy_of_page
from app.render.kept import Kept
from app.render.markdown import charter_markdown
from app.render.pdf import render_pdf
from app.rules.edition_files import MEDIA_TYPES, FileKind, FileNames
from app.rules.file_kinds import form_of
from app.rules.states import FIXED_EDITION
from app.services.edition_files import page_bytes, record_of
from app.services.register_table import REGISTER_HEAD, register_line
from app.text.prepared import AttachedFile, Logo

SEALED = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""The content policy of a file that somebody uploaded: it may do nothing at all."""

# A published edition never changes, so its address may be kept for good.
_FOR_GOOD = FOR_GOOD.decode()


def file_response(
    request: Request,
    octets: bytes,
    sha256: str | None,
    media_type: str,
    name: str,
    *,
    public: bool,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """These bytes, or 304 for whoever has them already. ``name`` is what a browser calls the file when it keeps it."""
    tag = f'"{sha256 or hashlib.sha256(octets).hexdigest()}"'
    shown = "attachment" if name.endswith((".zip", ".sig")) else "inline"
    told = {
        "etag": tag,
        "cache-control": _FOR_GOOD if public else "private, no-cache",
        "content-disposition": f'{shown}; filename="{name}"',
        **(headers or {}),
    }
    if _has(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=told)
    return Response(octets, media_type=media_type, headers=told)


def attached_file(request: Request, octets: bytes, file: AttachedFile, *, public: bool) -> Response:
    """The file of an annexe, to be saved and never shown: whatever is in it acts only where somebody opens it."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in " ._-()+,") else "_" for c in file.name)
    headers = {
        "content-security-policy": SEALED,
        "cross-origin-resource-policy": "same-origin",
        "content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}",
    }
    return file_response(request, octets, file.sha256, file.media_type, plain, public=public, headers=headers)


def logo_response(request: Request, logo: Logo, *, public: bool) -> Response:
    """The logo as a picture for our pages; opened by itself it can do nothing either."""
    name = f"logo.{form_of(logo.media_type).ending}"
    headers = {"content-security-policy": SEALED, "cross-origin-resource-policy": "same-origin"}
    return file_response(request, logo.octets, logo.sha256, logo.media_type, name, public=public, headers=headers)


def edition_annexe(request: Request, where: EditionAccess, annexe: str) -> Response:
    """The file of an annexe as it goes with an edition; NotFound if it has none."""
    at, edition = where.at, where.edition
    file = prepared_edition(at.session, at.charter, edition).file_of(annexe)
    if file is None:
        raise NotFound("No file goes with this edition for that annexe.")
    public = edition.state in PUBLIC_STATES
    return attached_file(request, file_bytes(at.session, file.sha256), file, public=public)


def edition_logo(request: Request, where: EditionAccess) -> Response:
    """The logo on the cover of an edition; NotFound if it has none."""
    at, edition = where.at, where.edition
    logo = prepared_edition(at.session, at.charter, edition).logo
    if logo is None:
        raise NotFound("This edition has no logo on its cover.")
    return logo_response(request, logo, public=edition.state in PUBLIC_STATES)


def edition_pdf(request: Request, where: EditionAccess) -> Response:
    """The PDF as it was stored at approval; of an edition that is not approved yet, a preview that says so."""
    at, edition = where.at, where.edition
    name = FileNames(at.charter.key, edition.key).stem
    if edition.pdf_hash is None:
        preview = render_pdf(prepared_edition(at.session, at.charter, edition), approved=False)
        name += "-not-approved.pdf"
        return file_response(request, preview.bytes, preview.sha256, "application/pdf", name, public=False)
    octets = file_bytes(at.session, edition.pdf_hash)
    public = edition.state in PUBLIC_STATES
    return file_response(request, octets, edition.pdf_hash, "application/pdf", f"{name}.pdf", public=public)


def edition_file(request: Request, where: EditionAccess, kind: FileKind) -> Response:
    """A file of an edition as it was kept; of an edition that is not approved yet, a preview that says so.

    NotFound, saying when it will be there, for what is made only when an edition is published.
    """
    at, edition = where.at, where.edition
    hash = edition_files(at.session, edition).get(kind)
    if hash is None:
        return _preview(request, where, kind)
    octets = file_bytes(at.session, hash)
    name = _name(FileNames(at.charter.key, edition.key), kind)
    headers = {"content-security-policy": _policy(octets)} if kind is FileKind.PAGE else {}
    public = edition.state in PUBLIC_STATES
    return file_response(request, octets, hash, MEDIA_TYPES[kind], name, public=public, headers=headers)


@dataclass(frozen=True, slots=True)
class Schedule:
    """What the record of an edition says changed since the edition ``before``, by its key, in words."""

    before: str | None = None
    changes: tuple[Mapping[str, object], ...] = ()


# Everybody reads the same few editions, and a record never changes.
_SCHEDULES: Kept[Schedule] = Kept(16)


def schedule_of(session: Session, edition: Edition) -> Schedule:
    """The schedule of changes of an edition; of one that has no record yet it is empty."""
    hash = edition_files(session, edition).get(FileKind.RECORD)
    if hash is None:
        return Schedule()

    def read() -> Schedule:
        record = json.loads(file_bytes(session, hash))
        before = record["before"]
        return Schedule(None if before is None else str(before["key"]), tuple(record["schedule"]))

    return _SCHEDULES.get(hash, read)


def _preview(request: Request, where: EditionAccess, kind: FileKind) -> Response:
    """What a draft or candidate will say. Nobody may keep it, and its name says what it is."""
    at, edition = where.at, where.edition
    if kind is FileKind.TEXT:
        octets = charter_markdown(snapshot(at.session, at.charter, edition.revision)).encode()
    elif kind in (FileKind.RECORD, FileKind.PAGE) and edition.approved_at is None:
        material = edition_material(at.session, at.charter, edition, None)
        octets = record_of(material) if kind is FileKind.RECORD else page_bytes(material)
    else:
        raise NotFound(
            "This file is made when the edition is published, so that it can be signed."
            if edition.state not in PUBLIC_STATES
            else "This edition was published before such files were made. They are made when the server is started."
        )
    names = FileNames(at.charter.key, edition.key)
    name = _name(names, kind)
    if edition.state not in FIXED_EDITION:
        name = name.replace(names.stem, f"{names.stem}-not-approved")
    headers = {"content-security-policy": _policy(octets)} if kind is FileKind.PAGE else {}
    return file_response(request, octets, None, MEDIA_TYPES[kind], name, public=False, headers=headers)


def _name(names: FileNames, kind: FileKind) -> str:
    """What the file is called when it is kept alone: then its name has to say of which edition it is."""
    return f"{names.stem}.json" if kind is FileKind.RECORD else names.of(kind)


def _policy(page: bytes) -> str:
    return f"{policy_of_page(page)}; frame-ancestors 'none'"


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
    yield REGISTER_HEAD
    before: int | None = None
    while True:
        # The request's own transaction is over when its answer begins.
        with database.reading() as session:
            charter = charter_row(session, key)
            found = register(session, charter, wanted, before=before, limit=_AT_ONCE, wordings=True)
        yield "".join(register_line(entry, sections) for entry in found)
        if len(found) < _AT_ONCE:
            return
        before = found[-1].id


def _has(condition: str, tag: str) -> bool:
    """Whether an If-None-Match names that tag; weak ones count, as RFC 9110 has it."""
    return condition.strip() == "*" or tag in {one.strip().removeprefix("W/") for one in condition.split(",")}
