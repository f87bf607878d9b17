"""The readings that somebody may choose from when two rewritings of one wording clash, and what an edit touches."""

import pytest

from app.text.blocks import Kind
from app.text.merge import TextCombination, TextConflict, merge_text
from app.text.worddiff import Hunk
from app.text.wordmerge import touched_ranges, touched_sentences

BOARD = "Our board meets every month in the old town hall."
VOTE = "Members vote by hand."
BASE = f"{BOARD} {VOTE}"
TABLE = "| a | b |\n| 1 | 2 |"
CODE = "a = 1\nb = 2\nc = 3"


def edited(*pairs: tuple[str, str], base: str = BASE) -> str:
    for old, new in pairs:
        assert base.count(old) == 1
        base = base.replace(old, new)
    return base


# --- the readings of a conflict ------------------------------------------------------------------------------------


def test_a_sentence_in_which_words_clash_is_read_with_ours_with_theirs_and_with_both_and_all_other_edits() -> None:
    ours = edited(("every month", "each year"), ("town hall", "barn"))
    theirs = edited(("every month", "each week"), ("Our", "The"))
    assert merge_text(BASE, ours, theirs).parts == (
        TextConflict(
            0,
            len(BOARD),
            BOARD,
            "The board meets each year in the old barn.",
            "The board meets each week in the old barn.",
            "The board meets each year each week in the old barn.",
        ),
        f" {VOTE}",
    )


def test_a_sentence_of_which_a_side_left_less_than_half_is_read_as_either_side_has_it() -> None:
    base, theirs = "One two three four. Five.", "Un two three four. Five."
    (conflict,) = merge_text(base, "Ein zwei three four. Five.", theirs).conflicts
    assert conflict.both == "Ein zwei Un two three four."
    (conflict,) = merge_text(base, "Ein zwei drei four. Five.", theirs).conflicts
    assert (conflict.start, conflict.end, conflict.base) == (0, 19, "One two three four.")
    assert conflict.standing == "Ein zwei drei four."
    assert conflict.proposed == "Un two three four."
    assert conflict.both == "Ein zwei drei four. Un two three four."
    (turned,) = merge_text(base, theirs, "Ein zwei drei four. Five.").conflicts
    assert turned.both == "Un two three four. Ein zwei drei four."


def test_rival_sentences_are_offered_one_after_the_other_with_one_space_between_them() -> None:
    (conflict,) = merge_text("One.", "One. Three.", "One. Four.").conflicts
    assert (conflict.standing, conflict.proposed, conflict.both) == (" Three.", " Four.", " Three. Four.")
    (conflict,) = merge_text("", "Ours.", "Theirs.").conflicts
    assert conflict.both == "Ours. Theirs."


def test_taking_words_away_against_rewriting_them_offers_no_space_alone() -> None:
    base = "Members vote. The chair counts them all."
    (conflict,) = merge_text(base, "Members vote.", edited(("counts them all", "counts"), base=base)).conflicts
    assert conflict.standing.strip() == ""
    assert conflict.both.strip() == conflict.proposed.strip() == "The chair counts."


# --- words that were moved ----------------------------------------------------------------------------------------


def test_a_sentence_that_one_side_moved_and_the_other_rewrote_is_a_question_about_all_of_it() -> None:
    base = "Members vote by hand. The chair counts. All go home."
    ours = "The chair counts. All go home. Members vote by hand."
    theirs = edited(("hand", "voice"), base=base)
    assert merge_text(base, ours, theirs).parts == (TextConflict(0, len(base), base, ours, theirs, f"{ours} {theirs}"),)
    turned = merge_text(base, theirs, ours)
    assert turned.parts == (TextConflict(0, len(base), base, theirs, ours, f"{theirs} {ours}"),)
    assert turned.combined == ()
    assert turned.proof.deleted_by_ours == frozenset({6})
    assert not turned.is_clean


def test_two_words_that_stand_again_elsewhere_are_no_move() -> None:
    base = "Go home. The chair counts. All vote."
    merge = merge_text(base, "The chair counts. All vote. Go home.", "Go now. The chair counts. All vote.")
    assert [(c.base.strip(), c.standing.strip(), c.proposed.strip()) for c in merge.conflicts] == [
        ("Go home.", "", "Go now.")
    ]
    assert merge.text.strip() == "The chair counts. All vote. Go home."


def test_taking_away_two_halves_of_a_text_never_leaves_nothing() -> None:
    (conflict,) = merge_text("One two. Three four.", "One two.", "Three four.").conflicts
    assert (conflict.standing, conflict.proposed) == ("One two.", "Three four.")
    assert merge_text("Keep it.", "", "").parts == ("",)


# --- new sentences ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "theirs",
    [
        edited(("old ", "new ")),
        edited(("Members", "All members")),
        edited(("hall.", "room.")),
        edited(("hand", "voice")),
        edited(("Our", "The")),
    ],
)
def test_a_whole_new_sentence_beside_an_edited_one_needs_no_reading(theirs: str) -> None:
    ours = edited(("hall. ", "hall. All may come. "))
    merge = merge_text(BASE, ours, theirs)
    assert (merge.conflicts, merge.combined) == ((), ())
    assert " All may come. " in merge.text
    assert merge.text.replace(" All may come.", "") == theirs


