"""Beginning a thread by a form: on a paragraph or words of it, on a section, on a proposal or a change."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import Response

from app import clock
from app.db.models.proposals import Proposal
from app.db.models.threads import Thread
from app.deps import CharterAccess, CharterDep, require
from app.errors import BadInput, NotFound
from app.queries.calling import names_to_call
from app.queries.changes import current_changes
from app.queries.proposals import proposal_row, version_row
from app.queries.revisions import head_snapshot, snapshot
from app.queries.thread_lists import Wanted, thread_heads
from app.rules.permissions import Action
from app.rules.threads import Audience
from app.services import threads
from app.services.hanging import Hook
from app.text.blocks import Block
from app.text.dialect import clean
from app.text.marking import Marked, marked
from app.text.notes import cited_by, note_blocks
from app.text.quotes import find_quote
from app.text.snapshot import Snapshot
from app.tokens import new_id
from app.web.frame import charter_page
from app.web.once import lead, led_already
from app.web.sections import name_of
from app.web.sessions import OurForm
from app.web.thread_places import as_read, find_block, place_name
from app.web.threads import said_address

router = APIRouter(include_in_schema=False)

_commenting = Depends(require(Action.COMMENT))
Digits = Annotated[str, Form(max_length=9, pattern="^[0-9]*$")]
# What a page sends along of words that were selected on it.
_Selected = Annotated[str, Query(max_length=4_000)]
_Around = Annotated[str, Query(max_length=400)]


@dataclass(frozen=True, slots=True)
class Target:
    """What a thread is to be about, as the form names it, and how the page shows it."""

    name: str
    hidden: Mapping[str, str]
    back: str
    text: str | None = None
    stands: Block | None = None
    hook: Hook | None = None
    proposal: Proposal | None = None
    change: int | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed, and why it could not be taken, if so.

    ``quoted`` are the words they had selected on a page, between ``prefix`` and ``suffix``.
    """

    text: str = ""
    quote: str = ""
    quoted: str = ""
    prefix: str = ""
    suffix: str = ""
    audience: str = Audience.MEMBERS
    problem: str = ""
    about_quote: bool = False


_NOTHING: Typed = Typed()


@router.api_route("/{c}/threads/new", methods=["GET", "HEAD"], dependencies=[_commenting])
def write_comment(
    request: Request,
    at: CharterDep,
    block: Annotated[str, Query(max_length=64)] = "",
    section: Annotated[str, Query(max_length=100)] = "",
    revision: Annotated[int | None, Query(ge=1, le=999_999_999)] = None,
    proposal: Annotated[int | None, Query(ge=1, le=999_999_999)] = None,
    change: Annotated[int | None, Query(ge=1, le=999_999_999)] = None,
    quote: _Selected = "",
    prefix: _Around = "",
    suffix: _Around = "",
) -> Response:
    """The form, with the words that were selected on a page, if any."""
    if proposal is not None:
        return _show(request, at, _on_proposal(at, proposal, change))
    words = clean(quote)
    typed = Typed(quote=words, quoted=words, prefix=clean(prefix), suffix=clean(suffix))
    return _show(request, at, _on_text(at, section, block, revision), typed)


