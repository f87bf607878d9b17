"""Open proposals, and where in the text they touch it."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.people import Person, Role
from app.db.models.proposals import Proposal, ProposalVersion, ProposedChange
from app.db.models.reviews import Review
from app.queries.changes import operation_of
from app.queries.naming import shown_name
from app.rules.majorities import Position
from app.rules.states import Outcome, ProposalState
from app.text.change import Change, ChangeKind

# The kinds whose place in the text only their own words tell.
_PLACED = (ChangeKind.INSERT, ChangeKind.ADD_SECTION)


@dataclass(frozen=True, slots=True)
class Touch:
    """A change of an open proposal: whose it is, what it does, how it fits the text, and who is for and against it.

    ``support`` and ``objection`` count people, each with the newest position they took on it.
    """

    proposal: int
    number: int
    title: str
    author: str
    change: Change
    fit: str
    outcome: str = Outcome.PENDING
    support: int = 0
    objection: int = 0

    @property
    def ref(self) -> str:
        """How people name it: 12.3."""
        return f"{self.proposal}.{self.number}"


@dataclass(frozen=True, slots=True)
class Touched:
    """The changes that touch a block or a section: the first few, and how many there are."""

    first: Sequence[Touch]
    count: int


def open_count(session: Session, charter: Charter) -> int:
    """How many proposals are open."""
    query = select(func.count()).where(Proposal.charter_id == charter.id, Proposal.state == ProposalState.OPEN)
    return session.scalar(query) or 0


def touches(session: Session, charter: Charter, *, most: int = 3) -> dict[str, Touched]:
    """The changes of open proposals by the id of each block, or section as such, they touch; settled ones touch none.

    Of each block the oldest ``most`` are named and all are counted, so that a text which very many proposals are about
    stays one that can be read. A new block touches the one it shall follow, and so does a new section.
    """
    # First only what an index knows, then the words of the few that are named.
    mine = _in_play(charter)
    rows = session.execute(
        select(Proposal.id, ProposedChange.block_id, ProposedChange.section_id, ProposedChange.kind)
        .join(ProposedChange, ProposedChange.proposal_id == Proposal.id)
        .where(*mine)
        .order_by(Proposal.number)
    ).all()
    homes = _homes(session, mine)
    first: dict[str, list[int]] = {}
    changes: Counter[str] = Counter()
    for proposal, block, section, kind in rows:
        home = homes.get(block or section) if kind in _PLACED else block or section
        if home is not None:
            changes[home] += 1
            if changes[home] <= most:
                first.setdefault(home, []).append(proposal)
    named = _named(session, mine, {proposal for some in first.values() for proposal in some})
    found: dict[str, Touched] = {}
    for home, some in first.items():
        told = [touch for proposal in dict.fromkeys(some) for touch in named.get((proposal, home), ())]
        found[home] = Touched(tuple(told[:most]), changes[home])
    return found


def _in_play(charter: Charter) -> tuple[ColumnElement[bool], ...]:
    return (
        Proposal.charter_id == charter.id,
        Proposal.state == ProposalState.OPEN,
        ProposedChange.last_version.is_(None),
        ProposedChange.merged_revision.is_(None),
        ProposedChange.outcome != Outcome.REJECTED,
    )


def _homes(session: Session, mine: Sequence[ColumnElement[bool]]) -> dict[str | None, str | None]:
    """After which block or section each new one shall stand; one that comes first is about its section."""
    rows = session.execute(
        select(ProposedChange.operation)
        .join(Proposal, ProposedChange.proposal_id == Proposal.id)
        .where(*mine, ProposedChange.kind.in_(_PLACED))
    )
    return {change.block or change.section: _home(change) for change in map(operation_of, rows.scalars())}


def _home(change: Change) -> str | None:
    if change.kind not in _PLACED:
        return change.block or change.section
    return None if change.place is None else change.place.after or change.place.section


def _named(
    session: Session, mine: Sequence[ColumnElement[bool]], proposals: Collection[int]
) -> dict[tuple[int, str | None], list[Touch]]:
    """The changes of these proposals with all that is shown of them, by the proposal's row id and what they touch."""
    spoken = _positions(session, proposals)
    rows = session.execute(
        select(
            Proposal.id,
            Proposal.number,
            ProposedChange.number,
            ProposalVersion.title,
            shown_name(Proposal.charter_id),
            ProposedChange.operation,
            ProposedChange.fit,
            ProposedChange.outcome,
        )
        .join(ProposedChange, ProposedChange.proposal_id == Proposal.id)
        .join(
            ProposalVersion,
            (ProposalVersion.proposal_id == Proposal.id) & (ProposalVersion.version == Proposal.version),
        )
        .join(Person, Person.id == Proposal.author_id)
        .where(*mine, Proposal.id.in_(sorted(proposals)))
        .order_by(ProposedChange.number)
    )
    found: dict[tuple[int, str | None], list[Touch]] = {}
    for id, proposal, number, title, author, stored, fit, outcome in rows:
        said = spoken.get(id, {})
        people = {person for person, on in said if on in (None, number)}
        counted = Counter(said.get((person, number)) or said.get((person, None)) for person in people)
        change = operation_of(stored)
        for_it, against = counted[Position.SUPPORT], counted[Position.OBJECT]
        touch = Touch(proposal, number, title, author, change, fit, outcome, for_it, against)
        found.setdefault((id, _home(change)), []).append(touch)
    return found


def _positions(session: Session, proposals: Collection[int]) -> dict[int, dict[tuple[int, int | None], str]]:
    """What those who have a role said last of each of these proposals, by person and by the change it is about."""
    rows = session.execute(
        select(Review.proposal_id, Review.person_id, Review.change_number, Review.position)
        .join(Proposal, Proposal.id == Review.proposal_id)
        .join(Role, (Role.person_id == Review.person_id) & (Role.charter_id == Proposal.charter_id))
        .where(Review.proposal_id.in_(sorted(proposals)))
        .order_by(Review.id)
    )
    found: dict[int, dict[tuple[int, int | None], str]] = {}
    for proposal, person, change, position in rows:
        found.setdefault(proposal, {})[person, change] = position
    return found
