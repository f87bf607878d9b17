"""Changes as the desk shows them: each with its proposal's words, what others say of it, and those it meets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.people import Person
from app.db.models.proposals import Proposal, ProposalVersion, ProposedChange
from app.db.models.reviews import Review
from app.queries.change_views import ChangeView, change_view
from app.queries.changes import latest_decisions, operation, proposed
from app.queries.fits import Row, alive, fits, with_company
from app.queries.naming import names, shown_name
from app.queries.recommendations import latest_recommendations
from app.queries.reverting import taken_out
from app.queries.revisions import head_snapshot
from app.queries.standings import Standings, standings
from app.rules.majorities import Position
from app.rules.states import ProposalState
from app.text.collisions import collisions
from app.text.snapshot import Snapshot
from app.text.touched import collision_map
from app.text.woven import Proposed

MOST_RIVALS = 100
"""Of the changes of the same paragraphs that are not on the page, so many are looked at: a page costs what it shows."""


@dataclass(frozen=True, slots=True)
class Objection:
    """Somebody objects to a change, or to all of its proposal, and says why."""

    person: str
    text: str


@dataclass(frozen=True, slots=True)
class DeskChange:
    """A change on the desk with its proposal's title, author and reason, and who objects.

    ``met`` are the outcomes of changes it meets that are not on the page, as far as they were looked at.
    """

    view: ChangeView
    proposal: int
    change: int
    title: str
    author: str
    rationale: str
    base_revision: int
    objections: Sequence[Objection]
    met: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DeskGroup:
    """Changes that meet, also by way of others, or a single one; ``sentences`` are those they meet in."""

    section: str | None
    changes: Sequence[DeskChange]
    sentences: Sequence[str]


def desk_groups(session: Session, charter: Charter, ids: Sequence[int]) -> list[DeskGroup]:
    """The changes with these row ids in the order of the text, those that meet together."""
    if not ids:
        return []
    head = head_snapshot(session, charter)
    rows, words = _rows(session, ids, head)
    everything = with_company(session, rows)
    found = fits(session, charter, everything)
    decisions = latest_decisions(session, [row.id for _, row in rows])
    made = proposed(session, charter, rows, decisions)
    rivals = _rivals(session, head, rows)
    meets = _meets([*made, *(rival for rival, _ in rivals)], {one.ref for one in made})
    became = {rival.ref: outcome for rival, outcome in rivals}
    people = names(session, charter.id, {decision.person_id for decision in decisions.values()})
    standing = standings(session, charter, {proposal.id for proposal, _ in rows})
    advice = latest_recommendations(session, [row.id for _, row in rows])
    objections = _objections(session, rows, standing)
    gone = taken_out(session, [row.id for _, row in rows])
    changes: dict[str, DeskChange] = {}
    for (proposal, row), one in zip(rows, made, strict=True):
        title, rationale, author = words[proposal.id]
        changes[one.ref] = DeskChange(
            view=change_view(
                row,
                operation(row),
                one,
                found.get(one.ref),
                decisions.get(row.id),
                people,
                meets.get(one.ref, []),
                standing.on(proposal.id, row.number),
                charter,
                None,
                advice.get(row.id),
                gone=gone.get(row.id),
            ),
            proposal=proposal.number,
            change=row.number,
            title=title,
            author=author,
            rationale=rationale,
            base_revision=row.base_revision,
            objections=objections.get(row.id, []),
            met={ref: became[ref] for ref in meets.get(one.ref, []) if ref in became},
        )
    sentences = [touched for touched in collision_map(made, head) if touched.is_collision]
    return [
        DeskGroup(
            section=changes[refs[0]].view.section,
            changes=[changes[ref] for ref in refs],
            sentences=list(dict.fromkeys(t.sentence for t in sentences if set(t.refs) & set(refs) and t.sentence)),
        )
        for refs in _together(changes, meets)
    ]


def _rows(session: Session, ids: Sequence[int], head: Snapshot) -> tuple[list[Row], Mapping[int, tuple[str, str, str]]]:
    """The changes in the order of the text, and of each proposal its title, reason and author."""
    found = session.execute(
        select(
            Proposal, ProposedChange, ProposalVersion.title, ProposalVersion.rationale, shown_name(Proposal.charter_id)
        )
        .join(ProposedChange, ProposedChange.proposal_id == Proposal.id)
        .join(
            ProposalVersion,
            (ProposalVersion.proposal_id == Proposal.id) & (ProposalVersion.version == Proposal.version),
        )
        .join(Person, Person.id == Proposal.author_id)
        .where(ProposedChange.id.in_(ids))
    ).all()
    sections = {section.id: n for n, section in enumerate(head.sections)}
    blocks = {block.id: n for n, (_, _, block) in enumerate(head.placed_blocks())}
    new = {act.block: act.place.after for row in found if (act := operation(row[1])).place is not None}

    def place(row: Row) -> tuple[int, int, int, int]:
        proposal, change = row
        block = operation(change).block
        # What is new stands where what it follows stands, which may be new as well.
        for _ in range(len(new) + 1):
            if block in blocks or block not in new:
                break
            block = new[block]
        section = sections.get(change.section_id or "", len(sections))
        return section, blocks.get(block, -1), proposal.number, change.number

    rows = sorted(((proposal, change) for proposal, change, *_ in found), key=place)
    return rows, {proposal.id: (title, rationale, author) for proposal, _, title, rationale, author in found}


def _rivals(session: Session, head: Snapshot, rows: Sequence[Row]) -> list[tuple[Proposed, str]]:
    """Changes of the same paragraphs that are not on the page, each with what became of it."""
    blocks = {row.block_id for _, row in rows if row.block_id is not None}
    found = session.execute(
        select(Proposal.number, ProposedChange.number, ProposedChange)
        .join(ProposedChange, ProposedChange.proposal_id == Proposal.id)
        .where(
            ProposedChange.block_id.in_(blocks),
            ProposedChange.id.not_in([row.id for _, row in rows]),
            alive(),
            Proposal.state != ProposalState.RETURNED,
        )
        .order_by(ProposedChange.id)
        .limit(MOST_RIVALS)
    )
    # Where changes meet follows from themselves; the text they were made on is not looked at.
    return [(Proposed(f"{number}.{change}", operation(row), head), row.outcome) for number, change, row in found]


def _meets(all: Sequence[Proposed], here: set[str]) -> dict[str, list[str]]:
    """For each change of the page the others that meet it."""
    meets: dict[str, list[str]] = {}
    for one, other in collisions(all, here):
        for mine, theirs in ((one, other), (other, one)):
            if mine in here:
                meets.setdefault(mine, []).append(theirs)
    return meets


def _objections(session: Session, rows: Sequence[Row], standing: Standings) -> dict[int, list[Objection]]:
    """The words of those whose position on a change is an objection, by the change's row id."""
    said = session.execute(
        select(
            Review.proposal_id,
            Review.person_id,
            Review.change_number,
            Review.position,
            Review.text,
            shown_name(Proposal.charter_id),
        )
        .join(Proposal, Proposal.id == Review.proposal_id)
        .join(Person, Person.id == Review.person_id)
        .where(Review.proposal_id.in_({proposal.id for proposal, _ in rows}))
        .order_by(Review.id)
    )
    newest: dict[int, dict[tuple[int, int | None], tuple[str, str, str]]] = {}
    for proposal_id, person, change, position, text, called in said:
        newest.setdefault(proposal_id, {})[person, change] = (position, text, called)
    found: dict[int, list[Objection]] = {}
    for proposal, row in rows:
        taken = newest.get(proposal.id, {})
        counted = standing.positions.get(proposal.id)
        for person in sorted({person for person, number in taken if number in (None, row.number)}):
            number = row.number if (person, row.number) in taken else None
            position, text, called = taken[person, number]
            if position == Position.OBJECT and counted is not None and (person, number) in counted.taken:
                found.setdefault(row.id, []).append(Objection(called, text))
    return found


def _together(refs: Iterable[str], meets: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """The refs in their order, those that meet, also by way of others, together at the place of the first."""
    group = {ref: [ref] for ref in refs}
    for one, others in meets.items():
        for other in others:
            if other in group and group[one] is not group[other]:
                joined = [ref for ref in group if ref in group[one] or ref in group[other]]
                for ref in joined:
                    group[ref] = joined
    return list({id(members): members for members in group.values()}.values())
