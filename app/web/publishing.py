"""Editions by form: drafting one, and the steps that lead it to the public; each is done by pressing one button."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from app import clock
from app.deps import (
    CharterAccess,
    CharterDep,
    DatabaseDep,
    EditionAccess,
    EditionDep,
    VisitorDep,
    charter_access,
    may_approve,
    require,
    require_on_edition,
)
from app.errors import BadInput, EngrossError, NotFound, Refused
from app.queries.edition_acts import edition_acts
from app.queries.editions import edition_row
from app.queries.revisions import snapshot
from app.render.pages import moment
from app.rules.dates import edition_date
from app.rules.permissions import Action
from app.rules.states import EditionState
from app.services import editions
from app.tokens import new_id
from app.web import approving, drafting
from app.web.forms import OurFields
from app.web.frame import charter_page
from app.web.once import lead, led_already
from app.web.steps import way_of

router = APIRouter(include_in_schema=False)

_GET = ["GET", "HEAD"]
_running = Depends(require_on_edition(Action.RUN_EDITIONS))
_ACTS: Mapping[str, str] = {
    "redraft edition": "changed this draft",
    "freeze edition": "froze this edition",
    "thaw edition": "thawed this edition: it is a draft again",
    "approve edition": "approved this edition",
    "publish edition": "published this edition",
    "withdraw edition": "withdrew this edition",
}
DONE = frozenset({"draft", "redraft", "freeze", "thaw", "sign-off", "approve", "publish", "withdraw"})


@router.api_route("/{c}/editions/new", methods=_GET, dependencies=[Depends(require(Action.RUN_EDITIONS))])
def offer_drafting(
    request: Request, at: CharterDep, revision: Annotated[int, Query(ge=0, le=999_999_999)] = 0
) -> Response:
    """The form for a new edition."""
    return _show_new(request, at, drafting.begin(at, clock.today(), revision))


@router.post("/{c}/editions", dependencies=[Depends(require(Action.RUN_EDITIONS))])
def draft(request: Request, at: CharterDep, fields: OurFields) -> Response:
    """Begin an edition, or show the form again with what is wrong beside its field."""
    if (before := led_already(at, fields)) is not None:
        return before
    try:
        said = drafting.read(at, fields)
        edition = editions.draft(
            at.session,
            at.charter,
            by=at.by.id,
            now=clock.now(),
            revision=said.revision,
            date_text=said.date_text,
            label=said.label,
            effective=said.effective,
        )
    except EngrossError as error:
        return _show_new(request, at, fields, error)
    return lead(at, fields, _steps(at, edition.key, "draft"))


@router.api_route("/{c}/editions/{key}/steps", methods=_GET)
def read_steps(
    request: Request,
    where: EditionDep,
    done: Annotated[str, Query(max_length=20)] = "",
    waiting: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """The way of an edition: what is done and what comes next. Who was ``waiting`` hears that the PDF is there."""
    if not where.at.may(Action.READ_UNPUBLISHED_EDITIONS):
        raise NotFound("There is nothing at this address.")
    if waiting and where.edition.state == EditionState.APPROVED:
        done = "approve"
    return _show(request, where, done=done if done in DONE else "")


@router.api_route("/{c}/editions/{key}/redraft", methods=_GET)
@router.api_route("/{c}/editions/{key}/discard", methods=_GET)
@router.api_route("/{c}/editions/{key}/freeze", methods=_GET)
@router.api_route("/{c}/editions/{key}/thaw", methods=_GET)
@router.api_route("/{c}/editions/{key}/sign-off", methods=_GET)
@router.api_route("/{c}/editions/{key}/approve", methods=_GET)
@router.api_route("/{c}/editions/{key}/publish", methods=_GET)
@router.api_route("/{c}/editions/{key}/withdraw", methods=_GET)
def back_to_steps(where: EditionDep) -> Response:
    """Who loads the address of a form again is shown the way."""
    return RedirectResponse(_steps(where.at, where.edition.key), 303)


@router.post("/{c}/editions/{key}/redraft", dependencies=[_running])
def redraft(request: Request, where: EditionDep, fields: OurFields) -> Response:
    """Let a draft be of another revision, or give it another label or effective date."""
    at, edition = where.at, where.edition

    def act() -> None:
        said = drafting.read(at, fields, edition.key)
        editions.redraft(
            at.session,
            at.charter,
            edition,
            by=at.by,
            now=clock.now(),
            revision=said.revision,
            label=said.label,
            effective=said.effective,
        )

    return _carry_out(request, where, fields, "redraft", act)


@router.post("/{c}/editions/{key}/discard", dependencies=[_running])
def discard(request: Request, where: EditionDep, fields: OurFields) -> Response:
    """Take back a draft that nobody ever signed off."""
    at = where.at

    def act() -> None:
        if fields.get("sure") != "yes":
            raise BadInput("Tick the box if you are sure that this draft shall go.")
        editions.discard(at.session, at.charter, where.edition, by=at.by, now=clock.now())

    return _carry_out(request, where, fields, "discard", act, f"/{at.charter.key}/editions?discarded=yes")


@router.post("/{c}/editions/{key}/freeze", dependencies=[_running])
def freeze(request: Request, where: EditionDep, fields: OurFields) -> Response:
    """Make a draft a candidate that can be signed off."""
    at = where.at

    def act() -> None:
        editions.freeze(at.session, at.charter, where.edition, by=at.by.id, now=clock.now())

    return _carry_out(request, where, fields, "freeze", act)


@router.post("/{c}/editions/{key}/thaw", dependencies=[_running])
def thaw(request: Request, where: EditionDep, fields: OurFields) -> Response:
    """Make a candidate a draft again."""
    at = where.at

    def act() -> None:
        reason = fields.get("reason", "").replace("\r\n", "\n")
        editions.thaw(at.session, at.charter, where.edition, by=at.by, now=clock.now(), reason=reason)

    return _carry_out(request, where, fields, "thaw", act)


@router.post("/{c}/editions/{key}/sign-off", dependencies=[_running])
def sign_off(request: Request, where: EditionDep, fields: OurFields) -> Response:
    """Put one's name under a candidate that one has read."""
    at = where.at

    def act() -> None:
        if fields.get("read") != "yes":
            raise BadInput("Read the text first, and tick the box: your name stands under it for good.")
        editions.sign_off(at.session, at.charter, where.edition, by=at.by, now=clock.now())

    return _carry_out(request, where, fields, "sign-off", act)


