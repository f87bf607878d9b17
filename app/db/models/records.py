"""The append-only audit trail: one chain for each charter and one for the installation."""

from datetime import datetime

from sqlalchemy import Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Moment


class Record(Base):
    """One act: who, when, what, on which object, and hashes of before and after.

    ``chain`` is "installation" or the key of a charter. ``hash`` covers every other column and the hash before it, so
    a row that is changed or taken out by hand is found. People stand here by id alone: a new name breaks nothing.
    """

    __tablename__ = "records"
    __table_args__ = (UniqueConstraint("chain", "number"), Index("ix_records_object", "chain", "object"))

    id: Mapped[int] = mapped_column(primary_key=True)
    chain: Mapped[str]
    number: Mapped[int]
    person_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(Moment)
    act: Mapped[str]
    object: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    detail: Mapped[str] = mapped_column(Text)
    previous: Mapped[str]
    hash: Mapped[str]
