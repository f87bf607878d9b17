"""What somebody is writing and has not sent: kept by itself while they type, for themselves alone."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Moment


class Unsent(Base):
    """The fields of one form as they were typed last, as a JSON object.

    ``proposal`` is the number of the proposal that is being rewritten, 0 for a new one; ``part`` says which part of
    the charter the form is about, and in what relation to another proposal. It is no act and has no record: it is
    replaced at every pause in typing, and goes when the words are sent or thrown away.
    """

    __tablename__ = "unsent"
    __table_args__ = (UniqueConstraint("person_id", "charter_id", "proposal", "part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    charter_id: Mapped[int] = mapped_column(ForeignKey("charters.id"))
    proposal: Mapped[int]
    part: Mapped[str]
    fields: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime] = mapped_column(Moment)
