"""Accounts elsewhere: linked to a person by a verified address, and then known by what the provider calls them."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.db.models.people import Person
from app.db.models.signing_in import LinkedAccount
from app.errors import NotFound, NotSignedIn
from app.queries.people import Account
from app.services import alerts, records, sessions
from app.services.sessions import Way


def sign_in(session: Session, issuer: str, subject: str, email: str, *, now: datetime, device: str = "") -> str:
    """Begin a session of whose account it is; the secret of the session.

    An account that is not linked yet is linked to the person with that address, if the provider has verified it ("" if
    not) and they have no other account there: an organisation may give an address to somebody new. It makes nobody
    known here and gives nobody a role.
    """
    person = session.scalar(
        select(Person)
        .join(LinkedAccount, LinkedAccount.person_id == Person.id)
        .where(LinkedAccount.issuer == issuer, LinkedAccount.subject == subject, Person.removed_at.is_(None))
    )
    if person is None:
        person = _link(session, issuer, subject, email, now)
    return sessions.begin(session, person, now=now, device=device, way=Way.ACCOUNT)


def unlink(session: Session, person: Account, issuer: str, *, now: datetime) -> None:
    """Link one's account no longer. NotFound if none is."""
    own = delete(LinkedAccount).where(LinkedAccount.person_id == person.id, LinkedAccount.issuer == issuer)
    if session.execute(own.returning(LinkedAccount.id)).first() is None:
        raise NotFound("No account of yours is linked.")
    _record(session, person.id, "unlink account", now)


def _link(session: Session, issuer: str, subject: str, email: str, now: datetime) -> Person:
    if not email:
        raise NotSignedIn(
            "Your account there has no e-mail address that is verified, so we cannot know who you are here. "
            "Use a link by mail.",
            kind="account-unverified",
        )
    person = session.scalar(select(Person).where(Person.email == email, Person.removed_at.is_(None)))
    if person is None:
        raise NotSignedIn(
            f"Your account there has the address {email}, and nobody here has it. "
            "Ask a governor of the charter to invite you with it.",
            kind="account-unknown",
        )
    other = select(LinkedAccount.id).where(LinkedAccount.person_id == person.id, LinkedAccount.issuer == issuer)
    if session.scalar(other) is not None:
        raise NotSignedIn(
            "Another account there is linked to this address already. Sign in with a link by mail, and unlink it "
            "under “My settings” if the new one is yours.",
            kind="account-other",
        )
    session.add(LinkedAccount(person_id=person.id, issuer=issuer, subject=subject, linked_at=now))
    session.flush()
    _record(session, person.id, "link account", now)
    return person


def _record(session: Session, person: int, act: str, now: datetime) -> None:
    who = f"person {person}"
    made = records.append(session, records.INSTALLATION, by=person, now=now, act=act, object=who)
    if act == "link account":
        alerts.tell(session, person, made, now=now)
