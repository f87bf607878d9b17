"""The outbox: mails are claimed by one sender at a time, and marked as sent, to be tried again, or given up."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.models.notices import Notice, NoticeChoice, OutboxMail
from app.queries.mailing import (
    awaiting_digest,
    can_get_mail,
    digest_of,
    due_mails,
    is_due,
    mail_choice,
    of_the_same_act,
    told_by,
)
from app.render.mail import Letter, digest_letter, notice_letter, together_letter
from app.rules.notices import DIGEST, ListChoice, MailChoice, digest_key, mail_key, newest_digest
from app.services.alerts import CHANGED, changed_letter
from app.services.invitations import INVITED, invitation_letter_of
from app.services.links import ASKED, asked_letter
from app.tokens import new_secret

HOLD = timedelta(minutes=10)
"""How long a sender may hold a mail. One that ended without a word, by kill -9, is followed by another after that."""

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
PATIENCE = timedelta(days=3)
"""What failed is tried again after a minute, then after twice as long each time, and given up after three days."""

MOST_SINGLY = 3
"""So many mails of one act to one person go one by one, each in the conversation about its thing; more go as one."""

_AT_ONCE = 20
_log = logging.getLogger("engross")


@dataclass(frozen=True, slots=True)
class ClaimedMail:
    """A mail that this sender and no other may send until ``held_until``."""

    id: int
    key: str
    to: str
    letter: Letter
    unsubscribe: str | None
    created_at: datetime
    held_until: datetime
    attempts: int
    also: tuple[int, ...] = ()
    """The ids of those that go with it as one mail, and share whatever becomes of it."""


def claim(session: Session, *, address: str, now: datetime, reply_to: str = "") -> ClaimedMail | None:
    """Take the mail that waits longest, and make its words if they are still to be made; None if none is due.

    What its reader may not or does not want to hear of any more is given up here. ``address`` is the public one. Many
    mails of one act to one person are taken together, as one.
    """
    while ids := due_mails(session, now, limit=_AT_ONCE):
        for id in ids:
            mails = _hold(session, [id], now)
            if not mails:
                continue
            others = of_the_same_act(session, mails[0], now) if _tells_one_thing(mails[0]) else []
            if len(others) >= MOST_SINGLY:
                mails += _hold(session, others, now)
            try:
                with session.begin_nested():
                    letter = _letter(session, mails, address, now, reply_to)
            except Exception as fault:
                # One mail whose words cannot be made must not keep all that come after it.
                _log.exception("Mail %d cannot be made", id)
                session.refresh(mails[0])
                mark_failed(session, _claimed(mails), f"It could not be made: {fault}"[:500], for_good=False, now=now)
                continue
            if letter is not None:
                return _claimed(mails, letter)
    return None


def _hold(session: Session, ids: Sequence[int], now: datetime) -> list[OutboxMail]:
    """Those of these mails that are ours now. Compare and set: of two processes that saw the same one, one has it."""
    held = update(OutboxMail).where(OutboxMail.id.in_(ids), is_due(now))
    held = held.values(held_until=now + HOLD, attempts=OutboxMail.attempts + 1)
    ours = sorted(session.scalars(held.returning(OutboxMail.id)).all())
    return [session.get_one(OutboxMail, id, populate_existing=True) for id in ours]


def _tells_one_thing(mail: OutboxMail) -> bool:
    """Whether it tells somebody of one notice, in words that are still to be made."""
    return mail.person_id is not None and not mail.text and mail.key.startswith(mail_key(mail.person_id, ""))


def mark_sent(session: Session, mail: ClaimedMail, *, now: datetime) -> None:
    """Note that a mail went out. Its words are kept no longer: the notices say the same."""
    _settle(session, mail, sent_at=now, text="", html="", last_error="")


def mark_failed(session: Session, mail: ClaimedMail, reason: str, *, for_good: bool, now: datetime) -> bool:
    """Note that a mail did not go out, and when to try again; whether it was given up."""
    if for_good or now - mail.created_at >= PATIENCE:
        _settle(session, mail, given_up_at=now, last_error=reason)
        return True
    wait = min(FIRST_WAIT * 2 ** min(mail.attempts - 1, 20), LONGEST_WAIT)
    _settle(session, mail, due_at=now + wait, last_error=reason)
    return False


def write_digests(database: Database, *, address: str, hour: int, now: datetime, reply_to: str = "") -> int:
    """Put everybody's daily mail of the day in the outbox, if it is time; how many there are.

    Each is a transaction of its own, so that nobody's act waits for all of them.
    """
    until = newest_digest(now, hour)
    with database.reading() as session:
        people = awaiting_digest(session, until)
    written = 0
    for person in people:
        try:
            with database.writing() as session:
                written += _write_digest(session, person, until, address, now, reply_to)
        except IntegrityError:
            # Another process wrote it a moment before.
            continue
        except OperationalError:
            raise
        except Exception:
            _log.exception("The daily mail of person %d cannot be made", person)
    return written


def choice_with_secret(session: Session, person: int, now: datetime) -> NoticeChoice:
    """What somebody chose, stored from now on if it was not: only then is there a secret that turns mails off."""
    row = mail_choice(session, person)
    if row is not None:
        return row
    values = {
        "person_id": person,
        "mail": MailChoice.AT_ONCE,
        "listing": ListChoice.SHOWN,
        "unsubscribe_secret": new_secret(),
        "updated_at": now,
    }
    # Two processes may come here at once for one person: both then read what the first one stored.
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(NoticeChoice).values(**values).on_conflict_do_nothing(index_elements=["person_id"]))
    found = mail_choice(session, person)
    assert found is not None
    return found


def unsubscribe_path(choice: NoticeChoice) -> str:
    """Where somebody turns mails off."""
    return f"/unsubscribe/{choice.unsubscribe_secret}"


def _letter(session: Session, mails: Sequence[OutboxMail], address: str, now: datetime, reply_to: str) -> Letter | None:
    """The words of the mails that go now as one; what nobody is to read any more is given up."""
    mail = mails[0]
    made: Letter | str | None = None
    if mail.key.startswith(f"{ASKED} "):
        made = asked_letter(session, mail, address=address, now=now)
    elif mail.key.startswith(f"{INVITED} "):
        made = invitation_letter_of(session, mail, address=address, now=now)
    elif mail.key.startswith(f"{CHANGED} "):
        made = changed_letter(session, mail, address=address)
    elif mail.person_id is not None:
        made = _notice_letter(session, mails, mail.person_id, address, now, reply_to)
    if isinstance(made, str):
        for one in mails:
            # Nobody tries it: that tells it from one that could not be delivered.
            one.given_up_at, one.last_error, one.held_until, one.attempts = now, made, None, 0
    session.flush()
    if isinstance(made, str):
        return None
    return made or Letter(mail.subject, mail.text, mail.html)


def _notice_letter(
    session: Session, mails: Sequence[OutboxMail], person: int, address: str, now: datetime, reply_to: str
) -> Letter | str:
    """The words of a mail about what happened, or why it is not sent."""
    mail = mails[0]
    choice = choice_with_secret(session, person, now)
    reason = _forbidding(session, mail, choice)
    if reason:
        return reason
    made = Letter(mail.subject, mail.text, mail.html)
    # A mail that tells of no notice, or of many, has its words already.
    if mail.text and (mail.unsubscribe is None or mail.key.startswith(mail_key(person, f"{DIGEST} "))):
        return made
    happened = told_by(session, mails)
    if not happened:
        return "There is nothing to tell them any more: they have no role in the charter, or may not see it."
    told = happened[0]
    if mail.text:
        # It was tried before, and goes again as it is.
        return replace(made, topic="" if told.topic is None else told.topic.key, charter=told.charter)
    mail.unsubscribe = unsubscribe_path(choice)
    if len(happened) > 1:
        # Its words are not kept: who tries it again finds the same mails, and makes them anew.
        return together_letter(happened, address=address, unsubscribe=mail.unsubscribe, reply_to=reply_to)
    letter = notice_letter(told, address=address, unsubscribe=mail.unsubscribe, reply_to=reply_to)
    mail.subject, mail.text, mail.html = letter.subject, letter.text, letter.html
    return letter


def _forbidding(session: Session, mail: OutboxMail, choice: NoticeChoice) -> str:
    if mail.unsubscribe is None and mail.text:
        return ""  # A mail that tells of no notice, such as one somebody asked for.
    if choice.mail == MailChoice.NONE:
        return "They turned mails off."
    if can_get_mail(session, choice.person_id) is None:
        return "They were removed."
    return ""


def _claimed(mails: Sequence[OutboxMail], letter: Letter | None = None) -> ClaimedMail:
    mail = mails[0]
    assert mail.held_until is not None
    return ClaimedMail(
        id=mail.id,
        key=mail.key,
        to=mail.to_address,
        letter=letter or Letter(mail.subject, mail.text, mail.html),
        unsubscribe=mail.unsubscribe,
        created_at=mail.created_at,
        held_until=mail.held_until,
        attempts=mail.attempts,
        also=tuple(other.id for other in mails[1:]),
    )


def _settle(session: Session, mail: ClaimedMail, **values: object) -> None:
    """Let go of a mail, unless somebody else holds it by now."""
    ours = update(OutboxMail).where(OutboxMail.id.in_((mail.id, *mail.also)), OutboxMail.held_until == mail.held_until)
    session.execute(ours.values(held_until=None, **values))


def _write_digest(session: Session, person: int, until: datetime, address: str, now: datetime, reply_to: str) -> int:
    """Write one person's daily mail, if they still want one and may hear of anything in it; how many were written."""
    told = digest_of(session, person, until)
    choice = choice_with_secret(session, person, now)
    to = can_get_mail(session, person)
    waiting = update(Notice).where(
        Notice.person_id == person, Notice.digest_on <= until.date().isoformat(), Notice.created_at < until
    )
    session.execute(waiting.values(digest_on=None))
    if not told or to is None or choice.mail == MailChoice.NONE:
        return 0
    path = unsubscribe_path(choice)
    letter = digest_letter(told, address=address, unsubscribe=path, reply_to=reply_to)
    session.add(
        OutboxMail(
            key=digest_key(person, until.date()),
            person_id=person,
            to_address=to,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            unsubscribe=path,
            created_at=now,
            due_at=now,
        )
    )
    session.flush()
    return 1
