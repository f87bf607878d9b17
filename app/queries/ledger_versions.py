"""Whether the versions of a proposal hold the words that the records say they held, those dropped since as well."""

from collections.abc import Sequence

from app.db.models.proposals import Proposal, ProposalVersion, ProposedChange
from app.queries.ledger_acts import Acts, Detail
from app.text.digest import digest

NOTE = "note earlier words"
"""What is recorded when a program takes over from one that did not record the words of each change."""

_WRITING = ("propose", "edit proposal")
_MOVING = (*_WRITING, "submit proposal", "return proposal", "withdraw proposal", "take amendment over")


def audit_versions(
    proposal: Proposal,
    versions: Sequence[ProposalVersion],
    rows: Sequence[ProposedChange],
    acts: Acts,
    name: str,
    faults: list[str],
) -> None:
    """Hold the words of every version, and the moments of a proposal, against the records."""
    object = f"proposal {proposal.number}"
    written = [one for act in _WRITING for one in acts.get((act, object), ())]
    at = {detail.get("version"): record.at for record, detail in written}
    for row in versions:
        if row.created_at != at.get(row.version):
            faults.append(f"version {row.version} of {name}: when it was written is not what was recorded.")
    for _, detail in written:
        changes = detail.get("changes")
        if isinstance(changes, dict) and not _held(detail.get("version"), changes, proposal, rows):
            version = detail.get("version")
            faults.append(f"version {version} of {name}: its changes are not the ones that were recorded.")
    for _, detail in acts.get((NOTE, object), ()):
        if not _noted(detail.get("changes"), rows):
            faults.append(f"{name}: the words of its earlier versions are not the ones that were noted.")
    if proposal.changes_made != max((row.number for row in rows), default=0):
        faults.append(f"{name}: the number of its changes is not the recorded one.")
    if written and proposal.created_at != written[0][0].at:
        faults.append(f"{name}: when it was written is not what was recorded.")
    decided = [("decide", f"change {proposal.number}.{row.number}") for row in rows]
    moments = [r.at for key in (*((act, object) for act in _MOVING), *decided) for r, _ in acts.get(key, ())]
    if moments and proposal.updated_at != max(moments):
        faults.append(f"{name}: when something last happened to it is not what was recorded.")


def noted(rows: Sequence[ProposedChange]) -> dict[str, list[object]]:
    """What is noted of changes written before their words were recorded: in which versions each stood, and its hash."""
    return {str(row.number): [row.first_version, row.last_version, digest(row.operation)] for row in rows}


def _stood(row: ProposedChange, version: object) -> bool:
    return isinstance(version, int) and row.first_version <= version <= (row.last_version or version)


def _held(version: object, said: Detail, proposal: Proposal, rows: Sequence[ProposedChange]) -> bool:
    """Whether just these changes stood in that version; of those that stand in no later one, also the words."""
    there = {str(row.number): row for row in rows if _stood(row, version)}
    return there.keys() == said.keys() and all(
        digest(row.operation) == said[number]
        for number, row in there.items()
        if (row.last_version or proposal.version) == version
    )


def _noted(said: object, rows: Sequence[ProposedChange]) -> bool:
    """Whether each change that was noted is still there; of those that were dropped by then, also the words."""
    if not isinstance(said, dict):
        return False
    there = noted(rows)
    for number, one in said.items():
        now = there.get(number)
        if now is None or not isinstance(one, list) or len(one) != 3 or now[0] != one[0]:
            return False
        if one[1] is not None and now != one:
            return False
    return True
