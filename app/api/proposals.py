"""Proposals: writing, editing, submitting, reviewing and deciding."""

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from app import clock
from app.api import shapes
from app.api.paging import next_page
from app.api.proposal_answers import answer_with_proposal, proposal_tag
from app.api.redlines import redline_html, redline_json
from app.api.schemas import (
    DecisionBody,
    OptionalReason,
    ProposalBody,
    ProposalEdit,
    ReasonBody,
    ReviewBody,
    reason_of,
    relation_of,
)
from app.api.strict import StrictRoute
from app.api.submissions import submission
from app.api.tags import check_match
from app.api.views import proposal_head_json, section_asked_for, section_keys
from app.deps import CharterDep, ProposalDep, require, require_author, require_on_proposal
from app.queries.awaiting import awaits
from app.queries.proposal_lists import proposal_heads
from app.queries.proposals import changed_snapshot
from app.queries.revisions import head_snapshot
from app.rules.permissions import Action
from app.services import decisions, proposals, reviews
from app.word import proposal_word

router = APIRouter(route_class=StrictRoute, prefix="/charters/{c}/proposals")

States = Literal["draft", "open", "returned", "decided", "withdrawn"]
_proposing = Depends(require(Action.PROPOSE))
_reading = Depends(require(Action.READ_WORKING_TEXT))
_authoring = Depends(require_author)
_reviewing = Depends(require_on_proposal(Action.REVIEW))
_deciding = Depends(require_on_proposal(Action.DECIDE))


@router.post("", status_code=201, dependencies=[_proposing], response_model=shapes.Proposal)
def create_proposal(at: CharterDep, body: ProposalBody) -> Response:
    """Propose other wording. The typed changes are derived from the text that is sent."""
    sent, told = submission(body.sections, body.front)
    written = proposals.propose(
        at.session,
        at.charter,
        by=at.by,
        now=clock.now(),
        title=body.title,
        rationale=body.rationale,
        base_revision=body.base_revision,
        submission=sent,
        submit=body.submit,
        relation=relation_of(body),
    )
    return answer_with_proposal(at, written.proposal, 201, (*told, *written.reports))


@router.get("", dependencies=[_reading], response_model=list[shapes.ProposalHead])
def list_proposals(
    at: CharterDep,
    request: Request,
    state: States | None = None,
    section: Annotated[str | None, Query(max_length=100, description="The key of a section they touch")] = None,
    awaiting_whom: Annotated[Literal["me"] | None, Query(alias="awaiting")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[int | None, Query(ge=1, le=999_999_999, description="Only those below this number")] = None,
) -> Response:
    """Proposals, the newest first; drafts for their authors alone."""
    text = head_snapshot(at.session, at.charter)
    found = proposal_heads(
        at.session,
        at.charter,
        at.visitor.account,
        state=state,
        section=section_asked_for(text, section),
        among=None if awaiting_whom is None else awaits(at.by, at.standing),
        after=after,
        limit=limit + 1,
    )
    keys = section_keys(text)
    page = [proposal_head_json(head, keys) for head in found[:limit]]
    return JSONResponse(page, headers=next_page(request, page, more=len(found) > limit, limit=limit))


@router.get("/{n}", dependencies=[_reading], response_model=shapes.Proposal)
def read_proposal(where: ProposalDep) -> Response:
    """One proposal with its changes, each classified against the working text, and its reviews."""
    return answer_with_proposal(where.at, where.proposal, 200)


@router.patch("/{n}", dependencies=[_authoring], response_model=shapes.Proposal)
def edit_proposal(where: ProposalDep, request: Request, body: ProposalEdit) -> Response:
    """Make a new version of one's own proposal; If-Match is needed."""
    at = where.at
    sent, told = submission(body.sections or [], body.front)
    check_match(request, proposal_tag(where.proposal))
    written = proposals.edit(
        at.session,
        at.charter,
        where.proposal,
        by=at.by,
        now=clock.now(),
        title=body.title,
        rationale=body.rationale,
        base_revision=body.base_revision,
        submission=sent if body.sections is not None or body.front is not None else None,
    )
    if body.submit and where.proposal.state != "open":
        proposals.submit(at.session, at.charter, where.proposal, by=at.by, now=clock.now())
    return answer_with_proposal(at, where.proposal, 200, (*told, *written.reports))


@router.post("/{n}/submit", dependencies=[_authoring], response_model=shapes.Proposal)
def submit_proposal(where: ProposalDep, body: OptionalReason = None) -> Response:
    """Put one's own draft before everybody."""
    proposals.submit(
        where.at.session, where.at.charter, where.proposal, by=where.at.by, now=clock.now(), reason=reason_of(body)
    )
    return answer_with_proposal(where.at, where.proposal, 200)


@router.post("/{n}/withdraw", dependencies=[_authoring], response_model=shapes.Proposal)
def withdraw_proposal(where: ProposalDep, body: OptionalReason = None) -> Response:
    """Take one's own proposal back, with a reason or without."""
    proposals.withdraw(
        where.at.session, where.at.charter, where.proposal, by=where.at.by, now=clock.now(), reason=reason_of(body)
    )
    return answer_with_proposal(where.at, where.proposal, 200)


@router.post("/{n}/return", dependencies=[_deciding], response_model=shapes.Proposal)
def return_proposal(where: ProposalDep, body: ReasonBody) -> Response:
    """Give a proposal back to its author with a reason."""
    proposals.return_to_author(
        where.at.session, where.at.charter, where.proposal, by=where.at.by, now=clock.now(), reason=body.reason
    )
    return answer_with_proposal(where.at, where.proposal, 200)


@router.post("/{n}/reviews", status_code=201, dependencies=[_reviewing], response_model=shapes.Proposal)
def create_review(where: ProposalDep, body: ReviewBody) -> Response:
    """Take a position."""
    reviews.review(
        where.at.session,
        where.at.charter,
        where.proposal,
        by=where.at.by,
        now=clock.now(),
        position=body.position,
        text=body.text,
        change=body.change,
    )
    return answer_with_proposal(where.at, where.proposal, 201)


@router.post("/{n}/decisions", status_code=201, dependencies=[_deciding], response_model=shapes.Proposal)
def create_decisions(
    where: ProposalDep, body: Annotated[list[DecisionBody], Body(min_length=1, max_length=2_000)]
) -> Response:
    """Decide on changes, all of these or none."""
    verdicts = [decisions.Verdict(d.change, d.outcome, d.reason, d.text, d.supersedes) for d in body]
    decisions.decide(
        where.at.session, where.at.charter, where.proposal, by=where.at.by, now=clock.now(), verdicts=verdicts
    )
    return answer_with_proposal(where.at, where.proposal, 201)


@router.get("/{n}/redline", dependencies=[_reading], response_model=shapes.Redline)
def read_redline(
    request: Request, where: ProposalDep, format: Annotated[Literal["json", "html", "docx"], Query()] = "json"
) -> Response:
    """What the proposal does to the revision it was made on, marked."""
    if format == "docx":
        return proposal_word(request, where)
    before, after = changed_snapshot(where.at.session, where.at.charter, where.proposal)
    if format == "html":
        return HTMLResponse(redline_html(before, after))
    return JSONResponse(redline_json(before, after))
