"""Bringing a Word document back: it is looked at first, and what is ticked then becomes drafts and comments."""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from app import clock
from app.deps import CharterAccess, CharterDep, require
from app.errors import BadInput, EngrossError, NotFound, Refused, TooLarge
from app.from_word import Returned, Wish, carried, returned
from app.queries.members import MemberView
from app.queries.proposals import proposal_row, version_row
from app.queries.thread_readers import thread_row
from app.rules.permissions import Action
from app.rules.threads import Audience
from app.services.attachments import LARGEST_FILE
from app.services.word_returns import NewDraft, take
from app.text.dialect import clean
from app.text.phrases import Phrase, phrases
from app.text.redline import redline_snapshots
from app.text.wordfile import Remark
from app.tokens import new_id
from app.web.forms import OurFields
from app.web.frame import charter_page
from app.web.once import lead, led_already
from app.web.redlines import redline_frame, touched_sections
from app.web.sections import name_of
from app.web.thread_places import place_name
from app.web.uploads import OurUpload

router = APIRouter(include_in_schema=False)

_proposing = Depends(require(Action.PROPOSE))
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_LONGEST_NAME = 120
_MOST_NAMED = 3
_MOST_LISTED = 50
_Listed = Annotated[str, Query(max_length=11 * _MOST_LISTED)]
_Counted = Annotated[int, Query(ge=0, le=999_999)]


@dataclass(frozen=True, slots=True)
class Shown:
    """One person's changes on the page: in words and in the text, with what was typed for the draft."""

    wish: Wish
    phrases: Sequence[Phrase]
    redline: Markup
    chosen: bool
    title: str
    reason: str
    member: MemberView | None
    shared: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """One comment on the page; ``place`` is where it hangs, "" if it hangs on nothing that is in the text."""

    remark: Remark
    place: str
    chosen: bool


@router.api_route("/{c}/from-word", methods=["GET", "HEAD"], dependencies=[_proposing])
def choose_file(
    request: Request,
    at: CharterDep,
    drafts: _Listed = "",
    threads: _Listed = "",
    wrote: _Counted = 0,
    said: _Counted = 0,
) -> Response:
    """Where a document is chosen, and after it was taken over what became of it."""
    mine, opened = _own_drafts(at, drafts), _own_threads(at, threads)
    return _first_page(request, at, drafts=mine, threads=opened, more=(wrote - len(mine), said - len(opened)))


@router.api_route("/{c}/from-word/look", methods=["GET", "HEAD"], dependencies=[_proposing])
def back_to_choosing(at: CharterDep) -> Response:
    """Who loads the address of a form again chooses the document again."""
    return RedirectResponse(f"/{at.charter.key}/from-word", 303)


@router.post("/{c}/from-word/look", dependencies=[_proposing])
def look_at_file(request: Request, at: CharterDep, sent: OurUpload) -> Response:
    """What is in the document; nothing is kept yet."""
    try:
        if sent.problem is not None:
            raise TooLarge(f"{sent.problem.message} At most {LARGEST_FILE // 1_000_000} MB are taken.")
        if sent.file is None or not sent.file.octets:
            raise BadInput("Choose a document first.", kind="empty-file")
        found = returned(at, sent.file.octets)
        document = "" if found.empty else b64encode(carried(found)).decode()
    except EngrossError as error:
        return _first_page(request, at, problem=error)
    name = _file_name(sent.file.name)
    return _second_page(request, at, found, {"file": document, "name": name, "once": new_id()}, fresh=True)


@router.post("/{c}/from-word", dependencies=[_proposing])
def take_over(request: Request, at: CharterDep, fields: OurFields) -> Response:
    """Make drafts and comments of what is ticked. What cannot be taken is shown again with what was typed."""
    if (before := led_already(at, fields)) is not None:
        return before
    found = _found_again(at, fields)
    try:
        made = take(
            at.session,
            at.charter,
            by=at.by,
            now=clock.now(),
            base_revision=found.revision,
            base=found.base,
            drafts=[_new_draft(wish, n, fields) for n, wish in enumerate(found.wishes) if f"take.{n}" in fields],
            remarks=[one for n, one in enumerate(found.remarks) if f"say.{n}" in fields],
            audience=fields.get("audience", Audience.MEMBERS),
        )
    except (BadInput, TooLarge, Refused) as error:
        return _second_page(request, at, found, fields, problem=error)
    home = f"/{at.charter.key}"
    if len(made.drafts) == 1 and not made.threads:
        return lead(at, fields, f"{home}/proposals/{made.drafts[0].number}")
    drafts = ",".join(str(one.number) for one in made.drafts[:_MOST_LISTED])
    opened = ",".join(str(one.number) for one in made.threads[:_MOST_LISTED])
    counted = f"wrote={len(made.drafts)}&said={len(made.threads)}"
    return lead(at, fields, f"{home}/from-word?drafts={drafts}&threads={opened}&{counted}#page.done")


