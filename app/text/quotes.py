"""Finding the words somebody selected on a page in the stored text of a block."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from app.errors import BadInput
from app.text.blocks import Block, Kind
from app.text.dialect import Mark, SpanKind, inline
from app.text.rows import cell_ranges

_ENTITY = re.compile(r"&(?:#\w{1,8}|[A-Za-z]\w{1,31});")


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text as somebody sees it; each character with the range of stored code points that shows it."""

    text: str
    ranges: Sequence[tuple[int, int]]

    def found(self, quote: str, prefix: str, suffix: str) -> list[tuple[int, int]]:
        """Every stored range whose words read so, between words that read so.

        What stands around them may begin in the paragraph before or end in the next one, if nothing else fits.
        """
        quote, prefix, suffix = _one_line(quote), _one_line(prefix), _one_line(suffix)
        everywhere = list(_places(self.text, quote))
        for alike in (str.endswith, _ends_in_part):
            fitting = [
                (self.ranges[at][0], self.ranges[at + len(quote) - 1][1])
                for at in everywhere
                if alike(self.text[:at], prefix) and alike(self.text[at + len(quote) :][::-1], suffix[::-1])
            ]
            if fitting:
                return fitting
        return []


def find_quote(
    block: Block,
    quote: str,
    prefix: str = "",
    suffix: str = "",
    *,
    start: int | None = None,
    end: int | None = None,
) -> tuple[int, int]:
    """The range of the block's stored text that the quote is, in code points.

    The quote may be as stored or as a reader sees it, without marks and citations. ``start`` and ``end`` are believed
    only if exactly these words stand there. BadInput if the words are not there, or are there more than once.
    """
    if not quote.strip():
        raise BadInput("Select at least one word to comment on.", kind="empty-quote")
    if start is not None and end is not None:
        if 0 <= start < end <= len(block.text) and block.text[start:end] == quote:
            return start, end
        raise BadInput("The selected words do not stand at that place of the text.", kind="quote-not-found")
    ambiguous = False
    for reading in _readings(block):
        found = reading.found(quote, prefix, suffix)
        if len(found) == 1:
            return found[0]
        ambiguous = ambiguous or len(found) > 1
    if ambiguous:
        raise BadInput(
            "These words stand more than once in this paragraph: select a few more words around them.",
            kind="quote-ambiguous",
        )
    raise BadInput("The selected words are not in this paragraph.", kind="quote-not-found")


def _readings(block: Block) -> Iterator[_Reading]:
    yield _as_stored(block.text)
    if block.kind is Kind.TABLE:
        # On a page the cells stand without the bars between them.
        yield _as_cells(block.text, citations=True)
        yield _as_cells(block.text, citations=False)
    if block.kind is not Kind.CODE:
        yield _as_read(block.text, citations=True)
        yield _as_read(block.text, citations=False)


def _as_stored(text: str) -> _Reading:
    return _collapsed((character, n, n + 1) for n, character in enumerate(text))


def _as_read(text: str, *, citations: bool) -> _Reading:
    """Without marks of emphasis and the like. The label of a note is what a page shows, or nothing at all."""

    return _collapsed(_characters(text, citations=citations))


def _as_cells(text: str, *, citations: bool) -> _Reading:
    """The words of a table cell by cell, with room between two of them."""

    def characters() -> Iterator[tuple[str, int, int]]:
        at = 0
        for start, end in (cell for row in cell_ranges(text) for cell in row):
            if at:
                yield " ", at, start
            for character, low, high in _characters(text[start:end], citations=citations):
                yield character, low + start, high + start
            at = end

    return _collapsed(characters())


def _characters(text: str, *, citations: bool) -> Iterator[tuple[str, int, int]]:
    for span in inline(text):
        if span.kind is SpanKind.CITATION and not citations:
            continue
        at = span.start
        for character in span.text:
            low, high = shown_at(text, at, span.end, character, code=Mark.CODE in span.marks)
            yield character, low, high
            at = high


def shown_at(text: str, at: int, end: int, character: str, *, code: bool = False) -> tuple[int, int]:
    """The stored code points from a place on that show a character: itself, an escape, an entity, a hard break.

    In ``code`` nothing stands for anything else.
    """
    entity = None if code else _ENTITY.match(text, at, end)
    if entity is not None and unescape(entity.group()) == character:
        return at, entity.end()
    if text[at : at + 1] == character:
        return at, at + 1
    found = text.find(character, at, end)
    return at, found + 1 if found >= 0 else end


def _collapsed(characters: Iterable[tuple[str, int, int]]) -> _Reading:
    """White space of any length is one space; a page does not show it as it was written."""
    text: list[str] = []
    ranges: list[tuple[int, int]] = []
    for character, start, end in characters:
        if not character.isspace():
            text.append(character)
            ranges.append((start, end))
        elif text and text[-1] == " ":
            ranges[-1] = (ranges[-1][0], end)
        else:
            text.append(" ")
            ranges.append((start, end))
    return _Reading("".join(text), ranges)


def _one_line(text: str) -> str:
    """White space of any length as one space, at the ends too."""
    words = " ".join(text.split())
    return f"{' ' * text[:1].isspace()}{words}{' ' * text[-1:].isspace()}" if words else text[:1] and " "


def _places(text: str, quote: str) -> Iterator[int]:
    at = text.find(quote)
    while at >= 0:
        yield at
        at = text.find(quote, at + 1)


def _ends_in_part(before: str, context: str) -> bool:
    """Whether the two end alike as far as both go, white space at the end aside."""
    before, context = before.rstrip(), context.rstrip()
    return before.endswith(context) or context.endswith(before)
