"""The difference of two wordings, word by word: the inner level of every redline, merge and anchor."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.text.chains import longest_chain, only_places
from app.text.effort import BLOCK_STEPS, Effort, runs
from app.text.words import is_word, tokens

# Larger products of lengths are first cut at tokens that stand once on either side.
_LARGE = 2_000_000
# Code points below this are left out of the alphabet so that no token is ever written as a control or a space.
_FIRST_CODE = 0x100
_SURROGATES = range(0xD800, 0xE000)
_LAST_CODE = 0x10FFFF
_ALPHABET = _LAST_CODE - _FIRST_CODE - len(_SURROGATES)
# An unchanged stretch of at most so many words between two edits of at least so many is part of one rewriting.
_ISLAND_WORDS = 2
_SUBSTANTIAL_WORDS = 3
# Where fewer words than one in so many are kept, the old wording is shown in one piece and then the new; what is kept
# at the beginning and at the end stays.
_CONFETTI = 5
_STRIDE = 32
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


@dataclass(slots=True)
class _Edit:
    """``old[i1:i2]`` becomes ``new[j1:j2]``."""

    i1: int
    i2: int
    j1: int
    j2: int


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
        edits = [_Edit(edits[0].i1, edits[-1].i2, edits[0].j1, edits[-1].j2)]
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
    for edit in _raw_edits(old, new, effort):
        if edit.i1 > at_old:
            shared.append((at_old, at_new, edit.i1 - at_old))
        at_old, at_new = edit.i2, edit.j2
    if at_old < len(old):
        shared.append((at_old, at_new, len(old) - at_old))
    return shared


def _edits(old: Sequence[str], new: Sequence[str], effort: Effort, *, tidy: bool) -> tuple[list[_Edit], bool]:
    edits = _raw_edits(old, new, effort)
    if tidy:
        edits = _without_islands(edits, old, new)
    return _at_canonical_places(edits, old, new), effort.spent_up


def _raw_edits(old: Sequence[Hashable], new: Sequence[Hashable], effort: Effort) -> list[_Edit]:
    """The edits as small as they can be found, none touching the next."""
    middle = _trimmed(_Edit(0, len(old), 0, len(new)), old, new)
    stretches = [middle]
    if (middle.i2 - middle.i1) * (middle.j2 - middle.j1) > _LARGE:
        stretches = _between_signs(middle, old, new)
    edits: list[_Edit] = []
    for stretch in stretches:
        for edit in _compared(stretch, old, new, effort):
            if edits and edits[-1].i2 == edit.i1 and edits[-1].j2 == edit.j1:
                edits[-1].i2, edits[-1].j2 = edit.i2, edit.j2
            else:
                edits.append(edit)
    return edits


def _between_signs(whole: _Edit, old: Sequence[Hashable], new: Sequence[Hashable]) -> list[_Edit]:
    """A large stretch cut at what stands exactly once on either side, as far as that keeps its order."""
    there = only_places(new[whole.j1 : whole.j2])
    signs = [(i, there[value]) for value, i in only_places(old[whole.i1 : whole.i2]).items() if value in there]
    cut: list[_Edit] = []
    i, j = whole.i1, whole.j1
    for at_old, at_new in longest_chain(sorted(signs)):
        cut.append(_trimmed(_Edit(i, whole.i1 + at_old, j, whole.j1 + at_new), old, new))
        i, j = whole.i1 + at_old + 1, whole.j1 + at_new + 1
    return [*cut, _trimmed(_Edit(i, whole.i2, j, whole.j2), old, new)]


def _compared(stretch: _Edit, old: Sequence[Hashable], new: Sequence[Hashable], effort: Effort) -> list[_Edit]:
    """The edits inside a stretch that has nothing in common at its ends."""
    if stretch.i1 == stretch.i2 and stretch.j1 == stretch.j2:
        return []
    if stretch.i1 == stretch.i2 or stretch.j1 == stretch.j2:
        return [stretch]
    codes: dict[Hashable, str] = {}
    old_codes = _encode(old[stretch.i1 : stretch.i2], codes)
    new_codes = _encode(new[stretch.j1 : stretch.j2], codes)
    if len(codes) > _ALPHABET:
        effort.spent_up = True
        return [stretch]
    edits: list[_Edit] = []
    i, j = stretch.i1, stretch.j1
    for op, run in runs(old_codes, new_codes, effort):
        length = len(run)
        if op == 0:
            i += length
            j += length
            continue
        if not edits or edits[-1].i2 != i or edits[-1].j2 != j:
            edits.append(_Edit(i, i, j, j))
        if op < 0:
            i += length
        else:
            j += length
        edits[-1].i2, edits[-1].j2 = i, j
    return [e for e in (_trimmed(edit, old, new) for edit in edits) if e.i1 < e.i2 or e.j1 < e.j2]


def _encode(values: Sequence[Hashable], codes: dict[Hashable, str]) -> str:
    letters: list[str] = []
    for value in values:
        code = codes.get(value)
        if code is None:
            number = _FIRST_CODE + len(codes)
            if number >= _SURROGATES.start:
                number += len(_SURROGATES)
            code = codes[value] = chr(min(number, _LAST_CODE))
        letters.append(code)
    return "".join(letters)


def _trimmed(edit: _Edit, old: Sequence[Hashable], new: Sequence[Hashable]) -> _Edit:
    i1, i2, j1, j2 = edit.i1, edit.i2, edit.j1, edit.j2
    # Long equal stretches go by many tokens at once.
    while i1 + _STRIDE <= i2 and j1 + _STRIDE <= j2 and old[i1 : i1 + _STRIDE] == new[j1 : j1 + _STRIDE]:
        i1, j1 = i1 + _STRIDE, j1 + _STRIDE
    while i1 < i2 and j1 < j2 and old[i1] == new[j1]:
        i1, j1 = i1 + 1, j1 + 1
    while i1 + _STRIDE <= i2 and j1 + _STRIDE <= j2 and old[i2 - _STRIDE : i2] == new[j2 - _STRIDE : j2]:
        i2, j2 = i2 - _STRIDE, j2 - _STRIDE
    while i1 < i2 and j1 < j2 and old[i2 - 1] == new[j2 - 1]:
        i2, j2 = i2 - 1, j2 - 1
    edit.i1, edit.i2, edit.j1, edit.j2 = i1, i2, j1, j2
    return edit


def _without_islands(edits: list[_Edit], old: Sequence[str], new: Sequence[str]) -> list[_Edit]:
    joined: list[_Edit] = []
    for n, edit in enumerate(edits):
        if joined and _is_island(joined[-1], edits[n - 1], edit, old, new):
            joined[-1].i2, joined[-1].j2 = edit.i2, edit.j2
        else:
            joined.append(_Edit(edit.i1, edit.i2, edit.j1, edit.j2))
    return [_trimmed(edit, old, new) for edit in joined]


def _is_island(whole: _Edit, left: _Edit, right: _Edit, old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether what stands between two edits is too short to be read as kept."""
    between = old[left.i2 : right.i1]
    if any("\n" in token for token in between):
        return False
    words = sum(map(is_word, between))
    if words == 0:
        # Between two replacements, or a deletion and an insertion, a lone space or comma only breaks the reading;
        # two insertions around a kept comma stay apart.
        return _shape(whole) == _shape(right) == (True, True) or _shape(left) != _shape(right)
    return (
        words <= _ISLAND_WORDS
        and _size(whole, old, new) >= _SUBSTANTIAL_WORDS
        and _size(right, old, new) >= _SUBSTANTIAL_WORDS
    )