def test_new_words_that_run_into_the_next_sentence_are_to_be_read_with_it() -> None:
    merge = merge_text(BASE, edited(("hall. ", "hall. see below ")), edited(("old ", "new ")))
    text = edited(("hall. ", "hall. see below "), ("old ", "new "))
    assert merge.combined == (TextCombination(0, len(BASE), BASE, text),)
    assert merge.text == text


def test_the_record_of_a_merge_says_who_took_away_which_tokens() -> None:
    merge = merge_text(VOTE, edited(("by hand", "by voice"), base=VOTE), edited(("Members", "All"), base=VOTE))
    assert merge.proof.ours == (Hunk(6, 7, ("voice",)),)
    assert merge.proof.theirs == (Hunk(0, 1, ("All",)),)
    assert (merge.proof.deleted_by_ours, merge.proof.deleted_by_theirs) == (frozenset({6}), frozenset({0}))
    assert merge.is_clean


# --- tables and code ------------------------------------------------------------------------------------------------


def test_rows_of_a_table_are_merged_one_by_one() -> None:
    merge = merge_text(TABLE, edited(("2", "3"), base=TABLE), edited(("b", "c"), base=TABLE), Kind.TABLE)
    assert (merge.text, merge.conflicts, merge.combined) == ("| a | c |\n| 1 | 3 |", (), ())
    merge = merge_text(TABLE, edited(("2", "3"), base=TABLE), f"{TABLE}\n| 5 | 6 |", Kind.TABLE)
    assert (merge.text, merge.conflicts) == ("| a | b |\n| 1 | 3 |\n| 5 | 6 |", ())
    (conflict,) = merge_text(
        TABLE, edited(("2", "3"), base=TABLE), edited(("2", "4"), base=TABLE), Kind.TABLE
    ).conflicts
    assert (conflict.start, conflict.base, conflict.standing, conflict.proposed) == (
        10,
        "| 1 | 2 |",
        "| 1 | 3 |",
        "| 1 | 4 |",
    )


def test_a_table_that_got_a_column_on_one_side_is_a_question_as_a_whole() -> None:
    ours, theirs = edited(("2", "3"), base=TABLE), "| a | b | c |\n| 1 | 2 | 4 |"
    assert merge_text(TABLE, ours, theirs, Kind.TABLE).parts == (
        TextConflict(0, len(TABLE), TABLE, ours, theirs, ours),
    )
    assert merge_text(TABLE, theirs, ours, Kind.TABLE).parts == (
        TextConflict(0, len(TABLE), TABLE, theirs, ours, theirs),
    )


def test_lines_of_code_are_merged_one_by_one_and_may_hold_lone_marks() -> None:
    ours, theirs = edited(("a = 1", "a = 2 *"), base=CODE), edited(("c = 3", "c = 4 *"), base=CODE)
    assert merge_text(CODE, ours, theirs, Kind.CODE).parts == ("a = 2 *", "\nb = 2\n", "c = 4 *")
    (conflict,) = merge_text(CODE, edited(("2", "3"), base=CODE), edited(("2", "4"), base=CODE), Kind.CODE).conflicts
    assert (conflict.base, conflict.standing, conflict.proposed) == ("b = 2", "b = 3", "b = 4")


# --- what an edit touches -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("new", "ranges", "sentences"),
    [
        (BASE, (), set()),
        (edited(("every", "each")), ((0, 50),), {BOARD}),
        (edited(("by hand", "by voice")), ((50, 71),), {VOTE}),
        (edited(("hall. ", "hall. New one. ")), ((49, 49),), {f"after {BOARD}"}),
        (f"{BASE} More.", ((71, 71),), {f"after {BASE}"}),
        (f"First. {BASE}", ((0, 0),), {"after "}),
        (edited(("hall. Members", "hall and members")), ((0, 50), (50, 71)), {BOARD, VOTE}),
        (BOARD, ((50, 71),), {VOTE}),
        ("", ((0, 50), (50, 71)), {BOARD, VOTE}),
    ],
)
def test_an_edit_touches_whole_sentences_or_the_point_after_one(
    new: str, ranges: tuple[tuple[int, int], ...], sentences: set[str]
) -> None:
    assert touched_ranges(BASE, new) == ranges
    assert touched_sentences(BASE, new) == sentences


def test_an_edit_of_a_table_or_of_code_touches_lines() -> None:
    assert touched_ranges(TABLE, edited(("2", "3"), base=TABLE), Kind.TABLE) == ((10, 19),)
    assert touched_ranges(CODE, edited(("2", "3"), base=CODE), Kind.CODE) == ((6, 12),)
    assert touched_sentences(CODE, edited(("2", "3"), base=CODE), Kind.CODE) == {"b = 2"}
    assert touched_ranges("", "New.") == ((0, 0),)
