"""Writes paragraphs and tables as WordprocessingML, with what changed as tracked changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape

from app.render.word.markup import escaped, line, shortened, words
from app.render.word.shapes import Citation, Fate, Form, Item, Para, Piece, Remark, Row, Table, Who
from app.text.dialect import Mark
from app.text.wordfile.agreed import LONGEST_LINK
from app.text.wordfile.known import mark_of

_CHANGE = {
    Fate.INSERTED: "w:ins",
    Fate.DELETED: "w:del",
    Fate.ARRIVED: "w:moveTo",
    Fate.LEFT: "w:moveFrom",
}
_RANGES = {"to": "moveTo", "from": "moveFrom"}
# Beyond these Word takes a file for damaged.
_LONGEST_NAME = 200
# So many twentieths of a point are between the margins of an A4 page of ours.
WIDTH = 8958


@dataclass(slots=True)
class Ledger:
    """What has to be unique in a file, or told in other parts of it: numbers of marks, links, and names of places."""

    marks: int = 0
    moves: int = 0
    links: dict[str, str] = field(default_factory=dict)
    signed: set[str] = field(default_factory=set)

    def mark(self) -> int:
        """A number that no other mark of the file has."""
        self.marks += 1
        return self.marks

    def link(self, url: str) -> str:
        """What the file calls an address outside."""
        return self.links.setdefault(url, f"link{len(self.links) + 1}")


class Body:
    """Writes one part of a file: its text, or its notes. Each part has links of its own, and shares the numbers."""

    def __init__(self, ledger: Ledger, names: Mapping[str, str], unknown: Who) -> None:
        self.ledger = ledger
        self._names = names
        self.unknown = unknown
        self._by: Who = unknown
        self.placed: set[str] = set()

    def items(self, items: Iterable[Item]) -> str:
        """All of them in order, moves in their ranges."""
        written: list[str] = []
        open_move, mark = "", 0
        for item in items:
            if open_move and item.move != open_move:
                written.append(_range_end(open_move, mark))
                open_move = ""
            start = ""
            if item.move and item.move != open_move:
                open_move, mark = item.move, self.ledger.mark()
                self._by = item.by or self.unknown
                kind, _, name = open_move.partition(":")
                start = f'<w:{_RANGES[kind]}RangeStart w:id="{mark}" {self._signed()} w:name="{escaped(name)}"/>'
            written.append(self.para(item, start) if isinstance(item, Para) else start + self._table(item))
        if open_move:
            written.append(_range_end(open_move, mark))
        return "".join(written)

    def para(self, para: Para, start: str = "") -> str:
        """One paragraph; ``start`` is what stands before its words."""
        if para.raw:
            return para.raw
        self._by = para.by or self.unknown
        places = [self._place(place) for place in para.places]
        before = start + "".join(opened for opened, _ in places)
        after = "".join(closed for _, closed in places)
        inside = "".join(map(self._piece, _signs(para)))
        inside += self._pieces(para.pieces, para.remarks, _CHANGE.get(para.end))
        return f"<w:p>{self._paragraph_look(para)}{before}{inside}{after}</w:p>"

    def _place(self, place: str) -> tuple[str, str]:
        name = self._names.get(place, place)
        if name in self.placed:
            return "", ""
        self.placed.add(name)
        mark = self.ledger.mark()
        return f'<w:bookmarkStart w:id="{mark}" w:name="{escaped(name)}"/>', f'<w:bookmarkEnd w:id="{mark}"/>'

    def _paragraph_look(self, para: Para) -> str:
        change = _CHANGE.get(para.end)
        end = f"<w:rPr>{self._mark(change)}</w:rPr>" if change else ""
        was = ""
        if para.was is not None and para.was != para.form:
            mark = f'w:id="{self.ledger.mark()}" {self._signed()}'
            was = f"<w:pPrChange {mark}><w:pPr>{look(para.was)}</w:pPr></w:pPrChange>"
        return f"<w:pPr>{look(para.form)}{end}{was}</w:pPr>"

    def _mark(self, name: str) -> str:
        return f'<{name} w:id="{self.ledger.mark()}" {self._signed()}/>'

    def _signed(self) -> str:
        name = line(shortened(self._by.name, _LONGEST_NAME)) or "?"
        date = f"{self._by.at:%Y-%m-%dT%H:%M:%SZ}"
        self.ledger.signed.add(mark_of(unescape(name), date))
        return f'w:author="{name}" w:date="{date}"'

    def _pieces(self, pieces: Sequence[Piece], remarks: Sequence[Remark], change: str | None) -> str:
        if not remarks:
            return "".join(map(self._piece, pieces))
        starts, ends = _edges(pieces, remarks)
        written: list[str] = []
        for n in range(len(pieces) + 1):
            if n == 0 or pieces:
                written += [f'<w:commentRangeStart w:id="{remark}"/>' for remark in starts.get(n, ())]
            if n < len(pieces):
                written.append(self._piece(pieces[n]))
            done = ends.get(n + 1, ()) if pieces else ends.get(0, ())
            written += [self._closed(remark, change) for remark in done]
        return "".join(written)

    def _closed(self, remark: int, change: str | None) -> str:
        """The end of what a comment is on, and the comment; it goes with a paragraph that goes as a whole."""
        sign = '<w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr>'
        sign += f'<w:commentReference w:id="{remark}"/></w:r>'
        if change:
            sign = f'<{change} w:id="{self.ledger.mark()}" {self._signed()}>{sign}</{change}>'
        return f'<w:commentRangeEnd w:id="{remark}"/>{sign}'

    def _piece(self, piece: Piece) -> str:
        change = _CHANGE.get(piece.fate)
        gone = piece.fate is Fate.DELETED
        if piece.cited is not None:
            return self._citation(piece.cited, change, gone=gone)
        inside = words(piece.text, self._look(piece), "w:delText" if gone else "w:t")
        if change and inside:
            inside = f'<{change} w:id="{self.ledger.mark()}" {self._signed()}>{inside}</{change}>'
        if piece.url is not None and len(piece.url) <= LONGEST_LINK:
            return f'<w:hyperlink r:id="{self.ledger.link(piece.url)}" w:history="1">{inside}</w:hyperlink>'
        if piece.anchor is not None and piece.anchor in self._names:
            return f'<w:hyperlink w:anchor="{self._names[piece.anchor]}" w:history="1">{inside}</w:hyperlink>'
        return inside

    def _citation(self, cited: Citation, change: str | None, *, gone: bool) -> str:
        raised = '<w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'
        opened = closed = ""
        if cited.first:
            opened, closed = self._place(f"note_{cited.note}")
            runs = f'<w:r>{raised}<w:footnoteReference w:id="{cited.note}"/></w:r>'
        else:
            code, told = ("w:delInstrText", "w:delText") if gone else ("w:instrText", "w:t")
            runs = (
                f'<w:r>{raised}<w:fldChar w:fldCharType="begin"/></w:r>'
                f'<w:r>{raised}<{code} xml:space="preserve"> NOTEREF note_{cited.note} \\h </{code}></w:r>'
                f'<w:r>{raised}<w:fldChar w:fldCharType="separate"/></w:r>'
                f"<w:r>{raised}<{told}>{cited.number}</{told}></w:r>"
                f'<w:r>{raised}<w:fldChar w:fldCharType="end"/></w:r>'
            )
        if change:
            runs = f'<{change} w:id="{self.ledger.mark()}" {self._signed()}>{runs}</{change}>'
        return opened + runs + closed

    def _look(self, piece: Piece) -> str:
        linked = piece.url is not None or piece.anchor in self._names
        now = run_look(piece.marks, linked=linked)
        if piece.was is None or piece.was == piece.marks:
            return now
        was = run_look(piece.was, linked=linked)
        return f'{now}<w:rPrChange w:id="{self.ledger.mark()}" {self._signed()}><w:rPr>{was}</w:rPr></w:rPrChange>'

    def _table(self, table: Table) -> str:
        self._by = table.by or self.unknown
        width = max(1000, WIDTH - table.left)
        columns = table.columns
        each = max(200, width // columns)
        grid = f'<w:gridCol w:w="{each}"/>' * columns
        rows = "".join(self._row(row, table, each, columns, first=n == 0) for n, row in enumerate(table.rows))
        return (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="CharterTable"/><w:tblW w:w="{each * columns}" w:type="dxa"/>'
            f'<w:tblInd w:w="{table.left}" w:type="dxa"/><w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" '
            'w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
        )

    def _row(self, row: Row, table: Table, each: int, columns: int, *, first: bool) -> str:
        change = _CHANGE.get(row.fate)
        inside = "<w:cantSplit/>" + ("<w:tblHeader/>" if row.header else "")
        inside += self._mark(change) if change else ""
        cells = [*row.cells, *(Para(Form("TableText")) for _ in range(columns - len(row.cells)))]
        written = []
        for n, cell in enumerate(cells):
            whole = first and n == 0 and table.remarks
            shown = Para(
                cell.form,
                cell.pieces,
                row.fate,
                cell.was,
                table.by,
                table.places if first and n == 0 else (),
                remarks=table.remarks if whole else cell.remarks,
            )
            written.append(f'<w:tc><w:tcPr><w:tcW w:w="{each}" w:type="dxa"/></w:tcPr>{self.para(shown)}</w:tc>')
        return f"<w:tr><w:trPr>{inside}</w:trPr>{''.join(written)}</w:tr>"


def _range_end(move: str, mark: int) -> str:
    return f'<w:{_RANGES[move.partition(":")[0]]}RangeEnd w:id="{mark}"/>'


def _signs(para: Para) -> list[Piece]:
    """The sign of an item that Word cannot count, as it was and is."""
    now, was = para.form.sign, para.form.sign if para.was is None else para.was.sign
    if now == was or para.end is not Fate.KEPT:
        return [Piece(f"{now}\t", fate=para.end)] if now else []
    both = ((was, Fate.DELETED), (now, Fate.INSERTED))
    return [Piece(f"{sign}\t", fate=fate) for sign, fate in both if sign]


def look(form: Form) -> str:
    """The elements of a paragraph's look, in the order Word asks for."""
    written = [f'<w:pStyle w:val="{form.style}"/>']
    if form.held:
        written.append("<w:keepNext/>")
    if form.new_page:
        written.append("<w:pageBreakBefore/>")
    if form.number is not None:
        written.append(f'<w:numPr><w:ilvl w:val="{form.number[1]}"/><w:numId w:val="{form.number[0]}"/></w:numPr>')
    if form.right_to_left:
        written.append("<w:bidi/>")
    if form.left or form.hanging:
        hanging = f' w:hanging="{form.hanging}"' if form.hanging else ""
        written.append(f'<w:ind w:left="{form.left}"{hanging}/>')
    if form.side:
        written.append(f'<w:jc w:val="{form.side}"/>')
    return "".join(written)


