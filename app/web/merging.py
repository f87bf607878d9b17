"""Merging by form: what the text becomes with chosen changes, what must be settled and read first, and the merge."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from app import clock
from app.deps import CharterAccess, CharterDep, require
from app.errors import BadInput, EngrossError, MissingChange, NotAllowed, TextHasMoved
from app.queries.desk import ready_references
from app.queries.editions import editions
from app.queries.fits import left_unfit
from app.queries.merge_reports import ChosenChange, chosen_changes, merge_report
from app.queries.merging import Preview
from app.queries.revisions import revision
from app.render.changes import CLASSES
from app.rules.permissions import Action
from app.rules.states import EditionState
from app.services import merging
from app.text.html import snapshot_redline_html
from app.text.phrases import phrases
from app.text.redline import redline_snapshots
from app.text.weave import Class, Resolution
from app.tokens import new_id
from app.web.changes import print_plain, print_wording
from app.web.conflicts import later, question, resolutions_of, sides, unanswered
from app.web.forms import OurFields
from app.web.frame import charter_page
from app.web.once import lead, led_already
from app.web.own_words import canonical, notes_to_cite
from app.web.redlines import notes_elsewhere, redline_frame
from app.web.sections import names_by_id
from app.web.wordings import wordings_of

router = APIRouter(include_in_schema=False)

MOST_TAKEN = 2_000
_REF = re.compile(r"[0-9]{1,9}\.[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody chose for a merge so far."""

    refs: Sequence[str]
    resolutions: Mapping[str, Resolution]
    read: frozenset[str] = frozenset()
    message: str = ""
    once: str = ""


