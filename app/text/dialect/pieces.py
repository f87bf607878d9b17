"""The pieces that an inline text is read into, and how they become spans once its marks and links are known."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.text.dialect.emphasis import Pair, Run
from app.text.dialect.spans import Mark, Span, SpanKind

_CODE = frozenset({Mark.CODE})
# How deep a place stands in emphasis and in strong emphasis is counted in one number: the second from here on.
_STRONG = 1 << 32
_MARKS: tuple[frozenset[Mark], ...] = (
    frozenset(), frozenset({Mark.EMPHASIS}), frozenset({Mark.STRONG}), frozenset({Mark.EMPHASIS, Mark.STRONG})
)  # fmt: skip


@dataclass(slots=True)
class Piece:
    """A piece of the text that shows these words; the marks and links around it are known at the end."""

    text: str
    start: int
    end: int
    kind: SpanKind = SpanKind.WORDS
    link: str | None = None
    is_code: bool = False


def flat(
    pieces: Sequence[Piece | Run], pairs: Sequence[Pair], links_found: Sequence[tuple[int, int, str]]
) -> list[Span]:
    """The pieces with the marks and links around them; words that touch in the text and are alike are one span."""
    changes = _changes(pairs)
    links = sorted(links_found, reverse=True)
    next_change = changes[-1][0] if changes else -1
    depth = 0
    marks = _MARKS[0]
    spans: list[Span] = []
    # Words of one span while they are gathered: their texts, then the marks, the link and the place of all.
    texts: list[str] = []
    its_marks, its_link, its_start, its_end = marks, None, 0, 0
    for piece in pieces:
        if isinstance(piece, Run):
            if not piece.count:
                continue
            text, start, link, is_words = piece.character * piece.count, piece.start, None, True
            end = start + piece.count
        else:
            text, start, end, link = piece.text, piece.start, piece.end, piece.link
            if not text:
                continue
            is_words = piece.kind is SpanKind.WORDS and not piece.is_code
        if 0 <= next_change <= start:
            while changes and changes[-1][0] <= start:
                depth += changes.pop()[1]
            next_change = changes[-1][0] if changes else -1
            marks = _MARKS[bool(depth % _STRONG) + 2 * (depth >= _STRONG)]
        while links and links[-1][1] <= start:
            links.pop()
        if links and links[-1][0] <= start:
            link = links[-1][2]
        if texts:
            if is_words and start == its_end and marks is its_marks and link == its_link:
                texts.append(text)
                its_end = end
                continue
            spans.append(Span("".join(texts), SpanKind.WORDS, its_marks, its_link, its_start, its_end))
            texts = []
        if is_words:
            texts.append(text)
            its_marks, its_link, its_start, its_end = marks, link, start, end
        elif isinstance(piece, Piece):
            note = text if piece.kind is SpanKind.CITATION else None
            spans.append(Span(text, piece.kind, marks | _CODE if piece.is_code else marks, link, start, end, note))
    if texts:
        spans.append(Span("".join(texts), SpanKind.WORDS, its_marks, its_link, its_start, its_end))
    return spans


def _changes(pairs: Sequence[Pair]) -> list[tuple[int, int]]:
    """Where the depth changes and by how much, the last place first."""
    changes: list[tuple[int, int]] = []
    for mark, start, end in pairs:
        width = _STRONG if mark is Mark.STRONG else 1
        changes.append((start, width))
        changes.append((end, -width))
    changes.sort(reverse=True)
    return changes
