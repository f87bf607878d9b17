"""What stands around every page: the charter's navigation, who is signed in, and how a page becomes an answer."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse

from app import clock
from app.deps import CharterAccess, Visitor
from app.errors import NotFound
from app.queries.awaiting import Counts, counts
from app.queries.open_proposals import open_count
from app.queries.overview import charter_view
from app.render.pages import render
from app.rules.permissions import Action
from app.security import form_token


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the navigation. ``here``: the page belongs to it, ``exact``: it is that page.

    ``count`` is how many of what ``counted`` says there are; ``more``: at least so many. ``first``: a phone shows it
    at once; the other places are in a menu there.
    """

    name: str
    address: str
    here: bool
    exact: bool
    count: int = 0
    counted: str = ""
    more: bool = False
    first: bool = False


def page(
    template: str,
    values: Mapping[str, object],
    visitor: Visitor,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """A page outside any charter."""
    return HTMLResponse(_octets(render(template, {**_visitor_values(visitor), **values})), status, headers=headers)


def charter_page(
    request: Request,
    at: CharterAccess,
    template: str,
    values: Mapping[str, object],
    *,
    tab: str = "",
    status: int = 200,
    waiting: Counts | None = None,
) -> HTMLResponse:
    """A page of a charter, with its navigation; ``tab`` is the place it belongs to.

    ``waiting`` is what waits for the visitor, if the page has counted it already.

    A page that tells of a refusal takes back whatever the refused act had begun to write.
    """
    if status >= 400:
        at.session.rollback()
    view = charter_view(at.session, at.charter, at.allowed, clock.today())
    frame: dict[str, object] = {
        "charter": view,
        "nav": _navigation(request, at, tab, waiting),
        "role": str(at.standing.role) if at.standing.role else ("administrator" if at.standing.admin else ""),
        "may_read_working": at.may(Action.READ_WORKING_TEXT),
        "may_propose": at.may(Action.PROPOSE),
        "inside": at.may(Action.READ_MEMBERS_THREADS),
        "may_manage": at.may(Action.MANAGE_CHARTER),
    }
    return HTMLResponse(_octets(render(template, {**_visitor_values(at.visitor), **frame, **values})), status)


def _octets(page: str) -> bytes:
    """A page in UTF-8. A form that was refused can hold halves of characters, and is shown again all the same."""
    return page.encode("utf-8", "replace")


def for_readers_of_working_text(at: CharterAccess) -> None:
    """NotFound, like a wrong address, for whoever may not see what is being worked on."""
    if not at.may(Action.READ_WORKING_TEXT):
        raise NotFound("There is nothing at this address.")


def _navigation(request: Request, at: CharterAccess, tab: str, waiting: Counts | None) -> list[Place]:
    home = f"/{at.charter.key}"
    places: list[Place] = []

    def add(name: str, end: str, count: int = 0, counted: str = "", *, more: bool = False, first: bool = False) -> None:
        to = home + end
        places.append(Place(name, to, name == tab, request.url.path == to, count, counted, more, first))

    inside = at.standing.role is not None
    if inside:
        found = waiting or counts(at.session, at.charter, at.by, at.standing)
        add("For you", "/awaiting", found.total, "waiting", more=found.many, first=True)
    else:
        add("Charter", "", first=True)
    if at.may(Action.READ_WORKING_TEXT):
        add("Working text", "/working", first=True)
        add("Proposals", "/proposals", open_count(at.session, at.charter), "open", first=True)
        add("Comments", "/threads")
    if at.may(Action.DECIDE):
        add("Desk", "/desk")
    if inside:
        add("Charter", "")
    add("Editions", "/editions", first=not at.may(Action.READ_WORKING_TEXT))
    if at.may(Action.READ_WORKING_TEXT):
        add("History", "/history")
    if at.may(Action.READ_MEMBERS_THREADS):
        add("People", "/people")
    return places


def _visitor_values(visitor: Visitor) -> dict[str, object]:
    secret = visitor.session_secret
    return {
        "person": visitor.account,
        "unread": visitor.unread,
        "role": "",
        "csrf": form_token(secret) if secret else "",
    }
