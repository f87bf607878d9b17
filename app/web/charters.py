"""Charters: the list, the edition in force, and the working text."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app import clock
from app.deps import CharterAccess, CharterDep, SessionDep, VisitorDep
from app.queries.editions import edition_in_force
from app.queries.open_proposals import open_count, touches
from app.queries.overview import charter_views
from app.queries.printing import prepared_revision
from app.queries.revisions import head_snapshot, revision
from app.render.leaf import MarginCard, lay_out
from app.rules.permissions import Action
from app.web.discussion import comment_cards
from app.web.editions import show_edition
from app.web.frame import charter_page, for_readers_of_working_text, page

router = APIRouter(include_in_schema=False)


@router.api_route("/", methods=["GET", "HEAD"])
def list_charters(visitor: VisitorDep, session: SessionDep) -> Response:
    """All charters, or straight to the only one."""
    views = charter_views(session, visitor.account, clock.today())
    if len(views) == 1:
        return RedirectResponse(f"/{views[0].key}", 302)
    return page("charters/list.html", {"charters": views}, visitor)


@router.api_route("/{c}", methods=["GET", "HEAD"])
def read_charter(request: Request, at: CharterDep) -> Response:
    """The edition in force; without one the working text."""
    current = edition_in_force(at.session, at.charter, clock.today())
    if current is None:
        return _working_text(request, at, "Charter")
    return show_edition(request, at, current, tab="Charter")


@router.api_route("/{c}/working", methods=["GET", "HEAD"])
def read_working_text(request: Request, at: CharterDep) -> Response:
    """The working text."""
    for_readers_of_working_text(at)
    return _working_text(request, at, "Working text")


def _working_text(request: Request, at: CharterAccess, tab: str) -> Response:
    home = f"/{at.charter.key}"
    text = head_snapshot(at.session, at.charter)
    sections = {block.id: section for section, _, block in text.placed_blocks()}
    cards: dict[str, list[MarginCard]] = {}
    for block, touched in touches(at.session, at.charter).items():
        cards[block] = [
            MarginCard(f"{home}/proposals/{t.number}", f"Proposal {t.number}", t.title) for t in touched.first
        ]
        more = touched.count - len(touched.first)
        if more > 0 and block in sections:
            address = f"{home}/proposals?state=open&section={sections[block].key}"
            cards[block].append(
                MarginCard(address, f"{more} more", "open changes here" if more > 1 else "open change here")
            )
    for block, said in comment_cards(at).items():
        cards[block] = [*cards.get(block, ()), *said]
    may_comment = at.may(Action.COMMENT)
    current = edition_in_force(at.session, at.charter, clock.today())
    values = {
        "leaf": lay_out(
            prepared_revision(at.session, at.charter, at.charter.head),
            cards,
            f"{home}/blocks/{{}}",
            f"{home}/threads/new?revision={at.charter.head}&" if may_comment else "",
        ),
        "may_comment": may_comment,
        "revision": revision(at.session, at.charter, at.charter.head),
        "current": current,
        "open_proposals": open_count(at.session, at.charter),
    }
    return charter_page(request, at, "charters/working.html", values, tab=tab)
