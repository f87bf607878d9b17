"""Changes that still may go into the text, and which of them a new text can fit differently than the one before."""

import re
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.proposals import Proposal, ProposalPartner, ProposalVersion, ProposedChange
from app.queries.changes import latest_decisions, operation, proposed, reference
from app.queries.revisions import head_snapshot
from app.rules.states import ADOPTED, UNSETTLED, ProposalState
from app.text.change import ChangeKind
from app.text.classifying import classify_all
from app.text.extent import Extent, extent
from app.text.snapshot import Snapshot
from app.text.woven import Class, Fit

Row = tuple[Proposal, ProposedChange]

# Beyond so many ids one question for everything is quicker, and databases take a limited number of values.
_MOST_IDS = 400
_PLACED = (ChangeKind.INSERT, ChangeKind.MOVE)
# How these fit is known from their block, as long as the blocks around it keep their order.
_IN_A_BLOCK = (ChangeKind.REPLACE, ChangeKind.RETYPE, ChangeKind.DELETE)
_OF_OUTLINE = (ChangeKind.ADD_SECTION, ChangeKind.REMOVE_SECTION, ChangeKind.MOVE_SECTION, ChangeKind.RENAME)
# The operation is canonical JSON, and within a text of it quotation marks are escaped: only a name can match.
_NAMED = re.compile(r'"(?:after|section)":"([^"\\]*)"')


def alive() -> ColumnElement[bool]:
    """The condition in SQL: a change that others see stands in its proposal, is not in the text and may still go in."""
    undecided = Proposal.state.in_((ProposalState.OPEN, ProposalState.RETURNED)) & ProposedChange.outcome.in_(UNSETTLED)
    adopted = (
        Proposal.state.in_((ProposalState.OPEN, ProposalState.RETURNED, ProposalState.DECIDED))
    ) & ProposedChange.outcome.in_(ADOPTED)
    return ProposedChange.last_version.is_(None) & ProposedChange.merged_revision.is_(None) & (undecided | adopted)


def within(session: Session, charter: Charter, extent: Extent) -> list[Row]:
    """The changes that touch what a revision touched, with those of their proposals that they are tied to."""
    if extent.is_empty:
        return []
    query = (
        select(Proposal, ProposedChange)
        .join(ProposedChange, ProposedChange.proposal_id == Proposal.id)
        .where(Proposal.charter_id == charter.id, alive())
        .order_by(Proposal.number, ProposedChange.number)
    )
    if len(extent.sections) + len(extent.reordered) + len(extent.blocks) <= _MOST_IDS:
        touching = (
            ProposedChange.block_id.in_(extent.blocks)
            | ProposedChange.section_id.in_(extent.reordered)
            | (ProposedChange.section_id.in_(extent.sections) & ProposedChange.kind.not_in(_IN_A_BLOCK))
            | ProposedChange.kind.in_(_PLACED)
        )
        if extent.outline:
            touching = touching | ProposedChange.kind.in_(_OF_OUTLINE)
        if extent.front:
            touching = touching | (ProposedChange.kind == ChangeKind.FRONT)
        touched = [(p, c) for p, c in session.execute(query.where(touching)) if _is_within(c, extent)]
    else:
        touched = [(p, c) for p, c in session.execute(query)]
    return with_company(session, touched)


def of_proposal(session: Session, proposal: Proposal) -> list[Row]:
    """The changes of one proposal that may still go in, whatever its state."""
    rows = session.scalars(
        select(ProposedChange)
        .where(
            ProposedChange.proposal_id == proposal.id,
            ProposedChange.last_version.is_(None),
            ProposedChange.merged_revision.is_(None),
            ProposedChange.outcome.in_(UNSETTLED | ADOPTED),
        )
        .order_by(ProposedChange.number)
    )
    return [(proposal, row) for row in rows]


def fits(session: Session, charter: Charter, rows: Sequence[Row]) -> dict[str, Fit]:
    """How these changes fit the working text, by their names; amended ones in the wording that was adopted."""
    if not rows:
        return {}
    decisions = latest_decisions(session, [c.id for _, c in rows if c.outcome in ADOPTED])
    return dict(classify_all(head_snapshot(session, charter), proposed(session, charter, rows, decisions)))


