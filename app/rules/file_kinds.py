"""What a file is, told by what is in it and never by its name; and names that are safe on every machine."""

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass

from app.errors import BadInput

LONGEST_NAME = 100
_MOST_MEMBERS = 5_000
_END_OF_ZIP = b"PK\x05\x06"


@dataclass(frozen=True, slots=True)
class FileForm:
    """A kind of file: its media type, how its name ends, and what people call it."""

    media_type: str
    ending: str
    words: str


PDF = FileForm("application/pdf", "pdf", "PDF")
PNG = FileForm("image/png", "png", "PNG picture")
JPEG = FileForm("image/jpeg", "jpg", "JPEG picture")
SVG = FileForm("image/svg+xml", "svg", "SVG drawing")
TEXT = FileForm("text/plain; charset=utf-8", "txt", "plain text")
TABLE = FileForm("text/csv; charset=utf-8", "csv", "table (CSV)")
MARKDOWN = FileForm("text/markdown; charset=utf-8", "md", "plain text (Markdown)")
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
# What a zip of these has to hold at least.
_BY_MEMBER = {
    "word/document.xml": FileForm(f"{_OFFICE}wordprocessingml.document", "docx", "Word document"),
    "xl/workbook.xml": FileForm(f"{_OFFICE}spreadsheetml.sheet", "xlsx", "Excel workbook"),
    "ppt/presentation.xml": FileForm(f"{_OFFICE}presentationml.presentation", "pptx", "PowerPoint presentation"),
}
_BY_MIMETYPE = {
    f"{_OPEN}text": FileForm(f"{_OPEN}text", "odt", "OpenDocument text"),
    f"{_OPEN}spreadsheet": FileForm(f"{_OPEN}spreadsheet", "ods", "OpenDocument table"),
    f"{_OPEN}presentation": FileForm(f"{_OPEN}presentation", "odp", "OpenDocument presentation"),
}
_WRITTEN = {"txt": TEXT, "csv": TABLE, "md": MARKDOWN}
FORMS = (PDF, PNG, JPEG, SVG, *_WRITTEN.values(), *_BY_MEMBER.values(), *_BY_MIMETYPE.values())

TAKEN_IN_WORDS = "PDF, Word, Excel, PowerPoint, OpenDocument, PNG, JPEG, and plain text (.txt, .csv, .md)"
_NOT_TAKEN = f"These are taken: {TAKEN_IN_WORDS}. Save it as one of them, best as a PDF."
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)", re.IGNORECASE)


def form_of(media_type: str) -> FileForm:
    """The kind of a file that was kept."""
    return next((form for form in FORMS if form.media_type == media_type), FileForm(media_type, "bin", "file"))


def recognised(octets: bytes, name: str) -> FileForm:
    """What this is, by its content. BadInput says in words why a file is not taken.

    Only of plain text the name says which kind it is: a table and a letter look alike.
    """
    if not octets:
        raise BadInput("This file is empty.", kind="empty-file")
    if octets.startswith(b"%PDF-"):
        if b"%%EOF" not in octets[-2048:]:
            raise BadInput("This PDF has no end: it was cut off on the way. Save it again.", kind="broken-file")
        return PDF
    if octets.startswith(b"\x89PNG\r\n\x1a\n"):
        return _whole(PNG, octets[-12:-4] == b"\x00\x00\x00\x00IEND")
    if octets.startswith(b"\xff\xd8\xff"):
        return _whole(JPEG, b"\xff\xd9" in octets[-64:])
    if octets.startswith(b"PK\x03\x04"):
        return _archived(octets)
    if octets.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadInput(
            f"This is a file of an old Office program (.doc, .xls, .ppt), which can hold hidden programs. {_NOT_TAKEN}",
            kind="file-not-taken",
        )
    return _written(octets, name)


def _whole(form: FileForm, ends: bool) -> FileForm:
    if not ends:
        raise BadInput(f"This {form.words} has no end: it was cut off on the way. Save it again.", kind="broken-file")
    return form


def _archived(octets: bytes) -> FileForm:
    """Word, OpenDocument and the like are zips. Only the list of what is in them is read; nothing is unpacked."""
    at = octets.rfind(_END_OF_ZIP, max(0, len(octets) - 66_000))
    members = int.from_bytes(octets[at + 10 : at + 12], "little") if at >= 0 else 0
    if at < 0 or members > _MOST_MEMBERS:
        raise BadInput(f"This file is damaged, or is no document. {_NOT_TAKEN}", kind="broken-file")
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            listed = archive.infolist()
            names = {member.filename for member in listed}
            first = listed[0] if listed else None
            kind = ""
            if first is not None and first.filename == "mimetype" and first.file_size < 200:
                kind = archive.read(first).decode("ascii", "replace").strip()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise BadInput("This file is damaged. Save it again.", kind="broken-file") from error
    if any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names):
        raise BadInput(
            "This document holds macros, which are programs that run on the machine of whoever opens it. Save it "
            "without macros, or as a PDF.",
            kind="macros",
        )
    if kind in _BY_MIMETYPE:
        return _BY_MIMETYPE[kind]
    if "[Content_Types].xml" in names:
        for member, form in _BY_MEMBER.items():
            if member in names:
                return form
    raise BadInput(
        f"This is a zip file, or a document of a kind that is not taken. {_NOT_TAKEN}", kind="file-not-taken"
    )


def _written(octets: bytes, name: str) -> FileForm:
    form = _WRITTEN.get(name.rpartition(".")[2].lower())
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        told = "This is plain text, but not in UTF-8." if form else "It cannot be told what kind of file this is."
        raise BadInput(f"{told} {_NOT_TAKEN}", kind="file-not-taken") from error
    if _CONTROLS.search(text) or form is None:
        raise BadInput(f"It cannot be told what kind of file this is. {_NOT_TAKEN}", kind="file-not-taken")
    return form


def safe_name(name: str, form: FileForm, otherwise: str) -> str:
    """A name that means a plain file everywhere, ending as what it is; ``otherwise`` where nothing of it is left.

    No folders, nothing unseen or that turns the direction of reading, nothing that some system forbids or reserves.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(" " if c.isspace() else c for c in last if c.isspace() or unicodedata.category(c)[0] != "C")
    kept = re.sub(r'[<>:"|?*%;`$&\']+', "-", kept)
    stem, dot, ending = kept.rpartition(".")
    # What stands behind the last dot is an ending only if it looks like one: "Model v2.1 final" has none.
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,5}", ending):
        stem = kept
    stem = " ".join(stem.split())[: LONGEST_NAME - 6].strip(" .-")
    if not stem or _RESERVED.match(stem):
        stem = f"{otherwise} {stem}".strip()
    return f"{stem}.{form.ending}"
