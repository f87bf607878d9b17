"""Decisions on changes, and which change went into which revision."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Moment


class Decision(Base):
    """The governors' act on one change. Never edited: a later one names the one it supersedes."""

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id"), index=True)
    version: Mapped[int]
    outcome: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    adopted_text: Mapped[str | None] = mapped_column(Text)
    against_rule: Mapped[bool] = mapped_column(default=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)


class MergedChange(Base):
    """A change that went into the text, by which revision, and as what it was merged (its class then).

    ``reverted_in`` is the revision that took it out again; it can then be merged once more.
    """

    __tablename__ = "merged_changes"
    __table_args__ = (
        UniqueConstraint("charter_id", "change_id", "revision"),
        Index("ix_merged_changes_revision", "charter_id", "revision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    charter_id: Mapped[int] = mapped_column(ForeignKey("charters.id"))
    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"))
    revision: Mapped[int]
    merged_as: Mapped[str]
    resolution: Mapped[str | None] = mapped_column(Text)
    reverted_in: Mapped[int | None]
