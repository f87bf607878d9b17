"""Merging two rewritings of one wording: what fits, what must be read, what must be chosen."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.text.merge import TextMerge, merge_text
from app.text.words import is_word, tokens

VISION = (
    "Enabling a world where patients are key partners in shaping sustainable care. "
    "Their perspectives are integral to decisions. We act on evidence."
)


def merged(base: str, *edits: tuple[str, str]) -> TextMerge:
    """The merge of two texts that each come from one replacement in the base."""
    (old, new), (other_old, other_new) = edits
    assert base.count(old) == base.count(other_old) == 1
    return merge_text(base, base.replace(old, new), base.replace(other_old, other_new))


def test_edits_of_different_sentences_both_go_in_and_need_no_reading() -> None:
    merge = merged(VISION, ("key", "equal"), ("integral", "essential"))
    assert merge.text == VISION.replace("key", "equal").replace("integral", "essential")
    assert not merge.conflicts
    assert not merge.combined


def test_edits_of_different_words_of_one_sentence_go_in_and_the_sentence_is_to_be_read() -> None:
    merge = merged(VISION, ("patients", "patients and carers"), ("key", "equal"))
    sentence = "Enabling a world where patients and carers are equal partners in shaping sustainable care."
    assert merge.text.startswith(sentence)
    assert [combined.text for combined in merge.combined] == [sentence]
    assert not merge.conflicts


def test_two_rewritings_of_the_same_words_are_a_conflict_over_the_whole_sentence() -> None:
    merge = merged(VISION, ("key partners", "equal partners"), ("key partners", "main actors"))
    (conflict,) = merge.conflicts
    assert conflict.base == "Enabling a world where patients are key partners in shaping sustainable care."
    assert conflict.standing == conflict.base.replace("key", "equal")
    assert conflict.proposed == conflict.base.replace("key partners", "main actors")
    assert "equal" in conflict.both
    assert "main actors" in conflict.both
    assert VISION[conflict.start : conflict.end] == conflict.base


def test_words_that_touch_are_a_conflict() -> None:
    merge = merge_text("We meet twice, always.", "We meet thrice, always.", "We meet twice; always.")
    assert len(merge.conflicts) == 1


def test_an_edit_inside_what_the_other_side_deletes_is_a_conflict() -> None:
    merge = merged(VISION, (" Their perspectives are integral to decisions.", ""), ("integral", "essential"))
    (conflict,) = merge.conflicts
    assert conflict.standing.strip() == ""
    assert conflict.proposed.strip() == "Their perspectives are essential to decisions."


def test_two_sentences_put_in_at_one_place_are_a_conflict_with_both_in_order_on_offer() -> None:
    merge = merge_text(VISION, f"{VISION} Rivals differ.", f"{VISION} Others agree.")
    (conflict,) = merge.conflicts
    assert (conflict.base, conflict.standing, conflict.proposed) == ("", " Rivals differ.", " Others agree.")
    assert merge.settled([conflict.both]) == f"{VISION} Rivals differ. Others agree."


def test_the_same_edit_on_both_sides_counts_once() -> None:
    once = VISION.replace("key", "equal")
    merge = merge_text(VISION, once, once + " New words.")
    assert merge.text == once + " New words."
    assert not merge.conflicts
    assert not merge.combined


def test_an_edit_that_holds_the_other_sides_edit_needs_no_choice() -> None:
    merge = merged(VISION, ("key partners", "equal partners"), ("key partners in", "equal friends in"))
    assert merge.text == VISION.replace("key partners", "equal friends")
    assert not merge.conflicts
    assert not merge.combined


def test_a_whole_new_sentence_beside_an_edited_one_needs_no_reading() -> None:
    merge = merged(VISION, ("decisions.", "decisions. Nobody is left out."), ("integral", "essential"))
    assert merge.text == VISION.replace("integral", "essential").replace("decisions.", "decisions. Nobody is left out.")
    assert not merge.combined


def test_other_edits_of_a_conflicting_sentence_are_in_every_reading() -> None:
    base = "The board of seven members meets every month in public."
    merge = merge_text(
        base,
        base.replace("month", "week").replace("seven", "nine"),
        base.replace("month", "year").replace("public", "camera"),
    )
    (conflict,) = merge.conflicts
    for reading in (conflict.standing, conflict.proposed, conflict.both):
        assert "nine" in reading
        assert "camera" in reading


def test_clashes_in_two_sentences_are_two_conflicts_and_can_be_chosen_apart() -> None:
    ours = VISION.replace("key", "equal").replace("evidence", "facts")
    theirs = VISION.replace("key", "main").replace("evidence", "trust")
    merge = merge_text(VISION, ours, theirs)
    first, second = merge.conflicts
    assert merge.settled([first.standing, second.proposed]) == VISION.replace("key", "equal").replace(
        "evidence", "trust"
    )


def test_edits_that_would_break_the_marks_together_are_one_conflict() -> None:
    base = "We put *patients and carers* first in all we do."
    ours = "We put patients and carers first in all we do."
    theirs = "We put *patients* and carers first in all we do."
    merge = merge_text(base, ours, theirs)
    (conflict,) = merge.conflicts
    assert merge.settled([conflict.proposed]) == theirs
    assert merge.settled([conflict.standing]) == ours


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ("Zoë café 👩‍👩‍👧 meets.", "Zoë bar 👩‍👩‍👧 meets.", "Zoë café 👩‍👩‍👧 sings.", "Zoë bar 👩‍👩‍👧 sings."),
        (
            "患者は大切です。私たちは行動します。",
            "患者は重要です。私たちは行動します。",
            "患者は大切です。私たちは考えます。",
            "患者は重要です。私たちは考えます。",
        ),
        ("שלום עולם. נפגשים מחר.", "שלום לכם. נפגשים מחר.", "שלום עולם. נפגשים היום.", "שלום לכם. נפגשים היום."),
        (
            "A\u00a0vote counts[^a]. We act.",
            "A\u00a0vote counts[^b]. We act.",
            "A\u00a0vote counts[^a]. We do.",
            "A\u00a0vote counts[^b]. We do.",
        ),
    ],
)
def test_text_in_any_script_merges_without_cutting_a_character(
    base: str, ours: str, theirs: str, expected: str
) -> None:
    assert merge_text(base, ours, theirs).text == expected


WORDS = st.sampled_from(
    ["we", "act", "board", "patients", "key", "*care*", "for", "trust", "all", "[^n]", "Zoë", "they"]
)
STOPS = st.sampled_from([". ", ". ", ", ", " ", " ", " "])


@st.composite
def wordings(draw: st.DrawFn) -> str:
    """A short prose text of one to four sentences."""
    parts = draw(st.lists(st.tuples(WORDS, STOPS), min_size=1, max_size=24))
    text = "".join(word + stop for word, stop in parts).strip(" ,.") + "."
    return re.sub(r"(?:^|(?<=\. ))([a-z])", lambda found: found[1].upper(), text)


@st.composite
def rewritings(draw: st.DrawFn, base: str) -> str:
    """The base with a few words replaced, taken out or put in."""
    words = base.split(" ")
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(words)))
        new = draw(st.lists(st.sampled_from(["New", "fresh", "idea.", "Other", "one,", "act"]), max_size=3))
        words[at : at + draw(st.integers(0, 3))] = new
    return " ".join(words).strip()


@st.composite
def triples(draw: st.DrawFn) -> tuple[str, str, str]:
    """A base and two rewritings of it."""
    base = draw(wordings())
    return base, draw(rewritings(base)), draw(rewritings(base))


@given(triples())
@settings(max_examples=60, deadline=None)
def test_merging_with_an_unchanged_side_is_the_identity(triple: tuple[str, str, str]) -> None:
    base, ours, _ = triple
    assert merge_text(base, ours, base).text == ours
    assert merge_text(base, base, ours).text == ours
    assert merge_text(base, ours, ours).parts == ((ours,) if ours else ("",))


@given(triples())
@settings(max_examples=80, deadline=None)
def test_every_word_that_either_side_wrote_is_in_the_text_or_in_a_named_conflict(triple: tuple[str, str, str]) -> None:
    base, ours, theirs = triple
    merge = merge_text(base, ours, theirs)
    told = "\n".join([merge.text, *(f"{c.standing}\n{c.proposed}" for c in merge.conflicts)])
    present = set(tokens(told))
    for side in (ours, theirs):
        written = set(filter(is_word, tokens(side))) - set(tokens(base))
        assert written <= present


@given(triples())
@settings(max_examples=80, deadline=None)
def test_a_word_of_the_base_is_only_gone_if_a_side_took_it_out(triple: tuple[str, str, str]) -> None:
    base, ours, theirs = triple
    merge = merge_text(base, ours, theirs)
    if merge.conflicts:
        return
    words = [word for word in set(tokens(base)) if is_word(word)]
    count = {name: tokens(text).count for name, text in (("b", base), ("o", ours), ("t", theirs), ("m", merge.text))}
    for word in words:
        taken = max(0, count["b"](word) - count["o"](word)) + max(0, count["b"](word) - count["t"](word))
        put = max(0, count["o"](word) - count["b"](word)) + max(0, count["t"](word) - count["b"](word))
        assert count["b"](word) - taken <= count["m"](word) <= count["b"](word) + put


@given(triples())
@settings(max_examples=80, deadline=None)
def test_changing_sides_changes_only_who_stands_and_who_proposes(triple: tuple[str, str, str]) -> None:
    base, ours, theirs = triple
    one, other = merge_text(base, ours, theirs), merge_text(base, theirs, ours)
    assert [(c.start, c.end, c.standing, c.proposed) for c in one.conflicts] == [
        (c.start, c.end, c.proposed, c.standing) for c in other.conflicts
    ]
    assert one.combined == other.combined
    if not one.conflicts:
        assert one.text == other.text


@given(triples())
@settings(max_examples=40, deadline=None)
def test_a_merge_records_who_took_out_which_words(triple: tuple[str, str, str]) -> None:
    base, ours, theirs = triple
    proof = merge_text(base, ours, theirs).proof
    for edits, deleted in ((proof.ours, proof.deleted_by_ours), (proof.theirs, proof.deleted_by_theirs)):
        assert deleted == {n for hunk in edits for n in range(hunk.start, hunk.end)}
