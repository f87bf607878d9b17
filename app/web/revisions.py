"""The history of a charter: every revision, who made it, what it did, and which changes went in."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app import clock
from app.deps import CharterDep
from app.queries.editions import editions
from app.queries.history import HistoryEntry, history
from app.queries.stretches import MOST_COUNTED
from app.rules.permissions import Action
from app.text.snapshot import Section
from app.web.frame import charter_page, for_readers_of_working_text
from app.web.paging import paged
from app.web.sections import name_of

router = APIRouter(include_in_schema=False)


@router.api_route("/{c}/history", methods=["GET", "HEAD"])
def list_revisions(
    request: Request,
    at: CharterDep,
    before: Annotated[int | None, Query(ge=1, le=999_999_999)] = None,
    above: Annotated[int | None, Query(ge=0, le=999_999_999)] = None,
) -> Response:
    """Revisions, the newest first."""
    for_readers_of_working_text(at)
    page = paged(
        lambda below, over, most: history(at.session, at.charter, before=below, above=over, limit=most),
        lambda entry: entry.revision.number,
        f"/{at.charter.key}/history",
        {},
        before=before,
        above=above,
        # They are numbered without a gap.
        count=lambda: min(at.charter.head, MOST_COUNTED + 1),
    )
    numbers = [entry.revision.number for entry in page.shown]
    known = editions(at.session, at.charter, unpublished=at.may(Action.READ_UNPUBLISHED_EDITIONS), today=clock.today())
    values = {
        "entries": [(entry, in_one_line(entry)) for entry in page.shown],
        "page": page,
        "span": f"{numbers[0]} to {numbers[-1]}" if numbers else "",
        "may_revert": at.may(Action.MERGE),
        "editions": {number: [e for e in known if e.revision == number] for number in {e.revision for e in known}},
    }
    return charter_page(request, at, "revisions/list.html", values, tab="History")


def in_one_line(entry: HistoryEntry) -> str:
    """What a revision did to the text, by the names of the sections it touched."""
    if entry.revision.parent is None:
        count = len(entry.added)
        return f"The first text, {count} section{'' if count == 1 else 's'}."
    told = [
        f"{done} {_names(sections)}"
        for done, sections in (
            ("rewrote in", entry.rewritten),
            ("added", entry.added),
            ("removed", entry.removed),
        )
        if sections
    ]
    if entry.reordered:
        told.append("put sections in another order")
    if entry.cover:
        told.append("changed the cover")
    line = "; ".join(told) or "changed nothing that is read"
    return line[:1].upper() + line[1:] + "."


def _names(sections: Sequence[Section]) -> str:
    names = [f"“{name_of(section)}”" for section in sections]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
