"""Signing in and out: one-time links, browser sessions, API tokens. Each secret is shown once and kept as a hash."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.people import Person
from app.db.models.sessions import ApiToken, BrowserSession, SignInLink
from app.db.models.signing_in import KnownDevice
from app.errors import BadInput, NotFound, NotSignedIn
from app.queries.people import Account, person_of_link
from app.rules.mailboxes import short_name
from app.rules.permissions import DEVICE_LIFE, LINK_LIFE, LONGEST_SESSION
from app.services import alerts, records
from app.tokens import device_secret, fingerprint, new_secret

LONGEST_TOKEN_DAYS = 3650
MOST_DEVICES = 20


class Way(StrEnum):
    """By what somebody proved who they are."""

    LINK = "link"
    INVITATION = "invitation"
    PASSKEY = "passkey"
    PASSWORD = "password"
    ACCOUNT = "account"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that has begun: its secret for the cookie, and the path to lead to ("": the start)."""

    secret: str
    leads_to: str


def make_link(session: Session, person: Person, *, by: int | None, now: datetime, leads_to: str = "") -> str:
    """A secret for a one-time link that signs this person in, good for 15 minutes."""
    secret = new_secret()
    ends = now + LINK_LIFE
    session.add(
        SignInLink(secret_hash=fingerprint(secret), person_id=person.id, ends_at=ends, used_at=None, leads_to=leads_to)
    )
    session.flush()
    records.append(session, records.INSTALLATION, by=by, now=now, act="make sign-in link", object=f"person {person.id}")
    return secret


def sign_in_by_link(session: Session, secret: str, *, now: datetime, device: str = "") -> SignedIn:
    """Use a one-time link up and begin a browser session.

    NotSignedIn for a link that is unknown, used or over: the three look the same from outside.
    """
    person = person_of_link(session, secret, now)
    leads_to = None if person is None else _use_up(session, secret, now)
    if person is None or leads_to is None:
        raise NotSignedIn("This link was used already or is too old. Ask for a new one.", kind="link-over")
    return SignedIn(begin(session, person, now=now, device=device), leads_to)


def _use_up(session: Session, secret: str, now: datetime) -> str | None:
    """Where the link leads; None if another request used it a moment before."""
    good = (
        update(SignInLink)
        .where(SignInLink.secret_hash == fingerprint(secret), SignInLink.used_at.is_(None), SignInLink.ends_at > now)
        .values(used_at=now)
        .returning(SignInLink.leads_to)
    )
    return session.scalar(good)


def begin(session: Session, person: Person, *, now: datetime, device: str = "", way: Way = Way.LINK) -> str:
    """A new browser session of this person, who has proved who they are; the answer is its secret for the cookie."""
    records.append(session, records.INSTALLATION, by=person.id, now=now, act="sign in", object=f"person {person.id}")
    secret = new_secret()
    session.execute(delete(BrowserSession).where(BrowserSession.ends_at <= now))
    session.add(
        BrowserSession(
            secret_hash=fingerprint(secret),
            person_id=person.id,
            created_at=now,
            seen_at=now,
            ends_at=now + LONGEST_SESSION,
            device=device,
            way=way,
        )
    )
    _know_device(session, person.id, secret, now)
    session.flush()
    return secret


def _know_device(session: Session, person: int, secret: str, now: datetime) -> None:
    """Remember the browser as one of this person's, and forget all but the newest ones."""
    known = select(KnownDevice.id).where(KnownDevice.person_id == person).order_by(KnownDevice.id.desc())
    old = session.scalars(known.offset(MOST_DEVICES - 1)).all()
    session.execute(delete(KnownDevice).where(KnownDevice.id.in_(old)))
    device = fingerprint(device_secret(secret))
    session.add(KnownDevice(secret_hash=device, person_id=person, ends_at=now + DEVICE_LIFE))


