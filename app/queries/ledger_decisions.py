"""Whether decisions, merges and reviews of one proposal say what the records say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.db.models.decisions import Decision, MergedChange
from app.db.models.proposals import Proposal, ProposedChange
from app.db.models.reviews import Review
from app.queries.ledger_acts import Acts, differing
from app.rules.states import Outcome
from app.text.digest import digest


@dataclass(slots=True)
class Went:
    """That a change went into the text by the records: which revision, by which record, as what, and out again when.

    ``settled`` is the hash of what was chosen where it met other words ("" if it met none), None where that was not
    recorded yet.
    """

    revision: int
    record: int
    merged_as: object
    settled: str | None
    reverted_in: int | None = None


def merges(acts: Acts) -> dict[str, list[Went]]:
    """For each change, by name, the merges and reverts that the records speak of."""
    told = sorted(
        (
            (record.number, act == "merge changes", int(digits), detail)
            for (act, object), said in acts.items()
            if act in ("merge changes", "revert merge") and (digits := object.removeprefix("revision ")).isdigit()
            for record, detail in said
        ),
        key=lambda one: one[0],
    )
    found: dict[str, list[Went]] = {}
    for record, went_in, number, detail in told:
        changes, classes, settled = detail.get("changes"), detail.get("classes"), detail.get("settled")
        for ref in changes if isinstance(changes, list) else []:
            history = found.setdefault(str(ref), [])
            if went_in:
                known = str(settled.get(ref, "")) if isinstance(settled, dict) else None
                history.append(Went(number, record, classes.get(ref) if isinstance(classes, dict) else None, known))
            elif history and (history[-1].revision, history[-1].reverted_in) == (detail.get("reverted"), None):
                history[-1].reverted_in = number
            else:
                # A reverting of what did not go in: nothing stored can fit it.
                history.append(Went(number, record, None, None, number))
    return found


def decision_faults(
    proposal: Proposal, row: ProposedChange, rows: Sequence[Decision], acts: Acts, charter: str
) -> Iterator[str]:
    """Name what does not fit of the decisions on one change."""
    change = f"change {proposal.number}.{row.number}"
    told = acts.get(("decide", change), ())
    stored = [
        (
            d.outcome,
            d.person_id,
            d.reason,
            "" if d.adopted_text is None else digest(d.adopted_text),
            d.against_rule,
            d.created_at,
            d.version,
            d.supersedes_id,
        )
        for d in rows
    ]
    earlier = [None, *(d.id for d in rows)]
    said = [
        (
            r.after,
            r.person_id,
            d.get("reason"),
            d.get("adopted_text"),
            d.get("against_rule"),
            r.at,
            _version_at(proposal, r.number, acts),
            before,
        )
        for (r, d), before in zip(told, earlier, strict=False)
    ]
    yield from differing(f"the decisions on {change} of {charter}", stored, said)
    if row.outcome != (told[-1][0].after if told else Outcome.PENDING):
        yield f"{change} of {charter}: its outcome is not the one that was recorded."


def _version_at(proposal: Proposal, number: int, acts: Acts) -> int:
    """Which version of a proposal was the newest when the record of that number was written."""
    object = f"proposal {proposal.number}"
    return sum(r.number < number for act in ("propose", "edit proposal") for r, _ in acts.get((act, object), ()))


def merge_faults(
    proposal: Proposal,
    row: ProposedChange,
    rows: Sequence[MergedChange],
    decided: Sequence[Decision],
    said: Sequence[Went],
    acts: Acts,
    charter: str,
) -> Iterator[str]:
    """Name what does not fit of the merges of one change."""
    change = f"change {proposal.number}.{row.number}"
    decisions = [record.number for record, _ in acts.get(("decide", change), ())]
    stored, expected = [], []
    for there, went in zip(rows, said, strict=False):
        in_force = sum(number < went.record for number in decisions)
        by = decided[in_force - 1].id if 0 < in_force <= len(decided) else None
        settled = "" if there.resolution is None else digest(there.resolution)
        goes = there.revision, there.reverted_in, there.merged_as
        stored.append((*goes, there.decision_id, there.charter_id, settled))
        chosen = settled if went.settled is None else went.settled
        expected.append((went.revision, went.reverted_in, went.merged_as, by, proposal.charter_id, chosen))
    if len(rows) != len(said):
        yield from differing(f"the merge of {change} of {charter}", rows, said)
    else:
        yield from differing(f"the merge of {change} of {charter}", stored, expected)
    if row.merged_revision != (said[-1].revision if said and said[-1].reverted_in is None else None):
        yield f"{change} of {charter}: the revision it went into is not the recorded one."


def review_faults(
    proposal: Proposal, changes: Sequence[ProposedChange], rows: Sequence[Review], acts: Acts, charter: str
) -> Iterator[str]:
    """Name what does not fit of the reviews of a proposal and of its changes."""
    numbers = [None, *(c.number for c in changes)]
    for number in numbers:
        object = f"proposal {proposal.number}" if number is None else f"change {proposal.number}.{number}"
        stored = [(r.person_id, r.position, r.version, r.text, r.created_at) for r in rows if r.change_number == number]
        said = [
            (r.person_id, r.after, d.get("version"), d.get("text"), r.at) for r, d in acts.get(("review", object), ())
        ]
        yield from differing(f"the reviews of {object} of {charter}", stored, said)
    if any(r.change_number not in numbers for r in rows):
        yield f"the reviews of proposal {proposal.number} of {charter}: one is of a change that there is not."
