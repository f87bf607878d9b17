"""What proposals are to each other: alternatives, amendments, and those that want the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.proposals import Proposal
from app.queries.drafts import hidden_from
from app.queries.people import Account
from app.queries.proposal_lists import ProposalHead, proposal_heads
from app.rules.relations import RelationKind
from app.rules.states import ProposalState

_MOST = 50
_NOT_OVER = (ProposalState.DRAFT, ProposalState.OPEN, ProposalState.RETURNED)


@dataclass(frozen=True, slots=True)
class Relations:
    """How a proposal stands to others. ``kind`` and ``to`` say what it was made as, None and None if by itself.

    ``alternatives`` are all ways to the same that were offered beside it, ``amendments`` the wordings offered for it,
    ``same_as`` the open proposals that want exactly the same. At most fifty of each are named.
    """

    kind: str | None
    to: ProposalHead | None
    alternatives: Sequence[ProposalHead]
    amendments: Sequence[ProposalHead]
    same_as: Sequence[ProposalHead]


def relations(session: Session, charter: Charter, proposal: Proposal, person: Account | None) -> Relations:
    """The relations of a proposal, as far as the others exist for this person."""
    alternatives = _numbers(session, charter, person, proposal, _alternatives(proposal))
    amendments = _numbers(
        session,
        charter,
        person,
        proposal,
        (Proposal.relation == RelationKind.AMENDMENT) & (Proposal.related == proposal.number),
    )
    same = same_wording(session, charter, proposal, person)
    to = {proposal.related} if proposal.related is not None else set()
    heads = {h.number: h for h in _heads(session, charter, person, alternatives | amendments | same | to)}
    return Relations(
        kind=proposal.relation or None,
        to=heads.get(proposal.related or 0),
        alternatives=[heads[n] for n in sorted(alternatives) if n in heads],
        amendments=[heads[n] for n in sorted(amendments) if n in heads],
        same_as=[heads[n] for n in sorted(same) if n in heads],
    )


def same_wording(session: Session, charter: Charter, proposal: Proposal, person: Account | None) -> set[int]:
    """The numbers of the open proposals that want exactly what this one wants; none once this one is settled."""
    if not proposal.wording_hash or ProposalState(proposal.state) not in _NOT_OVER:
        return set()
    same = (Proposal.wording_hash == proposal.wording_hash) & (Proposal.state == ProposalState.OPEN)
    return _numbers(session, charter, person, proposal, same)


def wanting(session: Session, charter: Charter, wording: str, *, besides: int | None) -> list[ProposalHead]:
    """The open proposals that want exactly this (a hash by `app.text.wanted`), but for the one numbered ``besides``."""
    query = select(Proposal.number).where(
        Proposal.charter_id == charter.id, Proposal.wording_hash == wording, Proposal.state == ProposalState.OPEN
    )
    if besides is not None:
        query = query.where(Proposal.number != besides)
    return _heads(session, charter, None, set(session.scalars(query.order_by(Proposal.number).limit(_MOST))))


def _alternatives(proposal: Proposal) -> ColumnElement[bool]:
    """The condition in SQL: a proposal is another way to what this one is for, named by either of the two."""
    alternative = Proposal.relation == RelationKind.ALTERNATIVE
    named = alternative & (Proposal.related == proposal.number)
    if proposal.relation != RelationKind.ALTERNATIVE or proposal.related is None:
        return named
    return named | (Proposal.number == proposal.related) | (alternative & (Proposal.related == proposal.related))


def _numbers(
    session: Session, charter: Charter, person: Account | None, proposal: Proposal, condition: ColumnElement[bool]
) -> set[int]:
    query = (
        select(Proposal.number)
        .where(Proposal.charter_id == charter.id, Proposal.id != proposal.id, ~hidden_from(person), condition)
        .order_by(Proposal.number)
        .limit(_MOST)
    )
    return set(session.scalars(query))


def _heads(session: Session, charter: Charter, person: Account | None, numbers: set[int]) -> list[ProposalHead]:
    if not numbers:
        return []
    return proposal_heads(session, charter, person, among=Proposal.number.in_(sorted(numbers)), limit=len(numbers))
