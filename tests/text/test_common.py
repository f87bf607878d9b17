"""The longest common part: as long as it can be, in order on both sides, and the same every time."""

from hypothesis import given
from hypothesis import strategies as st

from app.text.common import matches

SMALL = st.lists(st.integers(0, 3), max_size=14)


@given(SMALL, SMALL)
def test_matches_are_equal_in_order_and_as_many_as_can_be(old: list[int], new: list[int]) -> None:
    found = matches(old, new)
    assert all(old[i] == new[j] for i, j in found)
    assert found == sorted(found)
    assert len({i for i, _ in found}) == len({j for _, j in found}) == len(found)
    table = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i, value in enumerate(old):
        for j, other in enumerate(new):
            table[i + 1][j + 1] = table[i][j] + 1 if value == other else max(table[i][j + 1], table[i + 1][j])
    assert len(found) == table[-1][-1]


def test_thousands_of_values_are_matched() -> None:
    old = [n % 97 for n in range(3_000)]
    new = [value for n, value in enumerate(old) if n % 50]
    assert [new[j] for _, j in matches(old, new)] == new
