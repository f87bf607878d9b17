"""Marks in a text as it is read: which words a proposal or a comment is about, and the pin that leads to it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.text.blocks import Kind
from app.text.dialect import Mark, Span, inline
from app.text.prepared import PreparedBlock, PreparedListing, PreparedPart, PreparedQuotation, Run, RunKind
from app.text.quotes import shown_at
from app.text.rows import cell_ranges


@dataclass(frozen=True, slots=True)
class Pin:
    """A small sign after the words: the number of a proposal, or how many comments there are.

    ``address`` is where it leads, ``spoken`` what it is called for those who do not see it.
    """

    proposal: bool
    label: str
    address: str
    spoken: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Words of a block, in code points of its stored text, and the pin that stands after them, if any.

    ``look`` says whose they are: "thread", "prop", or "both" where two proposals touch the same words or sentence. A
    spot without words is a pin at the end of the block.
    """

    start: int
    end: int
    look: str
    pin: Pin | None = None


@dataclass(frozen=True, slots=True)
class PinnedRun(Run):
    """A run of one look; ``pins`` stand after it."""

    looks: tuple[str, ...] = ()
    pins: tuple[Pin, ...] = field(default=())


def pinned_part(part: PreparedPart, spots: Mapping[str, Sequence[Spot]]) -> PreparedPart:
    """A part with the marks of all blocks in it."""
    match part:
        case PreparedListing(items=items):
            return replace(part, items=tuple(pinned_block(item, spots) for item in items))
        case PreparedQuotation(quotes=quotes):
            return PreparedQuotation(tuple(pinned_block(quote, spots) for quote in quotes))
        case PreparedBlock():
            return pinned_block(part, spots)


def pinned_block(block: PreparedBlock, spots: Mapping[str, Sequence[Spot]]) -> PreparedBlock:
    """A block with its marks and those of what stands inside it."""
    inside = tuple(pinned_part(part, spots) for part in block.inside)
    mine = spots.get(block.block.id or "")
    if not mine:
        return replace(block, inside=inside) if block.inside else block
    text = block.block.text
    if block.block.kind is Kind.TABLE:
        return replace(block, rows=_rows(block, mine), inside=inside)
    if block.block.kind is Kind.CODE:
        whole = (Span(text, start=0, end=len(text)),)
        return replace(block, runs=_pinned(text, whole, (Run(text),), mine), inside=inside)
    return replace(block, runs=_pinned(text, inline(text), block.runs, mine), inside=inside)


def _rows(table: PreparedBlock, spots: Sequence[Spot]) -> tuple[tuple[tuple[Run, ...], ...], ...]:
    """Each cell with its part of the marks; the pin stands in the last cell that has words of it."""
    text = table.block.text
    ranges = cell_ranges(text)
    homes: dict[Spot, tuple[int, int]] = {}
    for r, row in enumerate(ranges):
        for c, (start, end) in enumerate(row):
            homes.update({spot: (r, c) for spot in spots if spot.start < end and spot.end > start})
    last = len(ranges) - 1, len(ranges[-1]) - 1

    def cell(r: int, c: int, runs: tuple[Run, ...]) -> tuple[Run, ...]:
        start, end = ranges[r][c]
        mine = [
            Spot(s.start - start, s.end - start, s.look, s.pin if homes.get(s, last) == (r, c) else None)
            for s in spots
            if (s.start < end and s.end > start) or (s not in homes and (r, c) == last)
        ]
        written = text[start:end]
        return _pinned(written, inline(written), runs, mine) if mine else runs

    return tuple(tuple(cell(r, c, runs) for c, runs in enumerate(row)) for r, row in enumerate(table.rows))


def _pinned(text: str, spans: Sequence[Span], runs: Sequence[Run], spots: Sequence[Spot]) -> tuple[Run, ...]:
    pieces: list[tuple[Run, frozenset[int]]] = []
    for span, run in zip(spans, runs, strict=True):
        pieces.extend(_cut(text, span, run, spots))
    last: dict[int, int] = {}
    for n, (_, here) in enumerate(pieces):
        last.update(dict.fromkeys(here, n))
    pins: dict[int, list[Pin]] = {}
    for index, spot in sorted(enumerate(spots), key=lambda pair: pair[1].end):
        if spot.pin is not None:
            pins.setdefault(last.get(index, len(pieces) - 1), []).append(spot.pin)
    if not pieces:
        return (PinnedRun("", pins=tuple(pins.get(-1, ()))),)
    return tuple(
        _piece(run, tuple(dict.fromkeys(spots[index].look for index in sorted(here))), tuple(pins.get(n, ())))
        for n, (run, here) in enumerate(pieces)
    )


def _piece(run: Run, looks: tuple[str, ...], pins: tuple[Pin, ...]) -> Run:
    if not looks and not pins:
        return run
    return PinnedRun(
        run.text, run.marks, run.kind, run.url, run.anchor, run.annexe, run.number, run.first, looks=looks, pins=pins
    )


def _cut(text: str, span: Span, run: Run, spots: Sequence[Spot]) -> Iterator[tuple[Run, frozenset[int]]]:
    """A run in pieces, each with the spots that lie over all of it."""
    here = [n for n, spot in enumerate(spots) if spot.start < span.end and spot.end > span.start]
    inside = any(span.start < spots[n].start or spots[n].end < span.end for n in here)
    if not inside or run.kind is not RunKind.WORDS or run.text != span.text:
        yield run, frozenset(here)
        return
    words, over = "", frozenset[int]()
    at = span.start
    for character in span.text:
        low, high = shown_at(text, at, span.end, character, code=Mark.CODE in span.marks)
        now = frozenset(n for n in here if spots[n].start < high and spots[n].end > low)
        if now != over and words:
            yield replace(run, text=words), over
            words = ""
        words, over, at = words + character, now, high
    if words:
        yield replace(run, text=words), over
