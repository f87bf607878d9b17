"""What differs between two sequences of tokens or blocks, found as small as it can be and not tidied yet."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from app.text.chains import longest_chain, only_places
from app.text.common import can_match, cost, matches
from app.text.effort import Effort, runs

# Larger products of lengths are first cut at tokens that stand once on either side.
_LARGE = 2_000_000
# Code points below this are left out of the alphabet so that no token is ever written as a control or a space.
_FIRST_CODE = 0x100
_SURROGATES = range(0xD800, 0xE000)
_LAST_CODE = 0x10FFFF
_ALPHABET = _LAST_CODE - _FIRST_CODE - len(_SURROGATES)
_STRIDE = 32


@dataclass(slots=True)
class Edit:
    """``old[i1:i2]`` becomes ``new[j1:j2]``."""

    i1: int
    i2: int
    j1: int
    j2: int


def raw_edits(old: Sequence[Hashable], new: Sequence[Hashable], effort: Effort) -> list[Edit]:
    """The edits as small as they can be found, none touching the next."""
    middle = trimmed(Edit(0, len(old), 0, len(new)), old, new)
    stretches = [middle]
    if (middle.i2 - middle.i1) * (middle.j2 - middle.j1) > _LARGE:
        stretches = _between_signs(middle, old, new)
    edits: list[Edit] = []
    for stretch in stretches:
        for edit in _compared(stretch, old, new, effort):
            if edits and edits[-1].i2 == edit.i1 and edits[-1].j2 == edit.j1:
                edits[-1].i2, edits[-1].j2 = edit.i2, edit.j2
            else:
                edits.append(edit)
    return edits


def _between_signs(whole: Edit, old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Edit]:
    """A large stretch cut at what stands exactly once on either side, as far as that keeps its order."""
    there = only_places(new[whole.j1 : whole.j2])
    signs = [(i, there[value]) for value, i in only_places(old[whole.i1 : whole.i2]).items() if value in there]
    cut: list[Edit] = []
    i, j = whole.i1, whole.j1
    for at_old, at_new in longest_chain(sorted(signs)):
        cut.append(trimmed(Edit(i, whole.i1 + at_old, j, whole.j1 + at_new), old, new))
        i, j = whole.i1 + at_old + 1, whole.j1 + at_new + 1
    return [*cut, trimmed(Edit(i, whole.i2, j, whole.j2), old, new)]


def _compared(stretch: Edit, old: Sequence[Hashable], new: Sequence[Hashable], effort: Effort) -> list[Edit]:
    """The edits inside a stretch that has nothing in common at its ends."""
    if stretch.i1 == stretch.i2 or stretch.j1 == stretch.j2:
        return [stretch] if stretch.i1 < stretch.i2 or stretch.j1 < stretch.j2 else []
    one, other = old[stretch.i1 : stretch.i2], new[stretch.j1 : stretch.j2]
    if not can_match(one, other):
        return _compared_in_steps(stretch, old, new, effort)
    effort.left -= cost(one, other)
    if effort.left < 0:
        effort.spent_up = True
        return [stretch]
    edits: list[Edit] = []
    i, j = stretch.i1, stretch.j1
    for x, y in matches(one, other):
        x, y = stretch.i1 + x, stretch.j1 + y
        if i < x or j < y:
            edits.append(Edit(i, x, j, y))
        i, j = x + 1, y + 1
    if i < stretch.i2 or j < stretch.j2:
        edits.append(Edit(i, stretch.i2, j, stretch.j2))
    return edits


def _compared_in_steps(stretch: Edit, old: Sequence[Hashable], new: Sequence[Hashable], effort: Effort) -> list[Edit]:
    """The edits inside a stretch that is too large for bits: little by little, until the budget is spent up."""
    codes: dict[Hashable, str] = {}
    old_codes = _encode(old[stretch.i1 : stretch.i2], codes)
    new_codes = _encode(new[stretch.j1 : stretch.j2], codes)
    if len(codes) > _ALPHABET:
        effort.spent_up = True
        return [stretch]
    edits: list[Edit] = []
    i, j = stretch.i1, stretch.j1
    for op, run in runs(old_codes, new_codes, effort):
        length = len(run)
        if op == 0:
            i += length
            j += length
            continue
        if not edits or edits[-1].i2 != i or edits[-1].j2 != j:
            edits.append(Edit(i, i, j, j))
        if op < 0:
            i += length
        else:
            j += length
        edits[-1].i2, edits[-1].j2 = i, j
    return [e for e in (trimmed(edit, old, new) for edit in edits) if e.i1 < e.i2 or e.j1 < e.j2]


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


def trimmed(edit: Edit, old: Sequence[Hashable], new: Sequence[Hashable]) -> Edit:
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
