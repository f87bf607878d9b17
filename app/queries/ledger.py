"""Whether the rows that people read say what the records say: what was changed, added or taken out by hand is named.

A chain alone cannot tell that its end was cut off, and says nothing about the tables beside it. So every proposal,
review, decision, merge, edition and role is held against the records of the acts that made it.
"""

import json
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.decisions import Decision, MergedChange
from app.db.models.editions import Edition, SignOff
from app.db.models.people import Person, Role
from app.db.models.proposals import Proposal, ProposalVersion, ProposedChange
from app.db.models.records import Record
from app.db.models.reviews import Review
from app.db.models.sessions import ApiToken
from app.queries.changes import changes_digest, operation
from app.queries.ledger_attachments import audit_attachments
from app.queries.ledger_choices import audit_choices
from app.queries.ledger_files import audit_files, audit_keys
from app.queries.ledger_origins import audit_origins
from app.queries.ledger_settings import audit_invitations, audit_settings
from app.queries.ledger_threads import audit_threads
from app.queries.ledger_together import TAKE_OVER, audit_together
from app.queries.proposals import words_digest
from app.rules.states import UNSETTLED, Outcome, ProposalState
from app.text.digest import digest

_EDITION_STATES = ("draft edition", "freeze edition", "thaw edition", "approve edition", "publish edition")
Detail = Mapping[str, object]
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
        _audit_editions(session, charter, acts, faults)
        audit_files(session, charter, acts.by_name, faults)
        audit_attachments(session, charter, acts.by_name, faults)
        _audit_roles(session, charter, acts, faults)
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


def _differs(faults: list[str], name: str, rows: Sequence[Hashable], records: Sequence[Hashable]) -> None:
    if len(rows) != len(records):
        faults.append(f"{name}: there are {len(rows)}, but the records speak of {len(records)}.")
    elif any(one != other for one, other in zip(rows, records, strict=True)):
        faults.append(f"{name}: what is stored is not what was recorded.")


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
    merges = _merges(acts)
    for proposal in proposals:
        object = f"proposal {proposal.number}"
        name = f"{object} of {charter.key}"
        rows = changes.get(proposal.id, [])
        current = [row for row in rows if row.last_version is None]
        written = [*acts.of("propose", object), *acts.of("edit proposal", object)]
        stored = [(v.version, words_digest(v)) for v in versions.get(proposal.id, [])]
        _differs(faults, f"the versions of {name}", stored, [(d.get("version"), d.get("words")) for _, d in written])
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
        _audit_reviews(reviews.get(proposal.id, []), rows, proposal, acts, name, faults)
        for row in rows:
            change = f"change {proposal.number}.{row.number}"
            told = acts.of("decide", change)
            _differs(
                faults,
                f"the decisions on {change} of {charter.key}",
                [_decision(d) for d in decisions.get(row.id, [])],
                [(r.after, r.person_id, d.get("reason"), d.get("adopted_text")) for r, d in told],
            )
            decided = decisions.get(row.id, [])
            made_in = decided[0].version if decided else row.last_version or proposal.version
            if row.base_revision != bases.get(made_in) or not _says_its_place(row):
                faults.append(f"{change} of {charter.key}: what it is about was changed.")
            if row.outcome != (told[-1][0].after if told else Outcome.PENDING):
                faults.append(f"{change} of {charter.key}: its outcome is not the one that was recorded.")
            there = [(m.revision, m.reverted_in) for m in merged.get(row.id, [])]
            said = merges.get(f"{proposal.number}.{row.number}", [])
            _differs(faults, f"the merge of {change} of {charter.key}", there, said)
            if row.merged_revision != (said[-1][0] if said and said[-1][1] is None else None):
                faults.append(f"{change} of {charter.key}: the revision it went into is not the recorded one.")


def _says_its_place(row: ProposedChange) -> bool:
    """Whether the columns by which a change is found say what its operation says."""
    try:
        act = operation(row)
    except (KeyError, ValueError, TypeError):
        return False
    return (row.number, row.kind, row.section_id, row.block_id) == (act.number, act.kind, act.section, act.block)


def _decision(row: Decision) -> tuple[object, ...]:
    return row.outcome, row.person_id, row.reason, "" if row.adopted_text is None else digest(row.adopted_text)


