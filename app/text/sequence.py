"""The order in which the changes of one proposal are put into a text so that together they give its text exactly."""

from collections.abc import Sequence

from app.text.change import ChangeKind
from app.text.woven import Proposed


def by_proposal(chosen: Sequence[Proposed]) -> list[list[Proposed]]:
    """The changes by proposal: proposals in the order of their first change."""
    found: dict[str, list[Proposed]] = {}
    for one in chosen:
        found.setdefault(one.proposal, []).append(one)
    return list(found.values())


def placing_order(changes: Sequence[Proposed]) -> list[Proposed]:
    """Insertions and moves of one proposal: what stands after another placed thing comes after it, else by number.

    Numbers alone do not tell, since a change keeps its number through all versions of a proposal.
    """
    placed = {_thing(one): one for one in changes if one.change.place is not None}
    order: list[Proposed] = []
    seen: set[str] = set()

    def put(one: Proposed) -> None:
        trail: list[Proposed] = []
        at: Proposed | None = one
        while at is not None and at.ref not in seen:
            seen.add(at.ref)
            trail.append(at)
            after = at.change.place.after if at.change.place is not None else None
            at = placed.get(after) if after is not None else None
        order.extend(reversed(trail))

    for one in sorted(placed.values(), key=lambda one: one.change.number):
        put(one)
    return order


def insertion_runs(order: Sequence[Proposed]) -> list[list[Proposed]]:
    """The same order in runs: insertions that stand right after each other are one run, anything else stands alone."""
    runs: list[list[Proposed]] = []
    for one in order:
        last = runs[-1][-1].change if runs else None
        place = one.change.place
        follows = (
            last is not None
            and last.kind is one.change.kind is ChangeKind.INSERT
            and place is not None
            and place.after == last.block
        )
        if follows:
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def _thing(one: Proposed) -> str:
    return one.change.block or one.change.section or one.ref
