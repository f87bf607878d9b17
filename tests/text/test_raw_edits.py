"""The smallest edits between two long sequences, by each of the ways in which they are found."""

from collections.abc import Hashable, Sequence
from itertools import pairwise

import pytest

from app.text.effort import Effort
from app.text.raw_edits import Edit, raw_edits

PLENTY = 10**9


def replayed(old: Sequence[Hashable], new: Sequence[Hashable], edits: Sequence[Edit]) -> list[Hashable]:
    found: list[Hashable] = []
    at = 0
    for edit in edits:
        assert at <= edit.i1
        found += [*old[at : edit.i1], *new[edit.j1 : edit.j2]]
        at = edit.i2
    return [*found, *old[at:]]


def found(old: Sequence[Hashable], new: Sequence[Hashable], steps: int = PLENTY) -> tuple[list[Edit], bool]:
    effort = Effort(steps)
    edits = raw_edits(old, new, effort)
    assert replayed(old, new, edits) == list(new)
    assert all(one.i2 < other.i1 or one.j2 < other.j1 for one, other in pairwise(edits))
    return edits, effort.spent_up


WORDS = [f"w{n}" for n in range(1_600)]


def test_long_texts_are_cut_at_the_words_that_stand_once_in_each() -> None:
    old = ["a", *WORDS, "b"]
    new = ["c", *WORDS[:400], "y", *WORDS[401:800], *WORDS[801:1_200], "z", *WORDS[1_200:], "d"]
    assert found(old, new) == (
        [
            Edit(0, 1, 0, 1),
            Edit(401, 402, 401, 402),
            Edit(801, 802, 801, 801),
            Edit(1_201, 1_201, 1_200, 1_201),
            Edit(1_601, 1_602, 1_601, 1_602),
        ],
        False,
    )


def test_what_is_repeated_between_those_words_is_compared_there() -> None:
    old = ["a", *(part for word in WORDS for part in (word, " ")), "b"]
    new = ["c", *(part for word in WORDS for part in (word, " ")), "d"]
    new[801:803] = ["new", "-", "newer", " "]
    edits, spent_up = found(old, new)
    assert (edits[1:-1], spent_up) == ([Edit(801, 802, 801, 804)], False)
    new = [*new[:1_601], "x", *new[1_601:]]
    assert [edit for edit in found(old, new)[0] if edit.i1 == edit.i2] == [Edit(1_599, 1_599, 1_601, 1_602)]


def test_of_words_that_changed_places_the_most_that_keep_their_order_stay() -> None:
    old = ["a", *WORDS, "b"]
    new = ["c", *WORDS[300:], *WORDS[:300], "d"]
    assert found(old, new)[0] == [Edit(0, 301, 0, 1), Edit(1_601, 1_602, 1_301, 1_602)]


def test_a_word_that_stands_twice_on_one_side_is_no_place_to_cut() -> None:
    old = ["a", *WORDS, "b"]
    new = ["c", "w1500", *WORDS, "d"]
    assert found(old, new)[0] == [Edit(0, 1, 0, 2), Edit(1_601, 1_602, 1_602, 1_603)]


def test_words_at_which_a_text_is_cut_cost_nothing() -> None:
    old, new = ["a", *WORDS, "b"], ["c", *WORDS, "d"]
    effort = Effort(10)
    assert raw_edits(old, new, effort) == [Edit(0, 1, 0, 1), Edit(1_601, 1_602, 1_601, 1_602)]
    assert not effort.spent_up


# Without a word that stands once, and too many pairs of words for bits.
MANY = [n % 7 for n in range(20_000)]


@pytest.mark.parametrize(
    ("old", "new", "edits"),
    [
        (["a", *MANY, "b"], MANY, [Edit(0, 1, 0, 0), Edit(20_001, 20_002, 20_000, 20_000)]),
        (MANY, ["a", *MANY, "b"], [Edit(0, 0, 0, 1), Edit(20_000, 20_000, 20_001, 20_002)]),
        (
            ["a", *MANY, "b"],
            ["c", "c", *MANY, "d", "d"],
            [Edit(0, 1, 0, 2), Edit(20_001, 20_002, 20_002, 20_004)],
        ),
        (
            ["a", *MANY[:700], "x", *MANY[700:], "b"],
            ["c", *MANY[:700], "y", "y", *MANY[700:], "d"],
            [Edit(0, 1, 0, 1), Edit(701, 702, 701, 703), Edit(20_002, 20_003, 20_003, 20_004)],
        ),
    ],
)
def test_very_long_texts_are_compared_little_by_little(
    old: list[Hashable], new: list[Hashable], edits: list[Edit]
) -> None:
    assert found(old, new) == (edits, False)


def test_very_long_texts_that_cost_too_much_are_replaced_where_the_budget_ends() -> None:
    old = ["a", *(n * 7 % 50 for n in range(21_000)), "b"]
    new = ["c", *(n * 11 % 53 for n in range(21_000)), "d"]
    edits, spent_up = found(old, new, 500)
    assert spent_up
    assert (edits[0].i1, edits[0].j1, edits[-1].i2, edits[-1].j2) == (0, 0, len(old), len(new))


def test_more_words_than_the_basic_plane_holds_are_told_apart_little_by_little() -> None:
    words = list(range(56_000)) * 2
    new = [*words]
    new[56_000 + 55_039 : 56_000 + 55_042] = ["x", "y", "z"]
    assert found(["a", *words, "b"], ["c", *new, "d"]) == (
        [
            Edit(0, 1, 0, 1),
            Edit(111_040, 111_043, 111_040, 111_043),
            Edit(112_001, 112_002, 112_001, 112_002),
        ],
        False,
    )


@pytest.mark.parametrize("same", [0, 1, 31, 32, 33, 63, 64, 65, 100])
def test_equal_beginnings_and_ends_of_any_length_are_left_alone(same: int) -> None:
    words = list(range(same))
    for gone, come in ((["x"], ["y"]), (["x"], []), ([], ["y"]), (["x", "x"], ["y"])):
        edit = [Edit(same, same + len(gone), same, same + len(come))]
        effort = Effort(len(gone) + len(come))
        assert raw_edits([*words, *gone, *words], [*words, *come, *words], effort) == edit
        assert not effort.spent_up


@pytest.mark.parametrize("times", [1, 31, 32, 33, 64, 70])
def test_one_word_more_or_less_of_many_equal_ones_is_one_edit(times: int) -> None:
    few, many = ["a"] * times, ["a"] * (times + 1)
    assert found(few, many)[0] == [Edit(times, times, times, times + 1)]
    assert found(many, few)[0] == [Edit(times, times + 1, times, times)]
    assert found(many, many)[0] == []


def test_a_budget_that_is_just_enough_is_enough() -> None:
    old, new = ["x", "b", "c"], ["b", "y"]
    assert found(old, new, 5) == ([Edit(0, 1, 0, 0), Edit(2, 3, 1, 2)], False)
    assert found(old, new, 4) == ([Edit(0, 3, 0, 2)], True)
