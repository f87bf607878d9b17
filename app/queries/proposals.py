"""Proposals as pages and the interface show them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.decisions import Decision
from app.db.models.people import Person
from app.db.models.proposals import Proposal, ProposalVersion, ProposedChange
from app.errors import NotFound
from app.queries.changes import current_changes, latest_decisions, operation, proposed, reference
from app.queries.drafts import hidden_from
from app.queries.people import Account, member_count, names
from app.queries.reviews import ReviewView, positions_on, reviews
from app.queries.revisions import head_snapshot, snapshot
from app.rules.majorities import Tally, agreed, tally
from app.rules.states import ADOPTED, UNSETTLED, Outcome, ProposalState
from app.text.blocks import Block, block_to_json
from app.text.change import Change, Place
from app.text.collisions import collisions
from app.text.digest import canonical, digest
from app.text.snapshot import Snapshot
from app.text.weave import Fit, Proposed, weave


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision in force on a change; ``text`` is the adopted wording where it was amended."""

    id: int
    outcome: str
    reason: str
    text: str | None
    against_rule: bool
    decided_by: str
    decided_at: datetime
    version: int
    supersedes: int | None


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One typed change. ``cls`` is its class against the working text, None once it is in the text or settled without.

    ``before`` and ``after`` are words; ``old`` and ``new`` are the whole blocks they belong to.
    """

    number: int
    ref: str
    kind: str
    section: str | None
    block: str | None
    before: str | None
    after: str | None
    old: dict[str, object] | None
    new: dict[str, object] | None
    field: str | None
    place: Place | None
    needs: tuple[int, ...]
    cls: str | None
    confirm: bool
    collides_with: Sequence[str]
    outcome: str
    decision: DecisionView | None
    merged_revision: int | None
    tally: Tally
    agreed: bool


@dataclass(frozen=True, slots=True)
class ProposalHead:
    """A proposal in a list. ``standing`` says in words what people see: "Open", "In the text since revision 41"."""

    number: int
    title: str
    author: str
    state: str
    standing: str
    version: int
    base_revision: int
    created_at: datetime
    updated_at: datetime
    sections: Sequence[str]
    changes: int
    undecided: int


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal with its changes and reviews."""

    number: int
    version: int
    state: str
    state_reason: str
    standing: str
    title: str
    rationale: str
    author: str
    base_revision: int
    head: int
    created_at: datetime
    updated_at: datetime
    lock: int
    mine: bool
    changes: Sequence[ChangeView]
    reviews: Sequence[ReviewView]


def proposal_row(session: Session, charter: Charter, number: int, person: Account | None) -> Proposal:
    """The proposal of that number; NotFound if there is none. A draft exists for its author alone."""
    found = session.scalar(
        select(Proposal).where(
            Proposal.charter_id == charter.id, Proposal.number == number, ~hidden_from(charter, person)
        )
    )
    if found is None:
        raise NotFound(f"There is no proposal {number} in this charter.")
    return found


def version_row(session: Session, proposal: Proposal) -> ProposalVersion:
    """The newest version."""
    return session.execute(
        select(ProposalVersion).where(
            ProposalVersion.proposal_id == proposal.id, ProposalVersion.version == proposal.version
        )
    ).scalar_one()


def words_digest(version: ProposalVersion) -> str:
    """The hash under which a record speaks of the title and the reasons of one version."""
    return digest(canonical([version.title, version.rationale, version.base_revision]))


