"""Alignment: which block of one text is which of another, and which id it bears."""

from collections.abc import Callable
from itertools import count, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.text.align import Pair, align, assign_ids
from app.text.blocks import Block, Kind, ListStyle
from app.text.chains import best_chain, longest_chain
from app.text.likeness import Wording

A = "Our mission is to foster better organisations together with patients."
B = "The board decides on every proposal by a simple majority of its members."
C = "Members may leave the community at any time by writing to the secretary."
D = "A quorum is reached when more than half of the members take part."


def p(text: str, id: str | None = None) -> Block:
    return Block(Kind.PARAGRAPH, text, id=id)


def note(label: str, text: str) -> Block:
    return Block(Kind.NOTE, text, label=label)


def paired(old: list[Block], new: list[Block]) -> list[tuple[int | None, int | None]]:
    return [(pair.old, pair.new) for pair in align(old, new)]


def fresh_ids() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"new{next(numbers)}"


VOCABULARY = ("board", "member", "quorum", "votes", "in", "writing", "every", "year", "the", "a", "of")
BLOCKS = st.lists(
    st.builds(
        p,
        st.lists(st.sampled_from(VOCABULARY), max_size=12).map(" ".join),
        st.sampled_from([None, None, None, "a", "b", "c"]),
    ),
    max_size=7,
)


def test_equal_blocks_are_paired_in_order() -> None:
    assert paired([p(A), p(B), p(C)], [p(A), p(C)]) == [(0, 0), (1, None), (2, 1)]


def test_a_reworded_block_is_still_the_same_block() -> None:
    assert paired([p(A), p(B)], [p(A), p(B.replace("simple majority", "majority of two thirds"))]) == [(0, 0), (1, 1)]


def test_unlike_blocks_are_two_blocks_and_the_deleted_one_comes_first() -> None:
    assert paired([p(A), p(B)], [p(A), p("Nothing of that kind remains here.")]) == [(0, 0), (1, None), (None, 1)]


def test_ids_say_more_than_words() -> None:
    old = [p(A, "x"), p(B, "y")]
    new = [p(B, "x"), p(A, "y")]
    assert paired(old, new) == [(0, 0), (1, 1)]


def test_a_block_that_changed_its_place_is_moved() -> None:
    assert align([p(A), p(B), p(C)], [p(C), p(A), p(B)]) == (Pair(2, 0, moved=True), Pair(0, 1), Pair(1, 2))


def test_a_block_that_moved_and_was_touched_up_is_moved() -> None:
    pairs = align([p(A), p(B), p(C)], [p(C.replace("any time", "every moment")), p(A), p(B)])
    assert pairs[0] == Pair(2, 0, moved=True)


def test_as_little_text_as_possible_is_said_to_have_moved() -> None:
    short, long = p("A short one."), p(f"{A} {B} {C}")
    assert align([short, long], [long, short]) == (Pair(1, 0), Pair(0, 1, moved=True))


def test_notes_are_paired_by_label_and_never_moved() -> None:
    old = [note("one", A), note("two", B)]
    new = [note("two", C), note("one", A)]
    assert set(align(old, new)) == {Pair(0, 1), Pair(1, 0)}


def test_a_paragraph_that_became_an_item_is_the_same_block() -> None:
    old = [p(A), p(B)]
    new = [p(A), Block(Kind.ITEM, B, style=ListStyle.BULLET, start=1)]
    assert paired(old, new) == [(0, 0), (1, 1)]


def test_code_is_never_a_rewritten_paragraph() -> None:
    assert paired([p(A)], [Block(Kind.CODE, A)]) == [(0, None), (None, 0)]


def test_repeated_blocks_keep_their_order() -> None:
    assert paired([p("Yes."), p(A), p("Yes.")], [p("Yes."), p("Yes.")]) == [(0, 0), (1, None), (2, 1)]


@given(BLOCKS, BLOCKS)
@settings(max_examples=150)
def test_every_block_stands_in_one_pair_and_new_blocks_in_order(old: list[Block], new: list[Block]) -> None:
    pairs = align(old, new)
    assert sorted(pair.old for pair in pairs if pair.old is not None) == list(range(len(old)))
    assert [pair.new for pair in pairs if pair.new is not None] == list(range(len(new)))
    staying = [pair.old for pair in pairs if pair.old is not None and not pair.moved]
    assert staying == sorted(staying)


