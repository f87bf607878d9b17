"""Invitations to a charter, and the links in the mails that carried them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Moment


class Invitation(Base):
    """Somebody who was invited to a charter with a role, under an e-mail address; ``name`` is "" if none was given.

    It is open until it is accepted, taken back, or over at ``ends_at``. ``mails`` counts how often it was sent.
    """

    __tablename__ = "invitations"
    __table_args__ = (Index("ix_invitations_open", "charter_id", "accepted_at", "taken_back_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    charter_id: Mapped[int] = mapped_column(ForeignKey("charters.id"))
    email: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    role: Mapped[str]
    invited_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    mails: Mapped[int] = mapped_column(default=1)
    accepted_at: Mapped[datetime | None] = mapped_column(Moment)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    taken_back_at: Mapped[datetime | None] = mapped_column(Moment)


class InvitationLink(Base):
    """The secret of one mail of an invitation, as a hash. Each is good until the invitation is no longer open."""

    __tablename__ = "invitation_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)
