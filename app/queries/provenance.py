"""Where the words of one block come from, as people read it: the revision, the proposal, who decided it and why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.decisions import Decision
from app.db.models.editions import Edition
from app.db.models.origins import Origins
from app.db.models.people import Person
from app.db.models.proposals import Proposal, ProposalPartner, ProposalVersion, ProposedChange
from app.db.models.revisions import Revision
from app.errors import NotFound
from app.queries.amenders import amenders
from app.queries.editions import PUBLIC_STATES
from app.queries.lineage import spans_of_blocks
from app.queries.naming import AUTHOR, DECIDER, shown_name
from app.queries.revisions import snapshot
from app.rules.addresses import is_key
from app.rules.states import Outcome
from app.text.blocks import Block
from app.text.provenance import Source
from app.text.snapshot import Section, Snapshot


@dataclass(frozen=True, slots=True)
class Adoption:
    """The change that brought words into the text, and the decision that let it in. ``amended``: in other words.

    ``amenders`` are those whose amendment its author took these words over from.
    """

    ref: str
    proposal: int
    change: int
    title: str
    author: str
    cosigners: Sequence[str]
    amenders: Sequence[str]
    decided_by: str
    decided_at: datetime
    reason: str
    amended: bool
    against_rule: bool


@dataclass(frozen=True, slots=True)
class WordSource:
    """Where words come from: a revision, and the adopted change in it if it was one.

    ``author`` is None where the product itself imported the revision.
    """

    revision: int
    created_at: datetime
    author: str | None
    message: str
    adoption: Adoption | None


@dataclass(frozen=True, slots=True)
class WordSpan:
    """Words of a block with their source; ``start`` and ``end`` count code points. ``source`` is a place in a list."""

    start: int
    end: int
    words: str
    source: int


@dataclass(frozen=True, slots=True)
class BlockProvenance:
    """A block at a revision, its words in spans, and their sources, the newest first.

    No spans: where the words come from has not been written down. ``gone``: the newest text no longer has the block.
    """

    block: Block
    section: Section
    revision: int
    text: Snapshot
    spans: Sequence[WordSpan]
    sources: Sequence[WordSource]
    gone: bool


def block_provenance(
    session: Session, charter: Charter, block: str, revision: int | None, *, working: bool, in_force: int | None
) -> BlockProvenance:
    """A block and where its words come from, at a revision or (None) as it reads now.

    Who may not read the working text (``working``) is shown blocks of public editions alone, by default of the edition
    in force, whose revision is ``in_force``. NotFound for everything else, and for a block that was never there.
    """
    asked = charter.head if working else in_force
    number = asked if revision is None else revision
    if number is None or not 1 <= number <= charter.head or not (working or _is_public(session, charter, number)):
        raise NotFound("There is no such paragraph here.")
    found = _find(session, charter, block, number)
    gone = False
    if found is None and working and revision is None and is_key(block):
        # It was taken out: it is shown as it read when it was last written.
        last = session.scalar(
            select(func.max(Origins.revision)).where(Origins.charter_id == charter.id, Origins.block_id == block)
        )
        number, gone = last or number, True
        found = _find(session, charter, block, number)
    if found is None:
        raise NotFound("There is no such paragraph here.")
    text, section, one = found
    spans = spans_of_blocks(session, charter, [block], number).get(block)
    ranges = list(spans.ranges()) if spans is not None and spans.length == len(one.text) else []
    sources = sorted({source for _, _, source in ranges}, key=_newest_first)
    place = {source: n for n, source in enumerate(sources)}
    return BlockProvenance(
        block=one,
        section=section,
        revision=number,
        text=text,
        spans=[WordSpan(low, high, one.text[low:high], place[source]) for low, high, source in ranges],
        sources=word_sources(session, charter, sources),
        gone=gone,
    )


def word_sources(session: Session, charter: Charter, sources: Sequence[Source]) -> list[WordSource]:
    """What there is to say of each of these sources, in their order, in three questions however many there are."""
    revisions = {
        number: (at, author, message)
        for number, at, author, message in session.execute(
            select(Revision.number, Revision.created_at, shown_name(charter.id), Revision.message)
            .outerjoin(Person, Person.id == Revision.author_id)
            .where(Revision.charter_id == charter.id, Revision.number.in_({s.revision for s in sources}))
        )
    }
    let_in = adoptions(session, charter, {s.decision for s in sources if s.decision is not None})
    return [
        WordSource(s.revision, *revisions[s.revision], let_in.get(s.decision or 0))
        for s in sources
        if s.revision in revisions
    ]


def adoptions(session: Session, charter: Charter, decisions: Collection[int]) -> Mapping[int, Adoption]:
    """The changes that these decisions, by id, let in."""
    if not decisions:
        return {}
    rows = session.execute(
        select(
            Decision.id,
            Proposal.id,
            Proposal.number,
            ProposedChange.number,
            ProposalVersion.title,
            shown_name(charter.id, AUTHOR),
            shown_name(charter.id, DECIDER),
            Decision.created_at,
            Decision.reason,
            Decision.outcome,
            Decision.against_rule,
            Decision.version,
            ProposedChange.id,
        )
        .join(ProposedChange, ProposedChange.id == Decision.change_id)
        .join(Proposal, Proposal.id == ProposedChange.proposal_id)
        .join(
            ProposalVersion,
            (ProposalVersion.proposal_id == Proposal.id) & (ProposalVersion.version == Decision.version),
        )
        .join(AUTHOR, AUTHOR.id == Proposal.author_id)
        .join(DECIDER, DECIDER.id == Decision.person_id)
        .where(Proposal.charter_id == charter.id, Decision.id.in_(decisions))
    ).all()
    # A name stands under the version it was put under, and under no other.
    signed: dict[tuple[int, int | None], list[str]] = {}
    for proposal, version, name in session.execute(
        select(ProposalPartner.proposal_id, ProposalPartner.signed_version, shown_name(charter.id))
        .join(Person, Person.id == ProposalPartner.person_id)
        .where(ProposalPartner.proposal_id.in_({row[1] for row in rows}), ProposalPartner.signed_at.is_not(None))
        .order_by(ProposalPartner.id)
    ):
        signed.setdefault((proposal, version), []).append(name)
    words_of = amenders(session, charter, [int(row[-1]) for row in rows])
    return {
        id: Adoption(
            ref=f"{number}.{change}",
            proposal=number,
            change=change,
            title=title,
            author=proposer,
            cosigners=signed.get((proposal, version), ()),
            amenders=words_of.get(row_id, ()),
            decided_by=decided_by,
            decided_at=at,
            reason=reason,
            amended=outcome == Outcome.ADOPTED_AMENDED,
            against_rule=against,
        )
        for (
            id,
            proposal,
            number,
            change,
            title,
            proposer,
            decided_by,
            at,
            reason,
            outcome,
            against,
            version,
            row_id,
        ) in rows
    }


def _is_public(session: Session, charter: Charter, number: int) -> bool:
    query = select(Edition.id).where(
        Edition.charter_id == charter.id, Edition.revision == number, Edition.state.in_(PUBLIC_STATES)
    )
    return session.scalar(query.limit(1)) is not None


def _find(session: Session, charter: Charter, block: str, number: int) -> tuple[Snapshot, Section, Block] | None:
    text = snapshot(session, charter, number)
    return next(((text, section, one) for section, _, one in text.placed_blocks() if one.id == block), None)


def _newest_first(source: Source) -> tuple[int, int, int]:
    return -source.revision, source.proposal or 0, source.change or 0
