"""Goes through the text of a Word file and writes down its paragraphs, with whose each word is and who took it out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from xml.etree import ElementTree as ET

from app.text.wordfile.fields import Field, Fields
from app.text.wordfile.package import R, Related, W, refused, too_large
from app.text.wordfile.runs import Runs
from app.text.wordfile.shaping import shape_of
from app.text.wordfile.story import Atom, Change, Finding, Item, Paragraph, Row, Table, What
from app.text.wordfile.styles import Looks, value

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_DEEPEST = 80
_MOST_PARAGRAPHS = 200_000
_MOST_FINDINGS = 500
_MOST_OPEN = 50
_COME = frozenset({f"{W}ins", f"{W}moveTo"})
_GONE = frozenset({f"{W}del", f"{W}moveFrom"})
_INSIDE = frozenset({f"{W}smartTag", f"{W}customXml", f"{W}dir", f"{W}bdo", f"{W}fldSimple", f"{W}hyperlink"})
_NOTHING: tuple[Change, ...] = ()
_SHOWN = 80


@dataclass(slots=True)
class Walk:
    """One walk over the parts of a file. ``changed`` says whose a change is that an element signs."""

    looks: Looks
    changed: Callable[[ET.Element], Change]
    related: Mapping[str, Related] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    marks: dict[str, str] = field(default_factory=dict)
    count: int = 0
    _open: dict[str, str] = field(default_factory=dict)
    _fields: Fields = field(default_factory=Fields)
    _listing: int = 0
    _here: Paragraph | None = None
    _runs: Runs | None = None

    def story(self, container: ET.Element) -> list[Item]:
        """The paragraphs and tables of a part, or of one note."""
        self._fields = Fields()
        self._open = {}
        items: list[Item] = []
        self._blocks(container, items, _NOTHING, _NOTHING, 0)
        return items

    def find(self, what: str, where: str = "") -> None:
        """Write down what cannot be held, once for each kind and paragraph."""
        finding = Finding(what, self.count, where)
        if len(self.findings) < _MOST_FINDINGS and finding not in self.findings[-20:]:
            self.findings.append(finding)

    def _blocks(
        self,
        container: Iterable[ET.Element],
        items: list[Item],
        come: tuple[Change, ...],
        gone: tuple[Change, ...],
        depth: int,
    ) -> None:
        if depth > _DEEPEST:
            raise refused("This Word file is nested deeper than anybody writes, so it is not read.")
        for e in container:
            tag = e.tag
            if tag == f"{W}p":
                items.append(self._paragraph(e, come, gone, depth))
            elif tag == f"{W}tbl":
                items.append(self._table(e, come, gone, depth))
            elif tag == f"{W}sdt":
                listing = self._is_listing(e)
                self._listing += listing
                self._blocks(e.findall(f"{W}sdtContent"), items, come, gone, depth + 1)
                self._listing -= listing
            elif tag in (f"{W}sdtContent", f"{W}customXml", f"{W}smartTag"):
                self._blocks(e, items, come, gone, depth + 1)
            elif tag in _COME:
                self._blocks(e, items, (*come, self.changed(e)), gone, depth + 1)
            elif tag in _GONE:
                self._blocks(e, items, come, (*gone, self.changed(e)), depth + 1)
            elif tag == f"{MC}AlternateContent":
                self._blocks(_alternative(e), items, come, gone, depth + 1)
            elif tag in (f"{W}bookmarkStart", f"{W}bookmarkEnd") or tag.startswith(f"{W}comment"):
                self._between(e, items)
            elif tag == f"{W}altChunk":
                self.find("A document inside the document was left out.", _last_words(items))

    def _between(self, e: ET.Element, items: list[Item]) -> None:
        """A bookmark or the edge of a comment that stands between paragraphs: it belongs to the one before."""
        last = items[-1] if items else None
        if isinstance(last, Paragraph) and e.tag.startswith(f"{W}comment"):
            self._edge(e, last)
        elif e.tag == f"{W}bookmarkEnd":
            self._open.pop(value(e, "id"), None)

    def _is_listing(self, e: ET.Element) -> bool:
        gallery = value(e.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")).lower()
        return gallery == "table of contents"

    def _paragraph(self, e: ET.Element, come: tuple[Change, ...], gone: tuple[Change, ...], depth: int) -> Paragraph:
        look = e.find(f"{W}pPr")
        self.count += 1
        if self.count > _MOST_PARAGRAPHS:
            raise too_large()
        made = Paragraph(self.count, shape_of(look, self.looks), come=come, gone=gone, listing=self._listing > 0)
        if look is not None:
            mark = look.find(f"{W}rPr")
            if mark is not None:
                made.come, made.gone = self._signed(mark, come, gone)
            was = look.find(f"{W}pPrChange")
            if was is not None:
                made.was, made.shaped = shape_of(was.find(f"{W}pPr"), self.looks), self.changed(was)
        self._here = made
        self._runs = Runs(made, self.looks, self.find)
        self._inside(e, made, come, gone, None, depth)
        self._fields.end_of_paragraph()
        return made

    def _signed(
        self, e: ET.Element, come: tuple[Change, ...], gone: tuple[Change, ...]
    ) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
        """Who put in and who took out what these properties belong to: the end of a paragraph, or a row."""
        for one in e:
            if one.tag in _COME:
                come = (*come, self.changed(one))
            elif one.tag in _GONE:
                gone = (*gone, self.changed(one))
        return come, gone

    def _inside(
        self,
        container: Iterable[ET.Element],
        here: Paragraph,
        come: tuple[Change, ...],
        gone: tuple[Change, ...],
        link: str | None,
        depth: int,
    ) -> None:
        if depth > _DEEPEST:
            raise refused("This Word file is nested deeper than anybody writes, so it is not read.")
        for e in container:
            tag = e.tag
            if tag == f"{W}r":
                self._run(e, here, come, gone, link, depth)
            elif tag in _COME:
                self._inside(e, here, (*come, self.changed(e)), gone, link, depth + 1)
            elif tag in _GONE:
                self._inside(e, here, come, (*gone, self.changed(e)), link, depth + 1)
            elif tag == f"{W}hyperlink":
                self._inside(e, here, come, gone, self._led(e) or link, depth + 1)
            elif tag == f"{W}fldSimple":
                self._simple(e, here, come, gone, link, depth)
            elif tag in _INSIDE:
                self._inside(e, here, come, gone, link, depth + 1)
            elif tag == f"{W}sdt":
                for content in e.findall(f"{W}sdtContent"):
                    self._inside(content, here, come, gone, link, depth + 1)
            elif tag == f"{MC}AlternateContent":
                self._inside(_alternative(e), here, come, gone, link, depth + 1)
            elif tag == f"{W}bookmarkStart":
                name = value(e, "name")
                here.places.append(name)
                self._open[value(e, "id")] = name
            elif tag == f"{W}bookmarkEnd":
                self._open.pop(value(e, "id"), None)
            elif tag.startswith(f"{W}comment"):
                self._edge(e, here)
            elif tag.startswith(_MATH):
                self.find(f"An equation was left out: {_text(e, f'{_MATH}t')}".rstrip(": "))

    def _edge(self, e: ET.Element, here: Paragraph) -> None:
        what = {f"{W}commentRangeStart": What.OPENS, f"{W}commentRangeEnd": What.CLOSES}.get(e.tag)
        if what is not None:
            here.atoms.append(Atom(what, value(e, "id")))

    def _led(self, e: ET.Element) -> str | None:
        anchor = value(e, "anchor")
        related = self.related.get(e.get(f"{R}id") or "")
        if related is not None and related.outside and related.target:
            return f"{related.target}#{anchor}" if anchor and "#" not in related.target else related.target
        return f"#{anchor}" if anchor else None

    def _simple(
        self,
        e: ET.Element,
        here: Paragraph,
        come: tuple[Change, ...],
        gone: tuple[Change, ...],
        link: str | None,
        depth: int,
    ) -> None:
        one = Field(value(e, "instr"))
        if one.again is not None:
            here.atoms.append(Atom(What.AGAIN, one.again, come=come, gone=gone))
        else:
            self._inside(e, here, come, gone, one.link or link, depth + 1)

    def _run(
        self,
        e: ET.Element,
        here: Paragraph,
        come: tuple[Change, ...],
        gone: tuple[Change, ...],
        link: str | None,
        depth: int,
    ) -> None:
        assert self._runs is not None
        look = e.find(f"{W}rPr")
        if look is not None:
            # Words that were put in or taken out one by one are signed in their look by some programs.
            come, gone = self._signed(look, come, gone)
        led = self._fields.link or link
        runs = self._runs
        runs.begin(look, led, come, gone, self.changed)
        for one in e:
            tag = one.tag
            if tag in (f"{W}t", f"{W}delText"):
                if self._fields.shows:
                    runs.words(one)
            elif tag == f"{W}fldChar":
                again = self._fields.char(value(one, "fldCharType"))
                if again is not None:
                    here.atoms.append(Atom(What.AGAIN, again, come=come, gone=gone))
                led = self._fields.link or link
                runs.begin(look, led, come, gone, self.changed)
            elif tag in (f"{W}instrText", f"{W}delInstrText"):
                self._fields.told(one.text or "")
            elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
                key = f"{tag.removeprefix(W)[0]}{value(one, 'id')}"
                for name in islice(reversed(self._open.values()), _MOST_OPEN):
                    self.marks.setdefault(name, key)
                here.atoms.append(Atom(What.NOTE, key, come=come, gone=gone))
            elif tag == f"{W}commentReference":
                here.atoms.append(Atom(What.SAYS, value(one, "id")))
            elif tag == f"{W}ruby":
                for base in one.findall(f"{W}rubyBase"):
                    self._inside(base, here, come, gone, link, depth + 1)
            elif tag == f"{MC}AlternateContent":
                for other in _alternative(one):
                    runs.other(other)
            elif self._fields.shows and tag != f"{W}rPr":
                runs.other(one)

    def _table(self, e: ET.Element, come: tuple[Change, ...], gone: tuple[Change, ...], depth: int) -> Table:
        if depth > _DEEPEST:
            raise refused("This Word file is nested deeper than anybody writes, so it is not read.")
        ind = e.find(f"{W}tblPr/{W}tblInd")
        left = value(ind, "w") if value(ind, "type") in ("", "dxa") else ""
        table = Table(left=int(left) if left.isascii() and left.isdigit() and len(left) < 9 else 0)
        self._rows(e, table, come, gone, depth + 1)
        return table

    def _rows(
        self,
        container: Iterable[ET.Element],
        table: Table,
        come: tuple[Change, ...],
        gone: tuple[Change, ...],
        depth: int,
    ) -> None:
        for e in container:
            if e.tag == f"{W}tr":
                look = e.find(f"{W}trPr")
                signed = (come, gone) if look is None else self._signed(look, come, gone)
                row = Row(come=signed[0], gone=signed[1])
                self._cells(e, row, signed[0], signed[1], depth + 1)
                table.rows.append(row)
            elif e.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml"):
                if depth > _DEEPEST:
                    raise refused("This Word file is nested deeper than anybody writes, so it is not read.")
                self._rows(e, table, come, gone, depth + 1)

    def _cells(
        self, container: Iterable[ET.Element], row: Row, come: tuple[Change, ...], gone: tuple[Change, ...], depth: int
    ) -> None:
        if depth > _DEEPEST:
            raise refused("This Word file is nested deeper than anybody writes, so it is not read.")
        for e in container:
            if e.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml"):
                self._cells(e, row, come, gone, depth + 1)
            if e.tag != f"{W}tc":
                continue
            items: list[Item] = []
            self._blocks(e, items, come, gone, depth + 1)
            look = e.find(f"{W}tcPr")
            if look is not None:
                merged = look.find(f"{W}vMerge")
                if value(look.find(f"{W}gridSpan")) not in ("", "1") or (merged is not None):
                    self.find("Cells of a table are joined; they were read as cells of their own.", _last_words(items))
                if any(look.find(W + name) is not None for name in ("cellIns", "cellDel", "cellMerge")):
                    self.find("A tracked change of single cells was left out.", _last_words(items))
            cell: list[Paragraph] = []
            for item in items:
                if isinstance(item, Paragraph):
                    cell.append(item)
                else:
                    self.find("A table inside a table was read as the words of its cell.", _last_words([item]))
                    cell.extend(item.paragraphs())
            row.cells.append(cell)


def _alternative(e: ET.Element) -> list[ET.Element]:
    """What is to be read of something that is there in several forms: the first, or what stands in for it."""
    for name in ("Choice", "Fallback"):
        for one in e.findall(MC + name):
            if len(one):
                return list(one)
    return []


def _last_words(items: list[Item]) -> str:
    if not items:
        return ""
    last = items[-1]
    words = last.words if isinstance(last, Paragraph) else " ".join(one.words for one in last.paragraphs())
    return words[:_SHOWN]


def _text(e: ET.Element, tag: str) -> str:
    return "".join(one.text or "" for one in e.iter(tag))
