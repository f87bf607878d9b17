"""Partners: the author shows a proposal to chosen members, who may put their name under it and take it back."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.people import Person, Role
from app.db.models.proposals import Proposal, ProposalPartner
from app.errors import BadInput, NotAllowed, NotFound, Refused
from app.queries.partners import partner_row
from app.queries.people import Account
from app.rules.notices import Happening
from app.rules.states import ProposalState
from app.services import following, records
from app.services.notices import forget_of_proposal
from app.services.proposal_news import called, tell_of
from app.services.proposals import check_author

_OPEN_TO_PARTNERS = frozenset({ProposalState.DRAFT, ProposalState.OPEN, ProposalState.RETURNED})


def share(
    session: Session,
    charter: Charter,
    proposal: Proposal,
    *,
    by: Account,
    now: datetime,
    person: int | None = None,
    email: str | None = None,
) -> ProposalPartner:
    """Show one's own proposal to a member, named by id or by address; shared with somebody already it stays so.

    BadInput for somebody without a role in this charter: whether such an address is known at all is not said.
    """
    check_author(proposal, by)
    chosen = _member(session, charter, person, email)
    if chosen.id == proposal.author_id:
        raise BadInput("This is your own proposal: share it with somebody else.", kind="own-proposal")
    _check_state(proposal, "shared")
    row = partner_row(session, proposal, chosen.id)
    if row is not None:
        return row
    row = ProposalPartner(proposal_id=proposal.id, person_id=chosen.id, created_at=now)
    session.add(row)
    session.flush()
    following.follow_if_new(session, charter, chosen.id, f"proposal {proposal.number}", now=now)
    record = _record(session, charter, proposal, "share proposal", by, now, person=chosen.id)
    words = f"{by.name} shares {called(session, proposal)} with you. You can read it and put your name under it."
    key = f"shared by record {record}"
    tell_of(session, charter, proposal, {chosen.id}, Happening.SHARED, words, key=key, by=by, now=now)
    return row


def unshare(session: Session, charter: Charter, proposal: Proposal, person: int, *, by: Account, now: datetime) -> None:
    """No longer show one's own proposal to somebody (by id); a name they put under it goes too, and they are told."""
    check_author(proposal, by)
    row = partner_row(session, proposal, person)
    if row is None:
        raise NotFound("The proposal is not shared with this person.")
    _check_state(proposal, "shared otherwise")
    signed = row.signed_at is not None
    session.delete(row)
    session.flush()
    record = _record(session, charter, proposal, "unshare proposal", by, now, person=person)
    if proposal.shown_at is None:
        forget_of_proposal(session, charter, proposal.number, proposal.id, person)
    if signed:
        words = f"{by.name} no longer shares {called(session, proposal)} with you; your name was taken off it."
        key = f"unshared by record {record}"
        gone = proposal.shown_at is None
        tell_of(session, charter, proposal, {person}, Happening.SHARED, words, key=key, by=by, now=now, hidden=gone)


def sign(session: Session, charter: Charter, proposal: Proposal, *, by: Account, now: datetime) -> None:
    """Put one's name under the present version of a proposal that was shared with one."""
    row = check_partner(session, proposal, by)
    _check_state(proposal, "signed")
    if row.signed_version == proposal.version:
        return
    row.signed_at, row.signed_version = now, proposal.version
    session.flush()
    record = _record(session, charter, proposal, "sign proposal", by, now, version=proposal.version)
    words = f"{by.name} put their name under version {proposal.version} of {called(session, proposal)}."
    key = f"signed by record {record}"
    tell_of(session, charter, proposal, {proposal.author_id}, Happening.SIGNED, words, key=key, by=by, now=now)


def unsign(session: Session, charter: Charter, proposal: Proposal, *, by: Account, now: datetime) -> None:
    """Take one's name off a proposal again; it stays shared with one."""
    row = check_partner(session, proposal, by)
    _check_state(proposal, "signed or unsigned")
    if row.signed_at is None:
        return
    row.signed_at, row.signed_version = None, None
    session.flush()
    record = _record(session, charter, proposal, "unsign proposal", by, now)
    words = f"{by.name} took their name off {called(session, proposal)}."
    key = f"unsigned by record {record}"
    tell_of(session, charter, proposal, {proposal.author_id}, Happening.SIGNED, words, key=key, by=by, now=now)


def check_partner(session: Session, proposal: Proposal, by: Account) -> ProposalPartner:
    """The partnership of this person; NotAllowed unless the author shared the proposal with them."""
    row = partner_row(session, proposal, by.id)
    if row is None:
        raise NotAllowed("Only those with whom its author shared the proposal can put their name under it.")
    return row


def _check_state(proposal: Proposal, done: str) -> None:
    if ProposalState(proposal.state) not in _OPEN_TO_PARTNERS:
        raise Refused(f"This proposal is {proposal.state}, so it cannot be {done} any more.", kind="wrong-state")


def _member(session: Session, charter: Charter, person: int | None, email: str | None) -> Person:
    if (person is None) == (email is None):
        raise BadInput("Say with whom you share it: by the person's id or by their e-mail address, not by both.")
    query = (
        select(Person)
        .join(Role, Role.person_id == Person.id)
        .where(Role.charter_id == charter.id, Person.removed_at.is_(None))
    )
    one = Person.id == person if email is None else Person.email == email.strip().lower()
    found = session.scalar(query.where(one))
    if found is None:
        raise BadInput("Nobody like this is a member of this charter. Choose one of its people.", kind="not-a-member")
    return found


def _record(
    session: Session, charter: Charter, proposal: Proposal, act: str, by: Account, now: datetime, **detail: object
) -> int:
    record = records.append(
        session, charter.key, by=by.id, now=now, act=act, object=f"proposal {proposal.number}", detail=detail
    )
    return record.number
