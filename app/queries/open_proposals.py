"""Open proposals, and where in the text they touch it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.proposals import Proposal, ProposalVersion, ProposedChange
from app.queries.changes import operation_of
from app.rules.states import Outcome, ProposalState
from app.text.change import ChangeKind


@dataclass(frozen=True, slots=True)
class Touch:
    """An open proposal that would change a block: its number and title."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class Touched:
    """The proposals that would change a block: the first few, and how many changes there are."""

    first: Sequence[Touch]
    count: int


def open_count(session: Session, charter: Charter) -> int:
    """How many proposals are open."""
    query = select(func.count()).where(Proposal.charter_id == charter.id, Proposal.state == ProposalState.OPEN)
    return session.scalar(query) or 0


def touches(session: Session, charter: Charter, *, most: int = 3) -> dict[str, Touched]:
    """The open proposals by the id of each block they would change; settled changes touch nothing.

    Of each block the oldest ``most`` are named and all are counted, so that a text which very many proposals are about
    stays one that can be read. A new block touches the one it shall follow.
    """
    insertion = ProposedChange.kind == ChangeKind.INSERT
    # All insertions are read, since only their words say where they belong; of the rest a few for each block.
    each = (ProposedChange.block_id, case((insertion, ProposedChange.id)))
    touching = (
        select(
            ProposedChange.id,
            Proposal.id.label("proposal"),
            Proposal.number,
            Proposal.version,
            func.row_number().over(partition_by=each, order_by=(Proposal.number, ProposedChange.id)).label("place"),
            func.count().over(partition_by=each).label("count"),
        )
        .join(Proposal, Proposal.id == ProposedChange.proposal_id)
        .where(
            Proposal.charter_id == charter.id,
            Proposal.state == ProposalState.OPEN,
            ProposedChange.last_version.is_(None),
            ProposedChange.merged_revision.is_(None),
            ProposedChange.outcome != Outcome.REJECTED,
            ProposedChange.block_id.is_not(None),
        )
        .subquery()
    )
    rows = session.execute(
        select(
            ProposedChange.block_id,
            case((insertion, ProposedChange.operation)),
            touching.c.number,
            ProposalVersion.title,
            touching.c.count,
        )
        .select_from(touching)
        .join(ProposedChange, ProposedChange.id == touching.c.id)
        .join(
            ProposalVersion,
            (ProposalVersion.proposal_id == touching.c.proposal) & (ProposalVersion.version == touching.c.version),
        )
        .where(touching.c.place <= most)
        .order_by(touching.c.number, ProposedChange.number)
    )
    named: dict[str, dict[Touch, None]] = {}
    counts: dict[str, dict[str, int]] = {}
    for block_id, inserted, number, title, count in rows:
        block = block_id
        if inserted is not None:
            place = operation_of(inserted).place
            block = place.after if place is not None else None
        if block is not None:
            named.setdefault(block, {})[Touch(number, title)] = None
            counts.setdefault(block, {})[block_id] = count
    return {
        block: Touched(tuple(some)[:most], max(sum(counts[block].values()), len(some))) for block, some in named.items()
    }
