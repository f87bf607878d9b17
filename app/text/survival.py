"""Which words of one text stand in another, and where: what anchors and provenance are carried along."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.text.blocks import Block, Kind
from app.text.difference import moved_between
from app.text.rows import row_hunks, row_tokens
from app.text.snapshot import Section, Snapshot
from app.text.splits import kinships
from app.text.worddiff import Hunk, rewordings
from app.text.words import is_word, sentences, tokens

# Shorter runs of words are no proof that they went to another block, unless they are all of it; and of that block so
# much must be made of such runs.
_TELLING_WORDS = 3
_PART = 0.6
# A shorter sentence is not known again in another place of its block.
_SENTENCE_WORDS = 4
_BETWEEN_BLOCKS = "\n\n"

Place = tuple[str, int]
"""The id of a block, and a code point of its text."""

Family = tuple[tuple[Block, ...], tuple[Block, ...]]
"""Old blocks and the new blocks that are made of them."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Words that stand in both texts: ``length`` code points from ``start`` of one block, now from ``at`` of another.

    The two ids differ only where a block was split or joined. ``moved``: it is a whole sentence that now stands
    elsewhere among the sentences of its block.
    """

    old: str
    start: int
    new: str
    at: int
    length: int
    moved: bool = False

    @property
    def end(self) -> int:
        """Where the words end in the old block."""
        return self.start + self.length

    @property
    def until(self) -> int:
        """Where the words end in the new block."""
        return self.at + self.length


class Survival:
    """What became of the words of one text in the next one, found by permanent ids.

    A block under the same id is the same block; words of another block are followed only into its neighbours, where a
    block with a kept id was split or joined. A block that merely reads alike proves nothing. Every block is compared
    at most once and only when asked for, so that the cost is that of the blocks which were touched.
    """

    def __init__(self, old: Snapshot, new: Snapshot) -> None:
        self.old, self.new = old, new
        self._old = {block.id or "": (section, block) for section, _, block in old.placed_blocks()}
        self._new = {block.id or "": (section, block) for section, _, block in new.placed_blocks()}
        self._from: dict[str, tuple[Kept, ...]] = {}
        self._into: dict[str, tuple[Kept, ...]] = {}
        self._families: dict[str, dict[str, Family]] = {}

    def old_block(self, id: str) -> tuple[Section, Block] | None:
        """A block of the old text with its section, or None."""
        return self._old.get(id)

    def new_block(self, id: str) -> tuple[Section, Block] | None:
        """A block of the new text with its section, or None."""
        return self._new.get(id)

    def words_from(self, id: str) -> tuple[Kept, ...]:
        """Where the words of an old block stand now, in their old order."""
        if id not in self._from:
            self._compare(id)
        return self._from.get(id, ())

    def words_into(self, id: str) -> tuple[Kept, ...]:
        """Where the words of a new block stood before, in their new order."""
        if id not in self._into:
            self._compare(id)
        return self._into.get(id, ())

    def has_moved(self, id: str) -> bool:
        """Whether a block of both texts stands elsewhere now: in another section, or in another order."""
        there, here = self._old.get(id), self._new.get(id)
        if there is None or here is None:
            return False
        if there[0].id == here[0].id and here[0].id in self._in_order:
            return False
        return id in self._moved

    @cached_property
    def written(self) -> tuple[tuple[Block, tuple[tuple[int, int], ...]], ...]:
        """The blocks that are new or were changed, each with the ranges of its words that stood nowhere before."""
        found: list[tuple[Block, tuple[tuple[int, int], ...]]] = []
        for id, (_, block) in self._new.items():
            before = self._old.get(id)
            if before is None or before[1].text != block.text:
                ranges = _left_out(len(block.text), [(kept.at, kept.until) for kept in self.words_into(id)])
                found.append((block, tuple(ranges)))
        return tuple(found)

    @cached_property
    def _moved(self) -> frozenset[str]:
        return moved_between(self.old, self.new)

    @cached_property
    def _in_order(self) -> frozenset[str]:
        """The sections whose kept blocks follow each other as before."""
        found: set[str] = set()
        for section in self.new.sections:
            before = self.old.section_by_id(section.id)
            if before is None:
                continue
            if before.blocks is section.blocks or before.blocks == section.blocks:
                found.add(section.id)
                continue
            was, now = ({b.id: None for b in one.blocks} for one in (before, section))
            if [id for id in was if id in now] == [id for id in now if id in was]:
                found.add(section.id)
        return frozenset(found)

    def _compare(self, id: str) -> None:
        olds, news = self._family(id)
        found = kept_words(olds, news)
        for block in olds:
            self._from[block.id or ""] = tuple(kept for kept in found if kept.old == block.id)
        for block in news:
            mine = [kept for kept in found if kept.new == block.id]
            self._into[block.id or ""] = tuple(sorted(mine, key=lambda kept: kept.at))

    def _family(self, id: str) -> Family:
        """The old and the new blocks that a block is compared with: itself, and what it was split into or joined."""
        there, here = self._old.get(id), self._new.get(id)
        if there is not None and here is not None and there[1].text == here[1].text:
            return (there[1],), (here[1],)
        section = (here or there or (None, None))[0]
        if section is not None:
            families = self._families_of(section.id)
            if id in families:
                return families[id]
        return (there[1],) if there is not None else (), (here[1],) if here is not None else ()

    def _families_of(self, section: str) -> dict[str, Family]:
        """The blocks of one section that were split or joined, by the ids of all that took part."""
        if section not in self._families:
            found: dict[str, Family] = {}
            self._families[section] = found
            before, after = self.old.section_by_id(section), self.new.section_by_id(section)
            if before is None or after is None:
                return found
            # What came from or went to another section has its partner there.
            was = {block.id for block in before.blocks}
            now = {block.id for block in after.blocks}
            olds = [block for block in before.blocks if block.id in now or block.id not in self._new]
            news = [block for block in after.blocks if block.id in was or block.id not in self._old]
            if len(olds) == len(news) and all(block.id in now for block in olds):
                return found
            for kinship in kinships(olds, news):
                family = tuple(olds[i] for i in kinship.old), tuple(news[j] for j in kinship.new)
                if len(family[0]) + len(family[1]) > 2 and _known(family):
                    found.update((block.id or "", family) for side in family for block in side)
        return self._families[section]


def _known(family: Family) -> bool:
    """Whether a kept id proves that these are one block and its parts."""
    return bool({block.id for block in family[0]} & {block.id for block in family[1]})


def kept_words(olds: Sequence[Block], news: Sequence[Block]) -> tuple[Kept, ...]:
    """The words that stand both in these old blocks and in these new ones, read one after the other."""
    if not olds or not news:
        return ()
    if len(olds) == len(news) == 1:
        return _kept_in_one(olds[0], news[0])
    old_tokens, old_places = _in_a_row(olds)
    new_tokens, new_places = _in_a_row(news)
    hunks, _ = rewordings(old_tokens, new_tokens)
    found: list[Kept] = []
    for i, j, count in _runs(hunks, len(old_tokens)):
        for n in range(count):
            before, after = old_places[i + n], new_places[j + n]
            if before is None or after is None:
                continue
            last = found[-1] if found else None
            if last and (last.old, last.end, last.new, last.until) == (*before, *after):
                found[-1] = Kept(last.old, last.start, last.new, last.at, last.length + len(old_tokens[i + n]))
            else:
                found.append(Kept(*before, *after, len(old_tokens[i + n])))
    return tuple(_proven(found, olds, news))


def _proven(found: Sequence[Kept], olds: Sequence[Block], news: Sequence[Block]) -> Iterator[Kept]:
    """What is kept within one block, and what went to or came from a block that consists of such words for the most.

    Two or three common words are no proof that a new paragraph is a part of the one before it.
    """
    own = {block.id for block in olds} & {block.id for block in news}
    parts = {block.id or "": block for block in (*olds, *news) if block.id not in own}
    there = {block.id: block.text for block in olds}
    crossing: Counter[str] = Counter()
    telling: set[Kept] = set()
    for kept in found:
        words = _count(there[kept.old][kept.start : kept.end])
        part = kept.old if kept.old in parts else kept.new
        if kept.old != kept.new and part in parts and words >= min(_TELLING_WORDS, _count(parts[part].text)):
            crossing[part] += words
            telling.add(kept)
    for kept in found:
        part = kept.old if kept.old in parts else kept.new
        if kept.old == kept.new or (kept in telling and crossing[part] >= _PART * _count(parts[part].text)):
            yield kept


def _count(text: str) -> int:
    return sum(map(is_word, tokens(text)))


def _kept_in_one(old: Block, new: Block) -> tuple[Kept, ...]:
    id = old.id or ""
    if old.text == new.text:
        return (Kept(id, 0, id, 0, len(old.text)),) if old.text else ()
    if (old.kind is Kind.TABLE) is not (new.kind is Kind.TABLE):
        return ()
    table = old.kind is Kind.TABLE
    old_tokens, new_tokens = (row_tokens(b.text) if table else tokens(b.text) for b in (old, new))
    hunks = row_hunks(old.text, new.text) if table else rewordings(old_tokens, new_tokens)[0]
    old_at, new_at = _edges(old_tokens), _edges(new_tokens)
    found = [
        Kept(id, old_at[i], id, new_at[j], old_at[i + count] - old_at[i])
        for i, j, count in _runs(hunks, len(old_tokens))
    ]
    found += _kept_in_cells(id, old_tokens, hunks) if table else _moved_sentences(id, old.text, new.text, found)
    return tuple(sorted(found, key=lambda kept: kept.start))


def _moved_sentences(id: str, old: str, new: str, kept: Sequence[Kept]) -> list[Kept]:
    """Sentences that were taken out and put in again in the same block; each stands once before and once after."""
    gone = _left_out(len(old), [(one.start, one.end) for one in kept])
    come = _left_out(len(new), [(one.at, one.until) for one in kept])
    found: list[Kept] = []
    for low, high in gone if come else ():
        for start, end in sentences(old[low:high]):
            sentence = old[low + start : low + end].strip()
            if _count(sentence) < _SENTENCE_WORDS or old.count(sentence) > 1 or new.count(sentence) != 1:
                continue
            at = new.index(sentence)
            if any(first <= at and at + len(sentence) <= last for first, last in come):
                found.append(Kept(id, old.index(sentence), id, at, len(sentence), moved=True))
    return found


def _left_out(length: int, ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """What these ranges of a text do not cover."""
    found, at = [], 0
    for low, high in sorted(ranges):
        if low > at:
            found.append((at, low))
        at = max(at, high)
    return [*found, (at, length)] if at < length else found


def _kept_in_cells(id: str, old_tokens: Sequence[str], hunks: Sequence[Hunk]) -> list[Kept]:
    """The words kept inside a cell that was rewritten in its row."""
    found: list[Kept] = []
    old_at = _edges(old_tokens)
    shift = 0
    for hunk in hunks:
        gone, come = old_tokens[hunk.start : hunk.end], hunk.new_tokens
        if len(gone) == len(come) == 1:
            cell, other = tokens(gone[0]), tokens(come[0])
            one, two = _edges(cell), _edges(other)
            at = old_at[hunk.start]
            for i, j, count in _runs(rewordings(cell, other)[0], len(cell)):
                found.append(Kept(id, at + one[i], id, at + shift + two[j], one[i + count] - one[i]))
        shift += sum(map(len, come)) - sum(map(len, gone))
    return found


def _runs(hunks: Sequence[Hunk], length: int) -> list[tuple[int, int, int]]:
    """What the edits leave alone, as (place in old, place in new, number of tokens)."""
    found: list[tuple[int, int, int]] = []
    i = j = 0
    for hunk in hunks:
        if hunk.start > i:
            found.append((i, j, hunk.start - i))
        j += hunk.start - i + len(hunk.new_tokens)
        i = hunk.end
    if i < length:
        found.append((i, j, length - i))
    return found


def _edges(pieces: Sequence[str]) -> list[int]:
    """Where each piece begins, and where the last one ends."""
    edges = [0]
    for piece in pieces:
        edges.append(edges[-1] + len(piece))
    return edges


def _in_a_row(blocks: Sequence[Block]) -> tuple[list[str], list[Place | None]]:
    """The tokens of several blocks one after the other, each with its place."""
    row: list[str] = []
    places: list[Place | None] = []
    for n, block in enumerate(blocks):
        if n:
            row.append(_BETWEEN_BLOCKS)
            places.append(None)
        pieces = tokens(block.text)
        row += pieces
        places += [(block.id or "", at) for at in _edges(pieces)[:-1]]
    return row, places
