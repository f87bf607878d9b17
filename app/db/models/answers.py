"""Answers kept for requests that carried an Idempotency-Key, so that a repeated one gets the same answer."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Moment


class KeptAnswer(Base):
    """What was answered to a person's request under a key; ``request_hash`` tells a repeat from another request."""

    __tablename__ = "kept_answers"
    __table_args__ = (UniqueConstraint("person_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    key: Mapped[str]
    request_hash: Mapped[str]
    status: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    etag: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
