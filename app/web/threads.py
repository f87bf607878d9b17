"""Comments as pages: the lists, one thread with where its words are now, replies, and settling it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app import clock
from app.db.models.threads import Thread
from app.deps import CharterAccess, CharterDep, ThreadAccess, ThreadDep, require_on_thread, require_settling
from app.errors import BadInput, Refused
from app.queries.calling import calling, names_to_call
from app.queries.revisions import head_snapshot, snapshot
from app.queries.thread_lists import Wanted, thread_count, thread_heads
from app.queries.threads import thread_view
from app.rules.permissions import Action
from app.rules.threads import ThreadState
from app.services import threads
from app.services.following import set_following
from app.services.hanging import Hook
from app.text.anchors import AnchorState
from app.text.dialect import plain
from app.text.marking import Marked, marked
from app.text.offers import Offer
from app.text.snapshot import Snapshot
from app.tokens import new_id
from app.web.frame import charter_page, for_readers_of_working_text
from app.web.once import lead, led_already
from app.web.paging import paged
from app.web.sections import name_of, names_by_id
from app.web.sessions import OurForm
from app.web.thread_places import find_block, last_place, paragraph_choices, place_name, place_of

router = APIRouter(include_in_schema=False)

_SHOWN = {"open": "Open", "resolved": "Resolved", "orphaned": "Words are gone", "mine": "Mine"}
_settling = Depends(require_settling)
_commenting = Depends(require_on_thread(Action.COMMENT))


@router.api_route("/{c}/threads", methods=["GET", "HEAD"])
def list_threads(
    request: Request,
    at: CharterDep,
    show: Annotated[str, Query(max_length=20)] = "",
    section: Annotated[str, Query(max_length=100)] = "",
    block: Annotated[str, Query(max_length=64)] = "",
    before: Annotated[int | None, Query(ge=1, le=999_999_999)] = None,
    above: Annotated[int | None, Query(ge=0, le=999_999_999)] = None,
) -> Response:
    """Threads, the newest first: open, resolved, those whose words are gone, or one's own."""
    for_readers_of_working_text(at)
    person, text = at.visitor.account, head_snapshot(at.session, at.charter)
    shown = show if show in _SHOWN and (show != "mine" or person is not None) else "open"
    chosen = text.section(section)
    wanted = Wanted(
        state={"open": ThreadState.OPEN, "resolved": ThreadState.RESOLVED}.get(shown),
        section=None if chosen is None else chosen.id,
        block=block or None,
        anchor=AnchorState.ORPHANED if shown == "orphaned" else None,
        mine=person if shown == "mine" else None,
    )
    page = paged(
        lambda below, over, most: thread_heads(
            at.session, at.charter, person, at.allowed, wanted, after=below, above=over, limit=most
        ),
        lambda head: head.number,
        f"/{at.charter.key}/threads",
        {"show": shown, "section": "" if chosen is None else chosen.key, "block": block},
        before=before,
        above=above,
        count=lambda: thread_count(at.session, at.charter, person, at.allowed, wanted),
    )
    values = {
        "page": page,
        "span": f"{page.shown[0].number} to {page.shown[-1].number}" if page.shown else "",
        "lost_section": section if section and chosen is None else "",
        "chosen": "" if chosen is None else name_of(chosen),
        "show": shown,
        "tabs": {name: words for name, words in _SHOWN.items() if name != "mine" or person is not None},
        "section": "" if chosen is None else chosen.key,
        "block": block,
        "sections": [(one.key, name_of(one)) for one in text.sections],
        "section_names": names_by_id(text),
        "may_comment": at.may(Action.COMMENT),
    }
    return charter_page(request, at, "threads/list.html", values, tab="Comments")


@router.api_route("/{c}/threads/{t}", methods=["GET", "HEAD"])
def read_thread(
    request: Request, where: ThreadDep, said: Annotated[int | None, Query(ge=1, le=999_999_999)] = None
) -> Response:
    """One thread. ``said``: the comment somebody has just made, beside which stands whom they called."""
    return show_thread(request, where, said=said)


@router.api_route("/{c}/threads/{t}/{act}", methods=["GET", "HEAD"])
def back_to_thread(where: ThreadDep, act: str) -> Response:  # noqa: ARG001
    """Who loads the address of a form again is shown the thread."""
    return RedirectResponse(_address(where), 303)


