"""Changes that wait for the governors: by section, those that meet in a sentence together, with how they stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, false, func, or_, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.people import Person
from app.db.models.proposals import Proposal, ProposalVersion, ProposedChange
from app.queries.changes import operation_of
from app.queries.naming import shown_name
from app.queries.revisions import head_snapshot
from app.queries.standings import standings
from app.rules.majorities import Tally, agreed
from app.rules.states import UNSETTLED, ProposalState
from app.text.collisions import collisions
from app.text.snapshot import Snapshot
from app.text.woven import Proposed


@dataclass(frozen=True, slots=True)
class UndecidedLine:
    """A change to decide. ``agreed``: the charter's rule is met; ``quorate``: enough have spoken."""

    ref: str
    proposal: int
    change: int
    title: str
    author: str
    kind: str
    section: str | None
    outcome: str
    fit: str
    review_by: date | None
    tally: Tally
    agreed: bool
    quorate: bool


@dataclass(frozen=True, slots=True)
class UndecidedSection:
    """What waits in one section (None: on the cover): how many changes there are, and the shown ones in groups.

    Changes in one group meet in a sentence or a place, so they are best decided together; most groups hold one.
    """

    section: str | None
    count: int
    groups: Sequence[Sequence[UndecidedLine]]


def undecided_sections(session: Session, charter: Charter, most: int) -> Sequence[UndecidedSection]:
    """All sections with undecided changes, in the order of the text, the first changes shown, at most so many."""
    head = head_snapshot(session, charter)
    order = {section.id: n for n, section in enumerate(head.sections)}
    mine = [
        Proposal.charter_id == charter.id,
        Proposal.state == ProposalState.OPEN,
        ProposedChange.outcome.in_(UNSETTLED),
        ProposedChange.last_version.is_(None),
    ]
    counted = session.execute(
        select(ProposedChange.section_id, func.count())
        .join(Proposal, Proposal.id == ProposedChange.proposal_id)
        .where(*mine)
        .group_by(ProposedChange.section_id)
    )
    counts = {section: count for section, count in counted}  # noqa: C416 - rows are no pairs for mypy
    sections = sorted(counts, key=lambda id: (order.get(id or "", len(order)), id or ""))
    # Only ids are put in order, and only those of the sections that are shown, however many changes wait.
    shown = [id for n, id in enumerate(sections) if sum(counts[before] for before in sections[:n]) < most]
    place = case(order, value=ProposedChange.section_id, else_=len(order))
    first = (
        select(ProposedChange.id)
        .join(Proposal, Proposal.id == ProposedChange.proposal_id)
        .where(*mine, or_(ProposedChange.section_id.in_([id for id in shown if id]), _on_the_cover(shown)))
        .order_by(place, ProposedChange.section_id, ProposedChange.block_id, ProposedChange.id)
        .limit(most)
    )
    lines = _lines(session, charter, head, session.scalars(first).all())
    return [UndecidedSection(id, counts[id], [group for group in lines if group[0].section == id]) for id in sections]


def _on_the_cover(sections: Sequence[str | None]) -> ColumnElement[bool]:
    return ProposedChange.section_id.is_(None) if None in sections else false()


def _lines(session: Session, charter: Charter, head: Snapshot, ids: Sequence[int]) -> list[list[UndecidedLine]]:
    rows = session.execute(
        select(
            Proposal.id,
            Proposal.number,
            ProposedChange.number,
            ProposalVersion.title,
            shown_name(Proposal.charter_id),
            ProposedChange.kind,
            ProposedChange.section_id,
            ProposedChange.block_id,
            ProposedChange.outcome,
            ProposedChange.fit,
            Proposal.review_by,
            ProposedChange.operation,
        )
        .select_from(ProposedChange)
        .join(Proposal, Proposal.id == ProposedChange.proposal_id)
        .join(
            ProposalVersion,
            (ProposalVersion.proposal_id == Proposal.id) & (ProposalVersion.version == Proposal.version),
        )
        .join(Person, Person.id == Proposal.author_id)
        .where(ProposedChange.id.in_(ids))
    )
    place = {block.id: n for n, (_, _, block) in enumerate(head.placed_blocks())}
    found = sorted(rows, key=lambda row: (place.get(row[7] or "", len(place)), row[1], row[2]))
    standing = standings(session, charter, {row[0] for row in found})
    lines: dict[str, UndecidedLine] = {}
    made: list[Proposed] = []
    for id, number, change, title, author, kind, section, _, outcome, fit, review_by, stored in found:
        count = standing.on(id, change)
        line = UndecidedLine(
            ref=f"{number}.{change}",
            proposal=number,
            change=change,
            title=title,
            author=author,
            kind=kind,
            section=section,
            outcome=outcome,
            fit=fit,
            review_by=review_by,
            tally=count,
            agreed=agreed(charter.rule, charter.quorum, count),
            quorate=count.spoken >= charter.quorum,
        )
        lines[line.ref] = line
        # Where changes meet follows from themselves; the text they were made on is not looked at.
        made.append(Proposed(line.ref, operation_of(stored), head))
    return [[lines[ref] for ref in group] for group in _groups(lines, collisions(made))]


def _groups(refs: Iterable[str], pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """The refs in their order, those that meet, also by way of others, together at the place of the first."""
    group = {ref: [ref] for ref in refs}
    for one, other in pairs:
        if group[one] is not group[other]:
            joined = [ref for ref in group if ref in group[one] or ref in group[other]]
            for ref in joined:
                group[ref] = joined
    return list({id(members): members for members in group.values()}.values())
