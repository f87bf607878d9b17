"""When an edition is dated: the month or day it carries, its first day, and how that is said in words."""

import re
from dataclasses import dataclass
from datetime import date

from app.errors import BadInput

_FORM = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")

# Written out: the names must not follow the language the machine happens to run in.
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True, slots=True)
class EditionDate:
    """The date of an edition: a whole month (``day`` is None) or one day. Made by `edition_date`."""

    year: int
    month: int
    day: int | None = None

    @property
    def key(self) -> str:
        """The address of the edition: ``2025-05`` or ``2026-11-21``."""
        month = f"{self.year:04}-{self.month:02}"
        return month if self.day is None else f"{month}-{self.day:02}"

    @property
    def first_day(self) -> date:
        """The day the edition is in force from, unless somebody says another one."""
        return date(self.year, self.month, self.day or 1)

    @property
    def label(self) -> str:
        """The date as the cover says it when nobody gives other words: "May 2025", "21 November 2026"."""
        month = f"{_MONTHS[self.month - 1]} {self.year}"
        return month if self.day is None else f"{self.day} {month}"


def edition_date(text: str) -> EditionDate:
    """The edition date written ``YYYY-MM`` or ``YYYY-MM-DD``; BadInput if it is not one or not in the calendar."""
    match = _FORM.fullmatch(text)
    if match is None:
        raise BadInput("An edition date is a month like 2025-05 or a day like 2026-11-21.", kind="bad-date")
    year, month = int(match[1]), int(match[2])
    day = int(match[3]) if match[3] is not None else None
    try:
        date(year, month, 1 if day is None else day)
    except ValueError:
        raise BadInput(f"There is no {text} in the calendar.", kind="bad-date") from None
    return EditionDate(year, month, day)


def day_in_words(day: date) -> str:
    """A day as people write it: "21 November 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def calendar_day(text: str) -> date:
    """The day written ``YYYY-MM-DD``; BadInput if it is not one or not in the calendar."""
    found = edition_date(text) if _FORM.fullmatch(text) else None
    if found is None or found.day is None:
        raise BadInput("A day is written like 2026-11-30.", kind="bad-date")
    return found.first_day