@router.post("/{c}/threads/{t}/replies", dependencies=[_commenting, OurForm])
def reply(
    request: Request,
    where: ThreadDep,
    text: Annotated[str, Form()] = "",
    once: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Say something in a thread. What cannot be taken is shown again with what was typed."""
    at = where.at
    fields = {"thread": str(where.thread.number), "text": text, "once": once}
    done = led_already(at, fields)
    if done is not None:
        return done
    try:
        threads.reply(at.session, at.charter, where.thread, by=at.by, now=clock.now(), text=text)
    except BadInput as error:
        return show_thread(request, where, typed=text, problem=error.message)
    number = where.thread.comments_made
    return lead(at, fields, said_address(at, where.thread, number, text))


@router.post("/{c}/threads/{t}/resolve", dependencies=[_settling, OurForm])
def resolve(where: ThreadDep) -> Response:
    """Say that a thread needs nothing more."""
    at = where.at
    if where.thread.state == ThreadState.OPEN:
        threads.resolve(at.session, at.charter, where.thread, by=at.by, allowed=at.allowed, now=clock.now())
    return RedirectResponse(_address(where), 303)


@router.post("/{c}/threads/{t}/reopen", dependencies=[_settling, OurForm])
def reopen(where: ThreadDep) -> Response:
    """Take a resolved thread up again."""
    at = where.at
    if where.thread.state == ThreadState.RESOLVED:
        threads.reopen(at.session, at.charter, where.thread, by=at.by, allowed=at.allowed, now=clock.now())
    return RedirectResponse(_address(where), 303)


@router.post("/{c}/threads/{t}/reattach", dependencies=[_settling, OurForm])
def reattach(
    request: Request,
    where: ThreadDep,
    revision: Annotated[str, Form(max_length=9, pattern="^[0-9]*$")] = "",
    block: Annotated[str, Form(max_length=64)] = "",
    quote: Annotated[str, Form()] = "",
    start: Annotated[str, Form(max_length=9, pattern="^[0-9]*$")] = "",
    end: Annotated[str, Form(max_length=9, pattern="^[0-9]*$")] = "",
) -> Response:
    """Hang a thread on other words: on a place that was offered, or on what somebody typed."""
    at = where.at
    hook = Hook(
        block=block or None,
        revision=int(revision) if revision else None,
        quote=quote if quote.strip() else None,
        start=int(start) if start else None,
        end=int(end) if end else None,
    )
    try:
        if hook.block is None:
            raise BadInput("Choose the paragraph first.")
        threads.reattach(at.session, at.charter, where.thread, by=at.by, allowed=at.allowed, now=clock.now(), hook=hook)
    except (BadInput, Refused) as error:
        return show_thread(request, where, misplaced=error.message, tried=(block, quote))
    return RedirectResponse(f"{_address(where)}#page.words", 303)


@router.post("/{c}/threads/{t}/following", dependencies=[_commenting, OurForm])
def follow(where: ThreadDep, mode: Annotated[str, Form(max_length=20)] = "") -> Response:
    """Follow a thread, mute it, or neither."""
    at = where.at
    name = f"thread {where.thread.number}"
    set_following(at.session, at.charter, at.by.id, name, mode or None, now=clock.now())
    return RedirectResponse(f"{_address(where)}#page.following", 303)


def show_thread(
    request: Request,
    where: ThreadAccess,
    *,
    typed: str = "",
    problem: str = "",
    misplaced: str = "",
    tried: tuple[str, str] = ("", ""),
    said: int | None = None,
) -> Response:
    """The page of a thread, with what somebody typed that could not be taken, and why."""
    at = where.at
    at.session.flush()
    text = head_snapshot(at.session, at.charter)
    view = thread_view(at.session, at.charter, where.thread, at.visitor.account, at.allowed)
    home = f"/{at.charter.key}"
    own = next((one for one in view.comments if one.number == said and one.own), None)
    last = text.section_by_id(view.anchor.section) if view.anchor is not None else None
    orphan = view.anchor if view.anchor is not None and view.anchor.orphaned else None
    values: dict[str, object] = {
        "thread": view,
        "quote": "" if view.anchor is None else plain(view.anchor.quote),
        "first_quote": "" if view.first is None else plain(view.first.quote),
        "place": None if view.anchor is None else place_of(view.anchor, text, home),
        "last_section": None if last is None else name_of(last),
        "last": None if orphan is None else last_place(orphan, snapshot(at.session, at.charter, orphan.revision)),
        "offers": [_offered(offer, text) for offer in view.offers],
        "choices": paragraph_choices(text) if view.may_reattach else [],
        "said": said,
        "calling": None if own is None else calling(at.session, at.charter, where.thread, own.text, at.by),
        "people": names_to_call(at.session, at.charter, at.by) if view.may_comment else [],
        "typed": typed,
        "problem": problem,
        "misplaced": misplaced,
        "tried": tried,
        "once": new_id(),
        "language": text.front.language,
    }
    status = 422 if problem or misplaced else 200
    return charter_page(request, at, "threads/one.html", values, tab="Comments", status=status)


def _offered(offer: Offer, text: Snapshot) -> tuple[Offer, str, Marked]:
    """A place that reads alike: where it is, and its words in their paragraph."""
    found = find_block(text, offer.block)
    assert found is not None
    return offer, place_name(text, found[0], offer.block), marked(found[1], offer.start, offer.end)


def said_address(at: CharterAccess, thread: Thread, comment: int, text: str) -> str:
    """Where somebody is led who has just said that: to their words, and what came of those they called."""
    address = f"/{at.charter.key}/threads/{thread.number}"
    if "@" not in text and "＠" not in text:
        return f"{address}#comment.{comment}" if comment > 1 else address
    return f"{address}?said={comment}#comment.{comment}"


def _address(where: ThreadAccess) -> str:
    return f"/{where.at.charter.key}/threads/{where.thread.number}"
