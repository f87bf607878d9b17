"""How people prove who they are: one-time links, browser sessions and API tokens; only hashes are kept."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Moment


class SignInLink(Base):
    """A one-time link: good once, until it ends. ``leads_to`` is the path of the page it leads to ("": the start)."""

    __tablename__ = "sign_in_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    leads_to: Mapped[str] = mapped_column(default="")


class SignInRequest(Base):
    """That somebody asked for a link by mail, kept for a day to bound how often: for which mailbox and from where."""

    __tablename__ = "sign_in_requests"
    __table_args__ = (
        Index("ix_sign_in_requests_mailbox", "mailbox_hash", "asked_at"),
        Index("ix_sign_in_requests_place", "place_hash", "asked_at"),
        # A number is never used again, also when the newest row is gone: the mail of a request is known by it.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mailbox_hash: Mapped[str]
    place_hash: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(Moment, index=True)


class BrowserSession(Base):
    """Somebody signed in with a browser: ends when idle too long, and at the latest at ``ends_at``.

    ``device`` says in words what it was begun with, as far as the browser tells ("Firefox on Windows"), and ``way`` by
    what somebody proved who they are.
    """

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    device: Mapped[str] = mapped_column(default="")
    way: Mapped[str] = mapped_column(default="link")


class ApiToken(Base):
    """A token for a program that acts for a person; with ``charter_id`` in that charter alone."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(default="")
    read_only: Mapped[bool] = mapped_column(default=False)
    charter_id: Mapped[int | None] = mapped_column(ForeignKey("charters.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
