"""What an earlier version of the program did not note, noted once when a newer one takes over.

Names and addresses of people and the words of earlier versions get a record, so that from then on `engross verify`
holds them against it; proposals get the hash of what they want and how they fit the text, so that lists can count them.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app import clock
from app.db.engine import Database
from app.db.models.charters import Charter
from app.db.models.people import Person
from app.db.models.proposals import Proposal
from app.errors import EngrossError
from app.queries.changes import current_changes, operation
from app.queries.ledger_people import NOTE as NOTE_PERSON
from app.queries.ledger_versions import NOTE, noted
from app.queries.stock import all_changes, unfitted_proposals, unnoted_people, unnoted_proposals
from app.services import records, refitting
from app.text.digest import digest
from app.text.wanted import wanted
from app.tokens import sealed

_BROKEN = (EngrossError, KeyError, ValueError, TypeError)
_AT_ONCE = 100
"""So many proposals are noted in one transaction, so that others are not kept from writing for long."""


def catch_up(database: Database) -> None:
    """Note what is missing; where nothing is, three questions are asked.

    A proposal whose changes are broken is left as it is: `engross verify` names what is wrong with it.
    """
    with database.reading() as session:
        people, written, unfitted = unnoted_people(session), unnoted_proposals(session), unfitted_proposals(session)
    if people:
        with database.writing() as session:
            _note_people(session, people, clock.now())
    for start in range(0, len(written), _AT_ONCE):
        with database.writing() as session:
            for id in written[start : start + _AT_ONCE]:
                _note_words(session, session.get_one(Proposal, id), clock.now())
    for start in range(0, len(unfitted), _AT_ONCE):
        some = unfitted[start : start + _AT_ONCE]
        try:
            with database.writing() as session:
                _fit(session, some)
        except _BROKEN:
            # One of them is; the others are noted all the same.
            for id in some:
                with suppress(*_BROKEN), database.writing() as session:
                    _fit(session, [id])


def _note_people(session: Session, people: list[int], now: datetime) -> None:
    for id in people:
        person = session.get_one(Person, id)
        records.append(
            session,
            records.INSTALLATION,
            by=None,
            now=now,
            act=NOTE_PERSON,
            object=f"person {id}",
            detail={"name": digest(person.name), "email": sealed(person.email)},
        )


def _note_words(session: Session, proposal: Proposal, now: datetime) -> None:
    charter = session.get_one(Charter, proposal.charter_id)
    records.append(
        session,
        charter.key,
        by=None,
        now=now,
        act=NOTE,
        object=f"proposal {proposal.number}",
        detail={"changes": noted(all_changes(session, proposal))},
    )


def _fit(session: Session, ids: Sequence[int]) -> None:
    found: dict[int, list[Proposal]] = {}
    for id in ids:
        proposal = session.get_one(Proposal, id)
        found.setdefault(proposal.charter_id, []).append(proposal)
        _note_wording(session, proposal)
    for charter, proposals in found.items():
        refitting.note_fits(session, session.get_one(Charter, charter), *proposals)


def _note_wording(session: Session, proposal: Proposal) -> None:
    if not proposal.wording_hash:
        wording = wanted([operation(row) for row in current_changes(session, proposal)])
        # The table, not the class: nobody rewrote the proposal, so whoever has it open goes on from what they read.
        table = Proposal.metadata.tables[Proposal.__tablename__]
        session.execute(update(table).where(table.c.id == proposal.id).values(wording_hash=wording))
