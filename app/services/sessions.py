"""Signing in and out: one-time links, browser sessions, API tokens. Each secret is shown once and kept as a hash."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.db.models.people import Person
from app.db.models.sessions import ApiToken, BrowserSession, SignInLink
from app.errors import BadInput, NotSignedIn
from app.queries.people import person_of_link
from app.rules.permissions import LINK_LIFE, LONGEST_SESSION
from app.services import records
from app.tokens import fingerprint, new_secret

LONGEST_TOKEN_DAYS = 3650


def make_link(session: Session, person: Person, *, by: int | None, now: datetime) -> str:
    """A secret for a one-time link that signs this person in, good for 15 minutes."""
    secret = new_secret()
    session.add(SignInLink(secret_hash=fingerprint(secret), person_id=person.id, ends_at=now + LINK_LIFE))
    session.flush()
    records.append(session, records.INSTALLATION, by=by, now=now, act="make sign-in link", object=f"person {person.id}")
    return secret


def sign_in_by_link(session: Session, secret: str, *, now: datetime) -> str:
    """Use a one-time link up and begin a browser session; the answer is the session's secret for the cookie.

    NotSignedIn for a link that is unknown, used or over: the three look the same from outside.
    """
    person = person_of_link(session, secret, now)
    if person is None or not _use_up(session, secret, now):
        raise NotSignedIn("This link was used already or is too old. Ask for a new one.", kind="link-over")
    records.append(session, records.INSTALLATION, by=person.id, now=now, act="sign in", object=f"person {person.id}")
    return _begin(session, person, now)


def _use_up(session: Session, secret: str, now: datetime) -> bool:
    """Whether it is we who used the link, and not another request a moment before."""
    good = (
        update(SignInLink)
        .where(SignInLink.secret_hash == fingerprint(secret), SignInLink.used_at.is_(None), SignInLink.ends_at > now)
        .values(used_at=now)
        .returning(SignInLink.id)
    )
    return session.execute(good).first() is not None


def _begin(session: Session, person: Person, now: datetime) -> str:
    secret = new_secret()
    session.execute(delete(BrowserSession).where(BrowserSession.ends_at <= now))
    session.add(
        BrowserSession(
            secret_hash=fingerprint(secret),
            person_id=person.id,
            created_at=now,
            seen_at=now,
            ends_at=now + LONGEST_SESSION,
        )
    )
    session.flush()
    return secret


def touch(session: Session, secret: str, *, now: datetime) -> None:
    """Note that a browser session is in use, so that it does not end as idle."""
    session.execute(update(BrowserSession).where(BrowserSession.secret_hash == fingerprint(secret)).values(seen_at=now))


def sign_out(session: Session, secret: str) -> None:
    """End a browser session; an unknown one is fine."""
    session.execute(delete(BrowserSession).where(BrowserSession.secret_hash == fingerprint(secret)))


def create_token(
    session: Session, person: Person, *, days: int | None, read_only: bool, by: int | None, now: datetime
) -> str:
    """A new API token of this person; it ends after ``days`` if given. BadInput for a number of days that is none."""
    if days is not None and not 1 <= days <= LONGEST_TOKEN_DAYS:
        raise BadInput(f"A token lives from 1 to {LONGEST_TOKEN_DAYS} days.")
    secret = "engross_" + new_secret()
    session.add(
        ApiToken(
            secret_hash=fingerprint(secret),
            person_id=person.id,
            read_only=read_only,
            created_at=now,
            ends_at=None if days is None else now + timedelta(days=days),
        )
    )
    session.flush()
    records.append(
        session,
        records.INSTALLATION,
        by=by,
        now=now,
        act="create token",
        object=f"person {person.id}",
        after="read-only" if read_only else "read and write",
    )
    return secret


def open_links(session: Session, person: Person, now: datetime) -> bool:
    """Whether somebody has a one-time link that is still good."""
    return (
        session.scalar(
            select(SignInLink.id).where(
                SignInLink.person_id == person.id, SignInLink.used_at.is_(None), SignInLink.ends_at > now
            )
        )
        is not None
    )
