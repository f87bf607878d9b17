"""Opens a Word file: everything in it that is text, with whose it is, and what Engross wrote into it."""

from collections.abc import Iterator
from datetime import datetime
from xml.etree import ElementTree as ET

from app.text.uncollected import uncollected
from app.text.wordfile.comments import comments_of
from app.text.wordfile.known import mark_of, marks_in
from app.text.wordfile.moments import moment
from app.text.wordfile.package import Package, Related, W, refused
from app.text.wordfile.story import Change, WordFile
from app.text.wordfile.styles import looks_of, value
from app.text.wordfile.walking import Walk

_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_CUSTOM = "{http://schemas.openxmlformats.org/officeDocument/2006/custom-properties}property"
_NOBODY = "Author"


@uncollected
def open_word(octets: bytes) -> WordFile:
    """A Word file (.docx), opened. BadInput, with what to do, for anything else and for what is not safe to read."""
    try:
        return _opened(octets)
    except RecursionError as error:
        raise refused("This Word file is nested deeper than anybody writes, so it is not read.") from error


def _opened(octets: bytes) -> WordFile:
    package = Package(octets)
    file = WordFile()
    _tell(package, file)
    related = package.related(package.document)
    parts = {one.kind: one.target for one in related.values() if not one.outside}
    document = package.tree(package.document)
    body = None if document is None else document.find(f"{W}body")
    if body is None:
        raise refused("There is no text of Word in this file. Save it in Word as .docx, and choose that file.")
    signing = _Signing(file)
    looks = looks_of(package, parts.get("styles"), parts.get("numbering"))
    walk = Walk(looks, signing.change, related, file.findings, file.marks)
    file.text = walk.story(body)
    for kind, letter in (("footnotes", "f"), ("endnotes", "e")):
        if kind in parts:
            _read_notes(package, parts[kind], letter, walk, file)
    file.running = [
        words
        for one in related.values()
        if one.kind in ("header", "footer")
        for words in _changed(package, one, signing)
    ]
    file.comments = comments_of(package, parts, signing.is_known)
    file.changes, file.known = list(signing.changes.values()), signing.known
    file.parts = package.unpacked
    return file


def _changed(package: Package, related: Related, signing: "_Signing") -> Iterator[str]:
    """The words that somebody put into a running head or foot since the file left here."""
    tree = None if related.outside else package.tree(related.target)
    for e in () if tree is None else tree.iter():
        if e.tag in (f"{W}ins", f"{W}del") and not signing.is_known(value(e, "author"), value(e, "date")):
            words = "".join(t.text or "" for t in e.iter() if t.tag in (f"{W}t", f"{W}delText"))
            if words.strip():
                yield words


def _read_notes(package: Package, part: str, letter: str, walk: Walk, file: WordFile) -> None:
    tree = package.tree(part)
    walk.related = package.related(part)
    for e in () if tree is None else tree:
        if e.tag in (f"{W}footnote", f"{W}endnote") and value(e, "type") in ("", "normal"):
            file.notes[f"{letter}{value(e, 'id')}"] = walk.story(e)


class _Signing:
    """Whose each change is, and whether it stood in the file when it left here."""

    def __init__(self, file: WordFile) -> None:
        self._file = file
        self.changes: dict[tuple[str, str], Change] = {}
        self.known = 0

    def change(self, e: ET.Element) -> Change:
        """Whose change an element is."""
        author, told = value(e, "author").strip() or _NOBODY, value(e, "date")
        found = self.changes.get((author, told))
        if found is None:
            found = self.changes[author, told] = Change(author, moment(told), self.is_known(author, told))
        self.known += found.known
        return found

    def is_known(self, author: str, told: str) -> bool:
        """Whether something that somebody signed so stood in the file when it left here."""
        if self._file.knows is not None:
            return mark_of(author, told) in self._file.knows
        created, at = self._file.created, moment(told)
        # Files that were written before anything was written down: only those with tracked changes have this sign.
        return self._file.ours and "→" in self._file.label and _until(at, created)


def _until(at: datetime | None, created: datetime | None) -> bool:
    return at is not None and created is not None and at <= created


def _tell(package: Package, file: WordFile) -> None:
    """What a file says of itself, and what Engross wrote into it."""
    parts: dict[str, Related] = {one.kind: one for one in package.related("").values()}
    core = _part(package, parts, "core-properties")
    if core is not None:
        file.title = (core.findtext(f"{_DC}title") or "").strip()
        file.created = moment(core.findtext(f"{_TERMS}created") or "")
    custom = _part(package, parts, "custom-properties")
    told = dict(_properties(custom)) if custom is not None else {}
    file.charter = told.get("Engross charter") or None
    file.label = told.get("Engross text", "")
    number = told.get("Engross revision", "")
    file.revision = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None
    file.ours = file.charter is not None
    file.knows = marks_in(told) if file.ours else None


def _part(package: Package, parts: dict[str, Related], kind: str) -> ET.Element | None:
    return package.tree(parts[kind].target) if kind in parts else None


def _properties(tree: ET.Element) -> Iterator[tuple[str, str]]:
    for e in tree.iter(_CUSTOM):
        yield e.get("name") or "", "".join(e.itertext()).strip()


__all__ = ["open_word"]
