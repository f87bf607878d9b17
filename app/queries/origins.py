"""Where words of a text come from: the merged changes between two revisions, who proposed and who decided them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.decisions import Decision
from app.db.models.proposals import Proposal, ProposalVersion, ProposedChange
from app.queries.changes import operation_of
from app.queries.naming import AUTHOR, DECIDER, shown_name
from app.text.change import ChangeKind


@dataclass(frozen=True, slots=True)
class Origin:
    """A merged change: how people name it ("12.1"), its proposal, its author, who decided it, since which revision.

    ``reason`` is the one that was given for the decision, "" if none was; ``decision`` is its id.
    """

    ref: str
    proposal: int
    author: str
    decided_by: str
    amended: bool
    revision: int
    title: str
    reason: str
    decided_at: datetime
    against_rule: bool
    decision: int


def origins(session: Session, charter: Charter, after: int, up_to: int) -> dict[str, Sequence[Origin]]:
    """What was merged after one revision and up to another, by the id of the block, or of the section, it changed.

    What changed a field of the cover stands under "front." and the name of the field.
    """
    in_force = (
        select(func.max(Decision.id))
        .where(Decision.change_id == ProposedChange.id)
        .correlate(ProposedChange)
        .scalar_subquery()
    )
    # Columns and not rows: between two editions there can be hundreds of changes, each with all its words.
    rows = session.execute(
        select(
            ProposedChange.block_id,
            ProposedChange.section_id,
            Proposal.number,
            ProposedChange.number,
            shown_name(charter.id, AUTHOR),
            shown_name(charter.id, DECIDER),
            Decision.adopted_text.is_not(None),
            ProposedChange.merged_revision,
            ProposalVersion.title,
            Decision.reason,
            Decision.created_at,
            Decision.against_rule,
            Decision.id,
            # Of all changes only one of the cover is about what no column names.
            case((ProposedChange.kind == ChangeKind.FRONT, ProposedChange.operation)),
        )
        .select_from(Proposal)
        .join(ProposedChange, ProposedChange.proposal_id == Proposal.id)
        .join(Decision, Decision.id == in_force)
        .join(
            ProposalVersion,
            (ProposalVersion.proposal_id == Proposal.id) & (ProposalVersion.version == Decision.version),
        )
        .join(AUTHOR, AUTHOR.id == Proposal.author_id)
        .join(DECIDER, DECIDER.id == Decision.person_id)
        .where(
            Proposal.charter_id == charter.id,
            ProposedChange.merged_revision > after,
            ProposedChange.merged_revision <= up_to,
        )
        .order_by(ProposedChange.merged_revision, Proposal.number, ProposedChange.number)
    )
    found: dict[str, list[Origin]] = {}
    for block, section, proposal, change, proposed_by, decided_by, amended, revision, *told in rows:
        place = block or section
        if told[5] is not None:
            place = f"front.{operation_of(told[5]).field}"
        if place is None or revision is None:
            continue
        origin = Origin(
            ref=f"{proposal}.{change}",
            proposal=proposal,
            author=proposed_by,
            decided_by=decided_by,
            amended=amended,
            revision=revision,
            title=told[0],
            reason=told[1],
            decided_at=told[2],
            against_rule=told[3],
            decision=told[4],
        )
        found.setdefault(place, []).append(origin)
    return {place: tuple(some) for place, some in found.items()}
