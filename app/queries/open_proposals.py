"""Open proposals, and where in the text they touch it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.proposals import Proposal, ProposalVersion, ProposedChange
from app.queries.changes import operation
from app.rules.states import Outcome, ProposalState
from app.text.change import ChangeKind


@dataclass(frozen=True, slots=True)
class Touch:
    """An open proposal that would change a block: its number and title."""

    number: int
    title: str


def open_count(session: Session, charter: Charter) -> int:
    """How many proposals are open."""
    query = select(func.count()).where(Proposal.charter_id == charter.id, Proposal.state == ProposalState.OPEN)
    return session.scalar(query) or 0


def touches(session: Session, charter: Charter) -> dict[str, Sequence[Touch]]:
    """The open proposals by the id of each block they would change, oldest first; settled changes touch nothing.

    A new block touches the one it shall follow.
    """
    rows = session.execute(
        select(ProposedChange, Proposal.number, ProposalVersion.title)
        .join(Proposal, Proposal.id == ProposedChange.proposal_id)
        .join(
            ProposalVersion,
            (ProposalVersion.proposal_id == Proposal.id) & (ProposalVersion.version == Proposal.version),
        )
        .where(
            Proposal.charter_id == charter.id,
            Proposal.state == ProposalState.OPEN,
            ProposedChange.last_version.is_(None),
            ProposedChange.merged_revision.is_(None),
            ProposedChange.outcome != Outcome.REJECTED,
            ProposedChange.block_id.is_not(None),
        )
        .order_by(Proposal.number, ProposedChange.number)
    )
    found: dict[str, dict[Touch, None]] = {}
    for change, number, title in rows:
        block = change.block_id
        if change.kind == ChangeKind.INSERT:
            place = operation(change).place
            block = place.after if place is not None else None
        if block is not None:
            found.setdefault(block, {})[Touch(number, title)] = None
    return {block: tuple(some) for block, some in found.items()}
