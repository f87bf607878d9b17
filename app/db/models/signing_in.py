"""Other ways to prove who one is than a link by mail: passkeys, passwords, accounts elsewhere; what bounds trying."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Moment


class Passkey(Base):
    """The public half of a passkey of somebody. ``handle`` names the person to their devices and says nothing else."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str]
    handle: Mapped[str]
    credential: Mapped[str] = mapped_column(unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    uses: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class Password(Base):
    """The hash of the password of somebody who chose to have one."""

    __tablename__ = "passwords"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    hash: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(Moment)


class LinkedAccount(Base):
    """An account with the provider of sign-in that is configured: its ``issuer`` and who that says it is."""

    __tablename__ = "linked_accounts"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("person_id", "issuer"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    issuer: Mapped[str]
    subject: Mapped[str]
    linked_at: Mapped[datetime] = mapped_column(Moment)


class Challenge(Base):
    """A question that can be answered once: to a passkey, or to the provider of sign-in.

    ``purpose`` says which, ``person_id`` whose passkey is to be added, ``browser_hash`` in which browser it was asked,
    ``place_hash`` from where, and ``kept`` what is needed to check the answer.
    """

    __tablename__ = "challenges"
    __table_args__ = (Index("ix_challenges_place", "place_hash", "ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    purpose: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    browser_hash: Mapped[str] = mapped_column(default="")
    place_hash: Mapped[str] = mapped_column(default="")
    kept: Mapped[str] = mapped_column(Text, default="")
    ends_at: Mapped[datetime] = mapped_column(Moment, index=True)


class PasswordTry(Base):
    """That a password was tried, kept for a day to bound how often: for which mailbox, from where, on which device.

    One that was right leaves none.
    """

    __tablename__ = "password_tries"
    __table_args__ = (
        Index("ix_password_tries_mailbox", "mailbox_hash", "tried_at"),
        Index("ix_password_tries_place", "place_hash", "tried_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mailbox_hash: Mapped[str]
    place_hash: Mapped[str]
    device_hash: Mapped[str] = mapped_column(default="")
    tried_at: Mapped[datetime] = mapped_column(Moment, index=True)


class KnownDevice(Base):
    """A browser somebody has signed in with before: others who guess their password do not keep them out of it."""

    __tablename__ = "known_devices"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    ends_at: Mapped[datetime] = mapped_column(Moment, index=True)
