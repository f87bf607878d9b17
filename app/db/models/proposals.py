"""Proposals, their versions, and the typed changes in them."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.db.base import Base, Moment
from app.db.folded import folded_columns, folded_operation, folded_words


class Proposal(Base):
    """A change request, numbered per charter. Its words stand in its versions, its operations in its changes.

    ``shown_at`` is when it was first put before others, None for what only its author (and partners) ever saw.
    ``relation`` ("alternative" or "amendment", else "") says how it stands to the proposal numbered ``related``; an
    amendment that was taken over says in ``taken_into`` which version of that proposal it became. ``wording_hash`` is
    the same for proposals that want the same change. ``review_by`` is the day until which reviews are asked for.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        UniqueConstraint("charter_id", "number"),
        Index("ix_proposals_state", "charter_id", "state", "number"),
        Index("ix_proposals_related", "charter_id", "related"),
        Index("ix_proposals_wording", "charter_id", "wording_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    charter_id: Mapped[int] = mapped_column(ForeignKey("charters.id"))
    number: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    state: Mapped[str]
    state_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    changes_made: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    shown_at: Mapped[datetime | None] = mapped_column(Moment)
    relation: Mapped[str] = mapped_column(default="")
    related: Mapped[int | None]
    taken_into: Mapped[int | None]
    wording_hash: Mapped[str] = mapped_column(default="")
    review_by: Mapped[date | None] = mapped_column(Date)
    lock: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": lock}  # noqa: RUF012


class ProposalVersion(Base):
    """What the author sent in at one time, on which revision. ``folded``: its words as a search compares them."""

    __tablename__ = "proposal_versions"
    __table_args__ = (UniqueConstraint("proposal_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"))
    version: Mapped[int]
    base_revision: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    rationale: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
    folded: Mapped[str] = mapped_column(Text, default=folded_columns("title", "rationale"))


class ProposedChange(Base):
    """One typed change. ``operation`` is its canonical JSON; ``base_revision`` is what it was made on.

    It stands in the versions ``first_version`` to ``last_version`` (None: still there). ``fit`` is how it fitted the
    revision ``fit_revision`` (its class), kept for counting and for telling its author; what people see of one
    proposal is always derived anew. ``folded``: the words it brings, or takes out, as a search compares them.
    """

    __tablename__ = "changes"
    __table_args__ = (
        UniqueConstraint("proposal_id", "number"),
        Index("ix_changes_section", "section_id", "outcome"),
        Index("ix_changes_fit", "fit", "outcome"),
        Index("ix_changes_ready", "outcome", "merged_revision"),
        # All that lists ask of a change, so that they need not step over its words to get there.
        Index(
            "ix_changes_listed",
            "proposal_id",
            "last_version",
            "outcome",
            "section_id",
            "block_id",
            "merged_revision",
            "kind",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"))
    number: Mapped[int]
    first_version: Mapped[int]
    last_version: Mapped[int | None]
    base_revision: Mapped[int]
    kind: Mapped[str]
    section_id: Mapped[str | None]
    block_id: Mapped[str | None] = mapped_column(index=True)
    operation: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(default="pending")
    merged_revision: Mapped[int | None]
    fit: Mapped[str] = mapped_column(default="applies")
    fit_revision: Mapped[int] = mapped_column(default=0)
    folded: Mapped[str] = mapped_column(Text, default=folded_operation)

    @validates("operation")
    def _fold(self, _name: str, operation: str) -> str:
        self.folded = folded_words(operation)
        return operation


class ProposalPartner(Base):
    """Somebody the author shows a draft to.

    ``signed_at`` is when they put their name under it too, and ``signed_version`` the version they did it on: a name
    stands under those words alone.
    """

    __tablename__ = "proposal_partners"
    __table_args__ = (UniqueConstraint("proposal_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    signed_at: Mapped[datetime | None] = mapped_column(Moment)
    signed_version: Mapped[int | None]
