"""Provenance: for every wording a block has had, which revision, proposal and change its words came from."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class Origins(Base):
    """The sources of a block's words, as the engine's JSON of runs, from one revision on until the next row of it."""

    __tablename__ = "origins"

    charter_id: Mapped[int] = mapped_column(ForeignKey("charters.id"), primary_key=True)
    block_id: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    spans: Mapped[str] = mapped_column(Text)
