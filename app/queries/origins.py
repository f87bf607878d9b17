"""Where words of a text come from: the merged changes between two revisions, who proposed and who decided them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.proposals import Proposal, ProposedChange
from app.queries.changes import latest_decisions, reference
from app.queries.people import names


@dataclass(frozen=True, slots=True)
class Origin:
    """A merged change: how people name it ("12.1"), its proposal, its author, who decided it, since which revision."""

    ref: str
    proposal: int
    author: str
    decided_by: str
    amended: bool
    revision: int


def origins(session: Session, charter: Charter, after: int, up_to: int) -> dict[str, Sequence[Origin]]:
    """What was merged after one revision and up to another, by the id of the block, or of the section, it changed."""
    rows = session.execute(
        select(Proposal, ProposedChange)
        .join(ProposedChange, ProposedChange.proposal_id == Proposal.id)
        .where(
            Proposal.charter_id == charter.id,
            ProposedChange.merged_revision > after,
            ProposedChange.merged_revision <= up_to,
        )
        .order_by(ProposedChange.merged_revision, Proposal.number, ProposedChange.number)
    ).all()
    decisions = latest_decisions(session, [change.id for _, change in rows])
    people = names(session, {p.author_id for p, _ in rows} | {d.person_id for d in decisions.values()})
    found: dict[str, list[Origin]] = {}
    for proposal, change in rows:
        decision = decisions.get(change.id)
        place = change.block_id or change.section_id
        if decision is None or place is None or change.merged_revision is None:
            continue
        origin = Origin(
            ref=reference(proposal, change),
            proposal=proposal.number,
            author=people[proposal.author_id],
            decided_by=people[decision.person_id],
            amended=decision.adopted_text is not None,
            revision=change.merged_revision,
        )
        found.setdefault(place, []).append(origin)
    return {place: tuple(some) for place, some in found.items()}
