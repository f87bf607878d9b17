"""Which lettered lines lead to a list further down, so that they may begin one under words that go on until there."""

from collections.abc import Sequence

from app.text.blocks import ListStyle
from app.text.dialect.lettered import WIDEST_STEP
from app.text.dialect.markers import lettered_at, values

_FIRST = frozenset("AaIi")


class Partners:
    """What each lettered line of a text leads to before the next empty line."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._leads: dict[int, frozenset[ListStyle]] = {}
        # The numbers that stand below in each style, and whether two consecutive ones follow from there.
        below: dict[tuple[ListStyle, int], bool] = {}
        for number in range(len(lines) - 1, -1, -1):
            bare = lines[number].lstrip(" >")
            if not bare:
                below.clear()
                continue
            found = lettered_at(bare, 0)
            if found is None:
                continue
            leads: set[ListStyle] = set()
            for style, value in values(found[1]):
                further = (below.get((style, value + step), False) for step in range(WIDEST_STEP + 1))
                if (style, value + 1) in below or any(further):
                    leads.add(style)
                below[style, value] = style in leads
            if leads:
                self._leads[number] = frozenset(leads)

    def leads(self, number: int) -> frozenset[ListStyle]:
        """The styles in which two consecutive letters follow from this line on, with no step too wide before."""
        return self._leads.get(number, frozenset())

    def begins(self, number: int, letters: str) -> bool:
        """Whether this line, whose letters these are, is the first of a list."""
        return letters in _FIRST and any((style, 1) in values(letters) for style in self.leads(number))
