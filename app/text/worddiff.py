"""The difference of two wordings, word by word: the inner level of every redline, merge and anchor."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.text.effort import BLOCK_STEPS, Effort
from app.text.raw_edits import Edit, raw_edits, trimmed
from app.text.words import is_word, tokens

# An unchanged stretch of at most so many words between two edits of at least so many is part of one rewriting.
_ISLAND_WORDS = 2
_SUBSTANTIAL_WORDS = 3
# So far an insertion or a deletion is slid to be one with the edit next to it.
_SLIDE = 8
# Where fewer words than one in so many are kept, the old wording is shown in one piece and then the new; what is kept
# at the beginning and at the end stays.
_CONFETTI = 5
# After these a sentence begins without a space.
_WIDE_STOPS = frozenset("\u3002\uff01\uff1f")


class Op(StrEnum):
    """What happened to a piece of text."""

    KEEP = "keep"
    DELETE = "delete"
    INSERT = "insert"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text with one fate."""

    op: Op
    text: str


@dataclass(frozen=True, slots=True)
class WordDiff:
    """Kept and deleted pieces joined are the old text, kept and inserted ones the new, to the character.

    ``coarse`` says that comparing word by word would have cost too much, so that more is marked than was changed.
    """

    pieces: tuple[Piece, ...]
    coarse: bool = False


@dataclass(frozen=True, slots=True)
class Hunk:
    """``old_tokens[start:end]`` becomes ``new_tokens``; an insertion has start == end, a deletion no new tokens."""

    start: int
    end: int
    new_tokens: tuple[str, ...]


def diff_words(old: str, new: str, effort: Effort | None = None) -> WordDiff:
    """What was kept, deleted and inserted between two wordings of one block, in whole tokens."""
    if old == new:
        return WordDiff((Piece(Op.KEEP, old),) if old else ())
    return diff_tokens(tokens(old), tokens(new), effort)


def diff_tokens(old: Sequence[str], new: Sequence[str], effort: Effort | None = None) -> WordDiff:
    """`diff_words` for texts that are cut into tokens already."""
    edits, coarse = rewordings(old, new, effort)
    pieces: list[Piece] = []

    def put(op: Op, stretch: Sequence[str]) -> None:
        if stretch:
            pieces.append(Piece(op, "".join(stretch)))

    at = 0
    for edit in edits:
        put(Op.KEEP, old[at : edit.start])
        put(Op.DELETE, old[edit.start : edit.end])
        put(Op.INSERT, edit.new_tokens)
        at = edit.end
    put(Op.KEEP, old[at:])
    return WordDiff(tuple(pieces), coarse)


def rewordings(old: Sequence[str], new: Sequence[str], effort: Effort | None = None) -> tuple[tuple[Hunk, ...], bool]:
    """The hunks a reader is shown, and whether they are coarse: islands tidied away, and where next to nothing was
    kept, one hunk from the first edit to the last."""
    edits, coarse = _edits(old, new, effort or Effort(BLOCK_STEPS), tidy=True)
    if len(edits) > 1 and _is_confetti(edits, old, new):
        edits = [Edit(edits[0].i1, edits[-1].i2, edits[0].j1, edits[-1].j2)]
    return tuple(Hunk(edit.i1, edit.i2, tuple(new[edit.j1 : edit.j2])) for edit in edits), coarse


def hunks(old_tokens: Sequence[str], new_tokens: Sequence[str], *, tidy: bool = True) -> tuple[Hunk, ...]:
    """The edits that make the new tokens of the old, in order, none overlapping, each at its canonical place.

    An insertion or deletion that could stand in several places among repeats (the same paragraph before or after a
    space) stands in one that depends only on the old tokens around it and on what is inserted or deleted, so that
    two people who made the same edit made the same hunk.

    With ``tidy`` short unchanged islands between two rewritings belong to the rewriting, as in a redline: two rival
    rewritings of one phrase then conflict instead of being woven into a phrase that nobody wrote. Without it the
    hunks are as small as they can be; that finds edits which both sides made as parts of larger ones.
    Past the budget of size what has not been compared yet is replaced whole.
    """
    edits, _ = _edits(old_tokens, new_tokens, Effort(BLOCK_STEPS), tidy=tidy)
    return tuple(Hunk(e.i1, e.i2, tuple(new_tokens[e.j1 : e.j2])) for e in edits)


def common_runs(old: Sequence[Hashable], new: Sequence[Hashable], effort: Effort) -> list[tuple[int, int, int]]:
    """The longest common part of two sequences of any values, as (place in old, place in new, length)."""
    shared: list[tuple[int, int, int]] = []
    at_old = at_new = 0
    for edit in raw_edits(old, new, effort):
        if edit.i1 > at_old:
            shared.append((at_old, at_new, edit.i1 - at_old))
        at_old, at_new = edit.i2, edit.j2
    if at_old < len(old):
        shared.append((at_old, at_new, len(old) - at_old))
    return shared


def _edits(old: Sequence[str], new: Sequence[str], effort: Effort, *, tidy: bool) -> tuple[list[Edit], bool]:
    edits = raw_edits(old, new, effort)
    if tidy:
        edits = _without_islands(_brought_together(edits, old, new), old, new)
    return _at_canonical_places(edits, old, new), effort.spent_up


