"""Spans in their one form: what two inline texts have in common exactly if they say the same with the same marks."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from app.text.dialect.spans import Mark, Span, SpanKind

_FOLDED = re.compile("[ \n\t]+")
_PROSE = SpanKind.WORDS


class Part(NamedTuple):
    """A span without its place."""

    text: str
    kind: SpanKind
    marks: frozenset[Mark]
    link: str | None

    @property
    def is_prose(self) -> bool:
        """Whether these are words in which spaces do not count."""
        return self.kind is _PROSE and Mark.CODE not in self.marks


def normal(spans: Iterable[Span]) -> tuple[Part, ...]:
    """The spans without places, joined where they are alike, in Unicode NFC.

    Runs of ordinary spaces are one space, there are none beside a hard break or at the ends, and white space at the
    edge of emphasis is outside it, since marks cannot stand beside white space.
    """
    return normal_parts(Part(span.text, span.kind, span.marks, span.link) for span in spans)


def normal_parts(given: Iterable[Part]) -> tuple[Part, ...]:
    """`normal` of what has lost its places already."""
    parts = _folded(given)
    for mark in (Mark.EMPHASIS, Mark.STRONG):
        parts = _trimmed(parts, mark)
    return tuple(_joined(parts))


def _folded(given: Iterable[Part]) -> list[Part]:
    """The parts with single spaces, none beside a break or at the ends, and without breaks at the ends."""
    kept: list[Part] = []
    after_space = True
    for part in given:
        text, kind, marks, _ = part
        if kind is _PROSE and Mark.CODE not in marks:
            if "  " in text or "\n" in text or "\t" in text:
                text = _FOLDED.sub(" ", text)
            if after_space:
                text = text.removeprefix(" ")
            if not text:
                continue
            after_space = text[-1] == " "
            if text != part.text:
                part = part._replace(text=text)
        elif kind is SpanKind.BREAK:
            if not kept:
                continue
            if after_space:
                _drop_last_space(kept)
            after_space = True
        else:
            after_space = False
        kept.append(part)
    while kept and kept[-1].kind is SpanKind.BREAK:
        kept.pop()
    if kept:
        _drop_last_space(kept)
    while kept and kept[-1].kind is SpanKind.BREAK:
        kept.pop()
    return kept


def _drop_last_space(parts: list[Part]) -> None:
    last = parts[-1]
    if last.is_prose and last.text.endswith(" "):
        parts.pop()
        if len(last.text) > 1:
            parts.append(last._replace(text=last.text[:-1]))


def _trimmed(parts: list[Part], mark: Mark) -> list[Part]:
    """The parts with the white space at both ends of each stretch under a mark put outside the mark."""
    made: list[Part] = []
    at, end = 0, len(parts)
    while at < end:
        part = parts[at]
        if mark not in part.marks:
            made.append(part)
            at += 1
            continue
        first = at
        at += 1
        while at < end and mark in parts[at].marks:
            at += 1
        last = parts[at - 1]
        if part.text[0].isspace() or last.text[-1].isspace():
            made.extend(_outside(parts[first:at], mark))
        elif part is last:
            made.append(part)
        else:
            made += parts[first:at]
    return made


def _outside(inside: Sequence[Part], mark: Mark) -> Iterator[Part]:
    first, last = 0, len(inside) - 1
    while first <= last and _is_blank(inside[first]):
        first += 1
    while last >= first and _is_blank(inside[last]):
        last -= 1
    for at, part in enumerate(inside):
        without = part.marks - {mark}
        if not first <= at <= last:
            yield part._replace(marks=without)
            continue
        text = part.text
        start, end = 0, len(text)
        if part.is_prose:
            start = end - len(text.lstrip()) if at == first else 0
            end = len(text.rstrip()) if at == last else end
        if start:
            yield part._replace(text=text[:start], marks=without)
        yield part._replace(text=text[start:end]) if start or end < len(text) else part
        if end < len(text):
            yield part._replace(text=text[end:], marks=without)


def _is_blank(part: Part) -> bool:
    """Whether there is nothing but white space, as far as marks are concerned."""
    return part.kind is SpanKind.BREAK or (part.is_prose and part.text.isspace())


def _joined(parts: Iterable[Part]) -> list[Part]:
    made: list[Part] = []
    waiting: list[str] = []
    last: Part | None = None
    for part in parts:
        if part.kind is not _PROSE:
            if last is not None:
                made.append(_composed(last, waiting))
                last = None
            made.append(part)
        elif last is not None and part.marks == last.marks and part.link == last.link:
            waiting.append(part.text)
        else:
            if last is not None:
                made.append(_composed(last, waiting))
            last, waiting = part, [part.text]
    if last is not None:
        made.append(_composed(last, waiting))
    return made


def _composed(part: Part, texts: Sequence[str]) -> Part:
    text = "".join(texts) if len(texts) > 1 else part.text
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return part if text is part.text else part._replace(text=text)
