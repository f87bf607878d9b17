"""Reverting a merge by form: what the text becomes without it, what must be read first, and the button."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response

from app import clock
from app.deps import CharterAccess, CharterDep, require
from app.errors import EngrossError, NotAllowed
from app.queries.merge_reports import chosen_changes
from app.queries.revisions import revision, revision_row
from app.rules.permissions import Action
from app.services import reverting
from app.text.html import snapshot_redline_html
from app.text.redline import redline_snapshots
from app.text.weave import Choice
from app.tokens import new_id
from app.web.changes import print_plain
from app.web.conflicts import question, resolutions_of
from app.web.forms import OurFields
from app.web.frame import charter_page, for_readers_of_working_text
from app.web.once import lead, led_already
from app.web.own_words import canonical, notes_to_cite
from app.web.redlines import notes_elsewhere, redline_frame
from app.web.sections import names_by_id
from app.web.wordings import wordings_of

router = APIRouter(include_in_schema=False)

Number = Annotated[int, Path(ge=1, le=999_999_999)]


def there(at: CharterDep, n: Number) -> None:
    """Whether the revision is there comes before whether it may be reverted."""
    for_readers_of_working_text(at)
    revision_row(at.session, at.charter, n)


_may = [Depends(there), Depends(require(Action.MERGE))]


@router.api_route("/{c}/revisions/{n}/revert", methods=["GET", "HEAD"], dependencies=_may)
def offer_reverting(request: Request, at: CharterDep, n: Number) -> Response:
    """What the text becomes without what that revision merged. Nothing is written."""
    return _show(request, at, n)


@router.post("/{c}/revisions/{n}/revert", dependencies=_may)
def revert(request: Request, at: CharterDep, n: Number, fields: OurFields) -> Response:
    """Take the merge back, or show again what keeps it from being taken back."""
    if at.visitor.read_only:
        raise NotAllowed("This token can only read.", kind="read-only-token")
    if (before := led_already(at, fields)) is not None:
        return before
    sent = canonical(fields, "")
    fields = sent.fields
    base = fields.get("base", "")
    read = [name.removeprefix("read.") for name in fields if name.startswith("read.")]
    if fields.get("act") == "preview":
        return _show(request, at, n, problem=sent.problem, typed=fields, read=read)
    try:
        if sent.problem is not None:
            raise sent.problem
        reverting.revert(
            at.session,
            at.charter,
            by=at.by,
            now=clock.now(),
            number=n,
            base_revision=int(base) if re.fullmatch(r"[0-9]{1,9}", base) else 0,
            message=fields.get("message", ""),
            confirmed=read,
            resolutions=resolutions_of(fields),
        )
    except EngrossError as error:
        if error.kind in ("not-a-merge", "already-reverted"):
            raise
        return _show(request, at, n, problem=error, typed=fields, read=read)
    return lead(at, fields, f"/{at.charter.key}/desk/merged/{n}")


def _show(
    request: Request,
    at: CharterAccess,
    number: int,
    *,
    problem: EngrossError | None = None,
    typed: Mapping[str, str] | None = None,
    read: list[str] | None = None,
) -> Response:
    typed = typed or {}
    made = reverting.preview(at.session, at.charter, number, resolutions_of(typed, lenient=True))
    after = made.merged.snapshot
    frame = redline_frame(made.before, after, f"/{at.charter.key}", anchors=False)
    shown = redline_snapshots(made.before, after)
    touched = tuple(row for row in shown.sections if row.touched)
    called = names_by_id(after, made.before)
    names: dict[str, str] = {Choice.PROPOSED: f"Without revision {number}"}
    values: dict[str, object] = {
        "revision": revision(at.session, at.charter, number),
        "base": at.charter.head,
        "changes": chosen_changes(at.session, at.charter, made.refs),
        "questions": [
            question(one, called, typed, wordings_of(one, made.before, frame), settled=settled, names=names)
            for settled, some in ((False, made.merged.conflicts), (True, made.merged.settled))
            for one in some
        ],
        "open": len(made.merged.conflicts),
        "stuck": any(not one.choices for one in made.merged.conflicts),
        "combined": [
            (one, called.get(one.section or "", ""), print_plain(one.sentence, frame)) for one in made.merged.combined
        ],
        "redline": notes_elsewhere(snapshot_redline_html(replace(shown, sections=touched), frame), None),
        "sections": len(touched),
        "message": typed.get("message") or f"Reverted revision {number}",
        "read": read or [],
        "problem": problem.message if problem is not None else None,
        "once": typed.get("once") or new_id(),
        "language": after.front.language,
        "cited": notes_to_cite(after),
    }
    status = 200 if problem is None else 409
    return charter_page(request, at, "desk/revert.html", values, tab="History", status=status)
