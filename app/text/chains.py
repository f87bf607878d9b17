"""Pairs of places that keep their order: sure signs, and the longest and the heaviest chain among many."""

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Sequence
from itertools import pairwise
from typing import TypeVar

_Value = TypeVar("_Value", bound=Hashable)


def longest_chain(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most pairs that rise on both sides. The pairs come sorted, each left place once."""
    ends: list[int] = []
    tails: list[int] = []
    before: list[int] = []
    for n, (_, right) in enumerate(pairs):
        place = bisect_left(ends, right)
        before.append(tails[place - 1] if place else -1)
        if place == len(ends):
            ends.append(right)
            tails.append(n)
        else:
            ends[place] = right
            tails[place] = n
    chain: list[tuple[int, int]] = []
    n = tails[-1] if tails else -1
    while n >= 0:
        chain.append(pairs[n])
        n = before[n]
    return chain[::-1]


def best_chain(pairs: Sequence[tuple[int, int, float]]) -> list[tuple[int, int]]:
    """The heaviest set of (left, right, weight) that rises on both sides; each place is used once at most."""
    if not pairs:
        return []
    if all(one[0] < other[0] and one[1] < other[1] and one[2] > 0 for one, other in pairwise(pairs)):
        return [(left, right) for left, right, _ in pairs]
    # Larger right places first, so that two pairs of one left place never stand in one chain.
    order = sorted(pairs, key=lambda pair: (pair[0], -pair[1]))
    rights = sorted({right for _, right, _ in order})
    rank = {right: n for n, right in enumerate(rights)}
    heaviest: list[tuple[float, int]] = [(0.0, -1)] * (len(rights) + 1)
    totals: list[float] = []
    before: list[int] = []
    for n, (_, right, weight) in enumerate(order):
        # The heaviest chain that ends left of this right place (a Fenwick tree of prefix maxima).
        best: tuple[float, int] = (0.0, -1)
        at = rank[right]
        while at > 0:
            if heaviest[at][0] > best[0]:
                best = heaviest[at]
            at -= at & -at
        totals.append(best[0] + weight)
        before.append(best[1])
        at = rank[right] + 1
        while at <= len(rights):
            if totals[n] > heaviest[at][0]:
                heaviest[at] = (totals[n], n)
            at += at & -at
    n = max(range(len(order)), key=lambda k: (totals[k], -k))
    chain: list[tuple[int, int]] = []
    while n >= 0:
        chain.append(order[n][:2])
        n = before[n]
    return chain[::-1]


def only_places(values: Iterable[_Value | None]) -> dict[_Value, int]:
    """The values that occur exactly once, and where."""
    places: dict[_Value, int] = {}
    again: set[_Value] = set()
    for n, value in enumerate(values):
        if value is None or value in again:
            continue
        if value in places:
            again.add(value)
            del places[value]
        else:
            places[value] = n
    return places