def _found_again(at: CharterAccess, fields: Mapping[str, str]) -> Returned:
    """The document that the form carries, looked at on the same revision as before."""
    base = fields.get("base", "")
    try:
        octets = b64decode(fields.get("file", ""), validate=True)
    except (NotBase64, ValueError) as error:
        raise BadInput("The document did not come along with this form. Choose it once more.") from error
    return returned(at, octets, int(base) if _NUMBER.fullmatch(base) else None, holding=True)


def _new_draft(wish: Wish, n: int, fields: Mapping[str, str]) -> NewDraft:
    share = f"share.{n}" in fields and wish.member is not None
    return NewDraft(
        wish.submission,
        clean(fields.get(f"title.{n}", "")).strip(),
        clean(fields.get(f"reason.{n}", "")),
        wish.member.id if share and wish.member is not None else None,
    )


def _first_page(
    request: Request,
    at: CharterAccess,
    *,
    problem: EngrossError | None = None,
    drafts: Sequence[tuple[int, str]] = (),
    threads: Sequence[int] = (),
    more: tuple[int, int] = (0, 0),
) -> Response:
    values = {
        "problem": None if problem is None else problem.message,
        "drafts": drafts,
        "threads": threads,
        "more": more,
        "largest": LARGEST_FILE // 1_000_000,
    }
    status = 200 if problem is None else 422
    return charter_page(request, at, "propose/from_word.html", values, tab="Proposals", status=status)


def _second_page(
    request: Request,
    at: CharterAccess,
    found: Returned,
    fields: Mapping[str, str],
    *,
    fresh: bool = False,
    problem: EngrossError | None = None,
) -> Response:
    name = fields.get("name", "")
    wishes = [
        (n, _shown(at, found, wish, n, name, fields, fresh=fresh))
        for n, wish in enumerate(found.wishes)
        if wish.derived is not None
    ]
    remarks = [
        (n, Heard(one, _place(found, one), (not one.resolved) if fresh else f"say.{n}" in fields))
        for n, one in enumerate(found.remarks)
    ]
    values = {
        "found": found,
        "wishes": wishes,
        "unfit": [wish for wish in found.wishes if wish.derived is None],
        "remarks": remarks,
        "moved_on": at.charter.head - found.revision,
        "audience": fields.get("audience", Audience.MEMBERS),
        "name": name,
        "file": fields.get("file", ""),
        "once": fields.get("once") or new_id(),
        "language": found.base.front.language,
        "problem": None if problem is None else problem.message,
    }
    status = 200 if problem is None else 422
    return charter_page(request, at, "propose/brought.html", values, tab="Proposals", status=status)


def _shown(
    at: CharterAccess, found: Returned, wish: Wish, n: int, name: str, fields: Mapping[str, str], *, fresh: bool
) -> Shown:
    assert wish.derived is not None
    wanted = wish.derived.wanted
    compared = redline_snapshots(found.base, wanted)
    frame = redline_frame(found.base, wanted, f"/{at.charter.key}", anchors=False)
    return Shown(
        wish,
        phrases(compared),
        touched_sections(compared, frame),
        # What somebody proposes already is not proposed once more unless it is asked for.
        (not wish.same) if fresh else f"take.{n}" in fields,
        fields.get(f"title.{n}", _title(found, wish)),
        fields.get(f"reason.{n}", f"Written in the Word document “{name}”." if name else ""),
        wish.member,
        True if fresh else f"share.{n}" in fields,
    )


def _title(found: Returned, wish: Wish) -> str:
    """What a draft is called until somebody finds better words: the parts it touches, and whose changes they are."""
    assert wish.derived is not None
    compared = redline_snapshots(found.base, wish.derived.wanted)
    touched = [row.new or row.old for row in compared.sections if row.touched]
    names = [name_of(section) for section in touched if section is not None]
    whose = f" ({wish.author})" if wish.author else ""
    if not 0 < len(names) <= _MOST_NAMED:
        return f"Other wording{whose}"
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"Other wording for {listed}{whose}"[:300]


def _place(found: Returned, remark: Remark) -> str:
    section = None if remark.section is None else found.base.section_by_id(remark.section)
    if section is None:
        return ""
    if remark.block is None:
        return f"the section {name_of(section)}"
    return place_name(found.base, section, remark.block)


def _own_drafts(at: CharterAccess, numbers: str) -> list[tuple[int, str]]:
    """The drafts just made, by number and title; whoever names others' sees none of them."""
    made = []
    for number in _numbers(numbers):
        try:
            proposal = proposal_row(at.session, at.charter, number, at.by)
        except NotFound:
            continue
        if proposal.author_id == at.by.id:
            made.append((number, version_row(at.session, proposal).title))
    return made


def _own_threads(at: CharterAccess, numbers: str) -> list[int]:
    opened = []
    for number in _numbers(numbers):
        try:
            thread = thread_row(at.session, at.charter, number, at.by, at.allowed)
        except NotFound:
            continue
        if thread.author_id == at.by.id:
            opened.append(number)
    return opened


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")[:_MOST_LISTED] if _NUMBER.fullmatch(part)]


def _file_name(name: str) -> str:
    """What the document is called, without the folders some browsers send along."""
    last = re.split(r"[/\\]", clean(name))[-1].strip()
    return last if len(last) <= _LONGEST_NAME else f"{last[:_LONGEST_NAME]}…"
