"""Many proposals in one text: those that touch nothing another one touches; and what found no room beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.text.change import Change, ChangeKind
from app.text.snapshot import Snapshot
from app.text.weave import Class, Proposed, weave


@dataclass(frozen=True, slots=True)
class Together:
    """The text as it would be. ``taken``: by what it is about (`about`), the proposal whose change is in it.

    ``left`` are changes that are not in it: they meet another one, or no longer fit the text.
    """

    text: Snapshot
    taken: Mapping[str, str]
    left: Sequence[Proposed]


def together(head: Snapshot, changes: Sequence[Proposed]) -> Together:
    """Put each proposal in, in the order given, that touches no paragraph an earlier one touches: whole or not at all.

    ``changes`` may be of many proposals; those of one stand together.
    """
    proposals: dict[str, list[Proposed]] = {}
    for change in changes:
        proposals.setdefault(change.proposal, []).append(change)
    chosen: list[str] = []
    touched: set[str] = set()
    for name, mine in proposals.items():
        places = {about(one.change) for one in mine}
        if not places & touched:
            chosen.append(name)
            touched |= places
    woven = weave(head, _of(chosen, proposals), {})
    while chosen and (woven.conflicts or woven.problems):
        # What meets in a way that no single place tells: the newest of those goes out, or the newest of all.
        meeting = {ref.rpartition(".")[0] for conflict in woven.conflicts for ref in conflict.refs}
        chosen.remove(next((name for name in reversed(chosen) if name in meeting), chosen[-1]))
        woven = weave(head, _of(chosen, proposals), {})
    taken: dict[str, str] = {}
    left: list[Proposed] = []
    for one in changes:
        fit = woven.classes.get(one.ref)
        if one.proposal in chosen and (fit is None or fit.cls is not Class.ORPHANED):
            taken[about(one.change)] = one.proposal
        else:
            left.append(one)
    return Together(woven.snapshot, taken, left)


def about(change: Change) -> str:
    """What a change is about: the id of a block or a section, or a field of the cover as ``front.title``."""
    if change.kind is ChangeKind.FRONT:
        return f"front.{change.field}"
    return change.block or change.section or ""


def _of(names: Sequence[str], proposals: Mapping[str, Sequence[Proposed]]) -> list[Proposed]:
    return [change for name in names for change in proposals[name]]
