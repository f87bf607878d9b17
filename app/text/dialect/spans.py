"""What inline text is made of for a reader: spans of words, citations and line breaks, with their marks and links."""

from enum import StrEnum
from typing import NamedTuple


class Mark(StrEnum):
    """How words are set apart."""

    EMPHASIS = "emphasis"
    STRONG = "strong"
    CODE = "code"


class SpanKind(StrEnum):
    """What a span is."""

    WORDS = "words"
    CITATION = "citation"
    BREAK = "break"


class Span(NamedTuple):
    """A stretch of inline text whose marks and link are the same throughout.

    ``text`` is what a reader sees: the words, the label of a cited note, or a newline for a hard break.
    ``note`` is the label of a citation. ``link`` is a target that this program follows, and nothing else ever.
    ``start`` and ``end`` are code points in the text that was read: the characters that show these words, with the
    escapes and entities among them, but without marks of emphasis around them. Of code they include the backticks.
    """

    text: str
    kind: SpanKind = SpanKind.WORDS
    marks: frozenset[Mark] = frozenset()
    link: str | None = None
    start: int = 0
    end: int = 0
    note: str | None = None
