"""Notices: people are told what happened to what concerns them, in the transaction in which it happened."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from app.db.engine import MAIL_WRITTEN
from app.db.models.charters import Charter
from app.db.models.notices import Notice, OutboxMail
from app.queries.notices import Listener, listeners, visible_to
from app.queries.people import Account
from app.rules.notices import PERSONAL, Happening, ListChoice, MailChoice, mail_key, spoken


def tell(
    session: Session,
    charter: Charter,
    people: Iterable[int],
    *,
    kind: Happening,
    key: str,
    object: str,
    address: str,
    words: str,
    by: int | None,
    now: datetime,
    quote: str = "",
) -> None:
    """Tell these people (by id) of one happening, each once for a ``key``; whoever did it is not told.

    ``object`` names the thing as records do ("proposal 12"), ``address`` is the path of the page that shows it, and
    ``words`` is one plain sentence that says what happened, by whom and to what; ``quote`` are the words concerned,
    such as a reason or a comment. Whoever has muted the thing hears of it only where it is meant for them, and whoever
    has no role in the charter any more hears nothing. ``key`` is unique for the happening in this charter, like
    "review 481". Each is told as they chose; the mail to be sent at once is written down in the same transaction.
    """
    wanted = set(people) - {by}
    if not wanted:
        return
    full_key = f"{charter.key}: {key}"
    wants = [
        one
        for one in listeners(session, charter, wanted, key=full_key, object="" if kind in PERSONAL else object)
        if (one.mail, one.listing) != (MailChoice.NONE, ListChoice.NONE)
    ]
    if not wants:
        return
    same = {
        "charter_id": charter.id,
        "key": full_key,
        "kind": kind,
        "object": object,
        "address": address,
        "words": spoken(words, quote),
        "actor_id": by,
        "created_at": now,
    }
    # In bulk: one by one, a hundred people would hold up everybody who writes.
    session.execute(insert(Notice), [{**same, **_choices_of(one, now)} for one in wants])
    posted = [one for one in wants if one.mail == MailChoice.AT_ONCE]
    if posted:
        session.execute(insert(OutboxMail), [_mail(one, full_key, words, now) for one in posted])
        session.info[MAIL_WRITTEN] = True


def _choices_of(listener: Listener, now: datetime) -> dict[str, object]:
    return {
        "person_id": listener.id,
        "listed": listener.listing == ListChoice.SHOWN,
        "digest_on": now.astimezone(UTC).date().isoformat() if listener.mail == MailChoice.DAILY else None,
    }


def _mail(listener: Listener, key: str, words: str, now: datetime) -> dict[str, object]:
    """A mail for the outbox; its text is made from the notice when it is sent, with the address of that day."""
    return {
        "key": mail_key(listener.id, key),
        "person_id": listener.id,
        "to_address": listener.email,
        "subject": " ".join(words.split()),
        "text": "",
        "html": "",
        "created_at": now,
        "due_at": now,
    }


def mark_read(session: Session, person: Account, ids: Collection[int] | None, *, now: datetime) -> int:
    """Note that somebody has read these of their notices, or (None) all of them; how many were unread until now.

    Ids of others' notices change nothing: for this person they do not exist.
    """
    unread = update(Notice).where(Notice.person_id == person.id, Notice.read_at.is_(None), visible_to(person))
    if ids is not None:
        unread = unread.where(Notice.id.in_(ids))
    return len(session.execute(unread.values(read_at=now).returning(Notice.id)).all())
