"""The governors' desk: the changes that can be decided or merged, a page at a time, with all that a decision needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session, aliased

from app.db.models.charters import Charter
from app.db.models.people import Role
from app.db.models.proposals import Proposal, ProposedChange
from app.db.models.reviews import Review
from app.queries.desk_changes import DeskGroup, desk_groups
from app.queries.fits import alive
from app.queries.reverting import was_taken_out
from app.queries.revisions import head_snapshot
from app.rules.majorities import Position
from app.rules.states import ADOPTED, UNSETTLED, ProposalState
from app.text.woven import Class

A_PAGE = 12
_LATER, _OWN = aliased(Review), aliased(Review)
_PROPOSAL = Proposal.id == ProposedChange.proposal_id
_SHOWN = (ProposalState.OPEN, ProposalState.DECIDED)
_NEEDS_AUTHOR = (Class.CONFLICT, Class.ORPHANED)


class Wanted(StrEnum):
    """Which of the changes somebody wants to see."""

    ALL = "all"
    UNDECIDED = "undecided"
    OBJECTIONS = "objections"
    QUORUM = "quorum"
    NEEDS_AUTHOR = "needs-author"
    READY = "ready"
    TAKEN_OUT = "taken-out"


_COUNTED = (Wanted.ALL, Wanted.UNDECIDED, Wanted.NEEDS_AUTHOR, Wanted.READY, Wanted.TAKEN_OUT)


@dataclass(frozen=True, slots=True)
class Desk:
    """One page of the desk; ``count`` is how many changes there are of this sort, ``counts`` how many of each."""

    wanted: Wanted
    groups: Sequence[DeskGroup]
    page: int
    pages: int
    count: int
    counts: Mapping[str, int]
    sections: Mapping[str | None, tuple[int, int]]


def desk(
    session: Session,
    charter: Charter,
    wanted: Wanted | None = None,
    *,
    section: str | None = None,
    proposal: int | None = None,
    page: int = 1,
    size: int = A_PAGE,
) -> Desk:
    """The changes of that sort in the order of the text, a page of them; of one section (by id) or proposal, if named.

    Without a sort it is what comes next: what is to be decided, else what is ready to be merged, else all. Only what is
    on the page is classified; the numbers come from how changes were noted to fit.
    """
    sums = _sums(session, charter)
    if wanted is None:
        here = [of for id, of in sums.items() if section in (None, id)]
        sorts = (Wanted.UNDECIDED, Wanted.READY) if proposal is None else ()
        wanted = next((sort for sort in sorts if any(of[sort] for of in here)), Wanted.ALL)
    mine = [Proposal.charter_id == charter.id, _condition(charter, wanted)]
    if section is not None:
        mine.append(ProposedChange.section_id == section)
    if proposal is not None:
        mine.append(Proposal.number == proposal)
    if proposal is None and wanted in _COUNTED:
        count = sum(of[wanted] for id, of in sums.items() if section in (None, id))
    else:
        query = select(func.count()).select_from(ProposedChange).join(Proposal, _PROPOSAL).where(*mine)
        count = session.scalar(query) or 0
    pages = max(1, -(-count // size))
    page = min(max(1, page), pages)
    order = {s.id: n for n, s in enumerate(head_snapshot(session, charter).sections)}
    # Only ids are put in order, so that what is sorted is small however many changes there are.
    place = case(order, value=ProposedChange.section_id, else_=len(order))
    ids = session.scalars(
        select(ProposedChange.id)
        .select_from(ProposedChange)
        .join(Proposal, _PROPOSAL)
        .where(*mine)
        .order_by(place, ProposedChange.section_id, ProposedChange.block_id, ProposedChange.id)
        .offset((page - 1) * size)
        .limit(size)
    ).all()
    return Desk(
        wanted=wanted,
        groups=desk_groups(session, charter, ids),
        page=page,
        pages=pages,
        count=count,
        counts={sort: sum(of[sort] for of in sums.values()) for sort in _COUNTED},
        sections={id: (of[Wanted.ALL], of[Wanted.UNDECIDED]) for id, of in sums.items()},
    )


def ready_references(session: Session, charter: Charter, limit: int) -> list[str]:
    """The names of adopted changes that can go into the text, in proposal order; none that a reverting took out."""
    rows = session.execute(
        select(Proposal.number, ProposedChange.number)
        .select_from(ProposedChange)
        .join(Proposal, _PROPOSAL)
        .where(Proposal.charter_id == charter.id, _condition(charter, Wanted.READY))
        .order_by(Proposal.number, ProposedChange.number)
        .limit(limit)
    )
    return [f"{number}.{change}" for number, change in rows]


def ready_count(session: Session, charter: Charter) -> int:
    """How many adopted changes can go into the text and were never in it."""
    query = (
        select(func.count())
        .select_from(ProposedChange)
        .join(Proposal, _PROPOSAL)
        .where(Proposal.charter_id == charter.id, _condition(charter, Wanted.READY))
    )
    return session.scalar(query) or 0


def _condition(charter: Charter, wanted: Wanted) -> ColumnElement[bool]:
    here = alive() & Proposal.state.in_(_SHOWN)
    undecided = here & ProposedChange.outcome.in_(UNSETTLED)
    match wanted:
        case Wanted.ALL:
            return here
        case Wanted.UNDECIDED:
            return undecided
        case Wanted.NEEDS_AUTHOR:
            return here & ProposedChange.fit.in_(_NEEDS_AUTHOR)
        case Wanted.READY:
            return here & _is_ready()
        case Wanted.TAKEN_OUT:
            return here & _is_out_again()
        case Wanted.OBJECTIONS:
            return undecided & _is_objected(charter)
        case Wanted.QUORUM:
            return undecided & (_spoken(charter) >= charter.quorum)


def _is_ready() -> ColumnElement[bool]:
    return ProposedChange.outcome.in_(ADOPTED) & (ProposedChange.fit != Class.ORPHANED) & ~was_taken_out()


def _is_out_again() -> ColumnElement[bool]:
    # What governors took out of the text on purpose goes in again only if somebody chooses just that.
    return ProposedChange.outcome.in_(ADOPTED) & was_taken_out()


def _entitled(charter: Charter) -> Select[int]:
    return select(Role.person_id).where(Role.charter_id == charter.id)


def _is_objected(charter: Charter) -> ColumnElement[bool]:
    """Somebody's word on the change itself, or if there is none on its proposal, is an objection."""
    overruled = (
        select(_LATER.id)
        .where(
            _LATER.proposal_id == Review.proposal_id,
            _LATER.person_id == Review.person_id,
            _LATER.change_number.is_not_distinct_from(Review.change_number),
            _LATER.id > Review.id,
        )
        .exists()
    )
    of_its_own = (
        select(_OWN.id)
        .where(
            _OWN.proposal_id == Review.proposal_id,
            _OWN.person_id == Review.person_id,
            _OWN.change_number == ProposedChange.number,
        )
        .correlate(Review, ProposedChange)
        .exists()
    )
    return (
        select(Review.id)
        .where(
            Review.proposal_id == ProposedChange.proposal_id,
            Review.position == Position.OBJECT,
            Review.person_id.in_(_entitled(charter)),
            ~overruled,
            (Review.change_number == ProposedChange.number) | (Review.change_number.is_(None) & ~of_its_own),
        )
        .correlate(ProposedChange)
        .exists()
    )


