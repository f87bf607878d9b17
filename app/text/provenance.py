"""Which revision, proposal, change and decision every word of a block came from, as runs over its code points."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.text.blocks import Block, Kind
from app.text.keeping import Kept, kept_words
from app.text.words import is_word, tokens


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """Where words came from: the revision that first had them, and by which change, if it was one.

    Words of an import, or chosen by the governors when they merged, have a revision alone.
    """

    revision: int
    proposal: int | None = None
    change: int | None = None
    decision: int | None = None


@dataclass(frozen=True, slots=True)
class Spans:
    """The sources of a whole text: so many code points from here, then so many from there.

    Lengths are positive, and neighbours have different sources, so that equal provenance is equal.
    """

    runs: tuple[tuple[int, Source], ...] = ()

    @classmethod
    def of(cls, text: str, source: Source) -> "Spans":
        """A text that comes from one source."""
        return cls(((len(text), source),) if text else ())

    @classmethod
    def gathered(cls, runs: Iterable[tuple[int, Source]]) -> "Spans":
        """Any runs, neighbours of one source joined."""
        found: list[tuple[int, Source]] = []
        for length, source in runs:
            if length and found and found[-1][1] == source:
                found[-1] = found[-1][0] + length, source
            elif length:
                found.append((length, source))
        return cls(tuple(found))

    @property
    def length(self) -> int:
        """How many code points they cover."""
        return sum(length for length, _ in self.runs)

    @property
    def sources(self) -> frozenset[Source]:
        """All sources that have a word in it."""
        return frozenset(source for _, source in self.runs)

    def ranges(self) -> Iterator[tuple[int, int, Source]]:
        """Every run as a range of code points, in order."""
        at = 0
        for length, source in self.runs:
            yield at, at + length, source
            at += length

    def part(self, start: int, end: int) -> list[tuple[int, Source]]:
        """The runs between two code points."""
        return [
            (min(high, end) - max(low, start), source)
            for low, high, source in self.ranges()
            if low < end and high > start
        ]


@dataclass(frozen=True, slots=True)
class Writer:
    """A merged change as the author of words: what the block said where it was made, and what it wanted it to say.

    ``proposed`` is the adopted text where the governors amended it. ``chosen``: somebody chose between it and other
    words when it was merged, perhaps words of their own; then it has written nothing but what stands in its own text.
    """

    source: Source
    base: str
    proposed: str
    chosen: bool = False


def extended(
    previous: Spans,
    old: str,
    new: str,
    source: Source,
    writers: Sequence[Writer] = (),
    *,
    kind: Kind = Kind.PARAGRAPH,
) -> Spans:
    """The provenance of a block after a merge that made the new text of the old one.

    Kept words keep their source. New words have the one of the writer who wrote them; ``source`` is that of words no
    writer wrote, and of all new words if no writers are named.
    """
    if previous.length != len(old):
        raise ValueError("the provenance is not that of the old text")
    if old == new:
        return previous
    kept = kept_words([Block(kind, old, id="")], [Block(kind, new, id="")])
    return spans_of(Block(kind, new), kept, {"": previous}, source, writers)


def spans_of(
    block: Block, kept: Iterable[Kept], previous: Mapping[str, Spans], source: Source, writers: Sequence[Writer]
) -> Spans:
    """The provenance of a new block: from the kept words of old blocks, by their ids, and from who wrote the rest."""
    sources: list[Source | None] = [None] * len(block.text)
    for one in kept:
        at = one.at
        for length, known in previous[one.old].part(one.start, one.end):
            sources[at : at + length] = [known] * length
            at += length
    alone = writers[0].source if len(writers) == 1 and not writers[0].chosen else None
    for start, end in _holes(sources):
        # One author answers for all that is new; of several each for the words that are in their text.
        sources[start:end] = [alone] * (end - start)
    if alone is None:
        for writer in writers:
            _claim(sources, block, writer)
        if writers:
            _fill_gaps(sources, block.text)
    return Spans.gathered((len(list(run)), known or source) for known, run in groupby(sources))


def _claim(sources: list[Source | None], block: Block, writer: Writer) -> None:
    """Give the writer those new words that are in the writer's text and were not in the writer's base."""
    base, proposed = (Block(block.kind, text, id="") for text in (writer.base, writer.proposed))
    written = [True] * len(writer.proposed)
    for kept in kept_words([base], [proposed]):
        written[kept.at : kept.until] = [False] * kept.length
    for kept in kept_words([proposed], [block.with_id("")]):
        for n in range(kept.length):
            if written[kept.start + n] and sources[kept.at + n] is None:
                sources[kept.at + n] = writer.source


def _fill_gaps(sources: list[Source | None], text: str) -> None:
    """Spaces and signs between new words go with the new words before them, or after them."""
    for start, end in _holes(sources):
        if any(map(is_word, tokens(text[start:end]))):
            continue
        near = sources[start - 1] if start else None
        after = sources[end] if end < len(sources) else None
        sources[start:end] = [near or after] * (end - start)


def _holes(sources: Sequence[Source | None]) -> list[tuple[int, int]]:
    """The ranges without a source."""
    found: list[tuple[int, int]] = []
    at = 0
    for known, run in groupby(sources):
        length = len(list(run))
        if known is None:
            found.append((at, at + length))
        at += length
    return found


def spans_to_json(spans: Spans) -> dict[str, object]:
    """The provenance as it is stored: each source once, and the runs as [length, number of the source]."""
    sources = sorted(spans.sources, key=_order)
    place = {source: n for n, source in enumerate(sources)}
    return {
        "sources": [[one.revision, one.proposal, one.change, one.decision] for one in sources],
        "runs": [[length, place[source]] for length, source in spans.runs],
    }


def spans_from_json(value: Mapping[str, object]) -> Spans:
    """The inverse of `spans_to_json`; a value this program did not write is a KeyError or ValueError."""
    sources, runs = value["sources"], value["runs"]
    if not isinstance(sources, list) or not isinstance(runs, list):
        raise ValueError("provenance has sources and runs")
    known = [_source(one) for one in sources]
    found: list[tuple[int, Source]] = []
    for run in runs:
        length, place = run
        if not (isinstance(length, int) and isinstance(place, int) and length > 0 and 0 <= place < len(known)):
            raise ValueError("a run is a length and the number of a source")
        found.append((length, known[place]))
    return Spans.gathered(found)


def _source(value: Sequence[object]) -> Source:
    numbers = [one if isinstance(one, int) else None for one in value]
    if len(numbers) != 4 or numbers[0] is None:
        raise ValueError("a source begins with its revision")
    return Source(numbers[0], *numbers[1:])


def _order(source: Source) -> tuple[int, ...]:
    return source.revision, source.proposal or 0, source.change or 0, source.decision or 0