@given(BLOCKS)
def test_a_text_is_aligned_to_itself(blocks: list[Block]) -> None:
    assert paired(blocks, blocks) == [(n, n) for n in range(len(blocks))]


def test_two_large_unrelated_texts_are_aligned_without_delay() -> None:
    def text(seed: int) -> list[Block]:
        return [p(" ".join(f"w{(n * seed + k * k) % 997}" for k in range(60))) for n in range(500)]

    assert len(align(text(7), text(13))) >= 500


def test_ids_come_from_the_base_by_text_then_by_likeness_and_the_rest_is_fresh() -> None:
    base = [p(A, "a"), p(B, "b"), p(C, "c")]
    new = [p(A), p(D), p(B.replace("simple", "plain")), p(C)]
    assert [block.id for block in assign_ids(base, new, fresh_ids())] == ["a", "new1", "b", "c"]


def test_the_larger_part_of_a_split_block_keeps_its_id() -> None:
    base = [p(f"{A} {B} {C}", "whole")]
    new = [p(A), p(f"{B} {C}")]
    assert [block.id for block in assign_ids(base, new, fresh_ids())] == ["new1", "whole"]
    assert [block.id for block in assign_ids(base, [p(f"{A} {B}"), p(C)], fresh_ids())] == ["whole", "new1"]


def test_a_block_split_in_many_keeps_its_id_in_the_largest_part() -> None:
    base = [p(f"{A} {B} {C} {D} {A[::-1]} Short end.", "whole")]
    ids = [block.id for block in assign_ids(base, [p(A), p(B), p(C), p(D), p("Short end.")], fresh_ids())]
    assert ids.count("whole") == 1
    assert ids[4] != "whole"


def test_an_id_that_the_sender_gave_is_respected() -> None:
    base = [p(A, "a"), p(B, "b")]
    new = [p(B), p(A, "b"), p(C, "own")]
    assert [block.id for block in assign_ids(base, new, fresh_ids())][1:] == ["b", "own"]


def test_a_repeated_id_stays_with_the_first_block() -> None:
    assert [block.id for block in assign_ids([], [p(A, "a"), p(B, "a")], fresh_ids())] == ["a", "new1"]


def test_a_fresh_id_that_is_in_use_is_not_taken() -> None:
    numbers = iter(["a", "b", "z"])
    assert assign_ids([p(A, "a"), p(B, "b")], [p(D)], lambda: next(numbers))[0].id == "z"


@given(BLOCKS, BLOCKS)
@settings(max_examples=150)
def test_no_id_is_given_twice_and_no_word_is_changed(base: list[Block], new: list[Block]) -> None:
    given_ids = assign_ids(base, new, fresh_ids())
    ids = [block.id for block in given_ids]
    assert None not in ids
    assert len(set(ids)) == len(ids)
    assert [block.body for block in given_ids] == [block.body for block in new]


@given(st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.sampled_from("abcd"), max_size=12))
def test_kept_words_are_the_longest_common_subsequence(one: list[str], other: list[str]) -> None:
    longest = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i, x in enumerate(one):
        for j, y in enumerate(other):
            longest[i + 1][j + 1] = longest[i][j] + 1 if x == y else max(longest[i][j + 1], longest[i + 1][j])
    assert Wording(" ".join(one)).kept_words(other) == longest[-1][-1]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(1, 9)), max_size=9))
def test_the_heaviest_chain_rises_and_is_the_heaviest(pairs: list[tuple[int, int, int]]) -> None:
    weights = {(i, j): weight for i, j, weight in pairs}
    chain = best_chain([(i, j, float(weight)) for (i, j), weight in weights.items()])
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(chain))

    def heaviest(i: int, j: int) -> int:
        later = [pair for pair in weights if pair[0] >= i and pair[1] >= j]
        return max((weights[x, y] + heaviest(x + 1, y + 1) for x, y in later), default=0)

    assert sum(weights[pair] for pair in chain) == heaviest(0, 0)


@pytest.mark.parametrize(
    ("pairs", "length"), [([], 0), ([(0, 3), (1, 1), (2, 2)], 2), ([(0, 0), (1, 1), (2, 2)], 3), ([(0, 2), (1, 1)], 1)]
)
def test_the_longest_chain_is_found(pairs: list[tuple[int, int]], length: int) -> None:
    assert len(longest_chain(pairs)) == length
