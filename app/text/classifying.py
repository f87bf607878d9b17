"""How each of many open changes fits one text, every one for itself, with the text prepared once for all."""

from collections.abc import Mapping, Sequence

from app.text.change import ChangeKind
from app.text.ground import Ground
from app.text.loom import Loom
from app.text.snapshot import Snapshot
from app.text.weaving import Weaving
from app.text.woven import Class, Fit, Proposed


def classify(head: Snapshot, proposed: Proposed, needed: Sequence[Proposed] = ()) -> Fit:
    """How one change fits the text by itself, or together with those of its proposal that it needs."""
    return _fits(Ground(head), Loom(head), proposed, needed)[proposed.ref]


def classify_all(head: Snapshot, changes: Sequence[Proposed]) -> Mapping[str, Fit]:
    """How each change fits the text by itself, or together with those it needs if they are among the changes.

    Every change is worked into the same text and taken out again, so that it costs what it touches; changes that need
    each other, like a row of new paragraphs or one with its notes, are worked in together. Changes of one base should
    share one `Snapshot`, for each base is prepared once.
    """
    ground, loom = Ground(head), Loom(head)
    by_name = {(one.proposal, one.change.number): one for one in changes}
    found: dict[str, Fit] = {}
    tied: dict[frozenset[str], Mapping[str, Fit]] = {}
    # The last of a row of new paragraphs needs all before it: tried first, it mostly tells of all of them.
    for one in reversed(changes):
        if one.ref in found:
            continue
        needed = _needed(one, by_name)
        together = frozenset((one.ref, *(other.ref for other in needed)))
        fits = tied.get(together)
        if fits is None:
            with loom.tried():
                fits = _fits(ground, loom, one, needed)
            if needed:
                tied[together] = fits
        found[one.ref] = fits[one.ref]
        if _tells_of_each(fits, [one, *needed]):
            found.update(fits)
    return {one.ref: found[one.ref] for one in changes}


def _tells_of_each(fits: Mapping[str, Fit], together: Sequence[Proposed]) -> bool:
    """Whether each would fit with fewer of them as with all: nothing meets anything, or new blocks meet as one."""
    classes = {fit.cls for fit in fits.values()}
    if classes == {Class.APPLIES}:
        return True
    alike = classes in ({Class.ALREADY}, {Class.CONFLICT}, {Class.ORPHANED})
    return alike and all(one.change.kind is ChangeKind.INSERT for one in together)


def _fits(ground: Ground, loom: Loom, proposed: Proposed, needed: Sequence[Proposed]) -> Mapping[str, Fit]:
    together = sorted([*needed, proposed], key=lambda one: one.change.number) if needed else [proposed]
    work = Weaving(ground, loom, together, {})
    work.put_in()
    return work.fits()


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
