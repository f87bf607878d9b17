"""Telling people: the list each has, how they want to be told, and the outbox of mails."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Moment


class Notice(Base):
    """One thing somebody is told. ``key`` is the same for the same happening, so that nobody is told twice.

    ``object`` names what it is about as records do ("proposal 12"); ``address`` is the path that shows the thing.
    ``digest_on`` is the day whose digest it waits for, None once it was mailed or if it is not to be mailed.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("person_id", "key"),
        Index("ix_notices_unread", "person_id", "read_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    charter_id: Mapped[int] = mapped_column(ForeignKey("charters.id"))
    key: Mapped[str]
    kind: Mapped[str]
    object: Mapped[str]
    address: Mapped[str]
    words: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    read_at: Mapped[datetime | None] = mapped_column(Moment)
    listed: Mapped[bool] = mapped_column(default=True)
    digest_on: Mapped[str | None] = mapped_column(index=True)


class NoticeChoice(Base):
    """How somebody wants to be told. No row: by mail at once, and in the list.

    ``unsubscribe_secret`` is in the mails' one-click address; it can do nothing but turn mails off.
    """

    __tablename__ = "notice_choices"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    mail: Mapped[str]
    listing: Mapped[str]
    unsubscribe_secret: Mapped[str] = mapped_column(unique=True)
    updated_at: Mapped[datetime] = mapped_column(Moment)


class OutboxMail(Base):
    """A mail to be sent, written in the transaction of the act it tells of, and sent once for its ``key``.

    A sender holds it until ``held_until``; what was tried and failed is tried again at ``due_at``. A mail with a link
    that signs in keeps no words here, so that no such link is stored; ``leads_to`` is where the link leads then.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "sent_at", "given_up_at", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    to_address: Mapped[str]
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    unsubscribe: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    held_until: Mapped[datetime | None] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    given_up_at: Mapped[datetime | None] = mapped_column(Moment)
    leads_to: Mapped[str] = mapped_column(default="")
