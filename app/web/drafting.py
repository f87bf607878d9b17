"""The form in which an edition is drafted: what stands in it at first, and what somebody wrote, read with care."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.deps import CharterAccess
from app.errors import BadInput
from app.queries.editions import editions
from app.queries.revisions import RevisionView, revision, revisions
from app.rules.dates import EditionDate, calendar_day, edition_date

MONTHS = tuple(EditionDate(2000, month).label.partition(" ")[0] for month in range(1, 13))
"""The names of the months."""

_OFFERED = 40


class FieldFault(BadInput):
    """What is wrong with one field of the form."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Drafted:
    """What the form says. ``label`` and ``effective`` are None where the date shall give them."""

    revision: int
    date_text: str
    label: str | None
    effective: date | None


def begin(at: CharterAccess, today: date, wanted: int) -> Mapping[str, str]:
    """The form before anything is typed: the newest revision (or the one that was asked for), and this month.

    If this month has an edition already, it is this day.
    """
    taken = {view.key for view in editions(at.session, at.charter, unpublished=True, today=today)}
    month = EditionDate(today.year, today.month)
    return {
        "revision": str(wanted if 1 <= wanted <= at.charter.head else at.charter.head),
        "day": str(today.day) if month.key in taken else "",
        "month": str(today.month),
        "year": str(today.year),
        "label": "",
        "effective": "",
    }


def offered(at: CharterAccess, chosen: str) -> list[RevisionView]:
    """The revisions that can be chosen: the newest ones, and the chosen one however old it is."""
    newest = revisions(at.session, at.charter, limit=_OFFERED)
    if re.fullmatch(r"[1-9]\d{0,8}", chosen) and 1 <= int(chosen) < newest[-1].number:
        return [*newest, revision(at.session, at.charter, int(chosen))]
    return newest


def read(at: CharterAccess, fields: Mapping[str, str], key: str = "") -> Drafted:
    """What somebody typed. FieldFault names the field; ``key`` is the date of a draft that has one already."""
    number = fields.get("revision", "").strip()
    if not re.fullmatch(r"[1-9]\d{0,8}", number) or int(number) > at.charter.head:
        raise FieldFault("revision", f"Choose a revision from 1 to {at.charter.head}.")
    said = " ".join(fields.get("effective", "").split())
    try:
        effective = calendar_day(said) if said else None
    except BadInput as error:
        raise FieldFault("effective", error.message) from error
    label = fields.get("label", "")
    return Drafted(int(number), key or _date(fields), label if label.strip() else None, effective)


def _date(fields: Mapping[str, str]) -> str:
    year, month, day = (fields.get(name, "").strip() for name in ("year", "month", "day"))
    if not re.fullmatch(r"[0-9]{4}", year) or not re.fullmatch(r"[0-9]{1,2}", month):
        raise FieldFault("date", "Choose a month, and write the year in four digits, like 2026.")
    if day and not re.fullmatch(r"[0-9]{1,2}", day):
        raise FieldFault("date", "Choose a day, or leave it at the whole month.")
    written = f"{year}-{int(month):02}" + (f"-{int(day):02}" if day else "")
    try:
        return edition_date(written).key
    except BadInput as error:
        raise FieldFault("date", error.message) from error
