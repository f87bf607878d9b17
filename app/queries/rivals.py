"""Changes of other proposals that are still in play where somebody writes, and which of them meet in a sentence."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.people import Person
from app.db.models.proposals import Proposal, ProposalVersion, ProposedChange
from app.queries.changes import latest_decisions, proposed, reference
from app.queries.naming import shown_name
from app.rules.states import Outcome, ProposalState
from app.text.change import Change, ChangeKind
from app.text.snapshot import Snapshot
from app.text.weave import collision_map, collisions
from app.text.woven import Proposed

_IN_A_BLOCK = (ChangeKind.REPLACE, ChangeKind.RETYPE, ChangeKind.DELETE)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A change of somebody else that meets what is being written: whose it is, and in which sentence, if in one.

    ``before`` and ``after`` are the words of the block it would change, ``block`` is its id. ``author_id`` tells
    whether it is one's own.
    """

    ref: str
    proposal: int
    title: str
    author: str
    sentence: str
    before: str | None
    after: str | None
    block: str | None
    author_id: int


def rivals(
    session: Session, charter: Charter, changes: Sequence[Change], *, besides: int | None
) -> list[tuple[Proposal, ProposedChange]]:
    """Changes of open or decided proposals that touch the same blocks and sections, not in the text and not rejected.

    ``besides`` is the number of the proposal whose own changes do not count.
    """
    blocks = {change.block for change in changes if change.block is not None}
    sections = {change.section for change in changes if change.section is not None}
    sections |= {c.place.section for c in changes if c.place is not None and c.place.section is not None}
    # Whoever takes a section out meets everything in it; other changes of a block meet in that block alone.
    removed = {c.section for c in changes if c.kind is ChangeKind.REMOVE_SECTION and c.section is not None}
    query = (
        select(Proposal, ProposedChange)
        .join(ProposedChange, ProposedChange.proposal_id == Proposal.id)
        .where(
            Proposal.charter_id == charter.id,
            Proposal.state.in_((ProposalState.OPEN, ProposalState.DECIDED)),
            ProposedChange.last_version.is_(None),
            ProposedChange.merged_revision.is_(None),
            ProposedChange.outcome != Outcome.REJECTED,
            ProposedChange.block_id.in_(blocks)
            | (ProposedChange.section_id.in_(sections) & ProposedChange.kind.not_in(_IN_A_BLOCK))
            | ProposedChange.section_id.in_(removed),
        )
        .order_by(Proposal.number, ProposedChange.number)
    )
    if besides is not None:
        query = query.where(Proposal.number != besides)
    return [(proposal, change) for proposal, change in session.execute(query)]


def meetings(
    session: Session, charter: Charter, base: Snapshot, changes: Sequence[Change], *, besides: int | None
) -> list[Meeting]:
    """The changes of others that meet these ones, in the order of their proposals, each once."""
    found = rivals(session, charter, changes, besides=besides)
    if not found:
        return []
    name = f"{besides or 0}"
    mine = [Proposed(f"{name}.{change.number}", change, base) for change in changes]
    own = {one.ref for one in mine}
    theirs = proposed(session, charter, found, latest_decisions(session, [row.id for _, row in found]))
    met = {ref for pair in collisions([*mine, *theirs], own) for ref in pair if own & set(pair)} - own
    sentences: dict[str, str] = {}
    for touched in collision_map([*mine, *theirs]):
        if own & set(touched.refs):
            sentences.update((ref, touched.sentence) for ref in touched.refs if ref not in own)
    about = _about(session, {proposal.id for proposal, _ in found})
    by_ref = {reference(p, c): (p, one) for (p, c), one in zip(found, theirs, strict=True)}
    told: list[Meeting] = []
    for ref, (proposal, one) in by_ref.items():
        if ref in met:
            title, author = about[proposal.id]
            change = one.change
            sentence = sentences.get(ref, "")
            words = (change.before, change.after)
            told.append(
                Meeting(ref, proposal.number, title, author, sentence, *words, change.block, proposal.author_id)
            )
    return told


def _about(session: Session, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """The title and the author's name of these proposals."""
    rows = session.execute(
        select(Proposal.id, ProposalVersion.title, shown_name(Proposal.charter_id))
        .join(
            ProposalVersion,
            (ProposalVersion.proposal_id == Proposal.id) & (ProposalVersion.version == Proposal.version),
        )
        .join(Person, Person.id == Proposal.author_id)
        .where(Proposal.id.in_(sorted(ids)))
    )
    return {id: (title, author) for id, title, author in rows}
