"""Files that belong to a charter and are not drafted in it: those of its annexes, and its logo."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Moment


class Attachment(Base):
    """A file put in a place of a charter: "logo", or "annexe:" and the key of an annexe. The newest of a place counts.

    ``hash`` names the bytes; None says that the place is empty again. ``alt`` is what a logo shows, in words. Rows are
    only ever added; a trigger keeps them as they are, so what stood there before can always be told.
    """

    __tablename__ = "attachments"
    __table_args__ = (Index("ix_attachments_charter_id", "charter_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    charter_id: Mapped[int] = mapped_column(ForeignKey("charters.id"))
    place: Mapped[str]
    hash: Mapped[str | None] = mapped_column(ForeignKey("files.hash"), index=True)
    name: Mapped[str]
    alt: Mapped[str] = mapped_column(Text, default="")
    added_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[datetime] = mapped_column(Moment)


class EditionAttachment(Base):
    """A file that goes with an edition, taken along when it is frozen; from approval on a trigger keeps which."""

    __tablename__ = "edition_attachments"
    __table_args__ = (UniqueConstraint("edition_id", "attachment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachments.id"), index=True)