@router.post("/{c}/threads", dependencies=[_commenting, OurForm])
def create_thread(
    request: Request,
    at: CharterDep,
    text: Annotated[str, Form()] = "",
    quote: Annotated[str, Form()] = "",
    quoted: Annotated[str, Form()] = "",
    prefix: Annotated[str, Form(max_length=400)] = "",
    suffix: Annotated[str, Form(max_length=400)] = "",
    audience: Annotated[str, Form(max_length=20)] = "",
    block: Annotated[str, Form(max_length=64)] = "",
    section: Annotated[str, Form(max_length=100)] = "",
    revision: Digits = "",
    proposal: Digits = "",
    change: Digits = "",
    once: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Begin the thread. What cannot be taken is shown again with what was typed."""
    fields = dict(request.query_params) | {
        "text": text, "quote": quote, "quoted": quoted, "prefix": prefix, "suffix": suffix,
        "audience": audience, "block": block, "section": section, "revision": revision,
        "proposal": proposal, "change": change, "once": once,
    }  # fmt: skip
    done = led_already(at, fields)
    if done is not None:
        return done
    target = (
        _on_proposal(at, int(proposal), int(change) if change else None)
        if proposal
        else _on_text(at, section, block, int(revision) if revision else None)
    )
    typed = Typed(text, quote, quoted, prefix, suffix, audience)
    try:
        thread = _open(at, target, typed)
    except BadInput as error:
        about_quote = error.kind.startswith("quote-") or error.kind == "empty-quote"
        return _show(request, at, target, replace(typed, problem=error.message, about_quote=about_quote))
    return lead(at, fields, said_address(at, thread, 1, text))


def _open(at: CharterAccess, target: Target, typed: Typed) -> Thread:
    now = clock.now()
    if target.proposal is not None:
        return threads.open_on_proposal(
            at.session,
            at.charter,
            target.proposal,
            by=at.by,
            now=now,
            change=target.change,
            text=typed.text,
            audience=typed.audience,
        )
    assert target.hook is not None
    hook = target.hook
    if typed.quote.strip() and hook.block:
        hook = replace(hook, quote=typed.quote)
        if " ".join(typed.quote.split()) == " ".join(typed.quoted.split()):
            # What stood around the words says which ones are meant, as long as they are the same.
            hook = replace(hook, quote=typed.quoted, prefix=typed.prefix, suffix=typed.suffix)
    return threads.open_on_text(
        at.session, at.charter, by=at.by, now=now, hook=hook, text=typed.text, audience=typed.audience
    )


def _on_proposal(at: CharterAccess, number: int, change: int | None) -> Target:
    proposal = proposal_row(at.session, at.charter, number, at.by)
    if change is not None and change not in {row.number for row in current_changes(at.session, proposal)}:
        raise NotFound(f"Proposal {number} has no change {change} in its present version.")
    title = version_row(at.session, proposal).title
    name = f"proposal {number}, {title}" if change is None else f"change {number}.{change} of {title}"
    hidden = {"proposal": str(number)} | ({} if change is None else {"change": str(change)})
    back = f"/{at.charter.key}/proposals/{number}"
    return Target(name, hidden, back, proposal=proposal, change=change)


def _on_text(at: CharterAccess, section: str, block: str, revision: int | None) -> Target:
    """NotFound for what is not in that revision: only a link of ours leads here."""
    number = at.charter.head if revision is None else revision
    text = head_snapshot(at.session, at.charter) if revision is None else snapshot(at.session, at.charter, number)
    home = f"/{at.charter.key}/working"
    if block:
        found = find_block(text, block)
        if found is None:
            raise NotFound("That paragraph is not in the text. Choose one in the working text.")
        hook = Hook(block=block, revision=number)
        hidden = {"block": block, "revision": str(number)}
        return Target(place_name(text, found[0], block), hidden, f"{home}#b-{block}", as_read(found[1]), found[1], hook)
    chosen = text.section(section)
    if chosen is None:
        raise NotFound("Choose a paragraph or a section in the working text to comment on.")
    hook = Hook(section=section, revision=number)
    return Target(
        f"the whole section {name_of(chosen)}",
        {"section": section, "revision": str(number)},
        f"{home}#{section}",
        hook=hook,
    )


def _show(request: Request, at: CharterAccess, target: Target, typed: Typed = _NOTHING) -> Response:
    values: dict[str, object] = {
        "target": target,
        "typed": typed,
        "marked": _marked(target, typed),
        "once": new_id(),
        "people": names_to_call(at.session, at.charter, at.by),
        "inside": _inside(head_snapshot(at.session, at.charter), target),
        "others": _others(at, target),
        "language": head_snapshot(at.session, at.charter).front.language,
    }
    status = 422 if typed.problem else 200
    return charter_page(request, at, "threads/new.html", values, tab="Comments", status=status)


def _marked(target: Target, typed: Typed) -> Marked | None:
    """The selected words in their paragraph, as long as they are there once."""
    if target.stands is None or not typed.quoted.strip():
        return None
    try:
        start, end = find_quote(target.stands, typed.quoted, typed.prefix, typed.suffix)
    except BadInput:
        return None
    return marked(target.stands, start, end)


def _inside(text: Snapshot, target: Target) -> list[tuple[str, str]]:
    """The blocks inside the one that is meant and the notes it cites, with their places: each has a form of its own."""
    if target.hook is None or target.hook.block is None:
        return []
    found = find_block(text, target.hook.block)
    if found is None:
        return []
    section, block = found
    at = section.blocks.index(block)
    inner: list[tuple[str, str]] = []
    for other in section.blocks[at + 1 :]:
        if other.depth <= block.depth:
            break
        inner.append((other.id or "", place_name(text, section, other.id)))
    notes = note_blocks(text)
    cited = [note for label in cited_by(block) for note in notes.get(label, ())[:1]]
    return inner + [(note.id or "", _place(text, note.id)) for note in cited if note.id is not None]


def _place(text: Snapshot, block: str) -> str:
    found = find_block(text, block)
    return "" if found is None else place_name(text, found[0], block)


def _others(at: CharterAccess, target: Target) -> list[object]:
    """The open threads on the same block, so that nobody begins a second one unseen."""
    if target.hook is None or target.hook.block is None:
        return []
    wanted = Wanted(state="open", block=target.hook.block)
    return [*thread_heads(at.session, at.charter, at.by, at.allowed, wanted, limit=5)]
