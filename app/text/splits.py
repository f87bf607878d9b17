"""Blocks that were split or joined: several blocks of one text that are one block of the other."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.text.align import Pair, align
from app.text.blocks import Block, Kind
from app.text.ends import equal_ends
from app.text.likeness import Wording

# So much of a block must stand in what is left of its neighbour's other wording to be a part of it.
_PART = 0.5
_PART_WORDS = 2
_SPLITTING = frozenset({Kind.PARAGRAPH, Kind.ITEM, Kind.QUOTE, Kind.NOTE, Kind.HEADING})


@dataclass(frozen=True, slots=True)
class Kinship:
    """Old and new blocks, by place, that are compared with each other as one stretch of words.

    One of each is a block and its new wording; none on a side is a deletion or an insertion; one old and several new
    blocks are a split, several old and one new a join. ``moved`` as in `Pair`.
    """

    old: tuple[int, ...]
    new: tuple[int, ...]
    moved: bool = False


def kinships(old: Sequence[Block], new: Sequence[Block]) -> tuple[Kinship, ...]:
    """`align`, with split and joined blocks together; every block of both texts stands in exactly one kinship."""
    first, last = equal_ends(old, new)
    return (
        *(Kinship((n,), (n,)) for n in range(first)),
        *kinships_between(old, new, first, last),
        *(Kinship((len(old) - n,), (len(new) - n,)) for n in range(last, 0, -1)),
    )


def kinships_between(old: Sequence[Block], new: Sequence[Block], first: int, last: int) -> list[Kinship]:
    """The kinships of what stands between the first blocks and the last ones, of which so many are equal.

    A block that is equal has no part elsewhere, so nothing there can belong to what stands between.
    """
    if not first and not last:
        return list(_found(old, new, 0))
    return list(_found(old[first : len(old) - last], new[first : len(new) - last], first))


def _found(old: Sequence[Block], new: Sequence[Block], at: int) -> Iterator[Kinship]:
    pairs = align(old, new)
    search = _Search(old, new, pairs)
    grown = {pair.new: search.grow(pair) for pair in pairs if pair.old is not None and pair.new is not None}
    for pair in pairs:
        if pair.old is not None and pair.new is not None:
            olds, news = grown[pair.new]
            yield Kinship(tuple(at + i for i in olds), tuple(at + j for j in news), moved=pair.moved)
        elif pair.old is not None and pair.old in search.lone_old:
            yield Kinship((at + pair.old,), ())
        elif pair.new is not None and pair.new in search.lone_new:
            yield Kinship((), (at + pair.new,))


class _Search:
    """The blocks that have no partner yet, and whose parts they are."""

    def __init__(self, old: Sequence[Block], new: Sequence[Block], pairs: Iterable[Pair]) -> None:
        self._old, self._new = old, new
        self.lone_old: set[int] = set()
        self.lone_new: set[int] = set()
        for pair in pairs:
            if pair.new is None and pair.old is not None:
                self.lone_old.add(pair.old)
            elif pair.old is None and pair.new is not None:
                self.lone_new.add(pair.new)

    def grow(self, pair: Pair) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The pair with the lone neighbours that are parts of it: on one side only."""
        if pair.old is None or pair.new is None:
            raise ValueError("only a pair can grow")
        i, j = pair.old, pair.new
        if pair.moved or not (self.lone_old or self.lone_new):
            return (i,), (j,)
        news = self._parts(self._old[i], self._new, j, self.lone_new)
        if len(news) > 1:
            return (i,), news
        return self._parts(self._new[j], self._old, i, self.lone_old), (j,)

    def _parts(self, whole: Block, blocks: Sequence[Block], place: int, lone: set[int]) -> tuple[int, ...]:
        """The neighbours around the place that, with the block there, are the whole."""
        first = last = place
        if whole.kind not in _SPLITTING or not (first - 1 in lone or last + 1 in lone):
            return (place,)
        wording = Wording(whole.text)
        words = Wording(blocks[place].text).words
        kept = wording.kept_words(words)
        for step in (1, -1):
            while (neighbour := (last if step > 0 else first) + step) in lone:
                more = Wording(blocks[neighbour].text).words
                needed = max(_PART_WORDS, _PART * len(more))
                if blocks[neighbour].kind not in _SPLITTING or len(wording.words) - kept < needed:
                    break
                together = words + more if step > 0 else more + words
                gained = wording.kept_words(together) - kept
                if gained < needed:
                    break
                kept, words = kept + gained, together
                lone.discard(neighbour)
                first, last = min(first, neighbour), max(last, neighbour)
        return tuple(range(first, last + 1))
