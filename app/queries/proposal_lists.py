"""Proposals in lists: which there are for somebody, and how each stands in words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.people import Person
from app.db.models.proposals import Proposal, ProposalVersion, ProposedChange
from app.queries.changes import operation
from app.queries.drafts import hidden_from
from app.queries.people import Account
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
    among: Collection[int] | None = None,
    after: int | None = None,
    limit: int = 50,
) -> list[ProposalHead]:
    """Proposals by number from the newest, at most ``limit``, those below number ``after``; drafts for their author.

    ``among``, if given, are the numbers of those that are wanted at all.
    """
    query = (
        select(Proposal, ProposalVersion, Person.name)
        .join(
            ProposalVersion,
            (ProposalVersion.proposal_id == Proposal.id) & (ProposalVersion.version == Proposal.version),
        )
        .join(Person, Person.id == Proposal.author_id)
        .where(Proposal.charter_id == charter.id)
        .order_by(Proposal.number.desc())
        .limit(limit)
    )
    query = query.where(~hidden_from(person))
    if among is not None:
        query = query.where(Proposal.number.in_(among))
    if state is not None:
        query = query.where(Proposal.state == state)
    if after is not None:
        query = query.where(Proposal.number < after)
    if section is not None:
        touching = select(ProposedChange.proposal_id).where(_touches(section), ProposedChange.last_version.is_(None))
        query = query.where(Proposal.id.in_(touching))
    rows = session.execute(query).all()
    changes: dict[int, list[ProposedChange]] = {}
    for row in session.scalars(
        select(ProposedChange)
        .where(ProposedChange.proposal_id.in_([p.id for p, _, _ in rows]), ProposedChange.last_version.is_(None))
        .order_by(ProposedChange.number)
    ):
        changes.setdefault(row.proposal_id, []).append(row)
    return [_head(p, v, name, changes.get(p.id, [])) for p, v, name in rows]


def standing_in_words(proposal: Proposal, rows: Sequence[ProposedChange]) -> str:
    """What people see of a proposal's state."""
    if proposal.state != ProposalState.DECIDED:
        return {
            ProposalState.DRAFT: "Draft",
            ProposalState.OPEN: "Open",
            ProposalState.RETURNED: "Returned to its author",
            ProposalState.WITHDRAWN: "Withdrawn",
        }[ProposalState(proposal.state)]
    adopted = [row for row in rows if row.outcome in ADOPTED]
    if not adopted:
        return "Rejected"
    merged = [row.merged_revision for row in adopted if row.merged_revision is not None]
    if len(merged) == len(adopted) == len(rows):
        return f"In the text since revision {max(merged)}"
    if len(adopted) < len(rows):
        return "Partly adopted"
    return "Adopted, amended" if any(r.outcome == Outcome.ADOPTED_AMENDED for r in adopted) else "Adopted"


def _touches(section: str) -> ColumnElement[bool]:
    """The condition in SQL: a change is about this section, or brings something into it from another one."""
    # The operation is canonical JSON, and within a text of it quotation marks are escaped: only a name can match.
    named = f'"section":"{section}"'
    return (ProposedChange.section_id == section) | ProposedChange.operation.contains(named, autoescape=True)


def _sections(row: ProposedChange) -> set[str]:
    """The sections a change is about: a move has two."""
    place = operation(row).place if row.kind == ChangeKind.MOVE else None
    return {id for id in (row.section_id, place.section if place else None) if id is not None}


def _head(proposal: Proposal, version: ProposalVersion, author: str, rows: Sequence[ProposedChange]) -> ProposalHead:
    return ProposalHead(
        number=proposal.number,
        title=version.title,
        author=author,
        state=proposal.state,
        standing=standing_in_words(proposal, rows),
        version=proposal.version,
        base_revision=version.base_revision,
        created_at=proposal.created_at,
        updated_at=proposal.updated_at,
        sections=sorted({id for row in rows for id in _sections(row)}),
        changes=len(rows),
        undecided=sum(row.outcome in UNSETTLED for row in rows),
    )