def proposal_heads(
    session: Session,
    charter: Charter,
    person: Account | None,
    *,
    state: str | None = None,
    section: str | None = None,
    among: Collection[int] | None = None,
    after: int | None = None,
    limit: int = 50,
) -> list[ProposalHead]:
    """Proposals by number from the newest, at most ``limit``, those below number ``after``; drafts for their author.

    ``among``, if given, are the numbers of those that are wanted at all.
    """
    query = (
        select(Proposal, ProposalVersion, Person.name)
        .join(
            ProposalVersion,
            (ProposalVersion.proposal_id == Proposal.id) & (ProposalVersion.version == Proposal.version),
        )
        .join(Person, Person.id == Proposal.author_id)
        .where(Proposal.charter_id == charter.id)
        .order_by(Proposal.number.desc())
        .limit(limit)
    )
    query = query.where(~hidden_from(charter, person))
    if among is not None:
        query = query.where(Proposal.number.in_(among))
    if state is not None:
        query = query.where(Proposal.state == state)
    if after is not None:
        query = query.where(Proposal.number < after)
    if section is not None:
        touching = select(ProposedChange.proposal_id).where(
            ProposedChange.section_id == section, ProposedChange.last_version.is_(None)
        )
        query = query.where(Proposal.id.in_(touching))
    rows = session.execute(query).all()
    changes: dict[int, list[ProposedChange]] = {}
    for row in session.scalars(
        select(ProposedChange)
        .where(ProposedChange.proposal_id.in_([p.id for p, _, _ in rows]), ProposedChange.last_version.is_(None))
        .order_by(ProposedChange.number)
    ):
        changes.setdefault(row.proposal_id, []).append(row)
    return [_head(p, v, name, changes.get(p.id, [])) for p, v, name in rows]


def proposal_view(session: Session, charter: Charter, proposal: Proposal, person: Account | None) -> ProposalView:
    """Everything about one proposal, its changes classified against the working text."""
    version = version_row(session, proposal)
    rows = current_changes(session, proposal)
    decisions = latest_decisions(session, [row.id for row in rows])
    people = names(session, {proposal.author_id} | {d.person_id for d in decisions.values()})
    rivals = _rivals(session, charter, proposal, rows)
    head = head_snapshot(session, charter)
    members = member_count(session, charter)
    made = [proposed(session, charter, proposal, row, decisions.get(row.id)) for row in rows]
    meets = _meetings(made, rivals)
    by_number = {row.number: one for row, one in zip(rows, made, strict=True) if _may_go_in(row)}
    return ProposalView(
        number=proposal.number,
        version=proposal.version,
        state=proposal.state,
        state_reason=proposal.state_reason,
        standing=standing_in_words(proposal, rows),
        title=version.title,
        rationale=version.rationale,
        author=people[proposal.author_id],
        base_revision=version.base_revision,
        head=charter.head,
        created_at=proposal.created_at,
        updated_at=proposal.updated_at,
        lock=proposal.lock,
        mine=person is not None and person.id == proposal.author_id,
        changes=[
            _change(
                row,
                operation(row),
                one,
                _fit(row, one, head, by_number),
                decisions.get(row.id),
                people,
                meets.get(one.ref, []),
                tally(positions_on(session, proposal, row.number), members),
                charter,
            )
            for row, one in zip(rows, made, strict=True)
        ],
        reviews=reviews(session, proposal),
    )


def standing_in_words(proposal: Proposal, rows: Sequence[ProposedChange]) -> str:
    """What people see of a proposal's state."""
    if proposal.state != ProposalState.DECIDED:
        return {
            ProposalState.DRAFT: "Draft",
            ProposalState.OPEN: "Open",
            ProposalState.RETURNED: "Returned to its author",
            ProposalState.WITHDRAWN: "Withdrawn",
        }[ProposalState(proposal.state)]
    adopted = [row for row in rows if row.outcome in ADOPTED]
    if not adopted:
        return "Rejected"
    merged = [row.merged_revision for row in adopted if row.merged_revision is not None]
    if len(merged) == len(adopted) == len(rows):
        return f"In the text since revision {max(merged)}"
    if len(adopted) < len(rows):
        return "Partly adopted"
    return "Adopted, amended" if any(r.outcome == Outcome.ADOPTED_AMENDED for r in adopted) else "Adopted"


def _head(proposal: Proposal, version: ProposalVersion, author: str, rows: Sequence[ProposedChange]) -> ProposalHead:
    return ProposalHead(
        number=proposal.number,
        title=version.title,
        author=author,
        state=proposal.state,
        standing=standing_in_words(proposal, rows),
        version=proposal.version,
        base_revision=version.base_revision,
        created_at=proposal.created_at,
        updated_at=proposal.updated_at,
        sections=sorted({row.section_id for row in rows if row.section_id is not None}),
        changes=len(rows),
        undecided=sum(row.outcome in UNSETTLED for row in rows),
    )


