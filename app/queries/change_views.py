"""The changes of one proposal as pages and the interface show them: class, collisions, decision, count of positions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.decisions import Decision
from app.db.models.proposals import Proposal, ProposedChange
from app.queries.changes import current_changes, latest_decisions, operation, proposed
from app.queries.members import members
from app.queries.naming import names
from app.queries.people import member_count
from app.queries.recommendations import RecommendationView, latest_recommendations
from app.queries.reverting import TakenOut, taken_out
from app.queries.reviews import positions
from app.queries.revisions import head_snapshot
from app.queries.settlements import settled_changes
from app.rules.majorities import Tally, agreed, tally
from app.rules.states import Outcome, ProposalState
from app.text.blocks import Block, block_to_json
from app.text.change import Change, Place
from app.text.collisions import collisions
from app.text.weave import Fit, Proposed, classify_all


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

    ``before`` and ``after`` are words; ``old`` and ``new`` are the whole blocks they belong to. ``silent`` names
    those who have not spoken on it; None for readers, who see how many they are. ``quorum`` is how many have to.
    ``took`` says which words were taken where it met others in its merge: in, both, own or left; "" if it met none.
    ``taken_out`` says that it was in the text and a reverting took it out.
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
    took: str
    tally: Tally
    agreed: bool
    quorum: int
    silent: Sequence[str] | None
    recommendation: RecommendationView | None
    taken_out: TakenOut | None = None

    @property
    def quorum_reached(self) -> bool:
        """Whether enough have spoken, by the charter's own rule."""
        return self.tally.spoken >= self.quorum


def change_views(
    session: Session, charter: Charter, proposal: Proposal, *, naming_the_silent: bool = False
) -> list[ChangeView]:
    """The changes of the newest version by number, each classified against the working text."""
    rows = current_changes(session, proposal)
    decisions = latest_decisions(session, [row.id for row in rows])
    people = names(session, charter.id, {d.person_id for d in decisions.values()})
    head = head_snapshot(session, charter)
    count = member_count(session, charter)
    names_of_all = members(session, charter) if naming_the_silent else None
    advice = latest_recommendations(session, [row.id for row in rows])
    taken = positions(session, proposal)
    merged = [row.id for row in rows if row.merged_revision is not None]
    settled = settled_changes(session, merged) if merged else {}
    gone = taken_out(session, [row.id for row in rows if row.merged_revision is None])
    made = proposed(session, charter, [(proposal, row) for row in rows], decisions)
    meets = _meetings(made, _rivals(session, charter, proposal, rows))
    fits = classify_all(head, [one for row, one in zip(rows, made, strict=True) if _may_go_in(row)])
    return [
        change_view(
            row,
            operation(row),
            one,
            fits.get(one.ref),
            decisions.get(row.id),
            people,
            meets.get(one.ref, []),
            tally(taken.on(row.number), count),
            charter,
            None if names_of_all is None else [m.name for m in names_of_all if not taken.spoke(m.id, row.number)],
            advice.get(row.id),
            settled.get(row.id, ""),
            gone.get(row.id),
        )
        for row, one in zip(rows, made, strict=True)
    ]


def _rivals(session: Session, charter: Charter, proposal: Proposal, rows: Sequence[ProposedChange]) -> list[Proposed]:
    """Changes of other open proposals that touch the same blocks and are neither in the text nor rejected."""
    blocks = {row.block_id for row in rows if row.block_id is not None}
    sections = {row.section_id for row in rows if row.block_id is None and row.section_id is not None}
    others = [
        (other, change)
        for other, change in session.execute(
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
    ]
    return proposed(session, charter, others, latest_decisions(session, [change.id for _, change in others]))


def _meetings(made: Sequence[Proposed], rivals: Sequence[Proposed]) -> dict[str, list[str]]:
    """For each change of ours, the changes of others that touch the same sentence."""
    own = {one.ref for one in made}
    meets: dict[str, list[str]] = {}
    for one, other in collisions([*made, *rivals], own):
        for mine, theirs in ((one, other), (other, one)):
            if mine in own and theirs not in own:
                meets.setdefault(mine, []).append(theirs)
    return meets


def change_view(
    row: ProposedChange,
    act: Change,
    made: Proposed,
    result: Fit | None,
    decision: Decision | None,
    people: Mapping[int, str],
    meets: Sequence[str],
    count: Tally,
    charter: Charter,
    silent: Sequence[str] | None,
    advice: RecommendationView | None,
    took: str = "",
    gone: TakenOut | None = None,
) -> ChangeView:
    """One change as it is shown, from all that was read of it."""
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
        decision=decision_view(decision, people) if decision else None,
        merged_revision=row.merged_revision,
        took=took,
        tally=count,
        agreed=agreed(charter.rule, charter.quorum, count),
        quorum=charter.quorum,
        silent=silent,
        recommendation=advice,
        taken_out=gone,
    )


def _may_go_in(row: ProposedChange) -> bool:
    return row.merged_revision is None and row.outcome != Outcome.REJECTED


def _block(block: Block | None) -> dict[str, object] | None:
    return None if block is None else block_to_json(block)


def decision_view(decision: Decision, people: Mapping[int, str]) -> DecisionView:
    """A decision as it is shown; ``people`` are names by id."""
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
