"""The working text with everything in it that is proposed and does not meet; and what did not find room beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.queries.open_changes import OpenProposal
from app.text.change import Change, ChangeKind
from app.text.snapshot import Snapshot
from app.text.weave import Class, Proposed, weave


@dataclass(frozen=True, slots=True)
class ProposedText:
    """The text as it would be. ``taken`` are the proposals in it, by the place each change is about.

    ``left`` are changes that are not in it: they meet another one, or no longer fit the text.
    """

    text: Snapshot
    taken: Mapping[str, OpenProposal]
    left: Sequence[tuple[OpenProposal, Change]]


def proposed_text(head: Snapshot, proposals: Sequence[OpenProposal]) -> ProposedText:
    """Put in, from the oldest proposal on, each that touches no paragraph another one touches: whole or not at all."""
    chosen: list[OpenProposal] = []
    touched: set[str] = set()
    for one in proposals:
        places = {place_of(change.change) for change in one.changes}
        if not places & touched:
            chosen.append(one)
            touched |= places
    woven = weave(head, _changes(chosen), {})
    while chosen and (woven.conflicts or woven.problems):
        # What meets in a way that no single place tells: the newest of those goes out, or the newest of all.
        meeting = {ref.rpartition(".")[0] for conflict in woven.conflicts for ref in conflict.refs}
        out = next((one for one in reversed(chosen) if str(one.number) in meeting), chosen[-1])
        chosen.remove(out)
        woven = weave(head, _changes(chosen), {})
    stays = {id(one) for one in chosen}
    taken: dict[str, OpenProposal] = {}
    left: list[tuple[OpenProposal, Change]] = []
    for one in proposals:
        for change in one.changes:
            fit = woven.classes.get(change.ref)
            if id(one) in stays and (fit is None or fit.cls is not Class.ORPHANED):
                taken[place_of(change.change)] = one
            else:
                left.append((one, change.change))
    return ProposedText(woven.snapshot, taken, left)


def place_of(change: Change) -> str:
    """What a change is about: the id of a block or a section, or a field of the cover."""
    if change.kind is ChangeKind.FRONT:
        return f"front.{change.field}"
    return change.block or change.section or ""


def _changes(proposals: Sequence[OpenProposal]) -> list[Proposed]:
    return [change for one in proposals for change in one.changes]
