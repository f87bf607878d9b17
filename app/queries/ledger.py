"""Whether the rows that people read say what the records say: what was changed, added or taken out by hand is named.

A chain alone cannot tell that its end was cut off, and says nothing about the tables beside it. So every proposal,
review, decision, merge, edition and role is held against the records of the acts that made it.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.decisions import Decision, MergedChange
from app.db.models.proposals import Proposal, ProposalVersion, ProposedChange
from app.db.models.records import Record
from app.db.models.reviews import Review
from app.queries.changes import changes_digest, operation
from app.queries.ledger_acts import Detail, differing
from app.queries.ledger_attachments import audit_attachments
from app.queries.ledger_choices import audit_choices
from app.queries.ledger_decisions import decision_faults, merge_faults, merges, review_faults
from app.queries.ledger_editions import audit_editions
from app.queries.ledger_files import audit_files, audit_keys
from app.queries.ledger_origins import audit_origins
from app.queries.ledger_people import audit_people, audit_roles
from app.queries.ledger_revisions import audit_charter
from app.queries.ledger_settings import audit_invitations, audit_settings
from app.queries.ledger_threads import audit_threads
from app.queries.ledger_together import TAKE_OVER, audit_together
from app.queries.ledger_versions import audit_versions
from app.queries.proposals import words_digest
from app.rules.states import UNSETTLED, ProposalState

Row = TypeVar("Row")


@dataclass(slots=True)
class _Acts:
    """The records of one chain, by act and object, in order, each with its detail."""

    by_name: dict[tuple[str, str], list[tuple[Record, Detail]]] = field(default_factory=lambda: defaultdict(list))

    def of(self, act: str, object: str) -> list[tuple[Record, Detail]]:
        return self.by_name.get((act, object), [])

    def objects(self, *acts: str) -> set[str]:
        return {object for act, object in self.by_name if act in acts}


def audit(session: Session, faults: list[str]) -> None:
    """Hold every row against the records, and name what does not fit."""
    for charter in session.scalars(select(Charter).order_by(Charter.key)).all():
        acts = _acts(session, charter.key)
        _audit_proposals(session, charter, acts, faults)
        audit_charter(charter, acts.by_name, faults)
        audit_editions(session, charter, acts.by_name, faults)
        audit_files(session, charter, acts.by_name, faults)
        audit_attachments(session, charter, acts.by_name, faults)
        audit_roles(session, charter, acts.by_name, faults)
        audit_threads(session, charter, acts.by_name, faults)
        audit_origins(session, charter, faults)
        audit_together(session, charter, acts.by_name, faults)
        audit_settings(session, charter, acts.by_name, faults)
        audit_invitations(session, charter, acts.by_name, faults)
    _audit_installation(session, faults)
    audit_choices(session, faults)


def _acts(session: Session, chain: str) -> _Acts:
    acts = _Acts()
    for record in session.scalars(select(Record).where(Record.chain == chain).order_by(Record.number)):
        acts.by_name[record.act, record.object].append((record, detail_of(record)))
    return acts


def detail_of(record: Record) -> Detail:
    """The detail of a record; nothing if somebody made it unreadable, which its own hash gives away."""
    try:
        value = json.loads(record.detail or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _audit_proposals(session: Session, charter: Charter, acts: _Acts, faults: list[str]) -> None:
    mine = select(Proposal).where(Proposal.charter_id == charter.id).order_by(Proposal.number)
    proposals = session.scalars(mine).all()
    known = {f"proposal {p.number}" for p in proposals}
    for object in sorted(acts.objects("propose", "edit proposal") - known):
        faults.append(f"{object} of {charter.key}: it is gone, but the records speak of it.")
    versions = _by(session.scalars(select(ProposalVersion).order_by(ProposalVersion.version)), "proposal_id")
    changes = _by(session.scalars(select(ProposedChange).order_by(ProposedChange.number)), "proposal_id")
    reviews = _by(session.scalars(select(Review).order_by(Review.id)), "proposal_id")
    decisions = _by(session.scalars(select(Decision).order_by(Decision.id)), "change_id")
    merged = _by(session.scalars(select(MergedChange).order_by(MergedChange.id)), "change_id")
    said = merges(acts.by_name)
    for proposal in proposals:
        object = f"proposal {proposal.number}"
        name = f"{object} of {charter.key}"
        rows = changes.get(proposal.id, [])
        current = [row for row in rows if row.last_version is None]
        written = [*acts.of("propose", object), *acts.of("edit proposal", object)]
        stored = [(v.version, words_digest(v)) for v in versions.get(proposal.id, [])]
        recorded = [(d.get("version"), d.get("words")) for _, d in written]
        faults.extend(differing(f"the versions of {name}", stored, recorded))
        try:
            now = changes_digest([operation(row) for row in current])
        except (KeyError, ValueError, TypeError):
            now = ""
        if written and written[-1][0].after != now:
            faults.append(f"{name}: its changes are not the ones that were recorded.")
        _audit_state(proposal, current, acts, name, faults)
        bases = {version.version: version.base_revision for version in versions.get(proposal.id, [])}
        if proposal.version != max(bases, default=None):
            faults.append(f"{name}: its version is not the newest that was recorded.")
        faults.extend(review_faults(proposal, rows, reviews.get(proposal.id, []), acts.by_name, charter.key))
        audit_versions(proposal, versions.get(proposal.id, []), rows, acts.by_name, name, faults)
        for row in rows:
            ref = f"{proposal.number}.{row.number}"
            decided = decisions.get(row.id, [])
            faults.extend(decision_faults(proposal, row, decided, acts.by_name, charter.key))
            made_in = decided[0].version if decided else row.last_version or proposal.version
            if row.base_revision != bases.get(made_in) or not _says_its_place(row):
                faults.append(f"change {ref} of {charter.key}: what it is about was changed.")
            there, went = merged.get(row.id, []), said.get(ref, [])
            faults.extend(merge_faults(proposal, row, there, decided, went, acts.by_name, charter.key))


def _says_its_place(row: ProposedChange) -> bool:
    """Whether the columns by which a change is found say what its operation says."""
    try:
        act = operation(row)
    except (KeyError, ValueError, TypeError):
        return False
    return (row.number, row.kind, row.section_id, row.block_id) == (act.number, act.kind, act.section, act.block)


def _audit_state(
    proposal: Proposal, current: Sequence[ProposedChange], acts: _Acts, name: str, faults: list[str]
) -> None:
    object = f"proposal {proposal.number}"
    steps = ("propose", "edit proposal", "submit proposal", "return proposal", "withdraw proposal", TAKE_OVER)
    told = sorted((r.number, d.get("state")) for act in steps for r, d in acts.of(act, object))
    if not told:
        faults.append(f"{name}: no record speaks of it.")
        return
    moved = ("submit proposal", "return proposal", "withdraw proposal", TAKE_OVER)
    reasons = sorted((r.number, d.get("reason")) for act in moved for r, d in acts.of(act, object))
    if proposal.state_reason != (reasons[-1][1] if reasons else ""):
        faults.append(f"{name}: the reason for its state is not the one that was recorded.")
    said = told[-1][1]
    if said in (ProposalState.OPEN, ProposalState.DECIDED):
        settled = all(row.outcome not in UNSETTLED for row in current)
        said = ProposalState.DECIDED if settled else ProposalState.OPEN
    if proposal.state != said:
        faults.append(f"{name}: it is {proposal.state}, but by the records it is {said}.")


def _audit_installation(session: Session, faults: list[str]) -> None:
    acts = _acts(session, "installation")
    audit_keys(session, acts.by_name, faults)
    audit_people(session, acts.by_name, faults)


def _by(rows: Iterable[Row], column: str) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(getattr(row, column), []).append(row)
    return found