def touch(session: Session, secret: str, *, now: datetime) -> None:
    """Note that a browser session is in use, so that it does not end as idle."""
    session.execute(update(BrowserSession).where(BrowserSession.secret_hash == fingerprint(secret)).values(seen_at=now))


def touch_token(session: Session, secret: str, *, now: datetime) -> None:
    """Note that a token is in use."""
    session.execute(update(ApiToken).where(ApiToken.secret_hash == fingerprint(secret)).values(used_at=now))


def sign_out(session: Session, secret: str) -> None:
    """End a browser session; an unknown one is fine."""
    session.execute(delete(BrowserSession).where(BrowserSession.secret_hash == fingerprint(secret)))


def end_session(session: Session, account: Account, id: int, *, now: datetime) -> None:
    """End one of somebody's own browser sessions; NotFound for one that is not theirs."""
    own = delete(BrowserSession).where(BrowserSession.id == id, BrowserSession.person_id == account.id)
    if session.execute(own.returning(BrowserSession.id)).first() is None:
        raise NotFound("There is no such sign-in of yours; it may have ended already.")
    _record_ending(session, account, now)


def end_other_sessions(session: Session, account: Account, secret: str | None, *, now: datetime) -> int:
    """End all of somebody's browser sessions but the one with this secret; how many there were."""
    others = delete(BrowserSession).where(BrowserSession.person_id == account.id)
    if secret is not None:
        others = others.where(BrowserSession.secret_hash != fingerprint(secret))
    ended = len(session.execute(others.returning(BrowserSession.id)).all())
    if ended:
        _record_ending(session, account, now)
    return ended


def _record_ending(session: Session, account: Account, now: datetime) -> None:
    who = f"person {account.id}"
    records.append(session, records.INSTALLATION, by=account.id, now=now, act="end sessions", object=who)


def create_token(
    session: Session,
    person: Person,
    *,
    days: int | None,
    read_only: bool,
    by: int | None,
    now: datetime,
    name: str = "",
    charter: Charter | None = None,
    latest: datetime | None = None,
) -> str:
    """A new API token of this person; it ends after ``days`` if given, and never after ``latest``.

    ``name`` says what it is for, ``charter`` that it is good in that one alone. BadInput for a number of days that is
    none, and for what cannot be a name.
    """
    if days is not None and not 1 <= days <= LONGEST_TOKEN_DAYS:
        raise BadInput(f"A token lives from 1 to {LONGEST_TOKEN_DAYS} days.")
    called = short_name(name) if name.strip() else ""
    ends = None if days is None else now + timedelta(days=days)
    if latest is not None:
        ends = latest if ends is None else min(ends, latest)
    secret = "engross_" + new_secret()
    token = ApiToken(
        secret_hash=fingerprint(secret),
        person_id=person.id,
        name=called,
        read_only=read_only,
        charter_id=None if charter is None else charter.id,
        created_at=now,
        ends_at=ends,
    )
    session.add(token)
    session.flush()
    made = records.append(
        session,
        records.INSTALLATION,
        by=by,
        now=now,
        act="create token",
        object=f"person {person.id}",
        after=("read-only" if read_only else "read and write") + ("" if charter is None else f" in {charter.key}"),
        detail={"token": token.id, "ends": None if ends is None else ends.isoformat(), "secret": token.secret_hash},
    )
    if by == person.id:
        alerts.tell(session, person.id, made, now=now)
    return secret


def revoke_token(session: Session, account: Account, id: int, *, now: datetime) -> None:
    """Take back one of somebody's own API tokens; NotFound for one that is not theirs or was revoked before."""
    own = update(ApiToken).where(ApiToken.id == id, ApiToken.person_id == account.id, ApiToken.revoked_at.is_(None))
    if session.execute(own.values(revoked_at=now).returning(ApiToken.id)).first() is None:
        raise NotFound("There is no such token of yours; it may have been revoked already.")
    who = f"person {account.id}"
    records.append(
        session,
        records.INSTALLATION,
        by=account.id,
        now=now,
        act="revoke token",
        object=who,
        detail={"token": id},
    )
