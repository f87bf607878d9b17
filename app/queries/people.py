"""People: who somebody is, and how they stand towards a charter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.people import Person, Role
from app.db.models.records import Record
from app.db.models.sessions import ApiToken, BrowserSession, SignInLink
from app.errors import NotFound
from app.rules import permissions
from app.rules.permissions import Standing
from app.tokens import fingerprint


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who acts: enough of a person to carry from one transaction into another."""

    id: int
    email: str
    name: str
    admin: bool


def account(person: Person) -> Account:
    """The acting side of a person."""
    return Account(person.id, person.email, person.name, person.admin)


@dataclass(frozen=True, slots=True)
class CharterRole:
    """A role in a charter, by the charter's key."""

    charter: str
    role: str


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person with all their roles."""

    email: str
    name: str
    admin: bool
    roles: Sequence[CharterRole]
    removed: bool = False


def person_by_email(session: Session, email: str) -> Person:
    """The person with that address; NotFound if there is none, or if they were removed."""
    found = session.scalar(select(Person).where(Person.email == email.strip().lower(), Person.removed_at.is_(None)))
    if found is None:
        raise NotFound(f"Nobody with the address {email} is known here. `engross user add` adds somebody.")
    return found


@dataclass(frozen=True, slots=True)
class TokenScope:
    """What a token may: only read or also write, in ``charter`` (its key) or in all (None), and until when."""

    read_only: bool
    charter: str | None
    ends_at: datetime | None
    used_at: datetime | None


def person_by_token(session: Session, secret: str, now: datetime) -> tuple[Person, TokenScope] | None:
    """Whose API token that is and what it may; None for a token that is unknown, ended or revoked."""
    row = session.execute(
        select(Person, ApiToken, Charter.key)
        .join(ApiToken, ApiToken.person_id == Person.id)
        .outerjoin(Charter, Charter.id == ApiToken.charter_id)
        .where(ApiToken.secret_hash == fingerprint(secret), Person.removed_at.is_(None))
    ).first()
    if row is None:
        return None
    person, token, charter = row
    if token.revoked_at is not None or (token.ends_at is not None and token.ends_at <= now):
        return None
    return person, TokenScope(token.read_only, charter, token.ends_at, token.used_at)


def person_by_session(session: Session, secret: str, now: datetime) -> tuple[Person, BrowserSession] | None:
    """Who is signed in with that cookie; None if the session is unknown or over."""
    row = session.execute(
        select(Person, BrowserSession)
        .join(BrowserSession, BrowserSession.person_id == Person.id)
        .where(BrowserSession.secret_hash == fingerprint(secret), Person.removed_at.is_(None))
    ).first()
    if row is None or row[1].ends_at <= now or row[1].seen_at + permissions.IDLE_SESSION <= now:
        return None
    return row[0], row[1]


def person_of_link(session: Session, secret: str, now: datetime) -> Person | None:
    """Whom a one-time link would sign in; None if it is unknown, used or over."""
    row = session.execute(
        select(Person, SignInLink)
        .join(SignInLink, SignInLink.person_id == Person.id)
        .where(SignInLink.secret_hash == fingerprint(secret), Person.removed_at.is_(None))
    ).first()
    if row is None or row[1].used_at is not None or row[1].ends_at <= now:
        return None
    return row[0]


def was_link_of(session: Session, secret: str, person: Account) -> bool:
    """Whether that one-time link was made for this person and has been used."""
    used = select(SignInLink.id).where(
        SignInLink.secret_hash == fingerprint(secret),
        SignInLink.person_id == person.id,
        SignInLink.used_at.is_not(None),
    )
    return session.scalar(used) is not None


def standing(session: Session, person: Account | None, charter: Charter) -> Standing:
    """How that person, or nobody, stands towards a charter."""
    if person is None:
        return Standing()
    row = session.execute(
        select(Role.role, Role.advises).where(Role.person_id == person.id, Role.charter_id == charter.id)
    ).first()
    if row is None:
        return Standing(admin=person.admin)
    return Standing(role=permissions.Role(row.role), admin=person.admin, advises=row.advises)


def member_count(session: Session, charter: Charter) -> int:
    """How many people have a role in the charter and can speak."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Role)
            .join(Person, Person.id == Role.person_id)
            .where(Role.charter_id == charter.id, Person.removed_at.is_(None))
        )
        or 0
    )


def has_administrator(session: Session) -> bool:
    """Whether somebody administers this installation."""
    return session.scalar(select(Person.id).where(Person.admin, Person.removed_at.is_(None)).limit(1)) is not None


def has_signed_in(session: Session, person: Person) -> bool:
    """Whether somebody has ever signed in, by the records."""
    signed_in = select(Record.id).where(Record.object == f"person {person.id}", Record.act == "sign in")
    return session.scalar(signed_in.limit(1)) is not None


def people(session: Session) -> list[PersonView]:
    """Everybody, by address, with their roles."""
    rows = session.execute(
        select(Role.person_id, Charter.key, Role.role)
        .join(Charter, Charter.id == Role.charter_id)
        .order_by(Charter.key)
    )
    roles: dict[int, list[CharterRole]] = {}
    for person_id, key, role in rows:
        roles.setdefault(person_id, []).append(CharterRole(key, role))
    everybody = session.scalars(select(Person).order_by(Person.email))
    return [
        PersonView(p.email, p.name, p.admin, roles.get(p.id, []), removed=p.removed_at is not None) for p in everybody
    ]


def person_view(session: Session, person: Person) -> PersonView:
    """One person with all roles."""
    rows = session.execute(
        select(Charter.key, Role.role)
        .join(Charter, Charter.id == Role.charter_id)
        .where(Role.person_id == person.id)
        .order_by(Charter.key)
    )
    return PersonView(person.email, person.name, person.admin, [CharterRole(key, role) for key, role in rows])


def known_name(session: Session, email: str) -> str:
    """The name of whoever is known under that address, "" if nobody is."""
    name = session.scalar(select(Person.name).where(Person.email == email, Person.removed_at.is_(None)))
    return name or ""
