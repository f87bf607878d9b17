"""Changes somebody wants to merge, and what a merge did: which changes went in, and whose words no longer fit."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.people import Person
from app.db.models.proposals import Proposal, ProposalVersion, ProposedChange
from app.queries.changes import find_changes, reference
from app.queries.fits import Row, alive, titles
from app.queries.naming import names, shown_name
from app.queries.reverting import TakenOut, is_merge, merged_in, reverted_in, taken_out
from app.queries.settlements import took
from app.rules.states import ADOPTED
from app.text.woven import Class

_MOST_NAMED = 100


@dataclass(frozen=True, slots=True)
class ChosenChange:
    """A change by its name, with its proposal's title and author."""

    ref: str
    proposal: int
    change: int
    title: str
    author: str
    adopted: bool
    merged_revision: int | None
    taken_out: TakenOut | None = None


@dataclass(frozen=True, slots=True)
class Unfit:
    """A change that a revision left without its place or its words."""

    ref: str
    proposal: int
    change: int
    title: str
    author: str
    fit: str


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What a revision merged, with the class of each change then, and which open changes it left unfit.

    ``merged`` holds each change with its class and which words were taken where it met others ("" if it met none).

    ``is_merge`` is False where it came of something else; ``reverted_in`` is the revision that took it back.
    """

    is_merge: bool
    merged: Sequence[tuple[ChosenChange, str, str]]
    unfit: Sequence[Unfit]
    reverted_in: int | None


def chosen_changes(session: Session, charter: Charter, refs: Sequence[str]) -> list[ChosenChange]:
    """The changes of these names, in proposal order. NotFound for one that there is not."""
    return _chosen(session, charter, find_changes(session, charter, refs)) if refs else []


def merge_report(session: Session, charter: Charter, number: int) -> MergeReport:
    """What became of which changes in that revision."""
    rows = merged_in(session, charter, number)
    chosen = _chosen(session, charter, [row for row, _ in rows])
    return MergeReport(
        is_merge=is_merge(session, charter, number),
        merged=[(one, merge.merged_as, took(merge.resolution)) for one, (_, merge) in zip(chosen, rows, strict=True)],
        unfit=_unfit(session, charter, number),
        reverted_in=reverted_in(session, charter, number),
    )


def _chosen(session: Session, charter: Charter, rows: Sequence[Row]) -> list[ChosenChange]:
    called = titles(session, [proposal for proposal, _ in rows])
    authors = names(session, charter.id, {proposal.author_id for proposal, _ in rows})
    gone = taken_out(session, [change.id for _, change in rows])
    return [
        ChosenChange(
            reference(proposal, change),
            proposal.number,
            change.number,
            called[proposal.id],
            authors[proposal.author_id],
            change.outcome in ADOPTED,
            change.merged_revision,
            gone.get(change.id),
        )
        for proposal, change in rows
    ]


def _unfit(session: Session, charter: Charter, number: int) -> list[Unfit]:
    rows = session.execute(
        select(
            Proposal.number,
            ProposedChange.number,
            ProposalVersion.title,
            shown_name(Proposal.charter_id),
            ProposedChange.fit,
        )
        .join(ProposedChange, ProposedChange.proposal_id == Proposal.id)
        .join(
            ProposalVersion,
            (ProposalVersion.proposal_id == Proposal.id) & (ProposalVersion.version == Proposal.version),
        )
        .join(Person, Person.id == Proposal.author_id)
        .where(
            Proposal.charter_id == charter.id,
            alive(),
            ProposedChange.fit_revision == number,
            ProposedChange.fit.in_((Class.CONFLICT, Class.ORPHANED)),
        )
        .order_by(Proposal.number, ProposedChange.number)
        .limit(_MOST_NAMED)
    )
    return [Unfit(f"{n}.{change}", n, change, title, author, fit) for n, change, title, author, fit in rows]