def _is_confetti(edits: Sequence[_Edit], old: Sequence[str], new: Sequence[str]) -> bool:
    gone = sum(edit.i2 - edit.i1 for edit in edits)
    come = sum(edit.j2 - edit.j1 for edit in edits)
    if gone * 2 <= len(old) or come * 2 <= len(new):
        return False
    words = sum(map(is_word, old))
    kept = words - sum(sum(map(is_word, old[edit.i1 : edit.i2])) for edit in edits)
    return kept * _CONFETTI < min(words, sum(map(is_word, new)))


def _shape(edit: _Edit) -> tuple[bool, bool]:
    return edit.i1 < edit.i2, edit.j1 < edit.j2


def _size(edit: _Edit, old: Sequence[str], new: Sequence[str]) -> int:
    return max(sum(map(is_word, old[edit.i1 : edit.i2])), sum(map(is_word, new[edit.j1 : edit.j2])))


def _at_canonical_places(edits: list[_Edit], old: Sequence[str], new: Sequence[str]) -> list[_Edit]:
    """Slide every pure insertion or deletion to the best of its equal places between its neighbours."""
    placed: list[_Edit] = []
    for n, edit in enumerate(edits):
        low = placed[-1].i2 + 1 if placed else 0
        high = edits[n + 1].i1 - 1 if n + 1 < len(edits) else len(old)
        placed.append(_slid(edit, old, new, low, high))
    return placed


def _slid(edit: _Edit, old: Sequence[str], new: Sequence[str], low: int, high: int) -> _Edit:
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
    return _Edit(edit.i1 + best, edit.i2 + best, edit.j1 + best, edit.j2 + best)


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
