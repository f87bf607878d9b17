"""People: adding them, their roles, and removing them."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.db.models.answers import KeptAnswer
from app.db.models.charters import Charter
from app.db.models.people import Departure, Person, Role
from app.db.models.sessions import ApiToken, BrowserSession, SignInLink
from app.db.models.signing_in import Challenge, KnownDevice, LinkedAccount, Passkey, Password
from app.errors import BadInput, NotFound, Refused
from app.queries.members import governor_count, role_row
from app.queries.people import Account
from app.rules import permissions
from app.rules.mailboxes import full_name, mailbox
from app.services import records
from app.text.digest import digest
from app.tokens import sealed


def add_person(
    session: Session, email: str, name: str, *, admin: bool = False, by: int | None, now: datetime
) -> Person:
    """Make somebody known under an e-mail address. BadInput for what cannot be an address or a name; Refused if taken.

    Somebody who was removed and comes back keeps the old row, so that their earlier words are theirs again.
    """
    address, called = mailbox(email), full_name(name)
    person = session.scalar(select(Person).where(Person.email == address))
    if person is not None and person.removed_at is None:
        raise Refused(f"{address} is known already; `engross user role` changes what they are.", kind="taken")
    if person is None:
        person = Person(email=address, name=called, admin=admin, created_at=now)
        session.add(person)
    else:
        person.name, person.admin, person.removed_at = called, admin, None
    session.flush()
    records.append(
        session,
        records.INSTALLATION,
        by=by,
        now=now,
        act="add person",
        object=f"person {person.id}",
        after="administrator" if admin else "person",
        detail={"name": digest(called), "email": sealed(address)},
    )
    return person


def set_role(
    session: Session, person: Person, charter: Charter, role: str | None, *, by: int | None, now: datetime
) -> None:
    """Make somebody member or governor of a charter, or (None) neither. Their browser sessions begin anew."""
    if role is not None and role not in set(permissions.Role):
        raise BadInput("A role is one of: " + ", ".join(permissions.Role) + ".")
    row = session.scalar(select(Role).where(Role.person_id == person.id, Role.charter_id == charter.id))
    before = row.role if row else ""
    if before == (role or ""):
        return
    if role is None:
        session.delete(row)
    elif row is None:
        session.add(Role(person_id=person.id, charter_id=charter.id, role=role))
    else:
        row.role = role
    session.execute(delete(BrowserSession).where(BrowserSession.person_id == person.id))
    left = delete(Departure).where(Departure.person_id == person.id, Departure.charter_id == charter.id)
    session.execute(left)
    if role is None:
        session.add(Departure(person_id=person.id, charter_id=charter.id, left_at=now))
        # An answer kept for a request that is sent again would show what they may not see any more.
        session.execute(delete(KeptAnswer).where(KeptAnswer.person_id == person.id))
    session.flush()
    records.append(
        session,
        charter.key,
        by=by,
        now=now,
        act="set role",
        object=f"person {person.id}",
        before=before,
        after=role or "",
    )


def change_role(
    session: Session, charter: Charter, person: int, role: str | None, *, by: Account, now: datetime
) -> None:
    """Make somebody who has a role in the charter (by id) member or governor, or (None) take it away.

    Their words stay, under their name. NotFound for somebody without a role here; Refused for the last governor, since
    nobody could decide or invite any more.
    """
    row = role_row(session, charter, person)
    if row is None:
        raise NotFound("There is no such person in this charter.")
    leaves = row.role == permissions.Role.GOVERNOR and role != permissions.Role.GOVERNOR
    if leaves and governor_count(session, charter) == 1:
        raise Refused(
            "This is the last governor of the charter, and without one nobody could decide or publish. "
            "Make somebody else governor first.",
            kind="last-governor",
        )
    set_role(session, session.get_one(Person, person), charter, role, by=by.id, now=now)


def leave(session: Session, charter: Charter, *, by: Account, now: datetime) -> None:
    """Leave a charter: the role is gone, the words stay. Refused for the last governor, who names another one first."""
    change_role(session, charter, by.id, None, by=by, now=now)


def change_name(session: Session, account: Account, name: str, *, now: datetime) -> None:
    """Have one's own name shown otherwise, also under what one has said before. BadInput for what is no name."""
    called = full_name(name)
    person = session.get_one(Person, account.id)
    if person.name == called:
        return
    before, person.name = person.name, called
    session.flush()
    records.append(
        session,
        records.INSTALLATION,
        by=account.id,
        now=now,
        act="change name",
        object=f"person {account.id}",
        before=digest(before),
        after=digest(called),
    )


def remove_person(session: Session, person: Person, *, by: int | None, now: datetime) -> None:
    """Take away every access of somebody at once. Their words and acts stay, under their name."""
    for role in session.scalars(select(Role).where(Role.person_id == person.id)).all():
        charter = session.get_one(Charter, role.charter_id)
        set_role(session, person, charter, None, by=by, now=now)
    person.removed_at = now
    person.admin = False
    for way in (BrowserSession, Passkey, Password, LinkedAccount, Challenge, KnownDevice):
        session.execute(delete(way).where(way.person_id == person.id))
    session.execute(delete(SignInLink).where(SignInLink.person_id == person.id))
    for token in session.scalars(
        select(ApiToken).where(ApiToken.person_id == person.id, ApiToken.revoked_at.is_(None))
    ):
        token.revoked_at = now
    session.flush()
    records.append(session, records.INSTALLATION, by=by, now=now, act="remove person", object=f"person {person.id}")
