"""Charters: the list, the edition in force, and the working text."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app import clock
from app.deps import CharterAccess, CharterDep, SessionDep, VisitorDep
from app.queries.editions import edition_in_force, shown_edition
from app.queries.open_proposals import open_count
from app.queries.overview import charter_views
from app.queries.printing import prepared_revision
from app.queries.revisions import head_snapshot, revision
from app.render.leaf import Addresses
from app.rules.permissions import Action
from app.web.editions import show_edition
from app.web.frame import charter_page, for_readers_of_working_text, page
from app.web.reading import printed_leaf
from app.web.strangers import for_strangers
from app.web.working import beside_words
from app.word import revision_word

router = APIRouter(include_in_schema=False)

_LOOKS = ("prop", "both", "thread")


@router.api_route("/", methods=["GET", "HEAD"])
def list_charters(visitor: VisitorDep, session: SessionDep) -> Response:
    """All charters, or straight to the only one."""
    views = charter_views(session, visitor.account, clock.today(), only=visitor.only)
    if len(views) == 1:
        return RedirectResponse(f"/{views[0].key}", 302)
    return page("charters/list.html", {"charters": views}, visitor)


@router.api_route("/{c}", methods=["GET", "HEAD"])
def read_charter(request: Request, at: CharterDep) -> Response:
    """The edition in force; without one the working text, or for those who may not see it the newest edition."""
    return for_strangers(request, at, lambda: _current(request, at))


def _current(request: Request, at: CharterAccess) -> Response:
    current = edition_in_force(at.session, at.charter, clock.today())
    if current is None and not at.may(Action.READ_WORKING_TEXT):
        current = shown_edition(at.session, at.charter, clock.today())
    if current is None:
        return _working_text(request, at, "Charter")
    return show_edition(request, at, current, tab="Charter")


@router.api_route("/{c}/working", methods=["GET", "HEAD"])
def read_working_text(request: Request, at: CharterDep) -> Response:
    """The working text."""
    for_readers_of_working_text(at)
    return for_strangers(request, at, lambda: _working_text(request, at, "Working text"))


@router.api_route("/{c}/working.docx", methods=["GET", "HEAD"])
def take_working_text_along(request: Request, at: CharterDep) -> Response:
    """The working text as a Word document."""
    for_readers_of_working_text(at)
    return revision_word(request, at, at.charter.head)


def _working_text(request: Request, at: CharterAccess, tab: str) -> Response:
    home = f"/{at.charter.key}"
    cards, spots = beside_words(at, head_snapshot(at.session, at.charter))
    may_comment, may_propose = at.may(Action.COMMENT), at.may(Action.PROPOSE)
    addresses = Addresses(
        whence=f"{home}/blocks/{{}}",
        remark=f"{home}/threads/new?revision={at.charter.head}&" if may_comment else "",
        propose=f"{home}/propose/{{}}" if may_propose else "",
        annexes=f"{home}/annexes/{{}}",
    )
    current = edition_in_force(at.session, at.charter, clock.today())
    prepared = prepared_revision(at.session, at.charter, at.charter.head)
    values = {
        "printed": printed_leaf(prepared, addresses, cards, spots, notes_below=True),
        "addresses": addresses,
        "marked": {look: any(s.look == look for some in spots.values() for s in some) for look in _LOOKS},
        "revision": revision(at.session, at.charter, at.charter.head),
        "current": current,
        "open_proposals": open_count(at.session, at.charter),
        "may_keep": at.may(Action.KEEP_FILES),
    }
    return charter_page(request, at, "charters/working.html", values, tab=tab)
