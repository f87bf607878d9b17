"""Passwords, for those who choose to have one: hashed with Argon2id, tried within bounds that lock nobody out.

To check one takes much work on purpose. It is done outside of any transaction, a few at a time, and once for every try,
whether or not there is anybody with that address and whether or not they have a password.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from app.db.models.people import Person
from app.db.models.sessions import BrowserSession
from app.db.models.signing_in import KnownDevice, Password, PasswordTry
from app.errors import NotSignedIn, TooMany
from app.queries.people import Account
from app.rules.mailboxes import mailbox
from app.rules.passwords import prepared
from app.services import alerts, records, sessions
from app.services.sessions import Way
from app.tokens import fingerprint, new_secret

WITHIN = timedelta(hours=1)
MOST_FOR_MAILBOX = 20
MOST_FOR_MAILBOX_FROM_PLACE = 5
MOST_FROM_PLACE = 40
MOST_ON_DEVICE = 10
"""So many wrong tries within an hour for one mailbox in all, for it from one network address, from one in all; and on
a browser its owner has signed in with before, which the others do not count for."""

HASHER = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19_456, parallelism=1),))
_AT_ONCE = BoundedSemaphore(4)
WRONG = "Address and password do not belong together. Try again, or have a link sent to you."


@dataclass(frozen=True, slots=True)
class Try:
    """A try that is allowed: whose it would be and what their hash is, if there is anybody with a password."""

    id: int
    person: int | None
    hash: str | None


def begin_try(session: Session, email: str, *, place: str, device: str, now: datetime) -> Try:
    """Count a try before its outcome is known. BadInput for what is no address; TooMany, for everybody the same."""
    address = mailbox(email)
    session.execute(delete(PasswordTry).where(PasswordTry.tried_at <= now - WITHIN))
    mine = (
        session.scalar(
            select(KnownDevice.secret_hash)
            .join(Person, Person.id == KnownDevice.person_id)
            .where(KnownDevice.secret_hash == fingerprint(device), KnownDevice.ends_at > now, Person.email == address)
        )
        if device
        else None
    )
    to, by = PasswordTry.mailbox_hash == fingerprint(address), PasswordTry.place_hash == fingerprint(place)
    bounds: tuple[tuple[ColumnElement[bool], int], ...] = (
        (to, MOST_FOR_MAILBOX),
        (to & by, MOST_FOR_MAILBOX_FROM_PLACE),
        (by, MOST_FROM_PLACE),
    )
    if mine is not None:
        bounds = ((to & (PasswordTry.device_hash == mine), MOST_ON_DEVICE),)
    for condition, most in bounds:
        counted = select(func.count()).select_from(PasswordTry).where(condition, PasswordTry.tried_at > now - WITHIN)
        if (session.scalar(counted) or 0) >= most:
            raise TooMany("Too many tries. Wait an hour, or have a link sent to you: that works at once.")
    made = PasswordTry(
        mailbox_hash=fingerprint(address), place_hash=fingerprint(place), device_hash=mine or "", tried_at=now
    )
    session.add(made)
    session.flush()
    row = session.execute(
        select(Person.id, Password.hash)
        .join(Password, Password.person_id == Person.id)
        .where(Person.email == address, Person.removed_at.is_(None))
    ).first()
    return Try(made.id, row.id, row.hash) if row else Try(made.id, None, None)


def fits(tried: Try, password: str) -> bool:
    """Whether the password is the right one. The same work is done if there is none: nobody learns who has one."""
    with _AT_ONCE:
        right = HASHER.verify(prepared(password)[:10_000], tried.hash or _nobodys())
    return right and tried.hash is not None


def sign_in(session: Session, tried: Try, *, now: datetime, device: str = "") -> str:
    """Begin a session after a try that was right; NotSignedIn if the password was changed in that moment."""
    same = select(Person).join(Password, Password.person_id == Person.id)
    person = session.scalar(
        same.where(Person.id == tried.person, Password.hash == tried.hash, Person.removed_at.is_(None))
    )
    if person is None:
        raise NotSignedIn(WRONG, kind="wrong-password")
    was_right(session, tried)
    return sessions.begin(session, person, now=now, device=device, way=Way.PASSWORD)


def was_right(session: Session, tried: Try) -> None:
    """A try that was right does not count."""
    session.execute(delete(PasswordTry).where(PasswordTry.id == tried.id))


def hashed(password: str) -> str:
    """The hash of a password that was found good."""
    with _AT_ONCE:
        return HASHER.hash(password)


def keep(session: Session, person: Account, hash: str, *, here: str | None, now: datetime) -> None:
    """Give somebody this password from now on. They are signed out everywhere but ``here``."""
    row = session.get(Password, person.id)
    if row is None:
        session.add(Password(person_id=person.id, hash=hash, changed_at=now))
    else:
        row.hash, row.changed_at = hash, now
    others = delete(BrowserSession).where(BrowserSession.person_id == person.id)
    session.execute(others.where(BrowserSession.secret_hash != fingerprint(here)) if here else others)
    session.flush()
    _record(session, person, "change password" if row else "set password", now)


def remove(session: Session, person: Account, *, now: datetime) -> None:
    """Take somebody's password away; none there is fine."""
    gone = delete(Password).where(Password.person_id == person.id).returning(Password.person_id)
    if session.execute(gone).first() is not None:
        _record(session, person, "remove password", now)


@cache
def _nobodys() -> str:
    return HASHER.hash(new_secret())


def _record(session: Session, person: Account, act: str, now: datetime) -> None:
    who = f"person {person.id}"
    made = records.append(session, records.INSTALLATION, by=person.id, now=now, act=act, object=who)
    alerts.tell(session, person.id, made, now=now)
