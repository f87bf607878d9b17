"""Charters: the settings of each, which revision is its newest, and what was last imported into it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Moment


class Charter(Base):
    """A text a group is governed by. ``head`` is the number of the newest revision; merging compares and sets it.

    ``imported_outline`` and ``imported_front`` are the hashes of the text that was last imported from source form: the
    base of the three-way merge when the source is imported again. ``imported_edition`` is the dated edition that source
    stood for, as JSON, so that an export of the same text declares it again. ``origins_up_to`` is the revision up to
    which provenance is written down. ``former_members`` says how those are shown who have a role no more.
    """

    __tablename__ = "charters"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    open: Mapped[bool] = mapped_column(default=False)
    rule: Mapped[str] = mapped_column(default="governors")
    quorum: Mapped[int] = mapped_column(default=0)
    signoffs_required: Mapped[int] = mapped_column(default=1)
    former_members: Mapped[str] = mapped_column(default="named")
    head: Mapped[int] = mapped_column(default=0)
    proposals_made: Mapped[int] = mapped_column(default=0)
    threads_made: Mapped[int] = mapped_column(default=0)
    origins_up_to: Mapped[int] = mapped_column(default=0)
    imported_outline: Mapped[str | None] = mapped_column(ForeignKey("bodies.hash"))
    imported_front: Mapped[str | None] = mapped_column(ForeignKey("bodies.hash"))
    imported_edition: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
