"""Whose are the words that several wrote, the signs between them and the rows of a table; and how that is stored."""

import pytest

from app.text.blocks import Kind
from app.text.provenance import Source, Spans, Writer, extended, spans_from_json, spans_to_json

FIRST = Source(1)
MERGE = Source(2)
ONE = Source(2, proposal=12, change=1, decision=7)
OTHER = Source(2, proposal=13, change=2, decision=8)
NOBODY = Writer(OTHER, "Nothing.", "Nothing.")


def told(old: str, new: str, *writers: Writer, kind: Kind = Kind.PARAGRAPH) -> list[tuple[str, Source]]:
    """The words of every span of the new text with their source; the old text was all from the first revision."""
    spans = extended(Spans.of(old, FIRST), old, new, MERGE, writers, kind=kind)
    assert spans.length == len(new)
    return [(new[low:high], source) for low, high, source in spans.ranges()]


def test_a_sign_between_new_words_goes_with_the_words_before_it() -> None:
    wrote = Writer(ONE, "Members vote.", "Members vote once or twice.")
    assert told("Members vote.", "Members vote once – or twice.", wrote, NOBODY) == [
        ("Members vote", FIRST),
        (" once – or twice", ONE),
        (".", FIRST),
    ]


def test_a_sign_before_the_first_new_word_goes_with_the_word_after_it() -> None:
    wrote = Writer(ONE, "vote", "All vote")
    assert told("vote", "“All vote", wrote, NOBODY) == [("“All ", ONE), ("vote", FIRST)]


def test_a_sign_after_the_last_new_word_goes_with_the_word_before_it() -> None:
    wrote = Writer(ONE, "Members", "Members vote")
    assert told("Members", "Members vote!", wrote, NOBODY) == [("Members", FIRST), (" vote!", ONE)]


def test_a_sign_after_a_word_of_one_letter_goes_with_that_word() -> None:
    wrote = Writer(ONE, "vote ()", "vote (I)")
    assert told("vote ()", "vote (I!)", wrote, NOBODY) == [("vote (", FIRST), ("I!", ONE), (")", FIRST)]


def test_words_of_the_governors_are_theirs_and_the_signs_of_others_still_go_with_their_words() -> None:
    wrote = Writer(ONE, "Members vote. The board meets.", "Members vote. The board meets twice or more.")
    found = told(
        "Members vote. The board meets.", "Members always vote. The board meets twice – or more.", wrote, NOBODY
    )
    assert [(words.strip(), source) for words, source in found if source != FIRST] == [
        ("always", MERGE),
        ("twice – or more", ONE),
    ]


def test_the_only_writer_answers_for_all_new_words_unless_somebody_chose_among_them() -> None:
    wrote = Writer(ONE, "Members vote.", "Members vote once.")
    new = "Members always vote once."
    assert told("Members vote.", new, wrote) == [
        ("Members ", FIRST),
        ("always ", ONE),
        ("vote", FIRST),
        (" once", ONE),
        (".", FIRST),
    ]
    chosen = Writer(ONE, "Members vote.", "Members vote once.", chosen=True)
    assert told("Members vote.", new, chosen) == [
        ("Members ", FIRST),
        ("always ", MERGE),
        ("vote", FIRST),
        (" once", ONE),
        (".", FIRST),
    ]


def test_a_writer_does_not_own_words_that_stood_in_the_base_already() -> None:
    """The base of the change had them, the working text had lost them, and the governors put them back."""
    base = "Members vote freely each year on everything."
    wrote = Writer(ONE, base, base.replace("everything", "all matters"))
    merged = "Members vote freely each year on all matters."
    found = {source: words.strip() for words, source in told("Members vote on everything.", merged, wrote, NOBODY)}
    assert found[MERGE] == "freely each year"
    assert found[ONE] == "all matters"


def test_the_rows_of_a_table_belong_to_those_who_wrote_them() -> None:
    old = "| Role | Term |\n| Chair | two years |"
    one = "| Role | Term |\n| Clerk | one year |\n| Chair | two years |"
    other = f"{old}\n| Treasurer | one year |"
    new = f"{one}\n| Treasurer | one year |"
    found = told(old, new, Writer(ONE, old, one), Writer(OTHER, old, other), kind=Kind.TABLE)
    assert [(words.strip("\n"), source) for words, source in found if source != FIRST] == [
        ("| Clerk | one year |", ONE),
        ("| Treasurer | one year |", OTHER),
    ]


def test_a_cell_that_was_rewritten_keeps_the_sources_of_the_words_left_in_it() -> None:
    old, new = ("| Role | Term |\n| Chair | two whole years |", "| Role | Term |\n| Chair | three whole years |")
    found = told(old, new, Writer(ONE, old, new), kind=Kind.TABLE)
    assert [words for words, source in found if source == ONE] == ["three"]


# --- as it is stored ---------------------------------------------------------------------------------------------


def test_sources_are_stored_in_order_and_what_is_not_known_comes_first() -> None:
    order = [
        Source(1, 9, 9, 9),
        Source(2),
        Source(2, None, None, 1),
        Source(2, None, 1),
        Source(2, 1),
        Source(2, 1, None, 1),
        Source(2, 1, 1),
        Source(2, 1, 1, 1),
        Source(2, 1, 1, 2),
        Source(2, 1, 2, 1),
        Source(2, 2, 1, 1),
        *(Source(3, n, n, decision) for n in range(1, 9) for decision in (None, 1)),
    ]
    stored = spans_to_json(Spans(tuple((n, source) for n, source in enumerate(reversed(order), start=1))))
    assert stored["sources"] == [[one.revision, one.proposal, one.change, one.decision] for one in order]
    assert stored["runs"] == [[n, len(order) - n] for n in range(1, len(order) + 1)]
    assert spans_from_json(stored).sources == set(order)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"sources": {}, "runs": []}, "provenance has sources and runs"),
        ({"sources": [], "runs": {}}, "provenance has sources and runs"),
        ({"sources": [["2", None, None, None]], "runs": []}, "a source begins with its revision"),
        ({"sources": [[None, 1, 1, 1]], "runs": []}, "a source begins with its revision"),
        ({"sources": [[1, 1, 1]], "runs": []}, "a source begins with its revision"),
        ({"sources": [[1, 1, 1, 1, 1]], "runs": []}, "a source begins with its revision"),
        ({"sources": [[1, None, None, None]], "runs": [[0, 0]]}, "a run is a length and the number of a source"),
        ({"sources": [[1, None, None, None]], "runs": [[1, 1]]}, "a run is a length and the number of a source"),
        ({"sources": [[1, None, None, None]], "runs": [[1, -1]]}, "a run is a length and the number of a source"),
        ({"sources": [[1, None, None, None]], "runs": [["1", 0]]}, "a run is a length and the number of a source"),
        ({"sources": [[1, None, None, None]], "runs": [[1, "0"]]}, "a run is a length and the number of a source"),
    ],
)
def test_provenance_that_this_program_did_not_write_is_refused(value: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=f"^{said}$"):
        spans_from_json(value)


@pytest.mark.parametrize("value", [{"sources": []}, {"runs": []}])
def test_provenance_without_its_parts_is_refused(value: dict[str, object]) -> None:
    with pytest.raises(KeyError):
        spans_from_json(value)
