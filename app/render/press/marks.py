"""What is marked in a redline, for ears and at the edge of the page: words put in or taken out, and bars beside lines.

A word that was put in looks different. For those who hear it, the structure of the PDF says "insertion: … end of
insertion", as our pages do. And a bar stands beside exactly the lines on which anything is marked.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import pydyf

from app.render.press.proof import Box, Node

# Beside a block with this attribute bars may stand.
BARRED = "data-bar"
MARKUP = ("<ins>", "<del>", BARRED)
"""What print HTML with marks in it holds."""
_MARKED_CLASSES = frozenset(
    {"moved", "reformatted", "moved-here", "moved-away", "joined-here", "split-here", "retyped", "added", "removed"}
)
_SPOKEN = {"ins": ("insertion: ", " end of insertion"), "del": ("deletion: ", " end of deletion")}

# In points: how far left of the text a bar stands, and how wide it is. Its colour is that of the text.
_ASIDE, _WIDE, _INK = 14.2, 1.4, b"0.11 0.137 0.149 rg"
_POINTS = 0.75


class Page(Protocol):
    """A page that has been set."""

    _page_box: Box


@dataclass(frozen=True, slots=True)
class Said:
    """The words of one marked piece of a page, and the element of the print HTML they stand in."""

    words: str
    element: int


def remember_words() -> None:
    """Have each page remember what it shows under which number. WeasyPrint is pinned, and tests look at what comes."""
    from weasyprint.pdf.stream import Stream

    theirs: Callable[..., AbstractContextManager[None]] = Stream.marked
    if getattr(theirs, "ours", False):
        return

    def marked(self: object, box: Box, tag: str) -> AbstractContextManager[None]:
        words = getattr(box, "text", None)
        if isinstance(words, str):
            said: dict[int, Said] = self.__dict__.setdefault("said", {})
            said[len(self._tags)] = Said(words, id(box.element))  # type: ignore[attr-defined]
        return theirs(self, box, tag)

    marked.ours = True  # type: ignore[attr-defined]
    Stream.marked = marked


class Marks:
    """The marks of one redline, by the elements of its print HTML."""

    def __init__(self, body: Node) -> None:
        self._owner: dict[int, tuple[int, str]] = {}
        self._marked: set[int] = set()
        for element in _elements(body):
            if element.tag in _SPOKEN:
                # Marks do not stand in each other.
                self._owner.update((id(one), (id(element), str(element.tag))) for one in _elements(element))
            if element.tag in _SPOKEN or _MARKED_CLASSES & set((element.get("class") or "").split()):
                self._marked.update(id(one) for one in _elements(element))

    def spoken(self, pieces: Sequence[Said]) -> Mapping[int, str]:
        """What is heard instead of the pieces (in the order of reading) with which a mark begins or ends, by place."""
        places: dict[tuple[int, str], list[int]] = {}
        for place, piece in enumerate(pieces):
            if piece.element in self._owner:
                places.setdefault(self._owner[piece.element], []).append(place)
        heard: dict[int, str] = {}
        for (_, tag), there in places.items():
            begin, end = _SPOKEN[tag]
            heard[there[0]] = begin + pieces[there[0]].words
            heard[there[-1]] = heard.get(there[-1], pieces[there[-1]].words) + end
        return heard

    def bars(self, page: Page) -> bytes:
        """The bars of one page, as it is drawn, for the beginning of its stream; empty if none stand on it."""
        paper = page._page_box
        left = paper.content_box_x() * _POINTS - _ASIDE
        height = paper.margin_height() * _POINTS
        drawn = [
            f"{left:.2f} {height - bottom * _POINTS:.2f} {_WIDE} {(bottom - top) * _POINTS:.2f} re".encode()
            for top, bottom in _joined(self._stretches(paper))
        ]
        return b"\n".join([b"/Artifact BMC", b"q", _INK, *drawn, b"f", b"Q", b"EMC"]) if drawn else b""

    def _stretches(self, paper: Box) -> Iterator[tuple[float, float]]:
        """From where to where on the page anything is marked: its lines, or a whole block whose words are as before."""
        for block in _boxes(paper, _may_have_bars):
            lines = [(box.position_y, box.position_y + box.height) for box in _boxes(block, self._is_marked_line)]
            if lines or self._has_marks(block.element):
                yield from lines
            else:
                yield block.position_y, block.position_y + block.height

    def _is_marked_line(self, box: Box) -> bool:
        return type(box).__name__ == "LineBox" and any(id(one.element) in self._marked for one in _inside(box))

    def _has_marks(self, element: object) -> bool:
        return any(id(one) in self._marked for one in _elements(element))  # type: ignore[arg-type]


def draw_bars(pdf: pydyf.PDF, pages: Sequence[Page], marks: Marks) -> None:
    """Draw the bars of every page of a PDF that is about to be written. They are to be seen and not read out."""
    for page, reference in zip(pages, pdf.page_references, strict=True):
        drawn = marks.bars(page)
        if drawn:
            contents = pdf.objects[int(reference.split()[0])]["Contents"]
            pdf.objects[int(contents.split()[0])].stream.insert(0, drawn)


def _may_have_bars(box: Box) -> bool:
    attributes = getattr(box.element, "attrib", {})
    return BARRED in attributes and box.element_tag == getattr(box.element, "tag", None)


def _boxes(box: Box, wanted: Callable[[Box], bool]) -> Iterator[Box]:
    """The outermost boxes inside one that are wanted."""
    waiting = [*_children(box)]
    while waiting:
        one = waiting.pop()
        if wanted(one):
            yield one
        else:
            waiting += _children(one)


def _inside(box: Box) -> Iterator[Box]:
    """The boxes of words in a line, those that float beside it left out."""
    waiting = [*_children(box)]
    while waiting:
        one = waiting.pop()
        if isinstance(getattr(one, "text", None), str):
            yield one
        elif getattr(one, "is_in_normal_flow", bool)():
            waiting += _children(one)


def _children(box: Box) -> Iterable[Box]:
    return getattr(box, "children", ())


def _joined(stretches: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Stretches that touch, as one."""
    joined: list[tuple[float, float]] = []
    for top, bottom in sorted(stretches):
        if joined and top <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(bottom, joined[-1][1]))
        else:
            joined.append((top, bottom))
    return joined


def _elements(element: Node) -> Iterator[Node]:
    waiting = [element]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(one)
