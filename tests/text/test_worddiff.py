"""Word differences: exact to the character, whole words only, and the same on every machine."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.text.effort import Effort
from app.text.worddiff import Hunk, Op, common_runs, diff_words, hunks
from app.text.words import tokens

WORDS = st.lists(
    st.sampled_from(["the", "key", "equal", "board", ".", ",", "**", "[^a]", "e\u0301t", "日", "👍🏽", "\n", "A"]),
    max_size=14,
)
TEXTS = WORDS.map(" ".join)
NOISE = st.text(alphabet="ab *\\.\n日e\u0301", max_size=25)


def shown(old: str, new: str) -> str:
    marks = {Op.KEEP: "{}", Op.DELETE: "[-{}-]", Op.INSERT: "[+{}+]"}
    return "".join(marks[piece.op].format(piece.text) for piece in diff_words(old, new).pieces)


def replayed(old: str, new: str, *, tidy: bool) -> str:
    before = tokens(old)
    after: list[str] = []
    at = 0
    for hunk in hunks(before, tokens(new), tidy=tidy):
        after += [*before[at : hunk.start], *hunk.new_tokens]
        at = hunk.end
    return "".join([*after, *before[at:]])


@pytest.mark.parametrize(
    ("old", "new", "redline"),
    [
        ("a key point", "an equal point", "[-a key-][+an equal+] point"),
        ("the key point", "the equal point", "the [-key-][+equal+] point"),
        ("the dog", "the big dog", "the [+big +]dog"),
        ("Yes. No.", "Yes. Perhaps. No.", "Yes.[+ Perhaps.+] No."),
        ("Yes. Perhaps. No.", "Yes. No.", "Yes.[- Perhaps.-] No."),
        ("organise", "organize", "[-organise-][+organize+]"),
        ("a *key* point", "a **key** point", "a [-*-][+**+]key[-*-][+**+] point"),
        ("see[^a] it", "see[^b] it", "see[-[^a]-][+[^b]+] it"),
        ("[x](https://a.b)", "[x](https://a.c)", "[x][-(https://a.b)-][+(https://a.c)+]"),
        ("cafe\u0301", "cafe", "[-cafe\u0301-][+cafe+]"),
        ("日本語", "日木語", "日[-本-][+木+]語"),
        ("1,000 euros", "1,500 euros", "[-1,000-][+1,500+] euros"),
        ("👍🏽 ok", "👍🏿 ok", "[-👍🏽-][+👍🏿+] ok"),
        ("same", "same", "same"),
        ("", "new", "[+new+]"),
        ("old", "", "[-old-]"),
        ("", "", ""),
    ],
)
def test_what_changed_is_shown_in_whole_words(old: str, new: str, redline: str) -> None:
    assert shown(old, new) == redline


def test_a_short_island_between_two_rewritings_is_rewritten_too() -> None:
    old = "The board shall meet every month in the town hall and decide."
    new = "The council will then assemble twice a year in public places and decide."
    assert shown(old, new).count("[-") == 1


def test_next_to_nothing_kept_is_shown_as_replaced_whole() -> None:
    old = "alpha beta gamma delta epsilon zeta eta theta iota kappa"
    new = "one two gamma three four five six seven eight nine"
    assert shown(old, new) == f"[-{old}-][+{new}+]"


@given(st.one_of(st.tuples(TEXTS, TEXTS), st.tuples(NOISE, NOISE)))
@settings(max_examples=300)
def test_pieces_give_both_texts_back(texts: tuple[str, str]) -> None:
    old, new = texts
    pieces = diff_words(old, new).pieces
    assert "".join(piece.text for piece in pieces if piece.op is not Op.INSERT) == old
    assert "".join(piece.text for piece in pieces if piece.op is not Op.DELETE) == new
    assert all(piece.text for piece in pieces)
    assert all(one.op is not other.op for one, other in pairwise(pieces))


@given(TEXTS, TEXTS, st.booleans())
@settings(max_examples=300)
def test_hunks_replayed_on_the_old_text_give_the_new(old: str, new: str, tidy: bool) -> None:
    assert replayed(old, new, tidy=tidy) == new


@given(TEXTS, TEXTS)
@settings(max_examples=200)
def test_hunks_are_in_order_and_never_touch(old: str, new: str) -> None:
    found = hunks(tokens(old), tokens(new), tidy=False)
    assert all(one.end < other.start for one, other in pairwise(found))
    assert all(hunk.start < hunk.end or hunk.new_tokens for hunk in found)


def test_one_edit_among_repeats_has_one_place() -> None:
    """The same line put in before or after its twin is the same edit."""
    base = ["x", "\n", "x", "\n", "y"]
    assert hunks(base, ["x", "\n", "x", "\n", "x", "\n", "y"]) == (Hunk(1, 1, ("\n", "x")),)


@pytest.mark.parametrize("sentence", ["It binds all.", "One two."])
def test_a_sentence_put_in_stands_between_sentences(sentence: str) -> None:
    base = tokens("We meet. We vote. We go.")
    edited = tokens(f"We meet. We vote. {sentence} We go.")
    assert hunks(base, edited) == (Hunk(9, 9, (" ", *tokens(sentence))),)


def test_past_the_budget_the_rest_is_replaced_and_marked_coarse() -> None:
    old, new = " ".join(f"a{n}" for n in range(400)), " ".join(f"b{n}" for n in range(400))
    diff = diff_words(old, new, Effort(500))
    assert diff.coarse
    assert "".join(piece.text for piece in diff.pieces if piece.op is not Op.INSERT) == old
    assert not diff_words(old, new).coarse


def test_the_budget_counts_steps_so_that_the_answer_never_varies() -> None:
    old = " ".join(f"w{n * 7 % 50}" for n in range(300))
    new = " ".join(f"w{n * 11 % 50}" for n in range(300))
    answers = set()
    for _ in range(3):
        effort = Effort(500)
        answers.add((diff_words(old, new, effort), effort.left, effort.spent_up))
    assert len(answers) == 1
    assert next(iter(answers))[2]


@given(st.lists(st.integers(0, 4), max_size=12), st.lists(st.integers(0, 4), max_size=12))
def test_runs_in_common_stand_in_both_and_rise(old: list[int], new: list[int]) -> None:
    at_old = at_new = 0
    for i, j, length in common_runs(old, new, Effort()):
        assert old[i : i + length] == new[j : j + length]
        assert i >= at_old
        assert j >= at_new
        at_old, at_new = i + length, j + length


def test_more_different_tokens_than_the_basic_plane_holds_are_told_apart() -> None:
    """Surrogates lie in the middle of the alphabet that tokens are written in."""
    old = [f"t{n}" for n in range(60_000)]
    new = [*old[:55_900], "new", *old[55_901:]]
    assert hunks(old, new) == (Hunk(55_900, 55_901, ("new",)),)
    swapped = ["z", *old[55_000:56_000], "y"]
    assert hunks(["q", *old[55_000:56_000], "r"], swapped)[0].new_tokens == ("z",)
