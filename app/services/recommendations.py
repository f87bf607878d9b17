"""Recommendations: a governor, or a member the governors named, advises on changes before they are decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.proposals import Proposal, ProposedChange
from app.db.models.recommendations import Recommendation
from app.errors import BadInput, NotFound, Refused
from app.queries.changes import current_changes, operation
from app.queries.follows import followers
from app.queries.people import Account
from app.queries.recommendations import newest_recommendations
from app.rules.notices import Happening
from app.rules.states import UNSETTLED, Outcome, ProposalState
from app.services import following, records
from app.services.proposal_news import called, tell_of
from app.text.dialect import clean
from app.text.digest import digest
from app.text.wording import with_wording

LONGEST_REASON = 20_000


@dataclass(frozen=True, slots=True)
class Advice:
    """What somebody recommends to do with one change; ``text`` is the wording they would adopt instead."""

    change: int
    outcome: str
    reason: str = ""
    text: str | None = None


def recommend(
    session: Session, charter: Charter, proposal: Proposal, *, by: Account, now: datetime, advice: Sequence[Advice]
) -> list[Recommendation]:
    """Recommend what to decide on changes of one proposal, all of them or (on any refusal) none.

    The newest recommendation on a change counts; whoever says the same again has said it once. Refused once a change is
    decided, and while the proposal is not open.
    """
    if not advice:
        raise BadInput("Name at least one change and what you recommend.")
    if len({one.change for one in advice}) != len(advice):
        raise BadInput("Each change can get one recommendation in one go.")
    said = [_checked(one) for one in advice]
    rows = {row.number: row for row in current_changes(session, proposal)}
    missing = sorted({one.change for one in said} - rows.keys())
    if missing:
        numbers = ", ".join(str(n) for n in missing)
        raise NotFound(f"Proposal {proposal.number} has no change {numbers} in its present version.")
    wordings = {one.change: _wording(rows[one.change], one) for one in said}
    if proposal.state != ProposalState.OPEN:
        raise Refused(f"This proposal is {proposal.state}, so there is nothing to recommend now.", kind="wrong-state")
    for one in said:
        if rows[one.change].outcome not in UNSETTLED:
            raise Refused(
                f"Change {proposal.number}.{one.change} is decided already, so a recommendation comes too late.",
                kind="already-decided",
                details={"change": one.change, "outcome": rows[one.change].outcome},
            )
    newest = newest_recommendations(session, [rows[one.change].id for one in said])
    said = [one for one in said if not _says(newest.get(rows[one.change].id), proposal, one, wordings[one.change], by)]
    if not said:
        return []
    made = [_store(session, charter, proposal, rows[one.change], one, wordings[one.change], by, now) for one in said]
    _tell(session, charter, proposal, made[0].id, said, by, now)
    return made


def _checked(one: Advice) -> Advice:
    """The advice in clean words; BadInput for what cannot be one, whatever it is about."""
    reason = clean(one.reason).strip()
    if one.outcome not in set(Outcome) - {Outcome.PENDING}:
        raise BadInput("A recommendation is one of: adopted, adopted_amended, rejected, deferred.")
    if len(reason) > LONGEST_REASON:
        raise BadInput(f"A reason may have {LONGEST_REASON:,} characters at most.")
    if not reason and one.outcome != Outcome.ADOPTED:
        raise BadInput(f"Change {one.change}: say why you recommend this.", kind="reason-needed")
    amended = one.outcome == Outcome.ADOPTED_AMENDED
    if not amended and one.text is not None:
        raise BadInput(f"Change {one.change}: a wording goes with the recommendation adopted_amended only.")
    if amended and (one.text is None or not one.text.strip()):
        raise BadInput(f"Change {one.change}: adopted_amended needs the wording you recommend in `text`.")
    return Advice(one.change, one.outcome, reason, None if one.text is None else clean(one.text).strip())


def _wording(row: ProposedChange, one: Advice) -> str | None:
    """The recommended wording in canonical form; None unless an amendment is recommended."""
    if one.text is None:
        return None
    act = operation(row)
    wording = with_wording(act, one.text).after
    if wording == act.after:
        raise BadInput(f"Change {row.number}: this is the proposed wording itself; recommend to adopt it.")
    return wording


def _says(row: Recommendation | None, proposal: Proposal, one: Advice, wording: str | None, by: Account) -> bool:
    """Whether the recommendation that counts is this one already: a button was pressed twice."""
    return row is not None and (row.person_id, row.version, row.outcome, row.reason, row.text) == (
        by.id,
        proposal.version,
        one.outcome,
        one.reason,
        wording,
    )


def _store(
    session: Session,
    charter: Charter,
    proposal: Proposal,
    change: ProposedChange,
    one: Advice,
    wording: str | None,
    by: Account,
    now: datetime,
) -> Recommendation:
    row = Recommendation(
        change_id=change.id,
        version=proposal.version,
        outcome=one.outcome,
        reason=one.reason,
        text=wording,
        person_id=by.id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    records.append(
        session,
        charter.key,
        by=by.id,
        now=now,
        act="recommend",
        object=f"change {proposal.number}.{change.number}",
        after=one.outcome,
        detail={
            "version": proposal.version,
            "reason": one.reason,
            "text": "" if wording is None else digest(wording),
        },
    )
    return row


_WHAT = {
    Outcome.ADOPTED: "adopting",
    Outcome.ADOPTED_AMENDED: "adopting, in other words,",
    Outcome.REJECTED: "rejecting",
    Outcome.DEFERRED: "deferring",
}


def _tell(
    session: Session,
    charter: Charter,
    proposal: Proposal,
    first: int,
    said: Sequence[Advice],
    by: Account,
    now: datetime,
) -> None:
    object = f"proposal {proposal.number}"
    following.follow_if_new(session, charter, by.id, object, now=now)
    if len(said) == 1:
        what = f"{_WHAT[Outcome(said[0].outcome)]} change {proposal.number}.{said[0].change} of"
        anchor = f"#change.{said[0].change}"
    else:
        what, anchor = f"what to do with {len(said)} changes of", ""
    words = f"{by.name} recommends {what} {called(session, proposal)}."
    people = followers(session, charter, object) | {proposal.author_id}
    key = f"recommendation {first}"
    tell_of(session, charter, proposal, people, Happening.RECOMMENDED, words, key=key, by=by, now=now, anchor=anchor)
