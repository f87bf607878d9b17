"""Sign-in links by mail: asked for by anybody, bounded, and made only when the mail leaves.

The request does the same for an address that is known here and for one that is not: it puts a mail in the outbox. Who
sends the mails finds out whether there is anybody to write to. So neither the answer nor its time tells a stranger who
belongs here, and no link is stored.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.db.engine import MAIL_WRITTEN
from app.db.models.notices import OutboxMail
from app.db.models.people import Person
from app.db.models.sessions import SignInRequest
from app.render.mail import Letter, sign_in_letter
from app.rules.addresses import own_path
from app.rules.mailboxes import mailbox
from app.services.sessions import make_link
from app.tokens import fingerprint

ASKED = "sign-in"
"""What the key of such a mail begins with; then comes the number of the request."""

WITHIN = timedelta(hours=1)
_KEPT = timedelta(days=1)
MOST_FOR_MAILBOX = 20
MOST_FOR_MAILBOX_FROM_PLACE = 5
MOST_FROM_PLACE = 60
"""So many mails within an hour to one mailbox in all, to one mailbox from one network address, and from one in all.

Somebody who asks for others' links from elsewhere so does not keep their owners from getting one; an office shares an
address.
"""


def ask_for_link(session: Session, email: str, *, place: str, leads_to: str, now: datetime) -> None:
    """Have a sign-in link sent to that address, if anybody here has it. BadInput for what cannot be an address.

    ``place`` is the network address that asks. Whoever asks too often is told the same, and nothing is sent.
    """
    address = mailbox(email)
    _forget(session, now)
    lately = SignInRequest.asked_at > now - WITHIN
    to, by = fingerprint(address), fingerprint(place)
    counted = select(func.count()).select_from(SignInRequest).where(lately)
    from_here, for_mailbox = SignInRequest.place_hash == by, SignInRequest.mailbox_hash == to
    for condition, most in (
        (from_here, MOST_FROM_PLACE),
        (for_mailbox, MOST_FOR_MAILBOX),
        (from_here & for_mailbox, MOST_FOR_MAILBOX_FROM_PLACE),
    ):
        if (session.scalar(counted.where(condition)) or 0) >= most:
            return
    asked = SignInRequest(mailbox_hash=to, place_hash=by, asked_at=now)
    session.add(asked)
    session.flush()
    session.add(
        OutboxMail(
            key=f"{ASKED} {asked.id}",
            to_address=address,
            subject="Your link to sign in",
            text="",
            html="",
            created_at=now,
            due_at=now,
            leads_to=own_path(leads_to),
        )
    )
    session.flush()
    session.info[MAIL_WRITTEN] = True


def asked_letter(session: Session, mail: OutboxMail, *, address: str, now: datetime) -> Letter | str:
    """The words of such a mail with a fresh link, or why it is not sent. ``address`` is the public one."""
    if now - mail.created_at > WITHIN:
        return "Nobody waits for it any more."
    person = session.scalar(select(Person).where(Person.email == mail.to_address, Person.removed_at.is_(None)))
    if person is None:
        return "Nobody here has this address."
    secret = make_link(session, person, by=None, now=now, leads_to=mail.leads_to)
    return sign_in_letter(person.name, address=address, link=f"/sign-in/{secret}")


def _forget(session: Session, now: datetime) -> None:
    """Drop what was asked for more than a day ago, and its mails: most of those addresses may be nobody's here."""
    old = delete(SignInRequest).where(SignInRequest.asked_at <= now - _KEPT).returning(SignInRequest.id)
    keys = [f"{ASKED} {id}" for id in session.scalars(old)]
    for start in range(0, len(keys), 500):
        session.execute(delete(OutboxMail).where(OutboxMail.key.in_(keys[start : start + 500])))
