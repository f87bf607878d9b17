"""A block's text as a reader sees it, cut where the words of a comment begin and end."""

from dataclasses import dataclass

from app.text.blocks import Block, Kind
from app.text.dialect import Mark, Span, SpanKind, inline
from app.text.quotes import shown_at


@dataclass(frozen=True, slots=True)
class Marked:
    """What stands before the words, the words, and what stands after them; without marks, note numbers and escapes."""

    before: str
    words: str
    after: str


def marked(block: Block, start: int, end: int) -> Marked:
    """The words from ``start`` to ``end``, in code points of the stored text, within all that the block says."""
    if block.kind in (Kind.CODE, Kind.TABLE):
        return Marked(block.text[:start], block.text[start:end], block.text[end:])
    parts = ["", "", ""]
    for span in inline(block.text):
        if span.kind is SpanKind.CITATION:
            continue
        if span.end <= start or span.start >= end or (start <= span.start and span.end <= end):
            parts[0 if span.end <= start else 2 if span.start >= end else 1] += span.text
        else:
            _cut(block.text, span, start, end, parts)
    return Marked(*parts)


def _cut(text: str, span: Span, start: int, end: int, parts: list[str]) -> None:
    """Each character of a span that lies on one of the edges to its own side."""
    at = span.start
    for character in span.text:
        low, high = shown_at(text, at, span.end, character, code=Mark.CODE in span.marks)
        parts[0 if low < start else 2 if low >= end else 1] += character
        at = high