def run_look(marks: frozenset[Mark], *, linked: bool) -> str:
    """The elements of a run's look, in the order Word asks for."""
    if not marks and not linked:
        return ""
    style = "Hyperlink" if linked else "InlineCode" if Mark.CODE in marks else ""
    written = f'<w:rStyle w:val="{style}"/>' if style else ""
    if linked and Mark.CODE in marks:
        written += '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Consolas"/>'
    if Mark.STRONG in marks:
        written += "<w:b/><w:bCs/>"
    if Mark.EMPHASIS in marks:
        written += "<w:i/><w:iCs/>"
    return written


def _edges(pieces: Sequence[Piece], remarks: Sequence[Remark]) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Before which piece each comment begins and ends; pieces are divided there already."""
    starts: dict[int, list[int]] = {}
    ends: dict[int, list[int]] = {}
    for remark in remarks:
        first, last, at = 0, len(pieces), 0
        if remark.start is not None and remark.end is not None:
            inside = []
            for n, piece in enumerate(pieces):
                long = (1 if piece.note is not None else len(piece.text)) if piece.fate.is_new else 0
                if long and remark.start <= at < remark.end:
                    inside.append(n)
                at += long
            if inside:
                first, last = inside[0], inside[-1] + 1
        starts.setdefault(first, []).append(remark.number)
        ends.setdefault(last, []).append(remark.number)
    return starts, ends
