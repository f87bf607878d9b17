"""Recommendations: what the governors, or a committee member they named, advise on a change before it is decided."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Moment


class Recommendation(Base):
    """Advice on one change in one version. The newest on a change counts; earlier ones stay readable."""

    __tablename__ = "recommendations"

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id"), index=True)
    version: Mapped[int]
    outcome: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    text: Mapped[str | None] = mapped_column(Text)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
