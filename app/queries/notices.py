"""Notices, read: who can be told, what somebody was told, and how they want to be told."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, select, true
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.notices import Notice, NoticeChoice
from app.db.models.people import Person, Role
from app.db.models.proposals import Proposal, ProposalPartner
from app.db.models.revisions import Body, Revision
from app.db.models.threads import Follow
from app.queries.people import Account
from app.queries.stretches import downwards, stretch
from app.rules.notices import Following, ListChoice, MailChoice, sentence_and_quote

MOST_COUNTED = 100
"""Unread notices are counted up to here: nobody needs the exact number of more."""


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody who can be told, and how they want it."""

    id: int
    email: str
    mail: str
    listing: str


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One thing somebody was told: a sentence, the words it is about if any, and the path of what it shows."""

    id: int
    charter: str
    kind: str
    object: str
    address: str
    sentence: str
    quote: str
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Choices:
    """How somebody wants to be told; ``updated_at`` is None for who never chose."""

    mail: str
    listing: str
    updated_at: datetime | None


def listeners(
    session: Session, charter: Charter, people: Collection[int], *, key: str = "", object: str = ""
) -> list[Listener]:
    """Those of these people who have a role in the charter, by id, with what they chose.

    ``key``: not those who have the notice of that key already; ``object``: not those who muted that thing. It is one
    question for one happening.
    """
    query = (
        select(Person.id, Person.email, NoticeChoice.mail, NoticeChoice.listing)
        .join(Role, and_(Role.person_id == Person.id, Role.charter_id == charter.id))
        .outerjoin(NoticeChoice, NoticeChoice.person_id == Person.id)
        .where(Person.id.in_(people), Person.removed_at.is_(None))
        .order_by(Person.id)
    )
    if key:
        query = query.where(~exists().where(Notice.person_id == Person.id, Notice.key == key))
    if object:
        muted = exists().where(
            Follow.person_id == Person.id,
            Follow.charter_id == charter.id,
            Follow.object == object,
            Follow.mode == Following.MUTED,
        )
        query = query.where(~muted)
    rows = session.execute(query)
    return [
        Listener(id, email, mail or MailChoice.AT_ONCE, lists or ListChoice.SHOWN) for id, email, mail, lists in rows
    ]


def already_told(session: Session, keys: Collection[str], people: Collection[int]) -> set[tuple[int, str]]:
    """Who of these people has a notice of which of these keys already."""
    query = select(Notice.person_id, Notice.key).where(Notice.key.in_(keys), Notice.person_id.in_(people))
    return {(person, key) for person, key in session.execute(query)}


def visible_to(person: Account) -> ColumnElement[bool]:
    """The condition in SQL: the notice is of a charter in which that person still has a role."""
    if person.admin:
        return true()
    return Notice.charter_id.in_(select(Role.charter_id).where(Role.person_id == person.id))


def unread_count(session: Session, person: Account) -> int:
    """How many notices somebody has not read, counted up to a hundred."""
    unread = (
        select(Notice.id)
        .where(Notice.person_id == person.id, Notice.read_at.is_(None), Notice.listed, visible_to(person))
        .limit(MOST_COUNTED)
    )
    return session.scalar(select(func.count()).select_from(unread.subquery())) or 0


def notices(
    session: Session,
    person: Account,
    *,
    unread: bool | None = None,
    before: int | None = None,
    above: int | None = None,
    limit: int = 50,
) -> Sequence[NoticeView]:
    """What somebody was told, the newest first, at most ``limit``, those with an id below ``before``
    or nearest above ``above``.

    ``unread``: only those not read yet (True) or only those read (False).
    """
    query = (
        select(
            Notice.id,
            Charter.key,
            Notice.kind,
            Notice.object,
            Notice.address,
            Notice.words,
            Notice.created_at,
            Notice.read_at,
        )
        .join(Charter, Charter.id == Notice.charter_id)
        .where(Notice.person_id == person.id, Notice.listed, visible_to(person))
    )
    if unread is not None:
        query = query.where(Notice.read_at.is_(None) if unread else Notice.read_at.is_not(None))
    rows = session.execute(stretch(query, Notice.id, below=before, above=above, limit=limit))
    found = [
        NoticeView(id, key, kind, object, address, *sentence_and_quote(words), at, read)
        for id, key, kind, object, address, words, at, read in rows
    ]
    return downwards(found, above)


def notice_address(session: Session, person: Account, id: int) -> str | None:
    """The path of what a notice of this person shows; None if they have no such notice."""
    return session.scalar(
        select(Notice.address).where(Notice.id == id, Notice.person_id == person.id, visible_to(person))
    )


def choice_row(session: Session, person: int) -> NoticeChoice | None:
    """What somebody chose, None if they never did."""
    return session.get(NoticeChoice, person)


def choices(session: Session, person: Account) -> Choices:
    """How somebody wants to be told."""
    row = choice_row(session, person.id)
    if row is None:
        return Choices(MailChoice.AT_ONCE, ListChoice.SHOWN, None)
    return Choices(row.mail, row.listing, row.updated_at)


def person_unsubscribing(session: Session, secret: str) -> tuple[Account, NoticeChoice] | None:
    """Whose mails can be turned off with that secret, None if it is nobody's."""
    # PostgreSQL does not even look for such a text.
    if "\0" in secret:
        return None
    row = session.execute(
        select(Person, NoticeChoice)
        .join(NoticeChoice, NoticeChoice.person_id == Person.id)
        .where(NoticeChoice.unsubscribe_secret == secret, Person.removed_at.is_(None))
    ).first()
    return None if row is None else (Account(row[0].id, row[0].email, row[0].name, row[0].admin), row[1])


def writers(session: Session, proposal: Proposal) -> set[int]:
    """The author of a proposal and those it is shared with, by id."""
    partners = session.scalars(select(ProposalPartner.person_id).where(ProposalPartner.proposal_id == proposal.id))
    return {proposal.author_id, *partners}


def organisations(session: Session) -> dict[str, str]:
    """Whose charter each is, by its key."""
    rows = session.execute(
        select(Charter.key, Body.canonical)
        .join(Revision, (Revision.charter_id == Charter.id) & (Revision.number == Charter.head))
        .join(Body, Body.hash == Revision.front_hash)
    )
    return {key: json.loads(front)["organisation"] for key, front in rows}
