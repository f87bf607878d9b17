"""How much work a comparison may cost: counted in steps, so that every machine stops at the same place."""

from typing import cast

from diff_match_patch import diff_match_patch

# A step is one turn of the innermost loop, some 0.3 microseconds.
BLOCK_STEPS = 800_000
TEXT_STEPS = 2_000_000

Run = tuple[int, str]


class Effort:
    """What is left to spend. diff-match-patch asks "is it later than the deadline?"; here the answer is a count.

    ``spent_up`` is true once a question had to be refused: the answer is then coarse, never wrong.
    """

    __slots__ = ("_given", "_round", "left", "spent_up")

    def __init__(self, steps: int = BLOCK_STEPS) -> None:
        self._given = self.left = steps
        self.spent_up = False
        self._round = 0

    def share(self, steps: int) -> "Effort":
        """A part of what is left, for one block."""
        return Effort(max(0, min(steps, self.left)))

    def take_back(self, part: "Effort") -> None:
        """What one block did not need is there for the next ones."""
        self.left -= part._given - max(0, part.left)

    def begin(self) -> None:
        """A new search begins: its rounds cost one more step each time."""
        self._round = 0

    def __lt__(self, _now: object) -> bool:
        self._round += 1
        self.left -= 2 * self._round
        if self.left < 0:
            self.spent_up = True
        return self.spent_up

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = None  # type: ignore[assignment]


class _Comparison(diff_match_patch):  # type: ignore[misc]
    """diff-match-patch with our count of steps for its clock, and without its own tidying, which ours replaces."""

    def diff_bisect(self, text1: str, text2: str, deadline: Effort) -> list[Run]:
        deadline.begin()
        return cast(list[Run], super().diff_bisect(text1, text2, deadline))

    def diff_cleanupMerge(self, diffs: list[Run]) -> None:
        """Leave the runs as found: see `worddiff`."""


def runs(old: str, new: str, effort: Effort) -> list[Run]:
    """The difference of two strings as (-1 deleted | 0 kept | 1 inserted, characters), untidied."""
    comparison = _Comparison()
    comparison.Diff_Timeout = 0
    return cast(list[Run], comparison.diff_main(old, new, False, effort))
