"""How people want to be told: their choices, and turning mails off by the link that stands in every mail."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.db.models.notices import Notice, NoticeChoice
from app.errors import BadInput, NotFound
from app.queries.notices import person_unsubscribing
from app.queries.people import Account
from app.rules.notices import ListChoice, MailChoice
from app.services import records
from app.services.mailing import choice_with_secret


def choose(session: Session, person: Account, *, mail: str, listing: str, now: datetime) -> None:
    """Choose when to get mail ("at_once", "daily", "none") and whether to have a list ("shown", "none")."""
    if mail not in set(MailChoice):
        raise BadInput("Choose when you want mail: " + ", ".join(MailChoice) + ".")
    if listing not in set(ListChoice):
        raise BadInput("Choose whether you want the list: " + ", ".join(ListChoice) + ".")
    row = choice_with_secret(session, person.id, now)
    _set(session, person, row, mail, listing, now)


def choose_mail_by_link(session: Session, secret: str, mail: str, *, now: datetime) -> Account:
    """Turn somebody's mails off, or on again, by the secret of a mail of theirs; NotFound if it is nobody's.

    The secret is the authority: whoever has it may do this, and can do nothing else with it.
    """
    found = person_unsubscribing(session, secret)
    if found is None:
        raise NotFound("This link turns off nobody's mails. Sign in to choose how you are told.")
    if mail not in set(MailChoice):
        raise BadInput("Choose when you want mail: " + ", ".join(MailChoice) + ".")
    person, row = found
    _set(session, person, row, mail, row.listing, now)
    return person


def _set(session: Session, person: Account, row: NoticeChoice, mail: str, listing: str, now: datetime) -> None:
    before = f"{row.mail}, {row.listing}"
    if (row.mail, row.listing) == (mail, listing):
        return
    row.mail, row.listing, row.updated_at = mail, listing, now
    if mail == MailChoice.NONE:
        # What waited for the next daily mail is not to be mailed any more; it stays in the list.
        waiting = update(Notice).where(Notice.person_id == person.id, Notice.digest_on.is_not(None))
        session.execute(waiting.values(digest_on=None))
    session.flush()
    records.append(
        session,
        records.INSTALLATION,
        by=person.id,
        now=now,
        act="choose notices",
        object=f"person {person.id}",
        before=before,
        after=f"{mail}, {listing}",
    )
