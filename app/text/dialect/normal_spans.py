"""Spans in their one form: what two inline texts have in common exactly if they say the same with the same marks."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from app.text.dialect.spans import Mark, Span, SpanKind

_FOLDED = re.compile("[ \n\t]+")
_NO_MARKS: frozenset[Mark] = frozenset()


def normal(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans without places, joined where they are alike, in Unicode NFC.

    Runs of ordinary spaces are one space, there are none beside a hard break or at the ends, and white space at the
    edge of emphasis is outside it, since marks cannot stand beside white space.
    """
    folded = _without_edges(list(_folded(spans)))
    for mark in (Mark.EMPHASIS, Mark.STRONG):
        if any(mark in span.marks for span in folded):
            folded = list(_trimmed(folded, mark))
    return tuple(_joined(folded))


def _is_prose(span: Span) -> bool:
    return span.kind is SpanKind.WORDS and Mark.CODE not in span.marks


def _folded(spans: Iterable[Span]) -> Iterator[Span]:
    """The spans with single spaces, and none after a space or a break."""
    after_space = True
    for span in spans:
        text = span.text
        if _is_prose(span):
            text = _FOLDED.sub(" ", text)
            if after_space:
                text = text.removeprefix(" ")
            if not text:
                continue
            after_space = text.endswith(" ")
        else:
            after_space = span.kind is SpanKind.BREAK
        yield Span(text, span.kind, span.marks, span.link, note=span.note)


def _without_edges(spans: list[Span]) -> list[Span]:
    """The spans without spaces before a break, and without breaks or spaces at the ends."""
    kept: list[Span] = []
    at_end = True
    for span in reversed(spans):
        if span.kind is SpanKind.BREAK:
            if not (at_end and not kept):
                kept.append(span)
                at_end = True
            continue
        if at_end and _is_prose(span):
            text = span.text.rstrip(" ")
            if not text:
                continue
            span = replace(span, text=text)
        kept.append(span)
        at_end = False
    while kept and kept[-1].kind is SpanKind.BREAK:
        kept.pop()
    kept.reverse()
    return kept


def _trimmed(spans: Sequence[Span], mark: Mark) -> Iterator[Span]:
    """The spans with the white space at both ends of each stretch under a mark put outside the mark."""
    for marked, group in groupby(spans, key=lambda span: mark in span.marks):
        if not marked:
            yield from group
            continue
        inside = list(group)
        tail: list[Span] = []
        first = 0
        while first < len(inside) and (cut := _blank_start(inside[first])):
            span = inside[first]
            yield replace(span, text=span.text[:cut], marks=span.marks - {mark})
            if cut < len(span.text):
                inside[first] = replace(span, text=span.text[cut:])
                break
            first += 1
        while len(inside) > first and (cut := _blank_end(inside[-1])):
            span = inside.pop()
            tail.append(replace(span, text=span.text[len(span.text) - cut :], marks=span.marks - {mark}))
            if cut < len(span.text):
                inside.append(replace(span, text=span.text[: len(span.text) - cut]))
                break
        yield from inside[first:]
        yield from reversed(tail)


def _blank_start(span: Span) -> int:
    """How many characters of white space a span begins with, as far as marks are concerned."""
    if span.kind is SpanKind.BREAK:
        return len(span.text)
    return len(span.text) - len(span.text.lstrip()) if _is_prose(span) else 0


def _blank_end(span: Span) -> int:
    if span.kind is SpanKind.BREAK:
        return len(span.text)
    return len(span.text) - len(span.text.rstrip()) if _is_prose(span) else 0


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    for (kind, marks, link), group in groupby(spans, key=lambda span: (span.kind, span.marks, span.link)):
        if kind is SpanKind.WORDS:
            text = "".join(span.text for span in group)
            yield Span(text if text.isascii() else unicodedata.normalize("NFC", text), kind, marks, link)
        else:
            yield from group
