"""Notices: people are told what happened to what concerns them, in the transaction in which it happened."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import String, cast, delete, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from app.db.engine import MAIL_WRITTEN
from app.db.models.charters import Charter
from app.db.models.notices import Notice, OutboxMail
from app.db.models.threads import Thread
from app.queries.follows import muting
from app.queries.notices import Listener, already_told, listeners, visible_to
from app.queries.people import Account
from app.rules.notices import PERSONAL, Happening, ListChoice, MailChoice, mail_key, spoken

_AT_ONCE = 200
"""Of so many happenings people are told together: databases take a limited number of values in one question."""


@dataclass(frozen=True, slots=True)
class News:
    """One happening and who shall hear of it; the fields mean what `tell` says of them."""

    people: Iterable[int]
    kind: Happening
    key: str
    object: str
    address: str
    words: str
    by: int | None
    quote: str = ""


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
    tell_many(session, charter, [News(people, kind, key, object, address, words, by, quote)], now=now)


def tell_many(session: Session, charter: Charter, news: Sequence[News], *, now: datetime) -> None:
    """Tell of many happenings, each as `tell` does it; with one question to the database for many of them."""
    for start in range(0, len(news), _AT_ONCE):
        _tell_part(session, charter, news[start : start + _AT_ONCE], now)


def _tell_part(session: Session, charter: Charter, news: Sequence[News], now: datetime) -> None:
    said = [(one, f"{charter.key}: {one.key}", set(one.people) - {one.by}) for one in news]
    everybody = set().union(*(people for _, _, people in said))
    if not everybody:
        return
    had: set[tuple[int, str]] = set()
    muted: set[tuple[int, str]] = set()
    if len(said) == 1:
        (one, key, _) = said[0]
        found = listeners(session, charter, everybody, key=key, object="" if one.kind in PERSONAL else one.object)
    else:
        found = listeners(session, charter, everybody)
        had = already_told(session, {key for _, key, _ in said}, everybody)
        muted = muting(session, charter, {one.object for one in news if one.kind not in PERSONAL})
    hearing = {one.id: one for one in found if _wants_any(one)}
    rows: list[dict[str, object]] = []
    mails: list[dict[str, object]] = []
    for one, key, people in said:
        same = {
            "charter_id": charter.id,
            "key": key,
            "kind": one.kind,
            "object": one.object,
            "address": one.address,
            "words": spoken(one.words, one.quote),
            "actor_id": one.by,
            "created_at": now,
        }
        for listener in (hearing[id] for id in sorted(people & hearing.keys())):
            deaf = one.kind not in PERSONAL and (listener.id, one.object) in muted
            if deaf or (listener.id, key) in had:
                continue
            had.add((listener.id, key))
            rows.append({**same, **_choices_of(listener, now)})
            if listener.mail == MailChoice.AT_ONCE:
                mails.append(_mail(listener, key, one.words, now))
    # In bulk: one by one, a hundred people would hold up everybody who writes.
    if rows:
        session.execute(insert(Notice), rows)
    if mails:
        session.execute(insert(OutboxMail), mails)
        session.info[MAIL_WRITTEN] = True


def _wants_any(listener: Listener) -> bool:
    return (listener.mail, listener.listing) != (MailChoice.NONE, ListChoice.NONE)


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


def mark_read_about(session: Session, charter: Charter, person: Account, object: str, *, now: datetime) -> None:
    """Note that somebody knows what they were told of a thing: they have just answered it."""
    unread = update(Notice).where(
        Notice.person_id == person.id,
        Notice.read_at.is_(None),
        Notice.charter_id == charter.id,
        Notice.object == object,
    )
    session.execute(unread.values(read_at=now))


def forget_of_proposal(session: Session, charter: Charter, number: int, proposal: int, person: int) -> None:
    """Take away what somebody was told of a draft and of its comments: it does not exist for them any more.

    What waits for a mail does not leave either. ``number`` is that of the proposal, ``proposal`` its row id.
    """
    threads = select(literal("thread ") + cast(Thread.number, String)).where(Thread.proposal_id == proposal)
    session.execute(
        delete(Notice).where(
            Notice.person_id == person,
            Notice.charter_id == charter.id,
            or_(Notice.object == f"proposal {number}", Notice.object.in_(threads)),
        )
    )
