"""Merges that can be taken back: what went in by one, whether it was reverted before, and what reverting would do."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.decisions import MergedChange
from app.db.models.proposals import Proposal, ProposedChange
from app.db.models.records import Record
from app.queries.changes import reference
from app.queries.fits import Row
from app.text.merge import SnapshotsMerge
from app.text.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Reversal:
    """The reverting of a merge that was tried and not written: on which revision, from which text, with what result."""

    reverted: int
    base_revision: int
    before: Snapshot
    merged: SnapshotsMerge
    refs: Sequence[str]


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A change was in the text since ``revision``, until ``reverted_in`` took it out again."""

    revision: int
    reverted_in: int


def was_taken_out() -> ColumnElement[bool]:
    """The condition in SQL on changes: it is not in the text, since a merge of it was reverted."""
    return ProposedChange.merged_revision.is_(None) & exists().where(
        MergedChange.change_id == ProposedChange.id, MergedChange.reverted_in.is_not(None)
    )


def taken_out(session: Session, changes: Collection[int]) -> dict[int, TakenOut]:
    """Of the changes with these row ids those that were in the text and are not any more, with when that was last."""
    rows = session.execute(
        select(ProposedChange.id, MergedChange.revision, MergedChange.reverted_in)
        .join(MergedChange, MergedChange.change_id == ProposedChange.id)
        .where(
            ProposedChange.id.in_(changes),
            ProposedChange.merged_revision.is_(None),
            MergedChange.reverted_in.is_not(None),
        )
        .order_by(MergedChange.revision)
    )
    return {change: TakenOut(revision, reverted) for change, revision, reverted in rows if reverted is not None}


def is_merge(session: Session, charter: Charter, number: int) -> bool:
    """Whether that revision came of merging changes, by the record of it."""
    query = select(Record.number).where(
        Record.chain == charter.key, Record.object == f"revision {number}", Record.act == "merge"
    )
    return session.scalar(query.limit(1)) is not None


def merged_in(session: Session, charter: Charter, number: int) -> list[tuple[Row, MergedChange]]:
    """What went into the text by that revision, in proposal order, whether it was taken out again or not."""
    rows = session.execute(
        select(Proposal, ProposedChange, MergedChange)
        .join(ProposedChange, ProposedChange.proposal_id == Proposal.id)
        .join(MergedChange, MergedChange.change_id == ProposedChange.id)
        .where(MergedChange.charter_id == charter.id, MergedChange.revision == number)
        .order_by(Proposal.number, ProposedChange.number)
    )
    return [((proposal, change), merged) for proposal, change, merged in rows]


def reverted_in(session: Session, charter: Charter, number: int) -> int | None:
    """The revision that took that merge back, None while it stands."""
    query = select(MergedChange.reverted_in).where(
        MergedChange.charter_id == charter.id, MergedChange.revision == number, MergedChange.reverted_in.is_not(None)
    )
    return session.scalar(query.limit(1))


def names(rows: Sequence[Row]) -> list[str]:
    """How people name these changes."""
    return [reference(*row) for row in rows]
