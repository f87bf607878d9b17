"""Whether what people do together on proposals says what the records say: partners, relations, deadlines and advice."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.proposals import Proposal, ProposalPartner, ProposedChange
from app.db.models.recommendations import Recommendation
from app.queries.changes import operation
from app.queries.ledger_acts import Acts
from app.text.digest import digest
from app.text.wanted import wanted

SHARE, UNSHARE, SIGN, UNSIGN = "share proposal", "unshare proposal", "sign proposal", "unsign proposal"
TAKE_OVER = "take amendment over"

Partner = tuple[datetime, datetime | None, int | None]
"""Since when it is shared with somebody, when they signed, and which version."""


def audit_together(session: Session, charter: Charter, acts: Acts, faults: list[str]) -> None:
    """Hold partners, relations, deadlines and recommendations of a charter against the records."""
    proposals = session.scalars(
        select(Proposal).where(Proposal.charter_id == charter.id).order_by(Proposal.number)
    ).all()
    stored: dict[int, dict[int, Partner]] = {}
    mine = select(ProposalPartner).join(Proposal).where(Proposal.charter_id == charter.id)
    for one in session.scalars(mine):
        stored.setdefault(one.proposal_id, {})[one.person_id] = (one.created_at, one.signed_at, one.signed_version)
    changes: dict[int, list[ProposedChange]] = {}
    all_changes = select(ProposedChange).join(Proposal).where(Proposal.charter_id == charter.id)
    for change in session.scalars(all_changes.order_by(ProposedChange.number)):
        changes.setdefault(change.proposal_id, []).append(change)
    advice: dict[int, list[Recommendation]] = {}
    given = select(Recommendation).join(ProposedChange).join(Proposal).where(Proposal.charter_id == charter.id)
    for advised in session.scalars(given.order_by(Recommendation.id)):
        advice.setdefault(advised.change_id, []).append(advised)
    for proposal in proposals:
        name = f"proposal {proposal.number}"
        rows = changes.get(proposal.id, [])
        if stored.get(proposal.id, {}) != _partners(acts, name):
            faults.append(f"the partners of {name} of {charter.key}: they are not the ones that were recorded.")
        for what, is_so in _checks(proposal, [row for row in rows if row.last_version is None], acts, name):
            if not is_so:
                faults.append(f"{name} of {charter.key}: {what} is not what was recorded.")
        for row in rows:
            change_name = f"change {proposal.number}.{row.number}"
            said = [
                (r.person_id, r.after, d.get("version"), d.get("reason"), d.get("text"), r.at)
                for r, d in acts.get(("recommend", change_name), ())
            ]
            there = [
                (a.person_id, a.outcome, a.version, a.reason, "" if a.text is None else digest(a.text), a.created_at)
                for a in advice.get(row.id, [])
            ]
            if there != said:
                faults.append(
                    f"the recommendations on {change_name} of {charter.key}: they are not the ones that were recorded."
                )


def _partners(acts: Acts, name: str) -> dict[int, Partner]:
    """Who the partners of a proposal are by the records."""
    told = sorted(
        (
            (record.number, act, record, detail)
            for act in (SHARE, UNSHARE, SIGN, UNSIGN)
            for record, detail in acts.get((act, name), ())
        ),
        key=lambda one: one[0],
    )
    found: dict[int, Partner] = {}
    for _, act, record, detail in told:
        by = record.person_id or 0
        person, version = detail.get("person"), detail.get("version")
        if act == SHARE and isinstance(person, int):
            found[person] = (record.at, None, None)
        elif act == UNSHARE and isinstance(person, int):
            found.pop(person, None)
        elif act == SIGN and by in found and isinstance(version, int):
            found[by] = (found[by][0], record.at, version)
        elif act == UNSIGN and by in found:
            found[by] = (found[by][0], None, None)
    return found


def _checks(proposal: Proposal, current: Sequence[ProposedChange], acts: Acts, name: str) -> Iterator[tuple[str, bool]]:
    """What is checked of one proposal, in words, and whether it fits."""
    written = acts.get(("propose", name), ())
    if written:
        record, detail = written[0]
        yield "its author", record.person_id == proposal.author_id
        yield (
            "what it is to another proposal",
            (proposal.relation, proposal.related)
            == (
                detail.get("relation", ""),
                detail.get("related"),
            ),
        )
    shown = [r.at for r, d in written if d.get("state") == "open"]
    shown += [r.at for r, _ in acts.get(("submit proposal", name), ())]
    yield "whether it was put before others", proposal.shown_at == (min(shown) if shown else None)
    taken = [d.get("into_version") for _, d in acts.get((TAKE_OVER, name), ())]
    yield "into which version it was taken over", proposal.taken_into == (taken[-1] if taken else None)
    days = [r.after for r, _ in acts.get(("set review deadline", name), ())]
    until = "" if proposal.review_by is None else proposal.review_by.isoformat()
    yield "the day until which reviews are asked for", until == (days[-1] if days else "")
    if proposal.wording_hash:
        yield "the hash of its wording", proposal.wording_hash == _wanted(current)


def _wanted(rows: Sequence[ProposedChange]) -> str | None:
    try:
        return wanted([operation(row) for row in rows])
    except (KeyError, ValueError, TypeError):
        return None
