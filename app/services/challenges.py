"""Questions that can be answered once: what a passkey signs, and what goes to the provider of sign-in and back."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.db.models.signing_in import Challenge
from app.errors import TooMany
from app.tokens import fingerprint, new_secret

LIFE = timedelta(minutes=10)
MOST_FROM_PLACE = 200
"""So many open questions from one network address: an office shares one."""


def ask(
    session: Session,
    purpose: str,
    *,
    now: datetime,
    person: int | None = None,
    browser: str = "",
    place: str = "",
    kept: str = "",
) -> str:
    """A fresh question; the answer has to hold it. TooMany if one place asks without end."""
    session.execute(delete(Challenge).where(Challenge.ends_at <= now))
    by = fingerprint(place)
    open_ones = select(func.count()).select_from(Challenge).where(Challenge.place_hash == by, Challenge.ends_at > now)
    if (session.scalar(open_ones) or 0) >= MOST_FROM_PLACE:
        raise TooMany("Too many people begin to sign in from where you are. Wait some minutes, and try again.")
    secret = new_secret()
    session.add(
        Challenge(
            secret_hash=fingerprint(secret),
            purpose=purpose,
            person_id=person,
            browser_hash=fingerprint(browser) if browser else "",
            place_hash=by,
            kept=kept,
            ends_at=now + LIFE,
        )
    )
    session.flush()
    return secret


def answered(
    session: Session, secret: str, purpose: str, *, now: datetime, person: int | None = None, browser: str = ""
) -> str | None:
    """What was kept with a question, which is used up by this.

    None if it was never asked, was answered before, is over, or was asked for another purpose, of another person or in
    another browser.
    """
    same_person = Challenge.person_id.is_(None) if person is None else Challenge.person_id == person
    same_browser = Challenge.browser_hash == (fingerprint(browser) if browser else "")
    good = delete(Challenge).where(
        Challenge.secret_hash == fingerprint(secret),
        Challenge.purpose == purpose,
        Challenge.ends_at > now,
        same_person,
        same_browser,
    )
    return session.scalar(good.returning(Challenge.kept))
