"""Which changes of different proposals touch the same sentence, paragraph or place, before anything is merged."""

from collections.abc import Collection, Sequence

from app.text.change import ChangeKind
from app.text.wordmerge import touched_sentences
from app.text.woven import Proposed

Spot = tuple[str, ...]


def collisions(changes: Sequence[Proposed], among: Collection[str] | None = None) -> tuple[tuple[str, str], ...]:
    """The pairs of changes that meet, each pair once, in the order given; changes of one proposal never meet.

    With ``among`` only pairs with one of these changes in them, so that a few beside many cost little.

    Edits meet in a sentence; taking out a block or section meets whatever else is done to it or in it; insertions
    meet at one place, moves in one block, new sections in one key or at one place. Meeting is no conflict yet: the
    words may fit.
    """
    meeting: dict[Spot, list[int]] = {}
    for n, one in enumerate(changes):
        for spot in _spots(one):
            meeting.setdefault(spot, []).append(n)
    pairs: set[tuple[int, int]] = set()
    whose = [one.proposal for one in changes]
    for spot, those in meeting.items():
        # Under a whole block or section everything in it is listed, but only those that take it out meet the rest.
        takers = [n for n in those if _takes(changes[n], spot)] if spot[0] == "whole" else those
        for mine, theirs in ((_of(changes, takers, among), those), (takers, _of(changes, those, among))):
            pairs.update((a, b) if a < b else (b, a) for a in mine for b in theirs if whose[a] != whose[b])
            if among is None or takers is those:
                break
    return tuple((changes[a].ref, changes[b].ref) for a, b in sorted(pairs))


def _of(changes: Sequence[Proposed], those: Sequence[int], among: Collection[str] | None) -> Sequence[int]:
    return those if among is None else [n for n in those if changes[n].ref in among]


def _takes(one: Proposed, spot: Spot) -> bool:
    change = one.change
    return (change.kind is ChangeKind.DELETE and spot[1] == change.block) or (
        change.kind is ChangeKind.REMOVE_SECTION and spot[1] == change.section
    )


def _spots(one: Proposed) -> set[Spot]:
    change = one.change
    found: set[Spot] = {("whole", id) for id in (change.block, change.section) if id is not None}
    if change.place is not None and change.place.section is not None:
        found.add(("whole", change.place.section))
    block = change.block or ""
    match change.kind:
        case ChangeKind.REPLACE | ChangeKind.RETYPE if change.old is not None and change.new is not None:
            if change.old.form != change.new.form:
                found.add(("form", block))
            found |= {
                ("words", block, sentence)
                for sentence in touched_sentences(change.old.text, change.new.text, change.old.kind)
            }
        case ChangeKind.INSERT if change.place is not None:
            found.add(("after", change.place.section or "", change.place.after or ""))
        case ChangeKind.MOVE | ChangeKind.MOVE_SECTION:
            found.add(("place", block or change.section or ""))
        case ChangeKind.RENAME:
            found.add(("heading", change.section or ""))
        case ChangeKind.ADD_SECTION if change.head_new is not None:
            found.add(("key", change.head_new.key))
            if change.place is not None:
                found.add(("section after", change.place.after or ""))
        case ChangeKind.FRONT:
            found.add(("front", change.field or ""))
    return found
