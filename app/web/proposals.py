"""Proposals: the list, what awaits somebody first, and one proposal with its changes and what became of them."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app import clock
from app.deps import CharterDep, ProposalAccess, ProposalDep, require
from app.errors import BadInput
from app.queries.awaiting import awaiting_among
from app.queries.people import member_count
from app.queries.proposal_lists import proposal_heads
from app.queries.proposals import ProposalView, changed_snapshot, proposal_view
from app.queries.revisions import head_snapshot
from app.rules.majorities import Position, Rule, Tally
from app.rules.permissions import Action
from app.rules.states import ProposalState
from app.services import reviews
from app.text.snapshot import Snapshot
from app.web.changes import show_change
from app.web.discussion import discussion
from app.web.frame import charter_page, for_readers_of_working_text
from app.web.redlines import redline_frame
from app.web.sections import names_by_id
from app.web.sessions import OurForm

router = APIRouter(include_in_schema=False)

_A_PAGE = 50
_STATES = {
    "open": "Open",
    "decided": "Decided",
    "returned": "Returned",
    "withdrawn": "Withdrawn",
}


@router.api_route("/{c}/proposals", methods=["GET", "HEAD"])
def list_proposals(
    request: Request,
    at: CharterDep,
    state: Annotated[str, Query(max_length=20)] = "",
    before: Annotated[int | None, Query(ge=1, le=999_999_999)] = None,
) -> Response:
    """Proposals, those that await this person first, then by number from the newest."""
    for_readers_of_working_text(at)
    person = at.visitor.account
    wanted = state if state in _STATES else None
    heads = proposal_heads(at.session, at.charter, person, state=wanted, after=before, limit=_A_PAGE + 1)
    shown = heads[:_A_PAGE]
    numbers = [head.number for head in shown]
    mine = awaiting_among(at.session, at.charter, person, at.standing, numbers) if person is not None else set()
    values = {
        "awaiting": [head for head in shown if head.number in mine],
        "others": [head for head in shown if head.number not in mine],
        "older": shown[-1].number if len(heads) > _A_PAGE else None,
        "first_page": before is None,
        "state": wanted,
        "states": _STATES,
        "section_names": names_by_id(head_snapshot(at.session, at.charter)),
    }
    return charter_page(request, at, "proposals/list.html", values, tab="Proposals")


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of the tally as it is drawn: from where to where of a hundred."""

    name: str
    words: str
    count: int
    start: float
    width: float


@router.api_route("/{c}/proposals/{n}", methods=["GET", "HEAD"])
def read_proposal(request: Request, where: ProposalDep) -> Response:
    """One proposal."""
    return _show(request, where)


@router.api_route("/{c}/proposals/{n}/reviews", methods=["GET", "HEAD"])
def back_to_proposal(where: ProposalDep) -> Response:
    """Who loads the address of a form again is shown the proposal."""
    return RedirectResponse(f"/{where.at.charter.key}/proposals/{where.proposal.number}#page.reviews", 303)


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed into the form of a review, and why it could not be taken, if so."""

    position: str = ""
    text: str = ""
    change: str = ""
    problem: str = ""


@router.post("/{c}/proposals/{n}/reviews", dependencies=[Depends(require(Action.REVIEW)), OurForm])
def review_proposal(
    request: Request,
    where: ProposalDep,
    position: Annotated[str, Form(max_length=20)] = "",
    text: Annotated[str, Form()] = "",
    change: Annotated[str, Form(max_length=9, pattern="^[0-9]*$")] = "",
) -> Response:
    """Take a position. What cannot be taken is shown again with what was typed."""
    at = where.at
    if not position:
        return _show(request, where, Typed(position, text, change, "Choose a position first."))
    if position == Position.OBJECT and not text.strip():
        return _show(request, where, Typed(position, text, change, "Say why you object, so that others can answer."))
    try:
        reviews.review(
            at.session,
            at.charter,
            where.proposal,
            by=at.by,
            now=clock.now(),
            position=position,
            text=text,
            change=int(change) if change else None,
        )
    except BadInput as error:
        return _show(request, where, Typed(position, text, change, error.message))
    return RedirectResponse(f"/{at.charter.key}/proposals/{where.proposal.number}#page.reviews", 303)


def _show(request: Request, where: ProposalAccess, typed: Typed | None = None) -> Response:
    at = where.at
    view = proposal_view(at.session, at.charter, where.proposal, at.visitor.account)
    base, changed = changed_snapshot(at.session, at.charter, where.proposal)
    frame = redline_frame(base, changed, f"/{at.charter.key}", anchors=False)
    values: dict[str, object] = {
        "proposal": view,
        "changes": [show_change(change, base, changed, frame) for change in view.changes],
        "bars": bars,
        "members": member_count(at.session, at.charter),
        "rule": RULES[at.charter.rule],
        "ruled": at.charter.rule != Rule.GOVERNORS,
        "quorum": at.charter.quorum,
        "undecided": sum(change.decision is None or change.outcome == "deferred" for change in view.changes),
        "touched": _touched(view, changed, base),
        "language": changed.front.language,
    }
    values["talk"] = discussion(at, where.proposal)
    values["typed"] = typed or Typed()
    values["may_review"] = at.may(Action.REVIEW) and view.state == ProposalState.OPEN
    status = 422 if typed is not None else 200
    return charter_page(request, at, "proposals/one.html", values, tab="Proposals", status=status)


RULES = {
    "governors": "the governors decide; reviews advise them",
    "majority": "more support than objections",
    "two_thirds": "two thirds of those who take a side support it",
    "no_objection": "no objection is open",
}


def bars(count: Tally) -> list[Bar]:
    """The tally in parts that fill a bar of a hundred, with a gap between them; parts of nobody are left out."""
    parts = [
        ("support", "support", count.support),
        ("object", "objects" if count.object == 1 else "object", count.object),
        ("abstain", "abstains" if count.abstain == 1 else "abstain", count.abstain),
        ("silent", "not yet", count.silent),
    ]
    there = [(name, words, n) for name, words, n in parts if n]
    everybody = sum(n for _, _, n in there)
    made: list[Bar] = []
    start = 0.0
    for name, words, n in there:
        width = 100 * n / everybody
        made.append(Bar(name, words, n, round(start, 2), round(max(width - 0.6, 0.6), 2)))
        start += width
    return made


def _touched(view: ProposalView, changed: Snapshot, base: Snapshot) -> list[str]:
    """The names of the sections it touches, in the order of the text."""
    ids = {change.section for change in view.changes if change.section}
    return [name for id, name in names_by_id(changed, base).items() if id in ids]
