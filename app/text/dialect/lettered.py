"""Which lettered and roman markers in a row make a list, of which style, from which number on."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.text.blocks import ListStyle
from app.text.dialect.markers import HIGHEST, value_in, written

_STYLES = (ListStyle.UPPER_ALPHA, ListStyle.LOWER_ALPHA, ListStyle.UPPER_ROMAN, ListStyle.LOWER_ROMAN)
_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Run:
    """So many items in a row are one list of a style; without a style they are no list."""

    count: int
    style: ListStyle | None = None
    start: int = 0


def follow(first: str, second: str) -> ListStyle | None:
    """The style in which the second letters come right after the first; no two letters do so in two styles."""
    for style in _STYLES:
        value, following = value_in(first, style), value_in(second, style)
        if value is not None and (following == value + 1 or following == value == HIGHEST[style]):
            return style
    return None


def runs(letters: Sequence[str]) -> tuple[Run, ...]:
    """Cut neighbouring lettered items into lists and single ones, so that writing and reading gives the same cut.

    Writing renumbers: where two runs of one style become one list, its later letters change, and with them what
    they seem to begin. So the cut is repeated on what would be written until it stays.
    """
    found = _cut(letters)
    for _ in range(_ROUNDS):
        again = _cut(_letters_of(found, letters))
        if again == found:
            return found
        found = again
    # Contrived letters that never settle are no list at all: as paragraphs they keep every word.
    return tuple(Run(1) for _ in letters)


def _cut(letters: Sequence[str]) -> tuple[Run, ...]:
    pairs = [follow(letters[at], letters[at + 1]) for at in range(len(letters) - 1)] + [None]
    found: list[Run] = []
    at = 0
    while at < len(letters):
        style = pairs[at]
        end = at + 1
        if style is not None:
            end = at + 2
            # Where a list of the other style begins at this one's last item, that item belongs to the new list.
            while end < len(letters) and pairs[end - 1] is style:
                end += 1
            if end - at > 2 and pairs[end - 1] not in (None, style):
                end -= 1
        if style is None:
            found.append(Run(1))
        elif found and found[-1].style is style:
            found[-1] = Run(found[-1].count + end - at, style, found[-1].start)
        else:
            found.append(Run(end - at, style, value_in(letters[at], style) or 1))
        at = end
    return tuple(found)


def _letters_of(cut: Sequence[Run], letters: Sequence[str]) -> list[str]:
    made: list[str] = []
    for run in cut:
        if run.style is None:
            made.extend(letters[len(made) : len(made) + run.count])
        else:
            made.extend(written(run.style, run.start + n)[:-1] for n in range(run.count))
    return made
