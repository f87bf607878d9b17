"""Reads a Word file as Word would: with all changes accepted, or all rejected; small, strict, and written apart."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from tests.support.word_rules import W, parts

COME, GONE = (f"{W}ins", f"{W}moveTo"), (f"{W}del", f"{W}moveFrom")
SPACE = f"{W}pPr"


@dataclass(frozen=True)
class Words:
    """Words of one look: what they are set in, where they lead, and the text of the note they cite."""

    text: str
    looks: frozenset[str] = frozenset()
    link: str = ""
    note: tuple["Line", ...] | str = ""


@dataclass(frozen=True)
class Line:
    """A paragraph: its style, the sign of its list, its indent, its side, its words. ``cell`` says where in a table."""

    style: str
    sign: str
    left: int
    side: str
    words: tuple[Words, ...]
    cell: str = ""

    @property
    def text(self) -> str:
        """What is read in it; a citation is the number it shows in brackets."""
        return "".join(one.text for one in self.words)


class Reader:
    """A file with its changes accepted (True), rejected (False), or left as they stand (None)."""

    def __init__(self, octets: bytes, accept: bool | None = None) -> None:
        files = parts(octets)
        self.document = ET.fromstring(files["word/document.xml"])
        self.footnotes = ET.fromstring(files["word/footnotes.xml"])
        self.numbering = ET.fromstring(files["word/numbering.xml"])
        self.links = {}
        for name in ("document", "footnotes"):
            rels = files.get(f"word/_rels/{name}.xml.rels")
            self.links[name] = {e.get("Id"): e.get("Target") or "" for e in ET.fromstring(rels)} if rels else {}
        if accept is not None:
            for tree in (self.document, self.footnotes):
                resolve(tree, accept)
        self.counts: dict[str, int] = {}
        self.order: dict[str, int] = {}
        for e in self.document.iter(f"{W}footnoteReference"):
            self.order[e.get(f"{W}id", "")] = len(self.order) + 1
        self.bookmarks = {
            e.get(f"{W}name"): e for tree in (self.document, self.footnotes) for e in tree.iter(f"{W}bookmarkStart")
        }

    def lines(self) -> list[Line]:
        """Every paragraph of the text, without the contents."""
        body = self.document.find(f"{W}body")
        assert body is not None
        return list(self._lines(body, "document"))

    def notes(self) -> dict[int, list[Line]]:
        """The notes by the number Word gives them."""
        told = {e.get(f"{W}id", ""): e for e in self.footnotes}
        return {n: list(self._lines(told[id], "footnotes")) for id, n in self.order.items()}

    def _lines(self, container: ET.Element, part: str, cell: str = "") -> Iterator[Line]:
        for e in container:
            if e.tag == f"{W}p":
                yield self._line(e, part, cell)
            elif e.tag == f"{W}tbl":
                for n, row in enumerate(e.findall(f"{W}tr")):
                    head = "head" if row.find(f"{W}trPr/{W}tblHeader") is not None else ""
                    for m, one in enumerate(row.findall(f"{W}tc")):
                        yield from self._lines(one, part, f"{n}.{m}{head}")

    def _line(self, p: ET.Element, part: str, cell: str) -> Line:
        look = p.find(f"{W}pPr")
        value = {} if look is None else {e.tag.removeprefix(W): e for e in look}
        ind = value.get("ind")
        side = "" if "jc" not in value else value["jc"].get(f"{W}val", "")
        return Line(
            style=value["pStyle"].get(f"{W}val", "") if "pStyle" in value else "",
            sign=self._sign(value.get("numPr")),
            left=0 if ind is None else int(ind.get(f"{W}left", "0")),
            side=side + (" rtl" if "bidi" in value else ""),
            words=tuple(_merged(self._words(p, part, ""))),
            cell=cell,
        )

    def _sign(self, numbered: ET.Element | None) -> str:
        if numbered is None:
            return ""
        id = numbered[1].get(f"{W}val", "")
        level = numbered[0].get(f"{W}val", "")
        num = next(e for e in self.numbering.iter(f"{W}num") if e.get(f"{W}numId") == id)
        kind = num[0].get(f"{W}val")
        abstract = next(e for e in self.numbering.iter(f"{W}abstractNum") if e.get(f"{W}abstractNumId") == kind)
        form = next(e for e in abstract.iter(f"{W}lvl") if e.get(f"{W}ilvl") == level)
        style = next(form.iter(f"{W}numFmt")).get(f"{W}val", "")
        sign = next(form.iter(f"{W}lvlText")).get(f"{W}val", "")
        if style == "bullet":
            return f"bullet {level}"
        starts = {e.get(f"{W}ilvl"): e[0].get(f"{W}val") for e in num.iter(f"{W}lvlOverride")}
        start = int(starts.get(level) or "1")
        self.counts[id] = self.counts.get(id, start - 1) + 1
        return f"{style} {level} {sign.replace('%' + str(int(level) + 1), str(self.counts[id]))}"

    def _words(self, p: ET.Element, part: str, link: str) -> Iterator[Words]:
        field = False
        for e in p:
            if e.tag == f"{W}hyperlink":
                anchor = e.get(f"{W}anchor")
                id = next((v for k, v in e.attrib.items() if k.endswith("}id")), None)
                yield from self._words(e, part, f"#{anchor}" if anchor else self.links[part][id])
            elif e.tag in (*COME, *GONE):
                yield from self._words(e, part, link)
            elif e.tag == f"{W}r":
                for one in self._run(e, link):
                    if one.text == "\x01begin":
                        field = True
                    elif one.text == "\x01end":
                        field = False
                    elif not field:
                        yield one

    def _run(self, r: ET.Element, link: str) -> Iterator[Words]:
        look = r.find(f"{W}rPr")
        looks = set() if look is None else {e.tag.removeprefix(W) for e in look} & {"b", "i", "rStyle", "rFonts"}
        style = None if look is None else look.find(f"{W}rStyle")
        looks.discard("rStyle")
        name = "" if style is None else style.get(f"{W}val", "")
        if name == "InlineCode" or "rFonts" in looks:
            looks = (looks - {"rFonts"}) | {"code"}
        for e in r:
            tag = e.tag.removeprefix(W)
            if tag in ("t", "delText"):
                text = e.text or ""
                if name == "Unseen":
                    text = "".join(chr(int(code, 16)) for code in text[3:-1].split("][U+"))
                yield Words(text, frozenset(looks), link)
            elif tag in ("br", "tab", "softHyphen"):
                yield Words({"br": "\n", "tab": "\t", "softHyphen": "\u00ad"}[tag], frozenset(looks), link)
            elif tag == "footnoteReference":
                yield Words(f"[{self.order[e.get(f'{W}id', '')]}]", note="first")
            elif tag in ("instrText", "delInstrText") and "NOTEREF" in (e.text or ""):
                # The number that Word will show: that of the mark the field refers to.
                yield Words("\x01end")
                target = (e.text or "").split()[1].removeprefix("note_")
                yield Words(f"[{self.order.get(target, 'lost')}]", note="again")
                yield Words("\x01begin")
            elif tag == "fldChar":
                kind = e.get(f"{W}fldCharType")
                if kind in ("begin", "end"):
                    yield Words(f"\x01{kind}")


def _merged(some: Iterator[Words]) -> Iterator[Words]:
    last: Words | None = None
    for one in some:
        if last is not None and (last.looks, last.link, last.note) == (one.looks, one.link, one.note) and not one.note:
            last = Words(last.text + one.text, last.looks, last.link)
            continue
        if last is not None and last.text:
            yield last
        last = one
    if last is not None and last.text:
        yield last


def resolve(tree: ET.Element, accept: bool) -> None:
    """Accept every change of a part, or reject every one, as Word does it."""
    stay, go = (COME, GONE) if accept else (GONE, COME)
    for e in list(tree.iter()):
        for change, look in ((f"{W}pPrChange", f"{W}pPr"), (f"{W}rPrChange", f"{W}rPr")):
            found = e.find(change)
            if found is None or e.tag != look:
                continue
            e.remove(found)
            if not accept:
                before = found.find(look)
                mark = e.find(f"{W}rPr")
                for child in list(e):
                    e.remove(child)
                e.extend(deepcopy(list(before)) if before is not None else [])
                if mark is not None:
                    e.append(mark)
    _clear(tree, stay, go)
    for container in list(tree.iter()):
        if any(child.tag in (f"{W}p", f"{W}tbl") for child in container):
            _join(container, go)


def _clear(e: ET.Element, stay: tuple[str, ...], go: tuple[str, ...]) -> None:
    children: list[ET.Element] = []
    for child in list(e):
        if child.tag == f"{W}tr" and any(child.find(f"{W}trPr/{tag}") is not None for tag in go):
            continue
        if child.tag in go and e.tag not in (f"{W}rPr", f"{W}trPr"):
            continue
        _clear(child, stay, go)
        if child.tag == f"{W}tbl" and child.find(f"{W}tr") is None:
            continue
        if child.tag in stay and e.tag not in (f"{W}rPr", f"{W}trPr"):
            children.extend(child)
        elif child.tag == f"{W}hyperlink" and not len(child):
            continue
        elif not child.tag.startswith((f"{W}moveFromRange", f"{W}moveToRange")):
            children.append(child)
    for child in list(e):
        e.remove(child)
    e.extend(children)


def _join(container: ET.Element, go: tuple[str, ...]) -> None:
    carried: list[ET.Element] = []
    for child in list(container):
        if child.tag == f"{W}tbl":
            assert not _read(carried), "words would have to be joined to a table"
        if child.tag != f"{W}p":
            continue
        look = child.find(f"{W}pPr")
        inside = [e for e in child if e.tag != f"{W}pPr"]
        if look is not None and any(look.find(f"{W}rPr/{tag}") is not None for tag in go):
            carried += inside
            container.remove(child)
        else:
            for e in inside:
                child.remove(e)
            child.extend([*carried, *inside])
            carried = []
    assert not _read(carried), "the last paragraph cannot go"
    if container.tag in (f"{W}tc", f"{W}footnote"):
        assert container.find(f"{W}p") is not None, f"{container.tag} without a paragraph"


def _read(some: list[ET.Element]) -> str:
    return "".join(t.text or "" for e in some for t in e.iter(f"{W}t"))
