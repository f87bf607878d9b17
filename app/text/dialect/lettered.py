"""Which lettered and roman markers in a row make a list, of which style, from which number on."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.text.blocks import ListStyle
from app.text.dialect.markers import HIGHEST, LETTERED_IN_ORDER, value_in, written

_ROUNDS = 6
# How much further on the letter of the next item may be.
WIDEST_STEP = 3


@dataclass(frozen=True, slots=True)
class Run:
    """So many items in a row are one list of a style; without a style they are no list."""

    count: int
    style: ListStyle | None = None
    start: int = 0


@lru_cache(maxsize=4096)
def follow(first: str, second: str) -> ListStyle | None:
    """The style in which the second letters come right after the first; no two letters do so in two styles."""
    for style in LETTERED_IN_ORDER:
        value, following = value_in(first, style), value_in(second, style)
        if value is not None and (following == value + 1 or following == value == HIGHEST[style]):
            return style
    return None


@lru_cache(maxsize=4096)
def goes_on(before: str, letters: str, style: ListStyle) -> bool:
    """Whether letters may go on a list of this style after these: people who edit a list rarely letter it anew, so
    that a letter comes again where an item was put in, and up to two are missing where items were taken out."""
    value, following = value_in(before, style), value_in(letters, style)
    return value is not None and following is not None and 0 <= following - value <= WIDEST_STEP


def near(before: str, letters: str) -> bool:
    """Whether two markers could be of one list, in whatever style."""
    return any(goes_on(before, letters, style) for style in LETTERED_IN_ORDER)


def runs(letters: Sequence[str], gaps: Sequence[bool]) -> tuple[Run, ...]:
    """Cut neighbouring lettered items into lists and single ones, so that writing and reading gives the same cut.

    ``gaps`` says of each whether an empty line stands before it. Writing renumbers: where two runs of one style
    become one list, its later letters change, and with them what they seem to begin. So the cut is repeated on what
    would be written until it stays.
    """
    found = _cut(letters, gaps)
    for _ in range(_ROUNDS):
        again = _cut(_letters_of(found, letters), gaps)
        if again == found:
            return found
        found = again
    # Contrived letters that never settle are no list at all: as paragraphs they keep every word.
    return tuple(Run(1) for _ in letters)


def _cut(letters: Sequence[str], gaps: Sequence[bool]) -> tuple[Run, ...]:
    styles = _established(letters)
    for at in range(1, len(letters)):
        style = styles[at - 1]
        if styles[at] is None and style is not None and goes_on(letters[at - 1], letters[at], style):
            styles[at] = style
    for at in range(len(letters) - 2, -1, -1):
        style = styles[at + 1]
        # Before the two that make it a list, an item stands as they do: a paragraph apart is not drawn in.
        alike = not gaps[at + 1] or any(gaps[at + 2 : at + 3])
        if alike and styles[at] is None and style is not None and goes_on(letters[at], letters[at + 1], style):
            styles[at] = style
    found: list[Run] = []
    for letter, style in zip(letters, styles, strict=True):
        if style is None:
            found.append(Run(1))
        elif found and found[-1].style is style:
            found[-1] = Run(found[-1].count + 1, style, found[-1].start)
        else:
            found.append(Run(1, style, value_in(letter, style) or 1))
    return tuple(found)


def _established(letters: Sequence[str]) -> list[ListStyle | None]:
    """The style of each that stands beside its follower or before it; None for the others."""
    pairs = [follow(letters[at], letters[at + 1]) for at in range(len(letters) - 1)] + [None]
    styles: list[ListStyle | None] = []
    while len(styles) < len(letters):
        at = len(styles)
        style = pairs[at]
        end = at + 1
        if style is not None:
            end = at + 2
            # Where a list of the other style begins at this one's last item, that item belongs to the new list.
            while end < len(letters) and pairs[end - 1] is style:
                end += 1
            if end - at > 2 and pairs[end - 1] not in (None, style):
                end -= 1
        styles += [style] * (end - at)
    return styles


def _letters_of(cut: Sequence[Run], letters: Sequence[str]) -> list[str]:
    made: list[str] = []
    for run in cut:
        if run.style is None:
            made.extend(letters[len(made) : len(made) + run.count])
        else:
            made.extend(written(run.style, run.start + n)[:-1] for n in range(run.count))
    return made
