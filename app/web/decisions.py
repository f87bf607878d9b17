"""The register of decisions as a page and as a table to keep."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from app.deps import CharterAccess, CharterDep, DatabaseDep
from app.errors import BadInput
from app.files import decisions_csv
from app.queries.register import Wanted, register, register_count
from app.queries.revisions import head_snapshot
from app.rules.dates import calendar_day
from app.rules.states import Outcome
from app.text.dialect import clean, plain
from app.web.frame import charter_page, for_readers_of_working_text
from app.web.paging import days_between, paged
from app.web.sections import name_of

router = APIRouter(include_in_schema=False)

OUTCOMES = {
    Outcome.ADOPTED: "Adopted",
    Outcome.ADOPTED_AMENDED: "Adopted, amended",
    Outcome.REJECTED: "Rejected",
    Outcome.DEFERRED: "Deferred",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form of the register asks for, as it was typed; what is empty is not asked."""

    outcome: str = ""
    section: str = ""
    against: str = ""
    first_day: str = ""
    last_day: str = ""
    q: str = ""

    def fields(self) -> dict[str, str]:
        """It as fields of an address."""
        return {
            "outcome": self.outcome,
            "section": self.section,
            "against": self.against,
            "from": self.first_day,
            "to": self.last_day,
            "q": self.q,
        }

    def address(self) -> str:
        """It as the end of an address, empty if nothing is asked."""
        written = urlencode({name: value for name, value in self.fields().items() if value})
        return f"?{written}" if written else ""


def _asked(
    outcome: Annotated[str, Query(max_length=20)] = "",
    section: Annotated[str, Query(max_length=100)] = "",
    against: Annotated[str, Query(max_length=3)] = "",
    first_day: Annotated[str, Query(alias="from", max_length=40)] = "",
    last_day: Annotated[str, Query(alias="to", max_length=40)] = "",
    q: Annotated[str, Query(max_length=2_000)] = "",
) -> Asked:
    return Asked(outcome, section, against, first_day.strip(), last_day.strip(), q.strip())


AskedDep = Annotated[Asked, Depends(_asked)]


@router.api_route("/{c}/decisions", methods=["GET", "HEAD"])
def list_decisions(
    request: Request,
    at: CharterDep,
    asked: AskedDep,
    before: Annotated[int | None, Query(ge=1, le=999_999_999)] = None,
    above: Annotated[int | None, Query(ge=0, le=999_999_999)] = None,
) -> Response:
    """Decisions, the newest first. What cannot be asked is said beside the form."""
    for_readers_of_working_text(at)
    problem = ""
    wanted = Wanted()
    try:
        wanted = _wanted(at, asked)
    except BadInput as error:
        problem = error.message
    page = paged(
        lambda below, over, most: (
            [] if problem else register(at.session, at.charter, wanted, before=below, above=over, limit=most)
        ),
        lambda entry: entry.id,
        f"/{at.charter.key}/decisions",
        asked.fields(),
        before=before,
        above=above,
        count=lambda: 0 if problem else register_count(at.session, at.charter, wanted),
    )
    shown = [replace(entry, adopted=_read(entry.adopted)) for entry in page.shown]
    text = head_snapshot(at.session, at.charter)
    values = {
        "entries": shown,
        "asked": asked,
        "problem": problem,
        "filtered": wanted != Wanted() or bool(problem),
        "outcomes": OUTCOMES,
        "sections": [(section.key, name_of(section)) for section in text.sections],
        "section_names": {section.id: name_of(section) for section in text.sections},
        "page": page,
        "span": days_between([entry.decided_at for entry in shown]),
    }
    status = 422 if problem else 200
    return charter_page(request, at, "decisions/list.html", values, tab="History", status=status)


@router.api_route("/{c}/decisions.csv", methods=["GET", "HEAD"])
def read_decisions_csv(at: CharterDep, database: DatabaseDep, asked: AskedDep) -> Response:
    """The same decisions, all of them, as a table that a spreadsheet can open."""
    for_readers_of_working_text(at)
    names = {section.id: name_of(section) for section in head_snapshot(at.session, at.charter).sections}
    return decisions_csv(database, at, _wanted(at, asked), names)


def _wanted(at: CharterAccess, asked: Asked) -> Wanted:
    """What is asked for in the words of the register; BadInput for a day that is none."""
    section = head_snapshot(at.session, at.charter).section(asked.section) if asked.section else None
    return Wanted(
        outcome=asked.outcome if asked.outcome in OUTCOMES else None,
        section=section.id if section is not None else None,
        against_rule=True if asked.against else None,
        first_day=_day(asked.first_day),
        last_day=_day(asked.last_day),
        words=clean(asked.q) or None,
    )


def _read(words: str | None) -> str | None:
    """A wording as a reader reads it, without marks."""
    return None if words is None else plain(words)


def _day(text: str) -> date | None:
    return calendar_day(text) if text else None
