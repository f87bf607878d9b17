"""Proposals: the list, what awaits somebody first, and one proposal with its changes and what became of them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import Response

from app import clock
from app.deps import CharterDep, ProposalDep, require_on_proposal
from app.queries.awaiting import awaiting_among
from app.queries.packet import any_open
from app.queries.proposal_lists import proposal_count, proposal_heads
from app.queries.revisions import head_snapshot
from app.rules.majorities import Position
from app.rules.permissions import Action
from app.services import reviews
from app.web.frame import charter_page, for_readers_of_working_text
from app.web.keeping import unfinished
from app.web.paging import paged
from app.web.proposal_page import Filled, carry_out, lead_back, show_proposal
from app.web.sections import name_of, names_by_id
from app.web.sessions import OurForm
from app.word import proposal_word, proposed_word

router = APIRouter(include_in_schema=False)

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
    section: Annotated[str, Query(max_length=100)] = "",
    before: Annotated[int | None, Query(ge=1, le=999_999_999)] = None,
    above: Annotated[int | None, Query(ge=0, le=999_999_999)] = None,
) -> Response:
    """Proposals, those that await this person first, then by number from the newest."""
    for_readers_of_working_text(at)
    person = at.visitor.account
    wanted = state if state in _STATES else None
    text = head_snapshot(at.session, at.charter)
    narrowed = text.section(section) if section else None
    touched = narrowed.id if narrowed is not None else None
    page = paged(
        lambda below, over, most: proposal_heads(
            at.session, at.charter, person, state=wanted, section=touched, after=below, above=over, limit=most
        ),
        lambda head: head.number,
        f"/{at.charter.key}/proposals",
        {"state": wanted or "", "section": "" if narrowed is None else narrowed.key},
        before=before,
        above=above,
        count=lambda: proposal_count(at.session, at.charter, person, state=wanted, section=touched),
    )
    numbers = [head.number for head in page.shown]
    mine = awaiting_among(at.session, at.charter, person, at.standing, numbers) if person is not None else set()
    values = {
        "awaiting": [head for head in page.shown if head.number in mine],
        "others": [head for head in page.shown if head.number not in mine],
        "page": page,
        "span": f"{numbers[0]} to {numbers[-1]}" if numbers else "",
        "lost_section": section if section and narrowed is None else "",
        "any_open": any_open(at.session, at.charter, touched),
        "state": wanted,
        "states": _STATES,
        "unfinished": unfinished(at, text) if page.first else (),
        "section_names": names_by_id(text),
        "narrowed": None if narrowed is None else (narrowed.key, name_of(narrowed)),
    }
    return charter_page(request, at, "proposals/list.html", values, tab="Proposals")


@router.api_route("/{c}/proposals.docx", methods=["GET", "HEAD"])
def take_all_along(request: Request, at: CharterDep) -> Response:
    """The working text with all that is proposed as tracked changes."""
    for_readers_of_working_text(at)
    return proposed_word(request, at)


@router.api_route("/{c}/proposals/{n}.docx", methods=["GET", "HEAD"])
def take_proposal_along(request: Request, where: ProposalDep) -> Response:
    """One proposal as a Word document with tracked changes."""
    return proposal_word(request, where)


@router.api_route("/{c}/proposals/{n}", methods=["GET", "HEAD"])
def read_proposal(request: Request, where: ProposalDep) -> Response:
    """One proposal."""
    return show_proposal(request, where)


@router.api_route("/{c}/proposals/{n}/reviews", methods=["GET", "HEAD"])
def back_to_proposal(where: ProposalDep) -> Response:
    """Who loads the address of a form again is shown the proposal."""
    return lead_back(where, "page.reviews")


@router.post("/{c}/proposals/{n}/reviews", dependencies=[Depends(require_on_proposal(Action.REVIEW)), OurForm])
def review_proposal(
    request: Request,
    where: ProposalDep,
    position: Annotated[str, Form(max_length=20)] = "",
    text: Annotated[str, Form()] = "",
    change: Annotated[str, Form(max_length=9, pattern="^[0-9]*$")] = "",
) -> Response:
    """Take a position. What cannot be taken is shown again with what was typed."""
    at = where.at
    values = {"position": position, "text": text, "change": change}
    if not position:
        return show_proposal(request, where, Filled("review", values, "Choose a position first."))
    if position == Position.OBJECT and not text.strip():
        problem = "Say why you object, so that others can answer."
        return show_proposal(request, where, Filled("review", values, problem))
    return carry_out(
        request,
        where,
        "review",
        values,
        lambda: reviews.review(
            at.session,
            at.charter,
            where.proposal,
            by=at.by,
            now=clock.now(),
            position=position,
            text=text,
            change=int(change) if change else None,
        ),
        "page.reviews",
    )
