"""Where a proposed change touches the words of a block as they stand now, to the word, for marks in the text."""

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

from app.text.blocks import Block, Kind
from app.text.change import Change, ChangeKind
from app.text.worddiff import Hunk, rewordings
from app.text.words import is_word, sentences, tokens

Range = tuple[int, int]


def touched_words(change: Change, now: str) -> tuple[Range, ...]:
    """The ranges of a text, in code points, that a change would replace, take out, or put words in at.

    ``now`` are the words of the block, or the heading, as they stand; where they have changed since the change was
    made the answer is what stands there now in the place of the words it was made on. Where something is put in the
    word before it is meant, or the first one. A change that moves words, or puts a block beside them, touches none.
    """
    match change.kind:
        case ChangeKind.DELETE:
            return ((0, len(now)),) if now else ()
        case ChangeKind.REPLACE | ChangeKind.RETYPE if change.old is not None and change.new is not None:
            if change.old.text == change.new.text:
                return ()
            return _touched(change.old.text, change.new.text, now)
        case ChangeKind.RENAME if change.head_old is not None and change.head_new is not None:
            return _touched(change.head_old.heading, change.head_new.heading, now)
        case _:
            return ()


def sentences_of(block: Block, ranges: Sequence[Range]) -> frozenset[int]:
    """Which sentences of the block the ranges lie in, counted from 0; a table or code is one sentence."""
    if block.kind in (Kind.TABLE, Kind.CODE):
        return frozenset({0}) if ranges else frozenset()
    starts = [start for start, _ in sentences(block.text)]
    return frozenset(
        n
        for start, end in ranges
        for n in range(max(0, bisect_right(starts, start) - 1), max(1, bisect_right(starts, max(start, end - 1))))
    )


def overlap(some: Sequence[Range], others: Sequence[Range]) -> bool:
    """Whether any of these ranges have words in common."""
    return any(start < until and at < end for start, end in some for at, until in others)


@lru_cache(maxsize=4096)
def _touched(old: str, new: str, now: str) -> tuple[Range, ...]:
    cut = tokens(old)
    hunks, _ = rewordings(cut, tokens(new))
    ranges = [(start, end) for start, end, _ in _by_characters(cut, hunks)]
    if now != old:
        ranges = _carried(ranges, old, now)
    return tuple(dict.fromkeys(_worded(now, start, end) for start, end in ranges)) if now.strip() else ()


def _by_characters(cut: Sequence[str], hunks: Sequence[Hunk]) -> list[tuple[int, int, int]]:
    """The hunks as ranges of characters of the old text, each with the length of what comes there."""
    offsets = [0]
    for token in cut:
        offsets.append(offsets[-1] + len(token))
    return [(offsets[h.start], offsets[h.end], sum(map(len, h.new_tokens))) for h in hunks]


def _carried(ranges: Sequence[Range], old: str, now: str) -> list[Range]:
    """The same ranges in a later wording; what was rewritten since counts with all that came for it."""
    cut = tokens(old)
    hunks, _ = rewordings(cut, tokens(now))
    since = _by_characters(cut, hunks)

    def place(at: int, *, end: bool) -> int:
        shift = 0
        for low, high, length in since:
            if low < at < high:
                return low + shift + (length if end else 0)
            # What was put in right at an edge stands outside.
            if high > at or (low == high == at and end):
                break
            shift += length - (high - low)
        return at + shift

    found: list[Range] = []
    for start, end in ranges:
        low, high = place(start, end=False), place(end, end=True)
        found.append((low, max(low, high)))
    return found


def _worded(text: str, start: int, end: int) -> Range:
    """The range without white space at its ends; of a point the word before it, else the first word after it."""
    words = text[start:end].strip()
    if words:
        start += len(text[start:end]) - len(text[start:end].lstrip())
        return start, start + len(words)
    before: Range | None = None
    at = 0
    for token in tokens(text):
        if is_word(token):
            if at >= start:
                return before or (at, at + len(token))
            before = at, at + len(token)
        at += len(token)
    return before or (0, len(text))
