"""Which words of some blocks stand in other blocks, word by word and sentence by sentence."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.text.blocks import Block, Kind
from app.text.rows import row_hunks, row_tokens
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
    gone = left_out(len(old), [(one.start, one.end) for one in kept])
    come = left_out(len(new), [(one.at, one.until) for one in kept])
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


def left_out(length: int, ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """What these ranges of a text do not cover."""
    found, at = [], 0
    for low, high in sorted(ranges):
        if low > at:
            found.append((at, low))
        at = max(at, high)
    return [*found, (at, length)] if at < length else found