def _rivals(session: Session, charter: Charter, proposal: Proposal, rows: Sequence[ProposedChange]) -> list[Proposed]:
    """Changes of other open proposals that touch the same blocks and are neither in the text nor rejected."""
    blocks = {row.block_id for row in rows if row.block_id is not None}
    sections = {row.section_id for row in rows if row.block_id is None and row.section_id is not None}
    others = session.execute(
        select(Proposal, ProposedChange)
        .join(ProposedChange, ProposedChange.proposal_id == Proposal.id)
        .where(
            Proposal.charter_id == charter.id,
            Proposal.id != proposal.id,
            Proposal.state.in_((ProposalState.OPEN, ProposalState.DECIDED)),
            ProposedChange.last_version.is_(None),
            ProposedChange.merged_revision.is_(None),
            ProposedChange.outcome != Outcome.REJECTED,
            ProposedChange.block_id.in_(blocks) | ProposedChange.section_id.in_(sections),
        )
        .order_by(Proposal.number, ProposedChange.number)
    )
    return [proposed(session, charter, p, c, None) for p, c in others]


def _meetings(made: Sequence[Proposed], rivals: Sequence[Proposed]) -> dict[str, list[str]]:
    """For each change of ours, the changes of others that touch the same sentence."""
    own = {one.ref for one in made}
    meets: dict[str, list[str]] = {}
    for one, other in collisions([*made, *rivals]):
        for mine, theirs in ((one, other), (other, one)):
            if mine in own and theirs not in own:
                meets.setdefault(mine, []).append(theirs)
    return meets


def _change(
    row: ProposedChange,
    act: Change,
    made: Proposed,
    result: Fit | None,
    decision: Decision | None,
    people: dict[int, str],
    meets: Sequence[str],
    count: Tally,
    charter: Charter,
) -> ChangeView:
    return ChangeView(
        number=row.number,
        ref=made.ref,
        kind=act.kind,
        section=act.section,
        block=act.block,
        before=act.before,
        after=act.after,
        old=_block(act.old),
        new=_block(act.new),
        field=act.field,
        place=act.place,
        needs=act.needs,
        cls=str(result.cls) if result else None,
        confirm=result.confirm if result else False,
        collides_with=meets,
        outcome=row.outcome,
        decision=_decision(decision, people) if decision else None,
        merged_revision=row.merged_revision,
        tally=count,
        agreed=agreed(charter.rule, charter.quorum, count),
    )


def _may_go_in(row: ProposedChange) -> bool:
    return row.merged_revision is None and row.outcome != Outcome.REJECTED


def _fit(row: ProposedChange, one: Proposed, head: Snapshot, by_number: Mapping[int, Proposed]) -> Fit | None:
    """How a change fits the working text, together with those it needs; None once it is in or was rejected."""
    if not _may_go_in(row):
        return None
    together = {row.number}
    waiting = list(one.change.needs)
    while waiting:
        number = waiting.pop()
        if number in by_number and number not in together:
            together.add(number)
            waiting.extend(by_number[number].change.needs)
    return weave(head, [by_number[number] for number in sorted(together)]).classes[one.ref]


def _block(block: Block | None) -> dict[str, object] | None:
    return None if block is None else block_to_json(block)


def _decision(decision: Decision, people: dict[int, str]) -> DecisionView:
    return DecisionView(
        id=decision.id,
        outcome=decision.outcome,
        reason=decision.reason,
        text=decision.adopted_text,
        against_rule=decision.against_rule,
        decided_by=people[decision.person_id],
        decided_at=decision.created_at,
        version=decision.version,
        supersedes=decision.supersedes_id,
    )


def changed_snapshot(session: Session, charter: Charter, proposal: Proposal) -> tuple[Snapshot, Snapshot]:
    """The base of a proposal's newest version and that base with all its changes in: what its redline compares."""
    version = version_row(session, proposal)
    base = snapshot(session, charter, version.base_revision)
    rows = [row for row in current_changes(session, proposal) if row.base_revision == version.base_revision]
    made = [Proposed(reference(proposal, row), operation(row), base) for row in rows]
    return base, weave(base, made, {}).snapshot
