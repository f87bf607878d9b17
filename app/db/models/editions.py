"""Editions, the sign-offs on them, and the files that were made of them."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Moment


class Edition(Base):
    """A dated revision on its way to be, or being, what the public can cite.

    From ``approved`` on a trigger keeps every column that says what the edition is; only its state may still advance.
    """

    __tablename__ = "editions"
    __table_args__ = (UniqueConstraint("charter_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    charter_id: Mapped[int] = mapped_column(ForeignKey("charters.id"))
    key: Mapped[str]
    revision: Mapped[int]
    label: Mapped[str]
    effective: Mapped[date] = mapped_column(Date)
    state: Mapped[str]
    state_reason: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Moment)
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    pdf_hash: Mapped[str | None] = mapped_column(ForeignKey("files.hash"))
    lock: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": lock}  # noqa: RUF012


class SignOff(Base):
    """A governor's name under a candidate. It lapses when the candidate is thawed; the row stays."""

    __tablename__ = "signoffs"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    lapsed_at: Mapped[datetime | None] = mapped_column(Moment)


class File(Base):
    """Bytes kept under their SHA-256. ``pages`` is set for a PDF."""

    __tablename__ = "files"

    hash: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    size: Mapped[int]
    pages: Mapped[int | None]
    octets: Mapped[bytes] = mapped_column(LargeBinary)


class EditionFile(Base):
    """One more file of an edition besides its PDF: what it is ("record", "page"…), and its bytes by their SHA-256.

    Rows are only ever added; a trigger keeps them, and the bytes they name, as they are.
    """

    __tablename__ = "edition_files"
    __table_args__ = (UniqueConstraint("edition_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    kind: Mapped[str]
    hash: Mapped[str] = mapped_column(ForeignKey("files.hash"), index=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
