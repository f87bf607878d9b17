"""The keys by which this installation signs what it publishes."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Moment


class SigningKey(Base):
    """One key. ``public`` is in base64. The secret half is there while it signs, and destroyed when another takes over.

    It lies in the database so that every server that shares it signs with the same key and every backup holds it.
    """

    __tablename__ = "signing_keys"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public: Mapped[str] = mapped_column(unique=True)
    secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Moment)
    retired_at: Mapped[datetime | None] = mapped_column(Moment)
