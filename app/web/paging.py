"""Pages of a long list on the site: the newest first, with ways to newer and older ones that keep what is asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar
from urllib.parse import urlencode

from app.queries.stretches import MOST_COUNTED
from app.rules.dates import day_in_words

T = TypeVar("T")

A_PAGE = 30
"""So many entries stand on a page."""


@dataclass(frozen=True, slots=True)
class Paged(Generic[T]):
    """A page: what it shows, and the addresses of the newest ones, of newer and of older ones ("" if there are none).

    ``first``: it is the page with the newest; ``count`` is how many there are in all (None: not counted), and of more
    than are counted one more than that.
    """

    shown: Sequence[T]
    newest: str
    newer: str
    older: str
    first: bool
    count: int | None

    @property
    def many(self) -> bool:
        """Whether there are more than are counted."""
        return self.count is not None and self.count > MOST_COUNTED


def paged(
    find: Callable[[int | None, int | None, int], Sequence[T]],
    key: Callable[[T], int],
    address: str,
    asked: Mapping[str, str],
    *,
    before: int | None,
    above: int | None,
    count: Callable[[], int] | None = None,
) -> Paged[T]:
    """The page below the key ``before`` or above the key ``above``, or the first one.

    ``find`` gives entries from the highest key down: below the first number, or the nearest above the second, at most
    so many. ``asked`` is what else the address of every page asks for.
    """

    def to(**more: object) -> str:
        fields = {name: value for name, value in {**asked, **more}.items() if value}
        return address + (f"?{urlencode(fields)}" if fields else "")

    if above is not None:
        found = find(None, above, A_PAGE + 1)
        if len(found) > A_PAGE:
            shown = found[1:]
            return Paged(
                shown,
                to(),
                to(above=key(shown[0])),
                to(before=key(shown[-1])),
                first=False,
                count=None if count is None else count(),
            )
        # Not a whole page is left up there: it is filled up from below.
        before = None
    found = find(before, None, A_PAGE + 1)
    shown = found[:A_PAGE]
    older = to(before=key(shown[-1])) if len(found) > A_PAGE else ""
    if before is None:
        whole = len(shown) if not older else None if count is None else count()
        return Paged(shown, to(), "", older, first=True, count=whole)
    newer = to(above=key(shown[0])) if shown else to(above=before - 1)
    return Paged(shown, to(), newer, older, first=False, count=None if count is None else count())


def days_between(moments: Sequence[datetime]) -> str:
    """The days of a page that runs from the newest moment to the oldest: "28 November to 3 November 2026"."""
    if not moments:
        return ""
    newest, oldest = (day_in_words(at.astimezone(UTC).date()) for at in (moments[0], moments[-1]))
    return newest if newest == oldest else f"{newest} to {oldest}"
