"""Any inline Markdown in the one form in which it is kept."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from app.text.dialect.inline import SPECIAL, inline, read
from app.text.dialect.inline_writer import write
from app.text.dialect.nesting import NESTED
from app.text.dialect.normal_spans import Part, normal, normal_parts
from app.text.dialect.spans import SpanKind

_MARKS = frozenset(NESTED)
# How often one mark is given up where no Markdown can say it, before all emphasis of the text is.
_RETREATS = 8
# In a text of more pieces than people write in one paragraph it is all at once, since every attempt takes its time.
_MANY_SPANS = 2_000


def canonical_inline(raw: str, links: Mapping[str, tuple[str, str]] | None = None) -> str:
    """The inline text of one paragraph in canonical form, on one line but for hard breaks.

    ``links`` are the definitions that reference links may use: normal label (`normal_label`) → (target, title). The
    words of a title follow the link in brackets. A link that is not followed, an image and HTML stay the characters
    they are. An autolink stays one, ``<https://example.org>``, and a link whose words are its target becomes one.
    Emphasis that no Markdown could say in this form is given up; its words never are.
    """
    text = raw if raw.isascii() else unicodedata.normalize("NFC", raw)
    if SPECIAL.search(text) is None:
        return _single_spaces(text)
    return _written(normal(read(text, links or {})), None if links else text)


def written_inline(parts: Iterable[Part]) -> str:
    """Inline text that reads as these parts: what an editor holds, as it is kept.

    At worst with fewer marks and links, never with other words: a link around nothing but spaces is none.
    """
    return _written(normal_parts(_visible_links(parts)), None)


def _visible_links(parts: Iterable[Part]) -> Iterator[Part]:
    """The parts without links that lead nowhere for want of a word to press."""
    for link, run in groupby(parts, key=lambda part: part.link):
        linked = list(run)
        blank = all(part.kind is not SpanKind.CITATION and not part.text.strip() for part in linked)
        yield from (part._replace(link=None) for part in linked) if link is not None and blank else linked


def _single_spaces(text: str) -> str:
    text = text.strip(" ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def _written(spans: tuple[Part, ...], source: str | None) -> str:
    """The spans as Markdown that reads as these spans; at worst with fewer marks.

    ``source`` is a text they were read from without definitions: what is written like it need not be read back.
    """
    retreats = _RETREATS if len(spans) <= _MANY_SPANS else 0
    while True:
        for thorough in (False, True):
            made = write(spans, thorough=thorough)
            if made == source:
                return made
            found = normal(inline(made))
            if found == spans:
                return made
        if not any(span.marks & _MARKS for span in spans):
            if not any(span.link for span in spans):
                return made
            spans = normal_parts(span._replace(link=None) for span in spans)
            continue
        source = None
        if retreats:
            spans = normal_parts(_without_mark_at(spans, _difference(spans, found)))
            retreats -= 1
        else:
            spans = normal_parts(span._replace(marks=span.marks - _MARKS) for span in spans)


def _difference(wanted: Sequence[Part], found: Sequence[Part]) -> int:
    """The first span that came out otherwise."""
    for at, (one, other) in enumerate(zip(wanted, found, strict=False)):
        if one != other:
            return at
    return min(len(wanted), len(found))


def _without_mark_at(spans: Sequence[Part], at: int) -> list[Part]:
    """The spans without the marks of the nearest marked stretch, from this place back or else on."""
    marked = [n for n, span in enumerate(spans) if span.marks & _MARKS]
    if not marked:
        return list(spans)
    nearest = min(marked, key=lambda n: (abs(n - at), n))
    first = last = nearest
    while first > 0 and spans[first - 1].marks & _MARKS:
        first -= 1
    while last + 1 < len(spans) and spans[last + 1].marks & _MARKS:
        last += 1
    return [span._replace(marks=span.marks - _MARKS) if first <= n <= last else span for n, span in enumerate(spans)]
