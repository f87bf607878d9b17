"""Pairing of emphasis marks by CommonMark's rules: which runs of ``*`` and ``_`` open, which close, which are text."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from app.text.dialect.spans import Mark


@dataclass(slots=True)
class Run:
    """A run of one delimiter character; what no pair has used of it is ``count`` characters from ``start``."""

    character: str
    start: int
    count: int
    opens: bool
    closes: bool
    length: int


class Pair(NamedTuple):
    """Emphasis that was found: the places of its opening and its closing mark."""

    mark: Mark
    open: int
    close: int


def is_blank(character: str) -> bool:
    """Whether a character counts as white space beside a mark; the edge of a text does."""
    return not character or character.isspace()


def is_sign(character: str) -> bool:
    """Whether a character counts as punctuation beside a mark."""
    return unicodedata.category(character)[0] in "PS"


@lru_cache(maxsize=8192)
def flanks(before: str, after: str, character: str) -> tuple[bool, bool]:
    """Whether a run between these two characters may open, and whether it may close, emphasis."""
    blank_before, blank_after = is_blank(before), is_blank(after)
    sign_before = not blank_before and is_sign(before)
    sign_after = not blank_after and is_sign(after)
    left = not blank_after and (not sign_after or blank_before or sign_before)
    right = not blank_before and (not sign_before or blank_after or sign_after)
    if character == "*":
        return left, right
    return left and (not right or sign_before), right and (not left or sign_after)


class Pairing:
    """The runs read so far and the pairs found among them, in time linear in the number of runs."""

    def __init__(self) -> None:
        self.pairs: list[Pair] = []
        self._runs: list[Run] = []
        self._before: list[int] = []
        self._after: list[int] = []
        self._last = -1

    @property
    def last(self) -> int:
        """The newest run that is still unpaired, to say later from where on to pair; -1 for none."""
        return self._last

    def add(self, run: Run) -> None:
        """Take the next run."""
        self._runs.append(run)
        self._before.append(self._last)
        self._after.append(-1)
        if self._last >= 0:
            self._after[self._last] = len(self._runs) - 1
        self._last = len(self._runs) - 1

    def pair(self, bottom: int = -1) -> None:
        """Pair what stands after the run ``bottom``; what stays unpaired there is text for good."""
        floors: dict[tuple[str, bool, int], int] = {}
        closer = self._after[bottom] if bottom >= 0 else self._first()
        while closer >= 0:
            run = self._runs[closer]
            if not run.closes:
                closer = self._after[closer]
                continue
            key = (run.character, run.opens, run.length % 3)
            floor = max(bottom, floors.get(key, -1))
            opener = self._opener(run, self._before[closer], floor)
            if opener > floor:
                closer = self._join(opener, closer)
                continue
            floors[key] = self._before[closer]
            following = self._after[closer]
            if not run.opens:
                self._remove(closer)
            closer = following
        self._cut(bottom)

    def _first(self) -> int:
        at = self._last
        # The list is short-lived: everything before it was paired, so the walk back is over what is left.
        while at >= 0 and self._before[at] >= 0:
            at = self._before[at]
        return at

    def _opener(self, closer: Run, at: int, floor: int) -> int:
        while at > floor:
            run = self._runs[at]
            if run.character == closer.character and run.opens:
                threes = (run.length + closer.length) % 3 == 0 and closer.length % 3 != 0
                if not (threes and (closer.opens or run.closes)):
                    return at
            at = self._before[at]
        return -1

    def _join(self, opener: int, closer: int) -> int:
        """Make emphasis of two runs; the run to look at next."""
        left, right = self._runs[opener], self._runs[closer]
        width = 2 if left.count >= 2 and right.count >= 2 else 1
        left.count -= width
        self.pairs.append(Pair(Mark.STRONG if width == 2 else Mark.EMPHASIS, left.start + left.count, right.start))
        right.count -= width
        right.start += width
        self._after[opener], self._before[closer] = closer, opener
        if not left.count:
            self._remove(opener)
        if right.count:
            return closer
        following = self._after[closer]
        self._remove(closer)
        return following

    def _remove(self, at: int) -> None:
        before, after = self._before[at], self._after[at]
        if before >= 0:
            self._after[before] = after
        if after >= 0:
            self._before[after] = before
        else:
            self._last = before

    def _cut(self, bottom: int) -> None:
        self._last = bottom
        if bottom >= 0:
            self._after[bottom] = -1
