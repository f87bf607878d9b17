"""The discussion of a proposal, on its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response

from app import clock
from app.db.models.proposals import Proposal
from app.deps import CharterAccess, ProposalDep, require_on_proposal
from app.queries.calling import names_to_call
from app.queries.changes import current_changes
from app.queries.follows import following
from app.queries.thread_lists import ThreadHead, Wanted, thread_heads
from app.rules.permissions import Action
from app.services.following import set_following
from app.tokens import new_id
from app.web.sessions import OurForm

router = APIRouter(include_in_schema=False)

_MOST = 50


@dataclass(frozen=True, slots=True)
class Discussion:
    """Threads on a proposal and its changes, the newest first. ``more``: there are older ones than these."""

    threads: Sequence[ThreadHead]
    more: bool
    changes: Sequence[int]
    may_comment: bool
    following: str | None
    once: str
    people: Sequence[str]


def discussion(at: CharterAccess, proposal: Proposal) -> Discussion:
    """What was said of a proposal, as far as whoever asks may see it."""
    person = at.visitor.account
    wanted = Wanted(proposal=proposal.number)
    heads = thread_heads(at.session, at.charter, person, at.allowed, wanted, limit=_MOST + 1)
    return Discussion(
        threads=heads[:_MOST],
        more=len(heads) > _MOST,
        changes=[row.number for row in current_changes(at.session, proposal)],
        may_comment=at.may(Action.COMMENT),
        following=None
        if person is None
        else following(at.session, at.charter, person.id, f"proposal {proposal.number}"),
        once=new_id(),
        people=names_to_call(at.session, at.charter, person) if at.may(Action.COMMENT) else (),
    )


@router.api_route("/{c}/proposals/{n}/following", methods=["GET", "HEAD"])
def back_to_discussion(where: ProposalDep) -> Response:
    """Who loads the address of the form again is shown the proposal."""
    return RedirectResponse(_address(where.at, where.proposal), 303)


@router.post("/{c}/proposals/{n}/following", dependencies=[Depends(require_on_proposal(Action.COMMENT)), OurForm])
def follow_proposal(where: ProposalDep, mode: Annotated[str, Form(max_length=20)] = "") -> Response:
    """Follow a proposal, mute it, or neither."""
    at = where.at
    name = f"proposal {where.proposal.number}"
    set_following(at.session, at.charter, at.by.id, name, mode or None, now=clock.now())
    return RedirectResponse(_address(at, where.proposal), 303)


def _address(at: CharterAccess, proposal: Proposal) -> str:
    return f"/{at.charter.key}/proposals/{proposal.number}#page.discussion"
