"""What awaits somebody in a charter: one page, each line of it a link to where the thing is done."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app import clock
from app.deps import CharterDep
from app.queries.awaiting import MOST_COUNTED
from app.queries.awaiting_lists import waiting
from app.queries.revisions import head_snapshot
from app.rules.permissions import Role
from app.web.frame import charter_page, for_readers_of_working_text
from app.web.keeping import unfinished
from app.web.sections import name_of, names_by_id

router = APIRouter(include_in_schema=False)

# Of each sort the most urgent; the rest is a link away, where it is done.
_SHOWN = 8


@router.api_route("/{c}/awaiting", methods=["GET", "HEAD"])
def list_awaiting(request: Request, at: CharterDep) -> Response:
    """Everything that waits for whoever is signed in."""
    for_readers_of_working_text(at)
    text = head_snapshot(at.session, at.charter)
    found = waiting(at.session, at.charter, at.by, at.standing, most=_SHOWN)
    values = {
        "waiting": found,
        "unfinished": unfinished(at, text),
        "governs": at.standing.role is Role.GOVERNOR,
        "takes_part": at.standing.role is not None,
        "today": clock.today(),
        "shown": _SHOWN,
        "most": MOST_COUNTED,
        "section_names": names_by_id(text),
        "section_keys": {section.id: section.key for section in text.sections},
        "section_titles": {section.id: name_of(section) for section in text.sections},
    }
    return charter_page(request, at, "awaiting/list.html", values, tab="For you", waiting=found.counts)