@router.post("/{c}/editions/{key}/approve", dependencies=[Depends(may_approve)])
def approve(
    request: Request, c: str, key: str, visitor: VisitorDep, database: DatabaseDep, fields: OurFields
) -> Response:
    """Approve a candidate. The answer comes when its PDF is kept or, if that takes long, says that it is being made."""
    assert visitor.account is not None, "who may approve is signed in"
    seen = fields.get("seen", "")
    number = int(seen) if re.fullmatch(r"[0-9]{1,9}", seen) else 0
    work = approving.begin(database, c, key, by=visitor.account.id, seen=number)
    work.done.wait(approving.PATIENCE)
    with database.reading() as session:
        at = charter_access(session, c, visitor, writes=False)
        edition = edition_row(session, at.charter, key, unpublished=True)
        if work.runs:
            return RedirectResponse(_steps(at, key) + "?waiting=yes#page.now", 303)
        # Who pressed a second time, after the first press had done it, is led to the same place.
        mine = edition.lock == number + 1 and edition.pdf_hash and edition.approved_by == visitor.account.id
        if work.problem is not None and not mine:
            error = Refused(_moved(at, key) if edition.lock != number else work.problem)
            return _show(request, EditionAccess(at, edition), act="approve", problem=error)
        return RedirectResponse(_steps(at, key, "approve"), 303)


@router.post("/{c}/editions/{key}/publish", dependencies=[_running])
def publish(request: Request, where: EditionDep, fields: OurFields) -> Response:
    """Show an approved edition to everybody."""
    at = where.at

    def act() -> None:
        editions.publish(at.session, at.charter, where.edition, by=at.by.id, now=clock.now())

    return _carry_out(request, where, fields, "publish", act)


