"""The longest common part of two sequences, found for many values at once in the bits of large numbers."""

from collections.abc import Hashable, Sequence

# One bit for each pair of values: 50 MB at the most, for which time matters less than memory.
_MOST_BITS = 400_000_000


def can_match(old: Sequence[Hashable], new: Sequence[Hashable]) -> bool:
    """Whether `matches` may be asked: counted in values, so that every machine answers alike."""
    return len(old) * len(new) <= _MOST_BITS


def cost(old: Sequence[Hashable], new: Sequence[Hashable]) -> int:
    """What `matches` costs, in steps of an `Effort`."""
    return (len(old) + len(new)) * (1 + len(old) // 5_000)


def matches(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """As many pairs of equal values as can be found with both sides in order, as (place in old, place in new).

    Hyyrö's recurrence: one bit for each old value, and a row of bits for each new one, in which a bit falls to zero
    where the common part grows. Read backwards, the rows say which values are the common part.
    """
    places: dict[Hashable, int] = {}
    for n, value in enumerate(old):
        places[value] = places.get(value, 0) | 1 << n
    full = (1 << len(old)) - 1
    row = full
    rows: list[int] = []
    for value in new:
        match = places.get(value)
        if match is not None:
            met = row & match
            row = (row + met | row - met) & full
        rows.append(row)
    found: list[tuple[int, int]] = []
    i, j = len(old) - 1, len(new) - 1
    while i >= 0 and j >= 0:
        if rows[j] >> i & 1:
            i -= 1
        elif j and not rows[j - 1] >> i & 1:
            j -= 1
        else:
            found.append((i, j))
            i, j = i - 1, j - 1
    found.reverse()
    return found