def _spoken(charter: Charter) -> ColumnElement[int]:
    return (
        select(func.count(Review.person_id.distinct()))
        .where(
            Review.proposal_id == ProposedChange.proposal_id,
            Review.person_id.in_(_entitled(charter)),
            Review.change_number.is_(None) | (Review.change_number == ProposedChange.number),
        )
        .correlate(ProposedChange)
        .scalar_subquery()
    )


def _sums(session: Session, charter: Charter) -> dict[str | None, dict[Wanted, int]]:
    """For each section that changes touch, how many there are of each sort that is quickly counted."""
    # In what may still go in the sorts differ by little, and asking all at once goes over the changes only once.
    sorts = {
        Wanted.UNDECIDED: ProposedChange.outcome.in_(UNSETTLED),
        Wanted.NEEDS_AUTHOR: ProposedChange.fit.in_(_NEEDS_AUTHOR),
        Wanted.READY: _is_ready(),
        Wanted.TAKEN_OUT: _is_out_again(),
    }
    rows = session.execute(
        select(
            ProposedChange.section_id,
            func.count(),
            *(func.sum(case((condition, 1), else_=0)) for condition in sorts.values()),
        )
        .select_from(ProposedChange)
        .join(Proposal, _PROPOSAL)
        .where(Proposal.charter_id == charter.id, _condition(charter, Wanted.ALL))
        .group_by(ProposedChange.section_id)
    )
    return {
        section: dict(zip((Wanted.ALL, *sorts), (int(count or 0) for count in counts), strict=True))
        for section, *counts in rows
    }
