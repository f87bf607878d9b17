"""The structure that a PDF carries for those who hear it or convert it: what each piece is, in the order of reading.

WeasyPrint tags what it knows from HTML. This module says what the print HTML means beyond that (notes, contents, marks
of a redline), and puts right, before the file is written, what comes out crooked: labels of items inside their words,
notes far from the words that cite them, running lines as if they were text, and links that nest.

Elements are objects of the PDF that is being made: dictionaries whose ``K`` holds children, as references (b"12 0 R")
or as numbers of marked pieces of a page (MCIDs). The parent tree says the same the other way round.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

import pydyf

from app.render.press.marks import Marks, Said

# What an element of the print HTML is in a PDF, where its name alone does not say it.
_MEANT = {
    "contents": "TOC",
    "entry": "TOCI",
    "a::after": "Span",
    "fnote": "Note",
    "endnote": "Note",
    "fnote::footnote-call": "Reference",
    "fnote::footnote-marker": "Lbl",
    "li::before": "Lbl",
    "header": "Div",
    "nav": "Sect",
    "address": "Div",
    "pre": "P",
    "code": "Code",
    "strong": "Span",
    "em": "Span",
    "ins": "Inserted",
    "del": "Deleted",
}
# What stands in the tree for a moment, until it is said how it is shown.
_DECORATED = {"/Inserted": "/Underline", "/Deleted": "/LineThrough"}

# Points in a pixel of CSS.
_POINTS = 0.75

_PLAIN = {"Type", "S", "K", "Pg", "P"}

Reference = bytes
Element = dict[str, object]


class Page(Protocol):
    """A page that has been set: the addresses that lie on it."""

    anchors: Mapping[str, object]


def say_what_is_meant() -> None:
    """Tell WeasyPrint what our own elements are. It has no way to be told, so its table is put behind ours.

    The version is pinned, and tests look into the file that comes out.
    """
    from weasyprint.pdf import tags

    theirs: Callable[[str | None], str] = tags._get_pdf_tag
    if getattr(theirs, "ours", False):
        return

    def tag_of(name: str | None) -> str:
        return _MEANT.get(name or "") or theirs(name)

    tag_of.ours = True  # type: ignore[attr-defined]
    tags._get_pdf_tag = tag_of


def straighten(pdf: pydyf.PDF, contents: Sequence[str], marks: Marks | None = None) -> None:
    """Put the structure of a PDF right that is about to be written. ``contents`` says where each entry leads.

    ``marks`` are those of a redline: where one begins and ends is said in words.
    """
    structure = _Structure(pdf)
    structure.straighten(contents)
    if marks is not None:
        structure.say_where_marks_begin_and_end(marks)


class _Structure:
    """The tree of elements of one PDF, and the parent tree beside it."""

    def __init__(self, pdf: pydyf.PDF) -> None:
        self._pdf = pdf
        root = self._at(pdf.catalog["StructTreeRoot"])
        self._top = self._at(_children(root)[0])
        self._parents: list[object] = self._at(root["ParentTree"])["Nums"]  # type: ignore[assignment]
        self._page_numbers = {reference: n for n, reference in enumerate(pdf.page_references)}

    def straighten(self, contents: Sequence[str]) -> None:
        self._fold_leaves()
        for element in list(self._elements(self._top)):
            if element["S"] == "/Link":
                self._flatten(element)
        for element in list(self._elements(self._top)):
            if element["S"] == "/LI":
                self._put_label_first(element)
            if element["S"] == "/Figure":
                self._say_where_it_lies(element)
        self._name_pages(contents)
        self._put_notes_where_they_are_cited()
        self._prune(self._top)
        self._say_what_headers_head()
        self._leave_out_running_lines()

    def _fold_leaves(self) -> None:
        """Lines right in their paragraphs, without an element for each: half of all elements say nothing else."""
        for element in self._elements(self._top):
            inside = _children(element)
            for place, child in enumerate(inside):
                leaf = self._at(child) if isinstance(child, bytes) else {}
                if leaf.get("S") == "/Span" and leaf.keys() == _PLAIN and _is_a_piece(leaf["K"]):
                    (number,) = _children(leaf)
                    inside[place] = number
                    self._own(element, number)
                    # Its number stays, with nothing under it.
                    self._pdf.objects[leaf.number] = _Nothing(leaf.number)  # type: ignore[attr-defined]

    def say_where_marks_begin_and_end(self, marks: Marks) -> None:
        """Insertions and deletions are heard with their beginning and end, and say how they are shown."""
        for element in list(self._elements(self._top)):
            if (shown := _DECORATED.get(str(element["S"]))) is not None:
                element["S"] = "/Span"
                element["A"] = pydyf.Dictionary({"O": "/Layout", "TextDecorationType": shown})
        pieces = [
            (owner, number, said) for owner, number in self._pieces(self._top) if (said := self._said(owner, number))
        ]
        heard = marks.spoken([said for _, _, said in pieces])
        for place, words in heard.items():
            owner, number, _ = pieces[place]
            self._leaf(owner, number)["ActualText"] = pydyf.String(words)

    def _pieces(self, element: Element) -> Iterator[tuple[Element, int]]:
        """The marked pieces of pages below an element in the order of reading, each with the element it is right in."""
        for child in _children(element):
            if isinstance(child, int):
                yield element, child
            elif isinstance(child, bytes) and "S" in (inner := self._at(child)):
                yield from self._pieces(inner)

    def _said(self, owner: Element, number: int) -> Said | None:
        """What a marked piece shows, if it is words."""
        page = self._at(owner["Pg"])
        stream = self._pdf.objects[int(page["Contents"].split()[0])]  # type: ignore[attr-defined]
        said: dict[int, Said] = getattr(stream, "said", {})
        return said.get(number)

    def _leaf(self, owner: Element, number: int) -> Element:
        """An element that holds this piece alone: what is said of it is said of nothing else."""
        if owner["S"] == "/Span" and owner["K"] == [number]:
            return owner
        leaf = pydyf.Dictionary(
            {
                "Type": "/StructElem",
                "S": "/Span",
                "K": pydyf.Array([number]),
                "Pg": owner["Pg"],
                "P": owner.reference,  # type: ignore[attr-defined]
            }
        )
        self._pdf.add_object(leaf)
        inside = _children(owner)
        inside[inside.index(number)] = leaf.reference
        self._own(leaf, number)
        made: Element = leaf
        return made

    def _say_where_it_lies(self, figure: Element) -> None:
        """The corners of a picture as a PDF counts them: in points from the bottom left of its page.

        WeasyPrint 70 writes them in its own pixels, from the top.
        """
        layout = figure.get("A")
        page = self._at(figure["Pg"])
        box = page.get("MediaBox")
        if isinstance(layout, dict) and "BBox" in layout and isinstance(box, list):
            left, top, right, bottom = (float(n) * _POINTS for n in layout["BBox"])
            height = float(box[3])
            layout["BBox"] = pydyf.Array([left, height - bottom, right, height - top])

    def _prune(self, element: Element) -> bool:
        """Leave out elements that hold nothing any more, such as the foot of a page whose notes have gone."""
        kept: list[object] = []
        for child in _children(element):
            found = self._at(child) if isinstance(child, bytes) else None
            if found is None or "S" not in found or self._prune(found) or found["S"] != "/NonStruct":
                kept.append(child)
        element["K"] = pydyf.Array(kept)
        return bool(kept)

    def _say_what_headers_head(self) -> None:
        for element in self._elements(self._top):
            if element["S"] == "/TH":
                element["A"]["Scope"] = "/Column"  # type: ignore[index]

    def _at(self, reference: object) -> Element:
        """The object behind a reference."""
        assert isinstance(reference, bytes)
        found = self._pdf.objects[int(reference.split()[0])]
        assert isinstance(found, dict)
        return found

    def _inside(self, element: Element) -> Iterator[Element]:
        """The elements right inside one, without marked pieces and annotations."""
        for child in _children(element):
            if isinstance(child, bytes):
                found = self._at(child)
                if "S" in found:
                    yield found

    def _elements(self, element: Element) -> Iterator[Element]:
        """An element and everything in it, in reading order."""
        waiting = [element]
        while waiting:
            one = waiting.pop()
            yield one
            waiting += reversed(list(self._inside(one)))

    def _flatten(self, link: Element) -> None:
        """A link in a link (each line of it, and what stands after it) is one link, with one annotation."""
        kept: list[object] = []
        annotated = False
        for child in self._leaves_of_link(link):
            if isinstance(child, bytes) and self._is_annotation(child):
                if annotated:
                    self._drop_annotation(child)
                    continue
                annotated = True
            kept.append(child)
        link["K"] = pydyf.Array(kept)

    def _leaves_of_link(self, link: Element) -> Iterator[object]:
        for child in _children(link):
            if not isinstance(child, bytes):
                self._own(link, child)
                yield child
                continue
            inner = self._at(child)
            if inner.get("S") in ("/Link", "/NonStruct") and self._is_link_within(inner):
                yield from self._taken(inner, link)
            elif inner.get("S") is not None:
                inner["P"] = link.reference  # type: ignore[attr-defined]
                yield from self._without_annotations(child, inner)
            else:
                yield child

    def _taken(self, inner: Element, link: Element) -> Iterator[object]:
        """What a nested link holds, as what the outer one holds."""
        for child in self._leaves_of_link(inner):
            self._own(link, child)
            if isinstance(child, bytes) and "S" in self._at(child):
                self._at(child)["P"] = link.reference  # type: ignore[attr-defined]
            yield child

    def _without_annotations(self, reference: bytes, element: Element) -> Iterator[object]:
        """An element inside a link without annotations anywhere in it: they are those of the same link again."""
        for one in list(self._elements(element)):
            kept: list[object] = []
            for child in _children(one):
                if isinstance(child, bytes) and self._is_annotation(child):
                    self._drop_annotation(child)
                else:
                    kept.append(child)
            one["K"] = pydyf.Array(kept)
        yield reference

    def _is_link_within(self, element: Element) -> bool:
        return element["S"] == "/Link" or any(one["S"] == "/Link" for one in self._inside(element))

    def _is_annotation(self, reference: bytes) -> bool:
        return self._at(reference).get("Type") == "/OBJR"

    def _own(self, element: Element, child: object) -> None:
        """Say in the parent tree that a marked piece belongs to this element."""
        if isinstance(child, int):
            page = self._page_numbers[element["Pg"]]
            self._parents[2 * page + 1][child] = element.reference  # type: ignore[index, attr-defined]

    def _drop_annotation(self, reference: bytes) -> None:
        """Take an annotation off its page, and out of the parent tree."""
        target = self._at(reference)["Obj"]
        annotation = self._at(target)
        for page_reference in self._pdf.page_references:
            page = self._at(page_reference)
            annotations = page.get("Annots")
            if isinstance(annotations, list) and target in annotations:
                annotations.remove(target)
        place = annotation.get("StructParent")
        numbers = self._parents[0::2]
        if place in numbers:
            at = 2 * numbers.index(place)
            del self._parents[at : at + 2]

    def _put_label_first(self, item: Element) -> None:
        """The marker of a list item before its words, and not among them."""
        body = next((one for one in self._inside(item) if one["S"] == "/LBody"), None)
        if body is None:
            return
        for element in self._elements(body):
            if element["S"] == "/L":
                return
            if element["S"] == "/Lbl":
                self._move(element, item, 0)
                return

    def _move(self, element: Element, parent: Element, place: int) -> None:
        """Take an element from where it stands and put it into another one."""
        reference = element.reference  # type: ignore[attr-defined]
        self._at(element["P"])["K"].remove(reference)  # type: ignore[attr-defined]
        _children(parent).insert(place, reference)
        element["P"] = parent.reference  # type: ignore[attr-defined]

    def _name_pages(self, contents: Sequence[str]) -> None:
        """An entry of the contents is heard as its words and its page, without the dots between."""
        entries = [element for element in self._elements(self._top) if element["S"] == "/TOCI"]
        for entry, words in zip(entries, contents, strict=False):
            dotted = [one for one in self._elements(entry) if one["S"] == "/Span" and self._is_after(one)]
            if dotted:
                dotted[-1]["ActualText"] = pydyf.String(words)

    def _is_after(self, element: Element) -> bool:
        """Whether this is what the sheet puts behind a link: leader dots and a number."""
        return self._at(element["P"])["S"] == "/Link"

    def _put_notes_where_they_are_cited(self) -> None:
        """Each note right after its citation, under a name of its own; one that runs on over a page stays behind it."""
        elements = list(self._elements(self._top))
        cited = [element for element in elements if element["S"] == "/Reference"]
        notes = [element for element in elements if element["S"] == "/Note"]
        for number, note in enumerate(notes, start=1):
            note["ID"] = pydyf.String(f"note-{number}")
        if len(cited) != len(notes):
            return
        for citation, note in zip(cited, notes, strict=True):
            holder = self._at(citation["P"])
            place = _children(holder).index(citation.reference)  # type: ignore[attr-defined]
            self._move(note, holder, place + 1)

    def _leave_out_running_lines(self) -> None:
        """What stands in the margins of every page is no part of the text: marked as an artifact."""
        reached = {element.reference for element in self._elements(self._top)}  # type: ignore[attr-defined]
        for number, page_reference in enumerate(self._pdf.page_references):
            owners: list[object] = self._parents[2 * number + 1]  # type: ignore[assignment]
            loose = {mcid for mcid, owner in enumerate(owners) if owner not in reached}
            if not loose:
                continue
            for mcid in loose:
                owners[mcid] = b"null"
            page = self._at(page_reference)
            stream = self._pdf.objects[int(page["Contents"].split()[0])].stream  # type: ignore[attr-defined]
            stream[:] = _as_artifacts(stream, loose)


class _Nothing(pydyf.Object):  # type: ignore[misc]
    """What stands under a number that is not used any more."""

    data = b"null"

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def _is_a_piece(children: object) -> bool:
    return isinstance(children, list) and len(children) == 1 and isinstance(children[0], int)


def _as_artifacts(stream: Sequence[object], loose: set[int]) -> list[object]:
    """A page whose pieces with these numbers are artifacts."""
    made: list[object] = []
    pieces = iter(stream)
    for piece in pieces:
        if isinstance(piece, pydyf.Dictionary) and piece.get("MCID") in loose:
            made[-1] = "/Artifact"
            made.append(b"BMC")
            next(pieces)
        else:
            made.append(piece)
    return made


def _children(element: Element) -> list[object]:
    found = element["K"]
    assert isinstance(found, list)
    return found


def pages_of(targets: Sequence[str], pages: Sequence[Page]) -> list[str]:
    """Where addresses lie, in words: "page 4". Pages are counted from the cover, as they are numbered."""
    places: dict[str, int] = {}
    for number, page in enumerate(pages, start=1):
        for anchor in itertools.chain(page.anchors):
            places.setdefault(anchor, number)
    return [f"page {places[target]}" if target in places else "" for target in targets]