@router.api_route("/{c}/desk/merge", methods=["GET", "HEAD"], dependencies=[Depends(require(Action.MERGE))])
def preview_merge(
    request: Request,
    at: CharterDep,
    take: Annotated[list[str] | None, Query(max_length=MOST_TAKEN)] = None,
    all: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """What the text becomes with the ticked changes, or with all that is adopted. Nothing is written."""
    refs = ready_references(at.session, at.charter, MOST_TAKEN) if all == "ready" else take or []
    return _show(request, at, Choices(_known_form(refs), {}))


@router.post("/{c}/desk/merge", dependencies=[Depends(require(Action.MERGE))])
def merge_on_desk(request: Request, at: CharterDep, fields: OurFields) -> Response:
    """Merge what was chosen, or show it again with the choices: where something is missing or the text has moved."""
    if at.visitor.read_only:
        raise NotAllowed("This token can only read.", kind="read-only-token")
    if (before := led_already(at, fields)) is not None:
        return before
    sent = canonical(fields, "")
    fields = sent.fields
    try:
        if sent.problem is not None:
            raise sent.problem
        choices = _choices(fields)
    except BadInput as error:
        return _show(request, at, _choices(fields, lenient=True), problem=error, typed=fields)
    if fields.get("act") != "merge":
        return _show(request, at, choices, typed=fields)
    base = fields.get("base", "")
    try:
        if not choices.refs:
            raise BadInput("Tick at least one change.")
        number = merging.merge(
            at.session,
            at.charter,
            by=at.by,
            now=clock.now(),
            references=choices.refs,
            base_revision=int(base) if re.fullmatch(r"[0-9]{1,9}", base) else 0,
            message=choices.message,
            resolutions=choices.resolutions,
            confirmed=sorted(choices.read),
        )
    except EngrossError as error:
        return _show(request, at, choices, problem=error, typed=fields)
    return lead(at, fields, f"/{at.charter.key}/desk/merged/{number}")


@router.api_route("/{c}/desk/merged/{n}", methods=["GET", "HEAD"], dependencies=[Depends(require(Action.MERGE))])
def read_merge(request: Request, at: CharterDep, n: Annotated[int, Path(ge=1, le=999_999_999)]) -> Response:
    """What a merge did, and what it means for the proposals that are still open."""
    values = {
        "revision": revision(at.session, at.charter, n),
        "report": merge_report(at.session, at.charter, n),
        "classes": {name: CLASSES[name] for name in CLASSES},
        "coming": [
            view
            for view in editions(at.session, at.charter, unpublished=True, today=clock.today())
            if view.state in (EditionState.DRAFT, EditionState.CANDIDATE)
        ],
    }
    return charter_page(request, at, "desk/merged.html", values, tab="Desk")


def _known_form(refs: Sequence[str]) -> list[str]:
    """The names that can be names of changes, each once."""
    return [ref for ref in dict.fromkeys(refs) if _REF.fullmatch(ref)]


def _choices(fields: Mapping[str, str], *, lenient: bool = False) -> Choices:
    """What a form says. BadInput for words that cannot be taken; ``lenient`` leaves them out instead."""
    resolutions = resolutions_of(fields, lenient=lenient)
    refs = [name.removeprefix("take.") for name in fields if name.startswith("take.")]
    read = frozenset(name.removeprefix("read.") for name in fields if name.startswith("read."))
    return Choices(_known_form(refs), resolutions, read, fields.get("message", ""), fields.get("once", ""))


def _show(
    request: Request,
    at: CharterAccess,
    choices: Choices,
    *,
    problem: EngrossError | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    chosen = chosen_changes(at.session, at.charter, choices.refs)
    left_out = [one for one in chosen if one.merged_revision is not None]
    taken = [one for one in chosen if one.merged_revision is None]
    made: Preview | None = None
    if taken:
        made = merging.preview(at.session, at.charter, [one.ref for one in taken], choices.resolutions)
    missing = problem.details.get("missing") if isinstance(problem, MissingChange) else None
    values: dict[str, object] = {
        "base": at.charter.head,
        "chosen": [_chosen(one, made) for one in taken],
        "named": {one.ref: one for one in chosen},
        "undecided": [one.ref for one in taken if not one.adopted],
        "left_out": left_out,
        "missing": missing or [],
        "message": choices.message,
        "once": choices.once or new_id(),
        "read": choices.read,
        "problem": problem.message if problem is not None else None,
        "moved": isinstance(problem, TextHasMoved),
        **_shown(at, made, typed or {}, taken),
    }
    status = 200 if problem is None else 422 if isinstance(problem, BadInput) else 409
    return charter_page(request, at, "desk/merge.html", values, tab="Desk", status=status)


def _chosen(one: ChosenChange, made: Preview | None) -> tuple[ChosenChange, str, str | None]:
    fit = made.woven.classes[one.ref] if made is not None else None
    cls = Class.APPLIES if fit is None else fit.cls
    return one, CLASSES[cls].words, CLASSES[cls].badge


def _shown(
    at: CharterAccess, made: Preview | None, typed: Mapping[str, str], chosen: Sequence[ChosenChange]
) -> dict[str, object]:
    """What is to be settled and read, and the text that comes of it."""
    if made is None:
        return {
            "questions": [], "combined": [], "orphaned": [], "problems": [], "notices": [], "lost": [],
            "redline": None, "unfit": [], "sections": 0, "language": "en", "open": 0, "later": [],
            "front": [], "cited": "[]",
        }  # fmt: skip
    woven = made.woven
    frame = redline_frame(made.before, woven.snapshot, f"/{at.charter.key}", anchors=False)
    called = names_by_id(woven.snapshot, made.before)
    shown = redline_snapshots(made.before, woven.snapshot)
    touched = tuple(row for row in shown.sections if row.touched)
    told = {one.ref: f"{one.ref} {one.title}, {one.author}" for one in chosen}
    now, then = later(woven.conflicts)
    questions = [
        question(
            one,
            called,
            typed,
            wordings_of(one, made.before, frame),
            settled=settled,
            names=sides(one.refs, told) if len(one.refs) > 1 else {},
        )
        for settled, some in ((False, now), (True, woven.settled))
        for one in some
    ]
    return {
        "questions": questions,
        "open": len(now),
        "later": [(called.get(one.section or "", ""), one.refs[-1]) for one in then],
        "combined": [
            (one, called.get(one.section or "", ""), print_plain(one.sentence, frame)) for one in woven.combined
        ],
        "orphaned": [ref for ref, fit in woven.classes.items() if fit.cls is Class.ORPHANED],
        "problems": woven.problems,
        "notices": woven.notices,
        "lost": [print_wording(words, frame) for words in unanswered(typed, woven.outdated)],
        "redline": notes_elsewhere(snapshot_redline_html(replace(shown, sections=touched), frame), None),
        "sections": len(touched),
        "unfit": left_unfit(at.session, at.charter, woven.snapshot, woven.classes.keys()),
        "front": [phrase.text for phrase in phrases(shown) if phrase.section is None],
        "language": woven.snapshot.front.language,
        "cited": notes_to_cite(woven.snapshot),
    }
