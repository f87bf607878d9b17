"""The outbox, read: which mails are due, what they tell of, and whose daily mail is to be made."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.notices import Notice, NoticeChoice, OutboxMail
from app.db.models.people import Person, Role
from app.db.models.revisions import Body, Revision
from app.queries.topics import topics
from app.rules.notices import (
    PERSONAL,
    Topic,
    button_of,
    digest_key,
    mail_key,
    sentence_and_quote,
    why_told,
)


@dataclass(frozen=True, slots=True)
class Told:
    """One notice as a mail tells it. ``topic`` is what it is about with others, None for what stands alone."""

    sentence: str
    quote: str
    address: str
    why: str
    organisation: str
    charter: str = ""
    kind: str = ""
    topic: Topic | None = None

    @property
    def personal(self) -> bool:
        """Whether it is meant for its reader in particular."""
        return self.kind in PERSONAL

    @property
    def button(self) -> str:
        """What leads to it."""
        return button_of(self.kind)


def is_due(now: datetime) -> ColumnElement[bool]:
    """The condition in SQL: a mail is to be sent now, and nobody holds it."""
    return and_(
        OutboxMail.sent_at.is_(None),
        OutboxMail.given_up_at.is_(None),
        OutboxMail.due_at <= now,
        or_(OutboxMail.held_until.is_(None), OutboxMail.held_until <= now),
    )


def due_mails(session: Session, now: datetime, *, limit: int) -> Sequence[int]:
    """The ids of mails to be sent now, those that wait longest first, at most ``limit``."""
    query = select(OutboxMail.id).where(is_due(now)).order_by(OutboxMail.due_at, OutboxMail.id).limit(limit)
    return session.scalars(query).all()


def waiting_count(session: Session) -> int:
    """How many mails are neither sent nor given up."""
    waiting = select(func.count()).where(OutboxMail.sent_at.is_(None), OutboxMail.given_up_at.is_(None))
    return session.scalar(waiting) or 0


def told_by(session: Session, mails: Sequence[OutboxMail]) -> Sequence[Told]:
    """What mails to one person that are sent at once tell of, oldest first, without what they may not hear any more."""
    person = mails[0].person_id or 0
    # The key of such a mail is the person and the key of the notice.
    keys = [mail.key.removeprefix(mail_key(person, "")) for mail in mails]
    told = _told().where(Notice.person_id == person, Notice.key.in_(keys))
    return _views(session, person, told.order_by(Notice.id))


def of_the_same_act(session: Session, mail: OutboxMail, now: datetime) -> Sequence[int]:
    """The ids of the other mails that tell the same person what the same act did, none of them held or tried yet.

    Everything that one act writes down bears one moment.
    """
    query = select(OutboxMail.id).where(
        is_due(now),
        OutboxMail.person_id == mail.person_id,
        OutboxMail.created_at == mail.created_at,
        OutboxMail.id != mail.id,
        OutboxMail.text == "",
    )
    return session.scalars(query.order_by(OutboxMail.id)).all()


def awaiting_digest(session: Session, until: datetime) -> Sequence[int]:
    """The people, by id, who are to get a mail of what happened before ``until`` and have none of that day yet."""
    waiting = session.scalars(
        select(Notice.person_id)
        .where(Notice.digest_on <= until.date().isoformat(), Notice.created_at < until)
        .distinct()
        .order_by(Notice.person_id)
    ).all()
    keys = [digest_key(person, until.date()) for person in waiting]
    made = set(session.scalars(select(OutboxMail.key).where(OutboxMail.key.in_(keys))))
    return [person for person, key in zip(waiting, keys, strict=True) if key not in made]


def digest_of(session: Session, person: int, until: datetime) -> Sequence[Told]:
    """What somebody's daily mail tells: what waits for it and happened before ``until``, by charter, oldest first."""
    query = _told().where(
        Notice.person_id == person, Notice.digest_on <= until.date().isoformat(), Notice.created_at < until
    )
    return _views(session, person, query.order_by(Charter.key, Notice.id))


def mail_choice(session: Session, person: int) -> NoticeChoice | None:
    """What somebody chose, None if they never did."""
    return session.get(NoticeChoice, person, populate_existing=True)


def can_get_mail(session: Session, person: int) -> str | None:
    """The address of somebody who is still here; None for who was removed."""
    return session.scalar(select(Person.email).where(Person.id == person, Person.removed_at.is_(None)))


def _told() -> Select[str, str, str, str, str, str, int]:
    still = exists().where(Role.person_id == Notice.person_id, Role.charter_id == Notice.charter_id)
    return (
        select(Notice.words, Notice.address, Notice.kind, Notice.object, Body.canonical, Charter.key, Charter.id)
        .join(Charter, Charter.id == Notice.charter_id)
        .join(Person, Person.id == Notice.person_id)
        .join(Revision, and_(Revision.charter_id == Charter.id, Revision.number == Charter.head))
        .join(Body, Body.hash == Revision.front_hash)
        .where(still, Person.removed_at.is_(None))
    )


def _views(session: Session, person: int, query: Select[str, str, str, str, str, str, int]) -> list[Told]:
    rows = session.execute(query).all()
    about = topics(session, {(charter, object) for _, _, _, object, _, _, charter in rows}, person)
    return [
        Told(
            *sentence_and_quote(words),
            address,
            why_told(kind, object),
            json.loads(front)["organisation"],
            key,
            kind,
            about.get((charter, object)),
        )
        for words, address, kind, object, front, key, charter in rows
    ]
