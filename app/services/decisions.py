"""Decisions: the governors adopt, adopt amended, reject or defer one change at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.decisions import Decision
from app.db.models.proposals import Proposal, ProposedChange
from app.errors import BadInput, NotFound, Refused
from app.queries.changes import current_changes, find_changes, latest_decisions, operation
from app.queries.people import Account, member_count
from app.queries.reviews import positions
from app.rules.majorities import Tally, against_rule, tally
from app.rules.states import ADOPTED, UNSETTLED, Outcome, ProposalState, after_proposal_act
from app.services import outcomes, records, refitting
from app.text.dialect import clean
from app.text.digest import digest
from app.text.wording import with_wording

LONGEST_REASON = 20_000
_OTHER_WORDS = (Outcome.ADOPTED_AMENDED,)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What shall become of one change. ``text`` is the adopted wording where it differs from the proposed one."""

    change: int
    outcome: str
    reason: str = ""
    text: str | None = None
    supersedes: bool = False


def decide_many(
    session: Session, charter: Charter, *, by: Account, now: datetime, verdicts: Sequence[tuple[str, Verdict]]
) -> list[tuple[str, Decision]]:
    """Decide on changes of several proposals, named like "12.1", all of them or (on any refusal) none.

    The number in each verdict is not looked at: the name says which change it is about.
    """
    if len({ref for ref, _ in verdicts}) != len(verdicts):
        raise BadInput("Each change can be decided once in one go.")
    for ref, verdict in verdicts:
        _check_form(verdict, ref)
    found = find_changes(session, charter, [ref for ref, _ in verdicts])
    _refuse_unreasoned(session, charter, found, verdicts)
    proposals = {proposal.number: proposal for proposal, _ in found}
    groups: dict[int, list[Verdict]] = {number: [] for number in proposals}
    for ref, verdict in verdicts:
        left, _, right = ref.partition(".")
        groups[int(left)].append(replace(verdict, change=int(right)))
    made: list[tuple[str, Decision]] = []
    # A page that shows a refusal goes on in this transaction, and nothing of what was refused may stay in it.
    with session.begin_nested():
        for number, some in groups.items():
            done = decide(session, charter, proposals[number], by=by, now=now, verdicts=some)
            made += [(f"{number}.{v.change}", decision) for v, decision in zip(some, done, strict=True)]
    return made


def decide(
    session: Session, charter: Charter, proposal: Proposal, *, by: Account, now: datetime, verdicts: Sequence[Verdict]
) -> list[Decision]:
    """Decide on changes of one proposal, all of them or (on any refusal) none.

    Refused for a change that is decided already, unless the verdict says that it supersedes that decision, and for
    one that is in the text. Against the charter's rule a reason is needed. Deferred changes can be decided at any time.
    """
    if not verdicts:
        raise BadInput("Name at least one change and its outcome.")
    if len({v.change for v in verdicts}) != len(verdicts):
        raise BadInput("Each change can be decided once in one go.")
    for verdict in verdicts:
        _check_form(verdict, f"{proposal.number}.{verdict.change}")
    rows = {row.number: row for row in current_changes(session, proposal)}
    missing = sorted({v.change for v in verdicts} - rows.keys())
    if missing:
        numbers = ", ".join(str(n) for n in missing)
        raise NotFound(f"Proposal {proposal.number} has no change {numbers} in its present version.")
    for verdict in verdicts:
        _refuse_parted(rows[verdict.change], verdict, proposal.number, rows)
    adopted = {v.change: _adopted_text(rows[v.change], v, proposal.number) for v in verdicts}
    after_proposal_act("decide", proposal.state)
    earlier = latest_decisions(session, [row.id for row in rows.values()])
    taken, members = positions(session, proposal), member_count(session, charter)
    # Another wording, or one that nobody looked after while it was rejected, may fit the text otherwise.
    other_words = any(
        v.outcome in _OTHER_WORDS or rows[v.change].outcome in (*_OTHER_WORDS, Outcome.REJECTED) for v in verdicts
    )
    made = [
        _decide_one(
            session,
            charter,
            proposal,
            rows[v.change],
            earlier.get(rows[v.change].id),
            v,
            adopted[v.change],
            tally(taken.on(v.change), members),
            by,
            now,
        )
        for v in verdicts
    ]
    settled = all(row.outcome not in UNSETTLED for row in rows.values())
    proposal.state = ProposalState.DECIDED if settled else ProposalState.OPEN
    proposal.updated_at = now
    session.flush()
    if other_words:
        refitting.note_fits(session, charter, proposal)
    told = [(rows[v.change], decision) for v, decision in zip(verdicts, made, strict=True)]
    outcomes.tell_decided(session, charter, proposal, told, by=by, now=now)
    return made


