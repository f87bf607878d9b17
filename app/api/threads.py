"""Threads: commenting on the text and on proposals, replying, settling, and hanging a thread on other words."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from app import clock
from app.api import shapes
from app.api.paging import next_page
from app.api.schemas import Body, Line, Number, ShortWords, Words
from app.api.strict import StrictRoute
from app.api.thread_views import calling_json, thread_head_json, thread_json
from app.api.views import section_asked_for, section_keys
from app.db.models.threads import Thread
from app.deps import CharterAccess, CharterDep, ThreadDep, require, require_on_thread, require_settling
from app.errors import BadInput
from app.queries.calling import calling
from app.queries.proposals import proposal_row
from app.queries.revisions import head_snapshot
from app.queries.thread_lists import Wanted, thread_heads
from app.queries.threads import thread_view
from app.rules.permissions import Action
from app.services import threads
from app.services.hanging import Hook

router = APIRouter(route_class=StrictRoute, prefix="/charters/{c}/threads")

Key = Annotated[str, Query(max_length=100)]
BlockId = Annotated[str, Query(max_length=64)]
_commenting = Depends(require(Action.COMMENT))
_replying = Depends(require_on_thread(Action.COMMENT))
_settling = Depends(require_settling)
_reading = Depends(require(Action.READ_WORKING_TEXT))


class HookBody(Body):
    """Where a thread hangs on the text: on a section, a block, or words of a block; without ``revision`` the newest."""

    section: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    revision: Number | None = None
    block: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    quote: Words | None = None
    prefix: Line = ""
    suffix: Line = ""
    start: Annotated[int, Field(ge=0, le=999_999_999)] | None = None
    end: Annotated[int, Field(ge=0, le=999_999_999)] | None = None

    def hook(self) -> Hook:
        """The place it names."""
        return Hook(self.section, self.block, self.revision, self.quote, self.prefix, self.suffix, self.start, self.end)

    def names_text(self) -> bool:
        """Whether it names anything of the text."""
        return self.hook() != Hook()


class ThreadBody(HookBody):
    """A new thread: about the text, about a proposal by its number, or about one change by its name ("12.3")."""

    proposal: Number | None = None
    change: Annotated[str, Field(max_length=25, pattern=r"^[1-9][0-9]{0,8}\.[1-9][0-9]{0,8}$")] | None = None
    text: ShortWords
    audience: Literal["members", "public"]


class ReplyBody(Body):
    """What somebody says in a thread."""

    text: ShortWords


class NoBody(Body):
    """An act that needs no words."""


@router.post("", status_code=201, dependencies=[_commenting], response_model=shapes.SaidIn)
def create_thread(at: CharterDep, body: ThreadBody) -> Response:
    """Begin a thread on words, a block, a section, a proposal or a change; members only or public."""
    named = [body.proposal is not None, body.change is not None, body.names_text()]
    if sum(named) != 1:
        raise BadInput(
            "A thread is about one thing: the text (section or block), a proposal, or a change.", kind="about-nothing"
        )
    if body.names_text():
        thread = threads.open_on_text(
            at.session,
            at.charter,
            by=at.by,
            now=clock.now(),
            hook=body.hook(),
            text=body.text,
            audience=body.audience,
        )
        return _answer(at, thread, 201, said=body.text)
    proposal, change = _named(body)
    thread = threads.open_on_proposal(
        at.session,
        at.charter,
        proposal_row(at.session, at.charter, proposal, at.by),
        by=at.by,
        now=clock.now(),
        change=change,
        text=body.text,
        audience=body.audience,
    )
    return _answer(at, thread, 201, said=body.text)


@router.get("", dependencies=[_reading], response_model=list[shapes.ThreadHead])
def list_threads(
    at: CharterDep,
    request: Request,
    state: Literal["open", "resolved"] | None = None,
    section: Annotated[Key | None, Query(description="The key of a section whose text they hang on")] = None,
    block: BlockId | None = None,
    proposal: Annotated[int | None, Query(ge=1, le=999_999_999)] = None,
    anchor: Literal["attached", "moved", "changed", "orphaned"] | None = None,
    mine: Annotated[Literal["me"] | None, Query(description="Those in which one said something")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[int | None, Query(ge=1, le=999_999_999, description="Only those below this number")] = None,
) -> Response:
    """Threads, the newest first, as far as they exist for whoever asks."""
    text = head_snapshot(at.session, at.charter)
    wanted = Wanted(
        state=state,
        section=section_asked_for(text, section),
        block=block,
        proposal=proposal,
        anchor=anchor,
        mine=None if mine is None else at.by,
    )
    heads = thread_heads(at.session, at.charter, at.visitor.account, at.allowed, wanted, after=after, limit=limit + 1)
    keys = section_keys(text)
    page = [thread_head_json(head, keys) for head in heads[:limit]]
    return JSONResponse(page, headers=next_page(request, page, more=len(heads) > limit, limit=limit, key="id"))


@router.get("/{t}", dependencies=[_reading], response_model=shapes.Thread)
def read_thread(where: ThreadDep) -> Response:
    """One thread: what it hangs on, then and now, and all that was said."""
    return _answer(where.at, where.thread, 200)


@router.post("/{t}/replies", status_code=201, dependencies=[_replying], response_model=shapes.SaidIn)
def create_reply(where: ThreadDep, body: ReplyBody) -> Response:
    """Say something in a thread."""
    at = where.at
    threads.reply(at.session, at.charter, where.thread, by=at.by, now=clock.now(), text=body.text)
    return _answer(at, where.thread, 201, said=body.text)


@router.post("/{t}/resolve", dependencies=[_settling], response_model=shapes.Thread)
def resolve_thread(where: ThreadDep, body: NoBody | None = None) -> Response:  # noqa: ARG001
    """Say that a thread needs nothing more."""
    at = where.at
    threads.resolve(at.session, at.charter, where.thread, by=at.by, allowed=at.allowed, now=clock.now())
    return _answer(at, where.thread, 200)


@router.post("/{t}/reopen", dependencies=[_settling], response_model=shapes.Thread)
def reopen_thread(where: ThreadDep, body: NoBody | None = None) -> Response:  # noqa: ARG001
    """Take a resolved thread up again."""
    at = where.at
    threads.reopen(at.session, at.charter, where.thread, by=at.by, allowed=at.allowed, now=clock.now())
    return _answer(at, where.thread, 200)


@router.post("/{t}/reattach", dependencies=[_settling], response_model=shapes.Thread)
def reattach_thread(where: ThreadDep, body: HookBody) -> Response:
    """Hang a thread on other words, a block or a section, because a person says that those are the ones."""
    at = where.at
    threads.reattach(
        at.session, at.charter, where.thread, by=at.by, allowed=at.allowed, now=clock.now(), hook=body.hook()
    )
    return _answer(at, where.thread, 200)


def _named(body: ThreadBody) -> tuple[int, int | None]:
    """The number of the proposal that is named, and that of the change."""
    if body.change is None:
        assert body.proposal is not None
        return body.proposal, None
    proposal, _, change = body.change.partition(".")
    return int(proposal), int(change)


def _answer(at: CharterAccess, thread: Thread, status: int, *, said: str | None = None) -> Response:
    """The thread; and, if something was ``said`` in it, what came of those who were called."""
    at.session.flush()
    view = thread_view(at.session, at.charter, thread, at.visitor.account, at.allowed)
    value = thread_json(view, section_keys(head_snapshot(at.session, at.charter)))
    if said is not None:
        value |= calling_json(calling(at.session, at.charter, thread, said, at.by))
    return JSONResponse(value, status)
