"""All changes that are open for decision, with whose they are: what could come into the working text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.people import Person
from app.db.models.proposals import Proposal, ProposalVersion, ProposedChange
from app.queries.changes import latest_decisions, proposed
from app.queries.naming import shown_name
from app.rules.states import Outcome, ProposalState
from app.text.weave import Proposed

MOST = 100
"""So many proposals are put into one text; nobody reads more of them at once."""


@dataclass(frozen=True, slots=True)
class OpenProposal:
    """An open proposal with its changes that are neither rejected nor in the text, in the wording that stands now."""

    number: int
    title: str
    rationale: str
    author: str
    at: datetime
    changes: Sequence[Proposed]


def open_changes(session: Session, charter: Charter) -> tuple[list[OpenProposal], int]:
    """The open proposals by number, and how many there are beyond the first hundred."""
    ids = session.scalars(
        select(Proposal.id)
        .where(Proposal.charter_id == charter.id, Proposal.state == ProposalState.OPEN)
        .order_by(Proposal.number)
    ).all()
    rows = session.execute(
        select(Proposal, ProposedChange)
        .join(ProposedChange, ProposedChange.proposal_id == Proposal.id)
        .where(
            Proposal.id.in_(ids[:MOST]),
            ProposedChange.last_version.is_(None),
            ProposedChange.merged_revision.is_(None),
            ProposedChange.outcome != Outcome.REJECTED,
        )
        .order_by(Proposal.number, ProposedChange.number)
    ).all()
    pairs = [(proposal, change) for proposal, change in rows]
    made = proposed(session, charter, pairs, latest_decisions(session, (change.id for _, change in pairs)))
    versions = session.execute(
        select(
            Proposal.number,
            ProposalVersion.title,
            ProposalVersion.rationale,
            ProposalVersion.created_at,
            shown_name(charter.id).label("author"),
        )
        .join(
            ProposalVersion,
            (ProposalVersion.proposal_id == Proposal.id) & (ProposalVersion.version == Proposal.version),
        )
        .join(Person, Person.id == Proposal.author_id)
        .where(Proposal.id.in_(ids[:MOST]))
        .order_by(Proposal.number)
    )
    mine: dict[str, list[Proposed]] = {}
    for one in made:
        mine.setdefault(one.proposal, []).append(one)
    found = [
        OpenProposal(row.number, row.title, row.rationale, row.author, row.created_at, mine[str(row.number)])
        for row in versions
        if str(row.number) in mine
    ]
    return found, max(0, len(ids) - MOST)
