"""What earlier versions of the program left without a note of it, by row id."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.people import Person
from app.db.models.proposals import Proposal, ProposedChange
from app.db.models.records import Record
from app.queries.fits import alive
from app.queries.ledger_people import ADD
from app.queries.ledger_people import NOTE as NOTE_PERSON
from app.queries.ledger_versions import NOTE


def unnoted_people(session: Session) -> list[int]:
    """People of whose name and address no record speaks."""
    told = select(Record.object).where(
        Record.chain == "installation", Record.act.in_((ADD, NOTE_PERSON)), Record.detail.contains('"email"')
    )
    known = set(session.scalars(told))
    return [id for id in session.scalars(select(Person.id).order_by(Person.id)) if f"person {id}" not in known]


def unnoted_proposals(session: Session) -> list[int]:
    """Proposals of whose changes no record holds the words one by one."""
    told = select(Record.chain, Record.object).where(
        or_(Record.act == NOTE, Record.act.in_(("propose", "edit proposal")) & Record.detail.contains('"changes"'))
    )
    known = {(chain, object) for chain, object in session.execute(told)}
    rows = session.execute(
        select(Proposal.id, Charter.key, Proposal.number)
        .join(Charter, Charter.id == Proposal.charter_id)
        .order_by(Proposal.id)
    )
    return [id for id, key, number in rows if (key, f"proposal {number}") not in known]


def unfitted_proposals(session: Session) -> list[int]:
    """Proposals that do not say what they want, or of an open change of which it was never noted how it fits."""
    unknown = (
        select(ProposedChange.proposal_id)
        .join(Proposal, Proposal.id == ProposedChange.proposal_id)
        .where(ProposedChange.fit_revision == 0, alive())
    )
    query = select(Proposal.id).where(or_(Proposal.wording_hash == "", Proposal.id.in_(unknown))).order_by(Proposal.id)
    return list(session.scalars(query))


def all_changes(session: Session, proposal: Proposal) -> Sequence[ProposedChange]:
    """All changes a proposal ever had, by number."""
    mine = select(ProposedChange).where(ProposedChange.proposal_id == proposal.id)
    return session.scalars(mine.order_by(ProposedChange.number)).all()
