"""Revisions as snapshots of hashes, the bodies they point at, and the register of permanent ids."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Moment


class Body(Base):
    """A piece of text or structure, stored once under the SHA-256 of its canonical JSON and never changed.

    Four sorts share the table: a block's body, a section (its head and the ids and hashes of its blocks), an outline
    (ids and hashes of its sections) and a front. A revision that changes one block adds one body of each sort at most.
    """

    __tablename__ = "bodies"

    hash: Mapped[str] = mapped_column(primary_key=True)
    canonical: Mapped[str] = mapped_column(Text)


class Revision(Base):
    """One immutable snapshot of a whole charter."""

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("charter_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    charter_id: Mapped[int] = mapped_column(ForeignKey("charters.id"))
    number: Mapped[int]
    parent: Mapped[int | None]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    message: Mapped[str] = mapped_column(Text)
    front_hash: Mapped[str] = mapped_column(ForeignKey("bodies.hash"))
    outline_hash: Mapped[str] = mapped_column(ForeignKey("bodies.hash"))
    created_at: Mapped[datetime] = mapped_column(Moment)


class PermanentId(Base):
    """An id that a section or block of a charter has, and that nothing else will ever have."""

    __tablename__ = "permanent_ids"

    id: Mapped[str] = mapped_column(primary_key=True)
    charter_id: Mapped[int] = mapped_column(ForeignKey("charters.id"), index=True)
    sort: Mapped[str]
    first_revision: Mapped[int]