def _merges(acts: _Acts) -> dict[str, list[tuple[int, int | None]]]:
    """For each change the revisions of which the records say that it went in, and which one took it out again."""
    told = sorted(
        (
            (record.number, act == "merge changes", int(digits), detail)
            for (act, object), said in acts.by_name.items()
            if act in ("merge changes", "revert merge") and (digits := object.removeprefix("revision ")).isdigit()
            for record, detail in said
        ),
        key=lambda one: one[0],
    )
    found: dict[str, list[tuple[int, int | None]]] = {}
    for _, went_in, number, detail in told:
        changes = detail.get("changes")
        for ref in changes if isinstance(changes, list) else []:
            history = found.setdefault(str(ref), [])
            if went_in:
                history.append((number, None))
            elif history and history[-1] == (detail.get("reverted"), None):
                history[-1] = (history[-1][0], number)
            else:
                # A reverting of what did not go in: nothing stored can fit it.
                history.append((number, number))
    return found


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


def _audit_reviews(
    rows: Sequence[Review],
    changes: Sequence[ProposedChange],
    proposal: Proposal,
    acts: _Acts,
    name: str,
    faults: list[str],
) -> None:
    for number in (None, *(c.number for c in changes)):
        object = f"proposal {proposal.number}" if number is None else f"change {proposal.number}.{number}"
        told = acts.of("review", object)
        stored = [(r.person_id, r.position, r.version, r.text) for r in rows if r.change_number == number]
        said = [(r.person_id, r.after, d.get("version"), d.get("text")) for r, d in told]
        _differs(faults, f"the reviews of {name}" if number is None else f"the reviews of {object}", stored, said)


def _audit_editions(session: Session, charter: Charter, acts: _Acts, faults: list[str]) -> None:
    rows = session.scalars(select(Edition).where(Edition.charter_id == charter.id).order_by(Edition.key)).all()
    for object in sorted(acts.objects("draft edition") - {f"edition {row.key}" for row in rows}):
        discarded = [r.number for r, _ in acts.of("discard edition", object)]
        if discarded and discarded[-1] > acts.of("draft edition", object)[-1][0].number:
            continue
        faults.append(f"{object} of {charter.key}: it is gone, but the records speak of it.")
    for row in rows:
        object = f"edition {row.key}"
        name = f"{object} of {charter.key}"
        drafted = sorted(
            ((r.number, d) for act in ("draft edition", "redraft edition") for r, d in acts.of(act, object)),
            key=lambda entry: entry[0],
        )
        told = [("revision", row.revision), ("label", row.label)]
        if not drafted or any(drafted[-1][1].get(field) != value for field, value in told):
            faults.append(f"{name}: it is not the one that was recorded.")
        steps = sorted(
            (r.number, r.after) for act in (*_EDITION_STATES, "withdraw edition") for r, _ in acts.of(act, object)
        )
        if steps and row.state != (steps[-1][1] or "draft"):
            faults.append(f"{name}: it is {row.state}, but by the records it is {steps[-1][1] or 'draft'}.")
        pdf = [d.get("pdf") for _, d in acts.of("approve edition", object)]
        if row.pdf_hash != (pdf[-1] if pdf else None):
            faults.append(f"{name}: its file is not the one that was recorded.")
        signed = session.scalars(select(SignOff.person_id).where(SignOff.edition_id == row.id).order_by(SignOff.id))
        said = [r.person_id for r, _ in acts.of("sign off edition", object)]
        _differs(faults, f"the sign-offs of {name}", list(signed), said)


def _audit_roles(session: Session, charter: Charter, acts: _Acts, faults: list[str]) -> None:
    rows = session.execute(select(Role.person_id, Role.role).where(Role.charter_id == charter.id))
    stored = {f"person {person}": role for person, role in rows}
    for object in sorted(acts.objects("set role") | set(stored)):
        told = acts.of("set role", object)
        if stored.get(object, "") != (told[-1][0].after if told else ""):
            faults.append(f"the role of {object} in {charter.key}: it is not the one that was recorded.")


def _audit_installation(session: Session, faults: list[str]) -> None:
    acts = _acts(session, "installation")
    audit_keys(session, acts.by_name, faults)
    for person in session.scalars(select(Person).order_by(Person.id)):
        object = f"person {person.id}"
        comings_and_goings = [*acts.of("add person", object), *acts.of("remove person", object)]
        told = sorted((r.number, r.act, r.after) for r, _ in comings_and_goings)
        if not told or (told[-1][1] == "remove person") != (person.removed_at is not None):
            faults.append(f"{object}: whether they belong here is not what was recorded.")
        elif person.removed_at is None and person.admin != (told[-1][2] == "administrator"):
            faults.append(f"{object}: whether they administer is not what was recorded.")
        tokens = session.scalar(select(func.count()).where(ApiToken.person_id == person.id))
        if tokens != len(acts.of("create token", object)):
            faults.append(f"the tokens of {object}: they are not the ones that were recorded.")


def _by(rows: Iterable[Row], column: str) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(getattr(row, column), []).append(row)
    return found
