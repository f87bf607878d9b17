"""Which proposals exist for their authors alone: drafts, and those that were withdrawn before anybody saw them."""

from sqlalchemy import ColumnElement, String, cast, exists, literal, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.proposals import Proposal
from app.db.models.records import Record
from app.queries.people import Account
from app.rules.states import ProposalState


def never_shown(charter: Charter) -> ColumnElement[bool]:
    """The condition in SQL: this proposal was never put before others."""
    shown = exists().where(
        Record.chain == charter.key,
        Record.object == literal("proposal ") + cast(Proposal.number, String),
        (Record.act == "submit proposal")
        | ((Record.act == "propose") & Record.detail.contains('"state":"open"', autoescape=True)),
    )
    withdrawn = Proposal.state == ProposalState.WITHDRAWN
    return (Proposal.state == ProposalState.DRAFT) | (withdrawn & ~shown)


def hidden_from(charter: Charter, person: Account | None) -> ColumnElement[bool]:
    """The condition in SQL: this proposal does not exist for that person."""
    if person is None:
        return never_shown(charter)
    return never_shown(charter) & (Proposal.author_id != person.id)


def hidden_numbers(session: Session, charter: Charter, person: Account | None) -> set[int]:
    """The numbers of the proposals that do not exist for that person."""
    query = select(Proposal.number).where(Proposal.charter_id == charter.id, hidden_from(charter, person))
    return set(session.scalars(query))
