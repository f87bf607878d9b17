"""People, and the role each has in a charter."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Moment


class Person(Base):
    """Somebody who can sign in. ``email`` is kept in lower case. Somebody removed keeps the row: words stay theirs."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    admin: Mapped[bool] = mapped_column(default=False)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)


class Role(Base):
    """What a person is in one charter: member or governor. ``advises``: the governors named them to recommend."""

    __tablename__ = "roles"
    __table_args__ = (UniqueConstraint("person_id", "charter_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    charter_id: Mapped[int] = mapped_column(ForeignKey("charters.id"), index=True)
    role: Mapped[str]
    advises: Mapped[bool] = mapped_column(default=False)


class Departure(Base):
    """That somebody had a role in a charter and has none any more; it goes when they get one again."""

    __tablename__ = "departures"
    __table_args__ = (UniqueConstraint("person_id", "charter_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    charter_id: Mapped[int] = mapped_column(ForeignKey("charters.id"))
    left_at: Mapped[datetime] = mapped_column(Moment)
