"""Changes of proposals as the engine wants them: with the text they were made on."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.decisions import Decision
from app.db.models.proposals import Proposal, ProposedChange
from app.errors import BadInput, NotFound
from app.queries.drafts import never_shown
from app.queries.revisions import snapshot
from app.rules.states import Outcome
from app.text.change import Change, change_from_json, change_to_json
from app.text.digest import canonical, digest
from app.text.weave import Proposed
from app.text.wording import with_wording

_KEPT_LENGTH = 8_000


def operation(row: ProposedChange) -> Change:
    """The typed change of a row."""
    return operation_of(row.operation)


def operation_of(stored: str) -> Change:
    """The typed change that is stored as this text."""
    # Lists read the same open changes again and again. Very long ones are not kept.
    return (_read if len(stored) <= _KEPT_LENGTH else _read.__wrapped__)(stored)


@lru_cache(maxsize=4096)
def _read(stored: str) -> Change:
    return change_from_json(json.loads(stored))


def changes_digest(changes: Sequence[Change]) -> str:
    """The hash under which a record speaks of the changes of one version."""
    return digest(canonical([change_to_json(change) for change in changes]))


def current_changes(session: Session, proposal: Proposal) -> Sequence[ProposedChange]:
    """The changes that stand in the newest version, by number."""
    return session.scalars(
        select(ProposedChange)
        .where(ProposedChange.proposal_id == proposal.id, ProposedChange.last_version.is_(None))
        .order_by(ProposedChange.number)
    ).all()


def changes_of_version(session: Session, proposal: Proposal, version: int) -> Sequence[ProposedChange]:
    """The changes that stood in that version, by number."""
    return session.scalars(
        select(ProposedChange)
        .where(
            ProposedChange.proposal_id == proposal.id,
            ProposedChange.first_version <= version,
            or_(ProposedChange.last_version.is_(None), ProposedChange.last_version >= version),
        )
        .order_by(ProposedChange.number)
    ).all()


def latest_decisions(session: Session, change_ids: Iterable[int]) -> dict[int, Decision]:
    """The decision in force on each change that has one, by the change's row id."""
    ids = sorted(set(change_ids))
    found: dict[int, Decision] = {}
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        rows = session.scalars(select(Decision).where(Decision.change_id.in_(part)).order_by(Decision.id))
        found.update((row.change_id, row) for row in rows)
    return found


def reference(proposal: Proposal, change: ProposedChange) -> str:
    """How people name a change: "12.3"."""
    return f"{proposal.number}.{change.number}"


def proposed(
    session: Session,
    charter: Charter,
    changes: Sequence[tuple[Proposal, ProposedChange]],
    decisions: Mapping[int, Decision],
) -> list[Proposed]:
    """The changes with their bases, each base read once, in the wording that was adopted where governors amended it."""
    bases = {number: snapshot(session, charter, number) for number in sorted({c.base_revision for _, c in changes})}
    return [
        Proposed(
            reference(proposal, change), _as_adopted(change, decisions.get(change.id)), bases[change.base_revision]
        )
        for proposal, change in changes
    ]


def _as_adopted(change: ProposedChange, decision: Decision | None) -> Change:
    act = operation(change)
    if decision is not None and decision.outcome == Outcome.ADOPTED_AMENDED and decision.adopted_text is not None:
        return with_wording(act, decision.adopted_text)
    return act


def find_changes(
    session: Session, charter: Charter, references: Sequence[str]
) -> list[tuple[Proposal, ProposedChange]]:
    """The changes named "12.1", "14.2"…, in proposal order, each once.

    BadInput for a name that cannot be one, NotFound for one that stands in no open proposal.
    """
    wanted: set[tuple[int, int]] = set()
    for name in references:
        left, dot, right = name.partition(".")
        if not dot or not _is_number(left) or not _is_number(right):
            raise BadInput("A change is named by proposal and number, like 12.1.")
        wanted.add((int(left), int(right)))
    rows = session.execute(
        select(Proposal, ProposedChange)
        .join(ProposedChange, ProposedChange.proposal_id == Proposal.id)
        .where(
            Proposal.charter_id == charter.id,
            Proposal.number.in_({p for p, _ in wanted}),
            ~never_shown(),
            ProposedChange.last_version.is_(None),
        )
        .order_by(Proposal.number, ProposedChange.number)
    )
    found = [(p, c) for p, c in rows if (p.number, c.number) in wanted]
    missing = wanted - {(p.number, c.number) for p, c in found}
    if missing:
        names = ", ".join(f"{p}.{c}" for p, c in sorted(missing))
        raise NotFound(f"There is no change {names} now: its author may have taken it out or written it anew.")
    return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < len(text) <= 9
