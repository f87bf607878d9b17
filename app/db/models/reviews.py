"""Reviews: the position of a member on a proposal or on one change of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Moment


class Review(Base):
    """One position, on one version. The newest of a person on the same thing counts; earlier ones stay readable."""

    __tablename__ = "reviews"
    __table_args__ = (Index("ix_reviews_whose", "person_id", "proposal_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), index=True)
    version: Mapped[int]
    change_number: Mapped[int | None]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    position: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