def left_unfit(
    session: Session, charter: Charter, after: Snapshot, besides: Collection[str]
) -> list[tuple[str, Class]]:
    """The open changes that would come into conflict with a new text or lose their place in it, by their names."""
    touched = within(session, charter, extent(head_snapshot(session, charter), after))
    rows = [row for row in touched if name(row) not in besides]
    if not rows:
        return []
    decisions = latest_decisions(session, [c.id for _, c in rows if c.outcome in ADOPTED])
    found = classify_all(after, proposed(session, charter, rows, decisions))
    unfit = (Class.CONFLICT, Class.ORPHANED)
    return [
        (name(row), found[name(row)].cls)
        for row in rows
        if found[name(row)].cls in unfit and found[name(row)].cls != row[1].fit
    ]


def titles(session: Session, proposals: Sequence[Proposal]) -> dict[int, str]:
    """What proposals are called in their newest version, by row id."""
    rows = session.execute(
        select(ProposalVersion.proposal_id, ProposalVersion.title)
        .join(Proposal, (Proposal.id == ProposalVersion.proposal_id) & (Proposal.version == ProposalVersion.version))
        .where(Proposal.id.in_({p.id for p in proposals}))
    )
    return {row.proposal_id: row.title for row in rows}


def signers(session: Session, proposals: Sequence[Proposal]) -> dict[int, set[int]]:
    """Whose words each proposal holds, by its row id: those of its author and of the partners it is shared with."""
    found = {p.id: {p.author_id} for p in proposals}
    rows = session.execute(
        select(ProposalPartner.proposal_id, ProposalPartner.person_id).where(ProposalPartner.proposal_id.in_(found))
    )
    for proposal, person in rows:
        found[proposal].add(person)
    return found


def _is_within(row: ProposedChange, extent: Extent) -> bool:
    if row.kind not in _PLACED or row.section_id in extent.sections or row.block_id in extent.blocks:
        return True
    named = set(_NAMED.findall(row.operation))
    return bool(named & extent.sections or named & extent.blocks)


def with_company(session: Session, touched: Sequence[Row]) -> list[Row]:
    """The same, and of their proposals also what they need and what needs them: these are classified together."""
    chosen = {row.id for _, row in touched}
    proposals = {p.id: p for p, _ in touched}
    everything = _alive_of(session, proposals)
    if len(everything) == len(chosen):
        return list(touched)
    chosen |= _company(everything, chosen)
    return sorted(
        ((p, row) for p, row in everything if row.id in chosen), key=lambda pair: (pair[0].number, pair[1].number)
    )


def _alive_of(session: Session, proposals: Mapping[int, Proposal]) -> list[Row]:
    ids = sorted(proposals)
    found: list[Row] = []
    for start in range(0, len(ids), 500):
        rows = session.scalars(
            select(ProposedChange)
            .join(Proposal, Proposal.id == ProposedChange.proposal_id)
            .where(ProposedChange.proposal_id.in_(ids[start : start + 500]), alive())
            .order_by(ProposedChange.number)
        )
        found += [(proposals[row.proposal_id], row) for row in rows]
    return found


def _company(rows: Sequence[Row], chosen: set[int]) -> set[int]:
    by_name = {(p.id, row.number): row for p, row in rows}
    tied: dict[int, list[int]] = {}
    for p, row in rows:
        if '"needs":[]' in row.operation:
            continue
        for needed in operation(row).needs:
            if (other := by_name.get((p.id, needed))) is not None:
                tied.setdefault(row.id, []).append(other.id)
                tied.setdefault(other.id, []).append(row.id)
    found: set[int] = set()
    waiting = list(chosen)
    while waiting:
        for id in tied.get(waiting.pop(), ()):
            if id not in found and id not in chosen:
                found.add(id)
                waiting.append(id)
    return found


def name(row: Row) -> str:
    """How people name a change: "12.3"."""
    return reference(*row)
