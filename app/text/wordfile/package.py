"""The parts of a Word file: unpacked with care, since anybody may have made it."""

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from posixpath import dirname, join, normpath
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from app.errors import BadInput

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# Strict files say the same in other namespaces.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", R[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
)
_LARGEST_FILE = 64 * 1024 * 1024
_LARGEST_WHOLE = 64 * 1024 * 1024
_LARGEST_RATIO = 400
_MOST_PARTS = 4_000
_MOST_TAGS = 3_000_000
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_ENCODINGS = frozenset({b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii", b"iso-8859-1"})
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DOCUMENT = "document.main+xml"


def refused(message: str, kind: str = "not-a-word-file") -> BadInput:
    """What is said of a file that cannot be read, with what to do."""
    return BadInput(message, kind=kind)


_DAMAGED = "This Word file is damaged. Open it in Word, save it again as .docx, and choose that file."
_TOO_LARGE = (
    "This Word file is too large to be read. Take out what is not of the charter, save it, and choose it again."
)


def too_large() -> BadInput:
    """What is said of a file of which nothing would be left over for others."""
    return refused(_TOO_LARGE)


@dataclass(frozen=True, slots=True)
class Related:
    """What a part of a file calls another part or an address outside; ``kind`` is the last word of its type."""

    kind: str
    target: str
    outside: bool


class Package:
    """The parts of a file by their names; each is unpacked once it is asked for, and never beyond what fits.

    ``unpacked`` are those that were asked for so far.
    """

    def __init__(self, octets: bytes) -> None:
        _is_a_package(octets)
        self.unpacked: dict[str, bytes] = {}
        self._spent = self._tags = 0
        try:
            self._zip = zipfile.ZipFile(BytesIO(octets))
            entries = self._zip.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, OverflowError) as error:
            raise refused(_DAMAGED) from error
        except Exception as error:
            raise refused(_DAMAGED) from error
        if len(entries) > _MOST_PARTS:
            raise refused(_TOO_LARGE)
        self._entries = {entry.filename.replace("\\", "/").lstrip("/").lower(): entry for entry in entries}
        if any(entry.flag_bits & 1 for entry in entries):
            raise refused("This file is protected with a password. Take the password off in Word, and choose it again.")
        self._refuse_others()
        self.document = self._find_document()

    def octets(self, name: str) -> bytes | None:
        """A part as it is stored; None if there is none of that name."""
        entry = self._entries.get(name.lower())
        if entry is None:
            return None
        room = min(_LARGEST_WHOLE - self._spent, max(1 << 20, entry.compress_size * _LARGEST_RATIO))
        try:
            with self._zip.open(entry) as part:
                found = part.read(room + 1)
        except Exception as error:
            # Whatever is wrong with what is packed: a bad checksum, an unknown way of packing, an end too early.
            raise refused(_DAMAGED) from error
        if len(found) > room:
            raise refused(_TOO_LARGE)
        self._spent += len(found)
        self.unpacked[entry.filename] = found
        return found

    def tree(self, name: str) -> ET.Element | None:
        """A part as XML; None if there is none of that name. BadInput for what is no plain XML."""
        octets = self.octets(name)
        if octets is None:
            return None
        self._tags += octets.count(b"<")
        if self._tags > _MOST_TAGS:
            raise too_large()
        for strict, usual in _STRICT:
            octets = octets.replace(strict, usual)
        return _parsed(octets)

    def related(self, name: str) -> Mapping[str, Related]:
        """What a part refers to, by the names it has for it."""
        folder, _, file = name.rpartition("/")
        tree = self.tree(f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels")
        found: dict[str, Related] = {}
        for one in () if tree is None else tree.iter(_RELATIONSHIP):
            target, outside = one.get("Target") or "", one.get("TargetMode") == "External"
            if not outside:
                target = unquote(target)
                target = target[1:] if target.startswith("/") else normpath(join(dirname(name), target))
            found[one.get("Id") or ""] = Related((one.get("Type") or "").rpartition("/")[2], target, outside)
        return found

    def _find_document(self) -> str:
        for one in self.related("").values():
            if one.kind == "officeDocument" and one.target.lower() in self._entries:
                return one.target
        raise refused("There is no text of Word in this file. Save it in Word as .docx, and choose that file.")

    def _refuse_others(self) -> None:
        kinds = self.octets("mimetype") or b""
        if b"opendocument" in kinds:
            raise refused(
                "This is an OpenDocument file (.odt). Save it as a Word document (.docx), and choose that file."
            )
        told = self.octets("[Content_Types].xml")
        if told is None:
            raise refused("This is no Word file. Save the document in Word as .docx, and choose that file.")
        if b"macroEnabled" in told:
            raise refused(
                "This Word file holds macros (.docm). Save it as a Word document (.docx), and choose that file."
            )
        if _DOCUMENT.encode() not in told.replace(b"\0", b""):
            raise refused("This is a file of Office, but not of Word. Choose a Word document (.docx).")


def _is_a_package(octets: bytes) -> None:
    if len(octets) > _LARGEST_FILE:
        raise refused(_TOO_LARGE)
    if octets.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in octets[: 1 << 20]:
            raise refused("This file is protected with a password. Take the password off in Word, and choose it again.")
        raise refused("This is a file of an older Word (.doc). Save it in Word as .docx, and choose that file.")
    for start, told in (
        (b"%PDF", "This is a PDF. Choose the Word document (.docx) it was made from."),
        (b"{\\rtf", "This is a rich text file (.rtf). Save it in Word as .docx, and choose that file."),
    ):
        if octets.startswith(start):
            raise refused(told)
    if not octets.startswith(b"PK"):
        raise refused("This is no Word file. Save the document in Word as .docx, and choose that file.")


def _parsed(octets: bytes) -> ET.Element:
    plain = octets.replace(b"\0", b"") if b"\0" in octets[:64] else octets
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise refused("This Word file holds definitions that no program of Word writes, so it is not read.")
    encoding = _ENCODING.match(plain.lstrip(b"\xef\xbb\xbf\xff\xfe")[:200])
    if encoding is not None and encoding[1].lower() not in _ENCODINGS:
        raise refused(_DAMAGED)
    try:
        return ET.fromstring(octets)
    except (ET.ParseError, ValueError, LookupError, RecursionError, MemoryError) as error:
        raise refused(_DAMAGED) from error


__all__ = ["Package", "R", "Related", "W", "refused", "too_large"]
