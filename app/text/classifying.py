"""How each of many open changes fits one text, every one for itself, with the text prepared once for all."""

from collections.abc import Mapping, Sequence

from app.text.ground import Ground
from app.text.loom import Loom
from app.text.snapshot import Snapshot
from app.text.weaving import Weaving
from app.text.woven import Fit, Proposed


def classify(head: Snapshot, proposed: Proposed, needed: Sequence[Proposed] = ()) -> Fit:
    """How one change fits the text by itself, or together with those of its proposal that it needs."""
    return _fit(Ground(head), Loom(head), proposed, needed)


def classify_all(head: Snapshot, changes: Sequence[Proposed]) -> Mapping[str, Fit]:
    """How each change fits the text by itself, or together with those it needs if they are among the changes.

    Every change is worked into the same text and taken out again, so that it costs what it touches. Changes of one
    base should share one `Snapshot`, for each base is prepared once.
    """
    ground, loom = Ground(head), Loom(head)
    by_name = {(one.proposal, one.change.number): one for one in changes}
    found: dict[str, Fit] = {}
    for one in changes:
        with loom.tried():
            found[one.ref] = _fit(ground, loom, one, _needed(one, by_name))
    return found


def _fit(ground: Ground, loom: Loom, proposed: Proposed, needed: Sequence[Proposed]) -> Fit:
    together = sorted([*needed, proposed], key=lambda one: one.change.number) if needed else [proposed]
    work = Weaving(ground, loom, together, {})
    work.put_in()
    return work.fits()[proposed.ref]


def _needed(one: Proposed, by_name: Mapping[tuple[str, int], Proposed]) -> list[Proposed]:
    """Everything a change needs, and what that needs in turn."""
    if not one.change.needs:
        return []
    found: dict[int, Proposed] = {}
    waiting = list(one.change.needs)
    while waiting:
        number = waiting.pop()
        needed = by_name.get((one.proposal, number))
        if needed is not None and number != one.change.number and number not in found:
            found[number] = needed
            waiting.extend(needed.change.needs)
    return list(found.values())
