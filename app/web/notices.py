"""Somebody's notices, how they want to be told, and turning mails off by the link in them."""

from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app import clock
from app.deps import AccountDep, SessionDep, VisitorDep
from app.errors import NotFound
from app.queries.notices import NoticeView, choices, notice_address, notices, organisations, person_unsubscribing
from app.render.pages import render
from app.rules.notices import MailChoice
from app.services.choices import choose, choose_mail_by_link
from app.services.notices import mark_read
from app.web.frame import page
from app.web.paging import days_between, paged
from app.web.sessions import OurForm

router = APIRouter(include_in_schema=False)

Number = Annotated[int, Path(ge=1, le=999_999_999)]
Secret = Annotated[str, Path(max_length=100)]


@router.api_route("/notices", methods=["GET", "HEAD"])
def list_notices(
    person: AccountDep,
    visitor: VisitorDep,
    session: SessionDep,
    of: Annotated[Literal["unread", "read"] | None, Query()] = None,
    before: Annotated[int | None, Query(ge=1, le=999_999_999)] = None,
    above: Annotated[int | None, Query(ge=0, le=999_999_999)] = None,
) -> Response:
    """What somebody was told: what they have not read first, the newest first; further pages are of one sort."""
    lists = []
    for name, heading in (("unread", "Not read yet"), ("read", "Read")):
        if of not in (None, name):
            continue
        unread = name == "unread"

        def find(below: int | None, over: int | None, most: int, unread: bool = unread) -> Sequence[NoticeView]:
            return notices(session, person, unread=unread, before=below, above=over, limit=most)

        part = paged(find, lambda one: one.id, "/notices", {"of": name}, before=before, above=above)
        span = days_between([one.created_at for one in part.shown])
        lists.append({"name": name, "heading": heading, "notices": part.shown, "page": part, "span": span})
    values = {
        "lists": lists,
        "first_page": of is None,
        "names": organisations(session),
        "choices": choices(session, person),
    }
    return page("notices/list.html", values, visitor)


@router.api_route("/notices/choices", methods=["GET", "HEAD"])
def show_choices(
    person: AccountDep, visitor: VisitorDep, session: SessionDep, saved: Annotated[str, Query(max_length=1)] = ""
) -> Response:
    """How somebody wants to be told."""
    values = {"choices": choices(session, person), "saved": bool(saved), "email": person.email}
    return page("notices/choices.html", values, visitor)


@router.post("/notices/choices", dependencies=[OurForm])
def save_choices(
    person: AccountDep,
    session: SessionDep,
    mail: Annotated[str, Form(max_length=20)] = "",
    listing: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Choose anew."""
    now = choices(session, person)
    choose(session, person, mail=mail or now.mail, listing=listing or now.listing, now=clock.now())
    return RedirectResponse("/notices/choices?saved=1", 303)


@router.post("/notices/read", dependencies=[OurForm])
def read_all(person: AccountDep, session: SessionDep) -> Response:
    """Mark everything as read."""
    mark_read(session, person, None, now=clock.now())
    return RedirectResponse("/notices", 303)


@router.api_route("/notices/{id}", methods=["GET", "HEAD"])
@router.api_route("/notices/{id}/read", methods=["GET", "HEAD"])
@router.api_route("/notices/read", methods=["GET", "HEAD"])
def back_to_list() -> Response:
    """Who loads the address of a form again is shown the list."""
    return RedirectResponse("/notices", 303)


@router.post("/notices/{id}", dependencies=[OurForm])
def open_notice(id: Number, person: AccountDep, session: SessionDep) -> Response:
    """Mark a notice as read and go to what it shows. A GET changes nothing, so this is a button."""
    address = notice_address(session, person, id)
    if address is None:
        raise NotFound("There is no such notice, or you have no role in that charter any more.")
    mark_read(session, person, {id}, now=clock.now())
    return RedirectResponse(address, 303)


@router.post("/notices/{id}/read", dependencies=[OurForm])
def read_one(id: Number, person: AccountDep, session: SessionDep) -> Response:
    """Mark one notice as read."""
    mark_read(session, person, {id}, now=clock.now())
    return RedirectResponse("/notices", 303)


@router.api_route("/unsubscribe/{secret}", methods=["GET", "HEAD"])
def offer_unsubscribing(secret: Secret, session: SessionDep) -> Response:
    """One button. Opening the page changes nothing: mail scanners open links too."""
    found = person_unsubscribing(session, secret)
    if found is None:
        raise NotFound("This link turns off nobody's mails. Sign in to choose how you are told.")
    return _unsubscribing(found[0].email, secret, found[1].mail)


@router.post("/unsubscribe/{secret}")
def unsubscribe(
    secret: Secret, session: SessionDep, mail: Annotated[str, Form(max_length=20)] = MailChoice.NONE
) -> Response:
    """Turn mails off, or on again. Mail programs press this button too (RFC 8058), so it asks for no form token."""
    person = choose_mail_by_link(session, secret, mail, now=clock.now())
    return _unsubscribing(person.email, secret, mail)


def _unsubscribing(email: str, secret: str, mail: str) -> Response:
    values: dict[str, object] = {"email": email, "secret": secret, "mail": mail}
    return HTMLResponse(render("notices/unsubscribe.html", values), headers={"cache-control": "no-store"})
