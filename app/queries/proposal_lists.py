"""Proposals in lists: which there are for somebody, and how each stands in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import ColumnElement, case, exists, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.decisions import MergedChange
from app.db.models.people import Person
from app.db.models.proposals import Proposal, ProposalVersion, ProposedChange
from app.queries.changes import operation_of
from app.queries.drafts import hidden_from
from app.queries.naming import shown_name
from app.queries.people import Account
from app.queries.settlements import Took, took
from app.queries.stretches import downwards, length, stretch
from app.rules.states import ADOPTED, UNSETTLED, Outcome, ProposalState
from app.text.change import ChangeKind


@dataclass(frozen=True, slots=True)
class ProposalHead:
    """A proposal in a list. ``standing`` says in words what people see: "Open", "In the text since revision 41"."""

    number: int
    title: str
    author: str
    state: str
    standing: str
    version: int
    base_revision: int
    created_at: datetime
    updated_at: datetime
    sections: Sequence[str]
    changes: int
    undecided: int


def proposal_heads(
    session: Session,
    charter: Charter,
    person: Account | None,
    *,
    state: str | None = None,
    section: str | None = None,
    among: ColumnElement[bool] | None = None,
    after: int | None = None,
    above: int | None = None,
    limit: int = 50,
) -> list[ProposalHead]:
    """Proposals by number from the newest, at most ``limit``, those below number ``after``; drafts for their author.

    ``above``: instead those nearest above that number.

    ``among``, if given, is the condition on those that are wanted at all. What a page costs does not depend on how
    many proposals there are: columns are read, not rows, and the words of changes not at all.
    """
    query = (
        select(
            Proposal.id,
            Proposal.number,
            Proposal.state,
            Proposal.version,
            Proposal.related,
            Proposal.taken_into,
            Proposal.created_at,
            Proposal.updated_at,
            ProposalVersion.title,
            ProposalVersion.base_revision,
            shown_name(Proposal.charter_id).label("name"),
        )
        .join(
            ProposalVersion,
            (ProposalVersion.proposal_id == Proposal.id) & (ProposalVersion.version == Proposal.version),
        )
        .join(Person, Person.id == Proposal.author_id)
        .where(*_wanted(charter, person, state, section))
    )
    if among is not None:
        query = query.where(among)
    rows = session.execute(stretch(query, Proposal.number, below=after, above=above, limit=limit)).all()
    changes = _changes(session, [row.id for row in rows])
    return [
        ProposalHead(
            number=row.number,
            title=row.title,
            author=row.name,
            state=row.state,
            standing=standing_in_words(
                row.state, changes.get(row.id, []), (row.related, row.taken_into), _left(changes, row.id)
            ),
            version=row.version,
            base_revision=row.base_revision,
            created_at=row.created_at,
            updated_at=row.updated_at,
            sections=sorted({id for change in changes.get(row.id, []) for id in change.sections}),
            changes=len(changes.get(row.id, [])),
            undecided=sum(change.outcome in UNSETTLED for change in changes.get(row.id, [])),
        )
        for row in downwards([*rows], above)
    ]


def proposal_count(
    session: Session, charter: Charter, person: Account | None, *, state: str | None = None, section: str | None = None
) -> int:
    """How many such proposals there are for this person, as far as lists are counted."""
    return length(session, select(Proposal.id).where(*_wanted(charter, person, state, section)))


def _wanted(
    charter: Charter, person: Account | None, state: str | None, section: str | None
) -> Iterator[ColumnElement[bool]]:
    yield Proposal.charter_id == charter.id
    yield ~hidden_from(person)
    if state is not None:
        yield Proposal.state == state
    if section is not None:
        yield exists().where(
            ProposedChange.proposal_id == Proposal.id, ProposedChange.last_version.is_(None), _touches(section)
        )


class Settled(Protocol):
    """What became of a change: a whole row of it, or what lists read of it."""

    @property
    def outcome(self) -> str:
        """What was decided."""

    @property
    def merged_revision(self) -> int | None:
        """The revision it went into."""


@dataclass(frozen=True, slots=True)
class _Change:
    """What lists read of a change."""

    outcome: str
    merged_revision: int | None
    sections: frozenset[str]
    left: bool


def standing_in_words(
    state: str, rows: Sequence[Settled], taken: tuple[int | None, int | None] = (None, None), left: int = 0
) -> str:
    """What people see of a proposal's state; ``taken`` is the proposal, and its version, an amendment became.

    ``left`` is how many of its changes are merged, but with the words chosen that they met there.
    """
    if taken[1] is not None:
        return f"Taken over into proposal {taken[0]}, version {taken[1]}"
    if state != ProposalState.DECIDED:
        return {
            ProposalState.DRAFT: "Draft",
            ProposalState.OPEN: "Open",
            ProposalState.RETURNED: "Returned to its author",
            ProposalState.WITHDRAWN: "Withdrawn",
        }[ProposalState(state)]
    adopted = [row for row in rows if row.outcome in ADOPTED]
    if not adopted:
        return "Rejected"
    merged = [row.merged_revision for row in adopted if row.merged_revision is not None]
    if len(merged) == len(adopted) == len(rows):
        since = f"in the text since revision {max(merged)}"
        if left == len(rows):
            return f"Other words chosen in revision {max(merged)}"
        return f"Partly {since}" if left else since[0].upper() + since[1:]
    if len(adopted) < len(rows):
        return "Partly adopted"
    return "Adopted, amended" if any(r.outcome == Outcome.ADOPTED_AMENDED for r in adopted) else "Adopted"


def _left(changes: Mapping[int, Sequence[_Change]], proposal: int) -> int:
    return sum(change.left for change in changes.get(proposal, []))


def _touches(section: str) -> ColumnElement[bool]:
    """The condition in SQL: a change is about this section, or moves something into it from another one."""
    # The operation is canonical JSON, and within a text of it quotation marks are escaped: only a name can match.
    named = f'"section":"{section}"'
    moved_there = (ProposedChange.kind == ChangeKind.MOVE) & ProposedChange.operation.contains(named, autoescape=True)
    return (ProposedChange.section_id == section) | moved_there


def _changes(session: Session, proposals: Sequence[int]) -> dict[int, list[_Change]]:
    """The changes in the newest versions of these proposals, by the proposals' row ids."""
    # Of all changes only a move is about a section that no column names.
    move = case((ProposedChange.kind == ChangeKind.MOVE, ProposedChange.operation))
    found: dict[int, list[_Change]] = {}
    for proposal, section, outcome, merged, stored, settled in session.execute(
        select(
            ProposedChange.proposal_id,
            ProposedChange.section_id,
            ProposedChange.outcome,
            ProposedChange.merged_revision,
            move,
            MergedChange.resolution,
        )
        .outerjoin(
            MergedChange,
            (MergedChange.change_id == ProposedChange.id) & (MergedChange.revision == ProposedChange.merged_revision),
        )
        .where(ProposedChange.proposal_id.in_(proposals), ProposedChange.last_version.is_(None))
        .order_by(ProposedChange.number)
    ):
        place = None if stored is None else operation_of(stored).place
        sections = frozenset(id for id in (section, place.section if place else None) if id is not None)
        found.setdefault(proposal, []).append(_Change(outcome, merged, sections, took(settled) == Took.LEFT))
    return found
