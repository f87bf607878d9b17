"""Proposals, their versions, and the typed changes in them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Moment


class Proposal(Base):
    """A change request, numbered per charter. Its words stand in its versions, its operations in its changes."""

    __tablename__ = "proposals"
    __table_args__ = (UniqueConstraint("charter_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    charter_id: Mapped[int] = mapped_column(ForeignKey("charters.id"))
    number: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    state: Mapped[str]
    state_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    changes_made: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    lock: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": lock}  # noqa: RUF012


class ProposalVersion(Base):
    """What the author sent in at one time, on which revision."""

    __tablename__ = "proposal_versions"
    __table_args__ = (UniqueConstraint("proposal_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"))
    version: Mapped[int]
    base_revision: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    rationale: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)


class ProposedChange(Base):
    """One typed change. ``operation`` is its canonical JSON; ``base_revision`` is what it was made on.

    It stands in the versions ``first_version`` to ``last_version`` (None: still there).
    """

    __tablename__ = "changes"
    __table_args__ = (UniqueConstraint("proposal_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"))
    number: Mapped[int]
    first_version: Mapped[int]
    last_version: Mapped[int | None]
    base_revision: Mapped[int]
    kind: Mapped[str]
    section_id: Mapped[str | None]
    block_id: Mapped[str | None] = mapped_column(index=True)
    operation: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(default="pending")
    merged_revision: Mapped[int | None]
