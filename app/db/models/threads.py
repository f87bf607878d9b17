"""Threads: comments on words, on a block or section, on a proposal or on one change of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Moment
from app.db.folded import folded_columns


class Thread(Base):
    """A discussion, numbered per charter. What it is about is said by ``reach``:

    words, block, section (then ``anchor`` is the engine's JSON and ``section_id``, ``block_id`` and ``anchor_state``
    repeat what it says, for lists), proposal, or change (then ``change_number`` too). ``first_anchor`` is the anchor as
    it was made; ``anchor`` is carried to every revision that touches its words.
    """

    __tablename__ = "threads"
    __table_args__ = (
        UniqueConstraint("charter_id", "number"),
        Index("ix_threads_list", "charter_id", "state", "number"),
        Index("ix_threads_anchor", "charter_id", "anchor_state", "number"),
        Index("ix_threads_lost", "charter_id", "author_id", "anchor_state"),
        # All that decides which threads stand beside a block: so that the working text is shown from the index alone.
        Index("ix_threads_block", "charter_id", "block_id", "state", "number", "anchor_state", "audience"),
        Index("ix_threads_section", "charter_id", "section_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    charter_id: Mapped[int] = mapped_column(ForeignKey("charters.id"))
    number: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    audience: Mapped[str]
    state: Mapped[str]
    reach: Mapped[str]
    section_id: Mapped[str | None]
    block_id: Mapped[str | None]
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id"), index=True)
    change_number: Mapped[int | None]
    first_anchor: Mapped[str | None] = mapped_column(Text)
    anchor: Mapped[str | None] = mapped_column(Text)
    anchor_state: Mapped[str | None]
    comments_made: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment)
    last_at: Mapped[datetime] = mapped_column(Moment)
    resolved_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    resolved_at: Mapped[datetime | None] = mapped_column(Moment)
    lock: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": lock}  # noqa: RUF012


class ThreadComment(Base):
    """What somebody said in a thread; the first one opened it. ``folded`` is its text as a search compares it."""

    __tablename__ = "thread_comments"
    __table_args__ = (UniqueConstraint("thread_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
    number: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
    folded: Mapped[str] = mapped_column(Text, default=folded_columns("text"))


class Follow(Base):
    """Whether somebody follows or has muted a thing; ``object`` names it as records do: "thread 4", "proposal 12"."""

    __tablename__ = "follows"
    __table_args__ = (
        UniqueConstraint("person_id", "charter_id", "object"),
        Index("ix_follows_object", "charter_id", "object"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    charter_id: Mapped[int] = mapped_column(ForeignKey("charters.id"))
    object: Mapped[str]
    mode: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Moment)
