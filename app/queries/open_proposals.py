"""Open proposals, and where in the text they touch it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
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
    # First only what an index knows, then the titles of the few that are named.
    mine = (
        Proposal.charter_id == charter.id,
        Proposal.state == ProposalState.OPEN,
        ProposedChange.last_version.is_(None),
        ProposedChange.merged_revision.is_(None),
        ProposedChange.outcome != Outcome.REJECTED,
        ProposedChange.block_id.is_not(None),
    )
    joined = ProposedChange.proposal_id == Proposal.id
    rows = session.execute(
        select(Proposal.number, Proposal.id, ProposedChange.block_id, ProposedChange.kind)
        .join(ProposedChange, joined)
        .where(*mine)
        .order_by(Proposal.number)
    ).all()
    insertions = session.execute(
        select(ProposedChange.block_id, ProposedChange.operation)
        .join(Proposal, joined)
        .where(*mine, ProposedChange.kind == ChangeKind.INSERT)
    )
    homes: dict[str | None, str | None] = {}
    for block, stored in insertions:
        place = operation_of(stored).place
        homes[block] = None if place is None else place.after
    touching: dict[str, dict[int, int]] = {}
    changes: Counter[str] = Counter()
    for number, id, block, kind in rows:
        home = homes.get(block) if kind == ChangeKind.INSERT else block
        if home is not None:
            touching.setdefault(home, {})[number] = id
            changes[home] += 1
    first = {home: list(some.items())[:most] for home, some in touching.items()}
    titles = _titles(session, {id for some in first.values() for _, id in some})
    return {
        home: Touched(tuple(Touch(number, titles[id]) for number, id in some), changes[home])
        for home, some in first.items()
    }


def _titles(session: Session, proposals: set[int]) -> dict[int, str]:
    rows = session.execute(
        select(Proposal.id, ProposalVersion.title)
        .join(
            ProposalVersion,
            (ProposalVersion.proposal_id == Proposal.id) & (ProposalVersion.version == Proposal.version),
        )
        .where(Proposal.id.in_(proposals))
    )
    return {id: title for id, title in rows}  # noqa: C416 - rows are no pairs for mypy
