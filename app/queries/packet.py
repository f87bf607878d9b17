"""All that a meeting needs of the open proposals of a charter, read for many of them at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.people import Person
from app.db.models.proposals import Proposal, ProposalPartner, ProposedChange
from app.db.models.reviews import Review
from app.queries.desk_changes import DeskChange, desk_groups
from app.queries.naming import shown_name
from app.queries.people import Account
from app.queries.reviews import ReviewView
from app.queries.revisions import head_snapshot
from app.queries.thread_lists import ThreadHead, open_threads_beside, open_threads_on_proposals
from app.rules.permissions import Action
from app.rules.states import ProposalState

MOST = 100
"""So many proposals are put together at once; a meeting that has more takes them section by section."""
_MOST_THREADS = 2_000


@dataclass(frozen=True, slots=True)
class PacketProposal:
    """An open proposal with its changes in the order of the text, and what others said of it.

    ``signers`` are those who put their names under the version at hand. ``relation`` is "alternative" or "amendment",
    else "", and ``related`` the number of the proposal it is one to. ``beside`` are threads on the paragraphs that it
    changes, by the id of the paragraph.
    """

    number: int
    title: str
    author: str
    signers: Sequence[str]
    version: int
    base_revision: int
    updated_at: datetime
    review_by: date | None
    relation: str
    related: int | None
    rationale: str
    changes: Sequence[DeskChange]
    reviews: Sequence[ReviewView]
    threads: Sequence[ThreadHead]
    beside: Mapping[str, tuple[Sequence[ThreadHead], int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PacketMaterial:
    """The open proposals in the order of the text, at most `MOST`; ``left_out`` is how many more there are."""

    proposals: Sequence[PacketProposal]
    left_out: int


def packet_material(
    session: Session, charter: Charter, person: Account | None, allowed: frozenset[Action], section: str | None = None
) -> PacketMaterial:
    """What a meeting decides on, as far as this person may see it; of one section (by id) if it is named."""
    rows, count = _chosen(session, charter, section)
    ids = [row.id for row in rows]
    order, changes = _changes(session, charter, ids)
    rows = sorted(rows, key=lambda row: order.get(row.number, len(order)))
    signers, said = _signers(session, rows), _reviews(session, rows)
    threads: dict[int, list[ThreadHead]] = {}
    for head in open_threads_on_proposals(session, person, allowed, ids, limit=_MOST_THREADS):
        threads.setdefault(head.proposal or 0, []).append(head)
    beside = open_threads_beside(session, charter, person, allowed)
    return PacketMaterial(
        proposals=[
            PacketProposal(
                number=row.number,
                title=mine[0].title,
                author=mine[0].author,
                signers=signers.get(row.id, ()),
                version=row.version,
                base_revision=max(change.base_revision for change in mine),
                updated_at=row.updated_at,
                review_by=row.review_by,
                relation=row.relation,
                related=row.related,
                rationale=mine[0].rationale,
                changes=mine,
                reviews=said.get(row.id, ()),
                threads=threads.get(row.number, ()),
                beside={c.view.block: beside[c.view.block] for c in mine if c.view.block and c.view.block in beside},
            )
            for row in rows
            if (mine := changes.get(row.number))
        ],
        left_out=max(0, count - len(rows)),
    )


def any_open(session: Session, charter: Charter, section: str | None = None) -> bool:
    """Whether any proposal is open, so that there is something to put together; one that touches that section (id)."""
    query = select(Proposal.id).where(Proposal.charter_id == charter.id, Proposal.state == ProposalState.OPEN)
    if section is not None:
        query = query.where(Proposal.id.in_(_touching(section)))
    return session.scalar(query.limit(1)) is not None


def _touching(section: str) -> Select[int]:
    return select(ProposedChange.proposal_id).where(
        ProposedChange.section_id == section, ProposedChange.last_version.is_(None)
    )


def _chosen(session: Session, charter: Charter, section: str | None) -> tuple[Sequence[Proposal], int]:
    """The proposals in the order of the first section that each touches, and how many there are in all."""
    order = {s.id: n for n, s in enumerate(head_snapshot(session, charter).sections)}
    # What is on no section of today stands last; the cover, which is none, first.
    place = case(order, value=ProposedChange.section_id, else_=len(order))
    place = case((ProposedChange.section_id.is_(None), -1), else_=place) if order else place
    query = (
        select(Proposal.id, func.min(place).label("place"))
        .join(ProposedChange, ProposedChange.proposal_id == Proposal.id)
        .where(
            Proposal.charter_id == charter.id,
            Proposal.state == ProposalState.OPEN,
            ProposedChange.last_version.is_(None),
        )
        .group_by(Proposal.id)
    )
    if section is not None:
        query = query.where(Proposal.id.in_(_touching(section)))
    count = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    chosen = query.order_by("place", Proposal.number).limit(MOST).subquery()
    rows = session.scalars(
        select(Proposal).join(chosen, chosen.c.id == Proposal.id).order_by(chosen.c.place, Proposal.number)
    ).all()
    return rows, count


def _changes(
    session: Session, charter: Charter, proposals: Sequence[int]
) -> tuple[dict[int, int], dict[int, list[DeskChange]]]:
    """The changes of these proposals (row ids) by the number of the proposal, and in which order the proposals stand.

    Both are in the order of the text, and proposals that meet stand together.
    """
    ids = session.scalars(
        select(ProposedChange.id).where(
            ProposedChange.proposal_id.in_(proposals), ProposedChange.last_version.is_(None)
        )
    ).all()
    sections = {s.id: n for n, s in enumerate(head_snapshot(session, charter).sections)}

    def place(change: DeskChange) -> int:
        # The cover stands before all sections, and what is in none of today after them.
        return -1 if change.view.section is None else sections.get(change.view.section, len(sections))

    found: dict[int, list[DeskChange]] = {}
    for change in sorted(
        (change for group in desk_groups(session, charter, ids) for change in group.changes), key=place
    ):
        found.setdefault(change.proposal, []).append(change)
    return {number: n for n, number in enumerate(found)}, found


def _signers(session: Session, rows: Sequence[Proposal]) -> dict[int, list[str]]:
    versions = {row.id: row.version for row in rows}
    found: dict[int, list[str]] = {}
    for proposal, version, name in session.execute(
        select(ProposalPartner.proposal_id, ProposalPartner.signed_version, shown_name(Proposal.charter_id))
        .join(Person, Person.id == ProposalPartner.person_id)
        .join(Proposal, Proposal.id == ProposalPartner.proposal_id)
        .where(ProposalPartner.proposal_id.in_(versions), ProposalPartner.signed_at.is_not(None))
        .order_by(ProposalPartner.id)
    ):
        if version == versions[proposal]:
            found.setdefault(proposal, []).append(name)
    return found


def _reviews(session: Session, rows: Sequence[Proposal]) -> dict[int, list[ReviewView]]:
    """The positions that count on each proposal (by row id), the newest of each person, oldest first."""
    versions = {row.id: row.version for row in rows}
    newest: dict[tuple[int, int, int | None], tuple[Review, str]] = {}
    for row, name in session.execute(
        select(Review, shown_name(Proposal.charter_id))
        .join(Person, Person.id == Review.person_id)
        .join(Proposal, Proposal.id == Review.proposal_id)
        .where(Review.proposal_id.in_(versions))
        .order_by(Review.id)
    ):
        newest[row.proposal_id, row.person_id, row.change_number] = (row, name)
    found: dict[int, list[ReviewView]] = {}
    for row, name in sorted(newest.values(), key=lambda pair: pair[0].id):
        found.setdefault(row.proposal_id, []).append(
            ReviewView(
                id=row.id,
                person=name,
                position=row.position,
                text=row.text,
                change=row.change_number,
                version=row.version,
                on_earlier_version=row.version < versions[row.proposal_id],
                created_at=row.created_at,
            )
        )
    return found
