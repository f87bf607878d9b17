"""Reads the pages after they are set: every word that went in must stand on a page, whole and inside its edges."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Protocol


class Box(Protocol):
    """As much of WeasyPrint's boxes as is read here. Sizes are in its pixels, from the corner of the page."""

    element: object
    element_tag: str | None
    position_x: float
    position_y: float
    width: float
    height: float

    def margin_width(self) -> float:
        """With padding, border and margin: of a page, the paper."""

    def margin_height(self) -> float:
        """With padding, border and margin: of a page, the paper."""

    def content_box_x(self) -> float:
        """Where its contents begin, from the left."""

    def all_children(self) -> Iterable["Box"]:
        """The boxes inside it, those that float and its running lines included."""


class Node(Protocol):
    """As much of the source tree as is read here."""

    tag: object
    text: str | None
    tail: str | None

    def get(self, name: str) -> str | None:
        """An attribute."""

    def __iter__(self) -> Iterator["Node"]: ...


# How far, in pixels, a line may reach over the edge of the paper: nothing of it is cut off there.
_SLACK = 1.0


def lost_words(pages: list[Box], body: Node) -> list[str]:
    """The beginnings of texts that are in the source but not, or not whole, on any page; empty if all is there."""
    printed: Counter[int] = Counter()
    for page in pages:
        right, bottom = page.margin_width() + _SLACK, page.margin_height() + _SLACK
        for box, words in _texts(page):
            inside = (
                box.position_x >= -_SLACK
                and box.position_y >= -_SLACK
                and box.position_x + box.width <= right
                and box.position_y + box.height <= bottom
            )
            if inside:
                printed[id(box.element)] += _letters(words)
    return [" ".join(words.split())[:80] for element, words in _sources(body) if printed[id(element)] < _letters(words)]


def _texts(page: Box) -> Iterator[tuple[Box, str]]:
    """Every text box of a page that was made from the source: no markers, calls, leaders or running lines."""
    waiting = [page]
    while waiting:
        box = waiting.pop()
        words = getattr(box, "text", None)
        if isinstance(words, str):
            if box.element_tag and "::" not in box.element_tag and not box.element_tag.startswith("@"):
                yield box, words
        else:
            waiting.extend(box.all_children())


def _sources(body: Node) -> Iterator[tuple[Node, str]]:
    """Every element with its own words, those between its children included."""
    waiting = [body]
    while waiting:
        element = waiting.pop()
        children = list(element)
        words = "".join([element.text or "", *(child.tail or "" for child in children)])
        if words.strip():
            yield element, words
        waiting.extend(children)


def _letters(words: str) -> int:
    return sum(map(str.isalnum, words))
