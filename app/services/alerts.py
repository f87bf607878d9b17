"""Mails that tell somebody that a way into their account was added or changed: they notice if it was not them."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.db.engine import MAIL_WRITTEN
from app.db.models.notices import OutboxMail
from app.db.models.people import Person
from app.db.models.records import Record
from app.render.mail import Letter, alert_letter

CHANGED = "way-in"
"""What the key of such a mail begins with; then comes the id of the record of the act."""

_DONE = {
    "add passkey": "a passkey was added, so that whoever holds that device can sign in as you",
    "set password": "a password was set, so that whoever knows it can sign in as you",
    "change password": "your password was changed",
    "remove password": "your password was removed",
    "link account": "an account elsewhere was linked, so that whoever signs in with it is you here",
    "create token": "a token was made, with which a program can act as you",
}


def tell(session: Session, person: int, record: Record, *, now: datetime) -> None:
    """Have somebody told by mail of an act on how they sign in."""
    to = session.get_one(Person, person).email
    if to.endswith("@localhost"):
        return
    session.add(
        OutboxMail(
            key=f"{CHANGED} {record.id}",
            to_address=to,
            subject="A way to sign in was changed",
            text="",
            html="",
            created_at=now,
            due_at=now,
        )
    )
    session.flush()
    session.info[MAIL_WRITTEN] = True


def changed_letter(session: Session, mail: OutboxMail, *, address: str) -> Letter | str:
    """The words of such a mail, or why it is not sent."""
    record = session.get(Record, int(mail.key.split()[1]))
    person = None if record is None or record.person_id is None else session.get(Person, record.person_id)
    if record is None or person is None or person.removed_at is not None:
        return "They were removed."
    return alert_letter(person.name, _DONE.get(record.act, record.act), record.at, address=address)