def _brought_together(edits: Sequence[Edit], old: Sequence[str], new: Sequence[str]) -> list[Edit]:
    """Two edits are one where the first, or the second, can slide over the few kept tokens between them."""
    together: list[Edit] = []
    for edit in edits:
        before = together[-1] if together else None
        way = edit.i1 - before.i2 if before is not None else 0
        if before is not None and way <= _SLIDE and _slides(before, old, new, way):
            together[-1] = Edit(before.i1 + way, edit.i2, before.j1 + way, edit.j2)
        elif before is not None and way <= _SLIDE and _slides(edit, old, new, -way):
            together[-1] = Edit(before.i1, edit.i2 - way, before.j1, edit.j2 - way)
        else:
            together.append(edit)
    return together


def _slides(edit: Edit, old: Sequence[str], new: Sequence[str], way: int) -> bool:
    """Whether a pure insertion or deletion can stand so many tokens further on, or further back."""
    if edit.i1 < edit.i2 and edit.j1 < edit.j2:
        return False
    text, start, end = (old, edit.i1, edit.i2) if edit.i1 < edit.i2 else (new, edit.j1, edit.j2)
    if way > 0:
        return all(text[start + n] == text[end + n] for n in range(way))
    return all(text[start - n] == text[end - n] for n in range(1, 1 - way))


def _without_islands(edits: list[Edit], old: Sequence[str], new: Sequence[str]) -> list[Edit]:
    # First what no word stands between; only then is it known how large the rewritings around a kept word are.
    for words in (False, True):
        joined: list[Edit] = []
        for n, edit in enumerate(edits):
            if joined and _is_island(joined[-1], edits[n - 1], edit, old, new, words=words):
                joined[-1].i2, joined[-1].j2 = edit.i2, edit.j2
            else:
                joined.append(Edit(edit.i1, edit.i2, edit.j1, edit.j2))
        edits = joined
    return [trimmed(edit, old, new) for edit in edits]


def _is_island(whole: Edit, left: Edit, right: Edit, old: Sequence[str], new: Sequence[str], *, words: bool) -> bool:
    """Whether what stands between two edits is too short to be read as kept: without ``words``, where it has none."""
    between = old[left.i2 : right.i1]
    if any("\n" in token for token in between):
        return False
    kept = sum(map(is_word, between))
    if kept == 0:
        # Between two replacements, or a deletion and an insertion, a lone space or comma only breaks the reading;
        # two insertions around a kept comma stay apart.
        return _shape(whole) == _shape(right) == (True, True) or _shape(left) != _shape(right)
    return (
        words
        and kept <= _ISLAND_WORDS
        and _size(whole, old, new) >= _SUBSTANTIAL_WORDS
        and _size(right, old, new) >= _SUBSTANTIAL_WORDS
    )


def _is_confetti(edits: Sequence[Edit], old: Sequence[str], new: Sequence[str]) -> bool:
    gone = sum(edit.i2 - edit.i1 for edit in edits)
    come = sum(edit.j2 - edit.j1 for edit in edits)
    if gone * 2 <= len(old) or come * 2 <= len(new):
        return False
    words = sum(map(is_word, old))
    kept = words - sum(sum(map(is_word, old[edit.i1 : edit.i2])) for edit in edits)
    return kept * _CONFETTI < min(words, sum(map(is_word, new)))


def _shape(edit: Edit) -> tuple[bool, bool]:
    return edit.i1 < edit.i2, edit.j1 < edit.j2


def _size(edit: Edit, old: Sequence[str], new: Sequence[str]) -> int:
    return max(sum(map(is_word, old[edit.i1 : edit.i2])), sum(map(is_word, new[edit.j1 : edit.j2])))


def _at_canonical_places(edits: list[Edit], old: Sequence[str], new: Sequence[str]) -> list[Edit]:
    """Slide every pure insertion or deletion to the best of its equal places between its neighbours."""
    placed: list[Edit] = []
    for n, edit in enumerate(edits):
        low = placed[-1].i2 + 1 if placed else 0
        high = edits[n + 1].i1 - 1 if n + 1 < len(edits) else len(old)
        placed.append(_slid(edit, old, new, low, high))
    return placed


def _slid(edit: Edit, old: Sequence[str], new: Sequence[str], low: int, high: int) -> Edit:
    if edit.i1 < edit.i2 and edit.j1 < edit.j2:
        return edit
    # An insertion slides in the new tokens, a deletion in the old; kept tokens are the same on both sides.
    deletes = edit.i1 < edit.i2
    text = old if deletes else new
    start, end = (edit.i1, edit.i2) if deletes else (edit.j1, edit.j2)
    shift = 0
    while edit.i1 + shift > low and text[start + shift - 1] == text[end + shift - 1]:
        shift -= 1
    best, best_rank = 0, -1
    while True:
        rank = _rank(text, start + shift, end + shift)
        if rank > best_rank:
            best, best_rank = shift, rank
        if edit.i2 + shift >= high or text[start + shift] != text[end + shift]:
            break
        shift += 1
    return Edit(edit.i1 + best, edit.i2 + best, edit.j1 + best, edit.j2 + best)


def _rank(text: Sequence[str], start: int, end: int) -> int:
    """How well a stretch reads as one thing that was added or taken away."""
    first, last = text[start], text[end - 1]
    before = text[start - 1] if start else ""
    if first.isspace() and "\n" in first and start:
        return 6
    if (not start or "\n" in before) and ("\n" in last or end == len(text)):
        return 5
    if last in _WIDE_STOPS and before in _WIDE_STOPS:
        return 4
    if first.isspace() and last[-1] in ".!?" and (before[-1:] in ".!?:" or end == len(text)):
        return 4
    if last.isspace() and (not before or before.isspace()):
        return 3
    if first.isspace() and not last.isspace():
        return 2
    return 1 if is_word(first) or is_word(last) else 0