@router.post("/{c}/editions/{key}/withdraw", dependencies=[_running])
def withdraw(request: Request, where: EditionDep, fields: OurFields) -> Response:
    """Say of a published edition that it no longer holds, and why."""
    at = where.at

    def act() -> None:
        reason = fields.get("reason", "").replace("\r\n", "\n")
        editions.withdraw(at.session, at.charter, where.edition, by=at.by, now=clock.now(), reason=reason)

    return _carry_out(request, where, fields, "withdraw", act)


def _steps(at: CharterAccess, key: str, done: str = "") -> str:
    """The address of the way of an edition, after something was ``done``."""
    return f"/{at.charter.key}/editions/{key}/steps" + (f"?done={done}#page.done" if done else "")


def _carry_out(
    request: Request,
    where: EditionAccess,
    fields: Mapping[str, str],
    name: str,
    act: Callable[[], None],
    then: str | None = None,
) -> Response:
    """Do the act if the edition is still what the form was made of, and lead on; else show the way as it stands."""
    at, edition = where.at, where.edition
    if (before := led_already(at, fields)) is not None:
        return before
    try:
        if fields.get("seen") != str(edition.lock):
            raise Refused(_moved(at, edition.key), kind="changed-meanwhile")
        act()
    except EngrossError as error:
        at.session.rollback()
        return _show(request, where, act=name, problem=error, typed=fields)
    return lead(at, fields, then or _steps(at, edition.key, name))


def _moved(at: CharterAccess, key: str) -> str:
    """Who did what to an edition since somebody looked at it, in words."""
    last = next((a for a in reversed(edition_acts(at.session, at.charter, key)) if a.act in _ACTS), None)
    if last is None:
        return "Somebody changed this edition meanwhile. Nothing was done; look at how it stands now."
    when = moment(last.at).striptags()
    return f"{last.person or 'Somebody'} {_ACTS[last.act]}, {when}. What you pressed was not done; look at it again."


def _show_new(
    request: Request, at: CharterAccess, typed: Mapping[str, str], problem: EngrossError | None = None
) -> Response:
    values = {
        "typed": typed,
        "months": drafting.MONTHS,
        "revisions": drafting.offered(at, typed.get("revision", "")),
        "problem": problem.message if problem is not None else None,
        "field": _field(problem),
        "once": typed.get("once") or new_id(),
    }
    status = 200 if problem is None else 422 if isinstance(problem, BadInput) else 409
    return charter_page(request, at, "editions/new.html", values, tab="Editions", status=status)


def _field(problem: EngrossError | None) -> str:
    """The field beside which a problem is told."""
    if problem is None:
        return ""
    if isinstance(problem, drafting.FieldFault):
        return problem.field
    return {"taken": "date", "bad-date": "date", "no-such-base": "revision"}.get(problem.kind, "label")


def _show(
    request: Request,
    where: EditionAccess,
    *,
    done: str = "",
    act: str = "",
    problem: EngrossError | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    at, edition = where.at, where.edition
    runs = at.may(Action.RUN_EDITIONS)
    work = approving.work_on(request.app.state.database, at.charter.key, edition.key)
    draft = edition.state == EditionState.DRAFT
    # Of a draft that was changed meanwhile the form holds what was typed all the same.
    mine = typed if typed is not None and act == "redraft" else None
    default = edition_date(edition.key)
    as_it_is = {
        "revision": str(edition.revision),
        "label": "" if edition.label == default.label else edition.label,
        "effective": "" if edition.effective == default.first_day else edition.effective.isoformat(),
    }
    values: dict[str, object] = {
        "way": way_of(at, edition),
        "front": snapshot(at.session, at.charter, edition.revision).front,
        "may_run": runs,
        "work": work if work is not None and work.runs else None,
        "failed": work.problem if work and not work.runs and problem is None and edition.lock == work.seen else None,
        "seen": edition.lock,
        "once": new_id(),
        "done": done,
        "act": act,
        "problem": problem.message if problem is not None else None,
        "field": _field(problem) if act == "redraft" else "",
        "typed": typed or {},
        "drafted": mine or as_it_is,
        "revisions": drafting.offered(at, (mine or as_it_is).get("revision", "")) if draft and runs else [],
        "default_label": default.label,
    }
    status = 200 if problem is None else 422 if isinstance(problem, BadInput) else 409
    return charter_page(request, at, "editions/steps.html", values, tab="Editions", status=status)