def _refuse_unreasoned(
    session: Session,
    charter: Charter,
    found: Sequence[tuple[Proposal, ProposedChange]],
    verdicts: Sequence[tuple[str, Verdict]],
) -> None:
    """Refused with all the changes that need a reason named at once, so that nobody is sent back for each."""
    members = member_count(session, charter)
    taken = {proposal.id: positions(session, proposal) for proposal, _ in found}
    said = {tuple(int(part) for part in ref.split(".")): verdict for ref, verdict in verdicts}
    lacking = []
    for proposal, row in found:
        verdict = said[proposal.number, row.number]
        undecided = row.merged_revision is None and (row.outcome in UNSETTLED or verdict.supersedes)
        count = tally(taken[proposal.id].on(row.number), members)
        against = against_rule(charter.rule, charter.quorum, count, verdict.outcome)
        if undecided and against and not clean(verdict.reason).strip():
            lacking.append(f"{proposal.number}.{row.number}")
    if lacking:
        raise _reason_needed(lacking)


def _reason_needed(names: Sequence[str]) -> BadInput:
    if len(names) == 1:
        words = f"For change {names[0]} this goes against the charter's own rule, so it needs a reason"
    else:
        all_of_them = f"{', '.join(names[:-1])} and {names[-1]}"
        words = f"For changes {all_of_them} this goes against the charter's own rule, so each needs a reason"
    return BadInput(f"{words} everybody can read.", kind="reason-needed")


def _decide_one(
    session: Session,
    charter: Charter,
    proposal: Proposal,
    row: ProposedChange,
    earlier: Decision | None,
    verdict: Verdict,
    adopted_text: str | None,
    count: Tally,
    by: Account,
    now: datetime,
) -> Decision:
    name = f"{proposal.number}.{row.number}"
    if row.merged_revision is not None:
        raise Refused(
            f"Change {name} is in the text since revision {row.merged_revision}; propose to change the text instead.",
            kind="already-merged",
        )
    if row.outcome not in UNSETTLED and not verdict.supersedes:
        raise Refused(
            f"Change {name} was decided already: {row.outcome}. Look at that decision; a new one can supersede it.",
            kind="already-decided",
            details={"change": row.number, "outcome": row.outcome},
        )
    reason = clean(verdict.reason).strip()
    against = against_rule(charter.rule, charter.quorum, count, verdict.outcome)
    if against and not reason:
        raise _reason_needed([name])
    decision = Decision(
        change_id=row.id,
        version=proposal.version,
        outcome=verdict.outcome,
        reason=reason,
        adopted_text=adopted_text,
        against_rule=against,
        person_id=by.id,
        supersedes_id=earlier.id if earlier else None,
        created_at=now,
    )
    session.add(decision)
    before, row.outcome = row.outcome, verdict.outcome
    session.flush()
    records.append(
        session,
        charter.key,
        by=by.id,
        now=now,
        act="decide",
        object=f"change {name}",
        before=before,
        after=verdict.outcome,
        detail={
            "reason": reason,
            "against_rule": against,
            "adopted_text": "" if adopted_text is None else digest(adopted_text),
            "supersedes": decision.supersedes_id,
        },
    )
    return decision


def _check_form(verdict: Verdict, name: str) -> None:
    """BadInput for a verdict that cannot be one, whatever it is about."""
    if verdict.outcome not in set(Outcome) - {Outcome.PENDING}:
        raise BadInput("An outcome is one of: adopted, adopted_amended, rejected, deferred.")
    if len(clean(verdict.reason).strip()) > LONGEST_REASON:
        raise BadInput(f"A reason may have {LONGEST_REASON:,} characters at most.")
    amended = verdict.outcome == Outcome.ADOPTED_AMENDED
    if not amended and verdict.text is not None:
        raise BadInput(f"Change {name}: a wording goes with the outcome adopted_amended only.")
    if amended and (verdict.text is None or not verdict.text.strip()):
        raise BadInput(f"Change {name}: adopted_amended needs the adopted wording in `text`.")


def _refuse_parted(row: ProposedChange, verdict: Verdict, proposal: int, rows: Mapping[int, ProposedChange]) -> None:
    """Refused if a change shall be adopted that needs one which its author took out of the proposal."""
    lost = [n for n in operation(row).needs if n not in rows]
    if lost and verdict.outcome in ADOPTED:
        raise Refused(
            f"Change {proposal}.{row.number} makes no sense without {proposal}.{lost[0]}, which its author took out, "
            "so it cannot be adopted. Both can be proposed anew.",
            kind="needed",
            details={"change": f"{proposal}.{row.number}", "needs": f"{proposal}.{lost[0]}"},
        )


def _adopted_text(row: ProposedChange, verdict: Verdict, proposal: int) -> str | None:
    """The adopted wording in canonical form; None unless the change is adopted amended."""
    if verdict.text is None:
        return None
    act = operation(row)
    wording = with_wording(act, clean(verdict.text).strip()).after
    if wording == act.after:
        words = "these are the proposed words themselves; adopt it as it is, or write others."
        raise BadInput(f"Change {proposal}.{row.number}: {words}")
    return wording
