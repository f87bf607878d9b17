"""Texts as a search compares them, and the words around what was found."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.text.folding import excerpt, folded, sought


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Équal  Partners\n", "equal partners"),
        ("STRASSE Straße", "strasse strasse"),
        ("naïve Ångström ÇA", "naive angstrom ca"),
        ("ΑΘΗΝΑ Αθήνα", "αθηνα αθηνα"),
        ("Москва́", "москва"),
        ("patient’s “voice” – now", 'patient\'s "voice" - now'),
        ("co\u00adoperation", "cooperation"),
        ("a\u00a0b", "a b"),
        ("e\u0301", "e"),
        ("ﬁrst", "first"),
    ],
)
def test_accents_case_and_typography_do_not_count(text: str, plain: str) -> None:
    assert folded(text) == plain


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("Equal  PARTNERS", ("equal", "partners")),
        ('"equal partners" key', ("equal partners", "key")),
        ("“equal partners”", ("equal partners",)),
        ('"equal', ("equal",)),
        ('""', ()),
        ("   ", ()),
        ("100% _x_ 'a\\", ("100%", "_x_", "'a\\")),
        ("a a A", ("a",)),
        ("a\x00b", ("a", "b")),
        (" ".join("abcdefghijklmnop"), tuple("abcdefghij")),
    ],
)
def test_a_query_is_words_and_what_stands_in_quotation_marks(query: str, words: tuple[str, ...]) -> None:
    assert sought(query) == words


def marked(text: str, *words: str) -> str:
    return "".join(f"[{piece.text}]" if piece.hit else piece.text for piece in excerpt(text, words))


def test_what_was_found_is_marked_as_it_stands() -> None:
    assert marked("Équal partners of all", "equal", "all") == "[Équal] partners of [all]"
    assert marked("Die Straße", "strasse") == "Die [Straße]"
    assert marked("cafe\u0301 here", "cafe") == "[cafe\u0301] here"
    assert marked("nothing here", "absent") == "nothing here"


def test_a_long_text_is_shown_around_what_was_found() -> None:
    told = marked("word " * 200 + "needle " + "more " * 200, "needle")
    assert told.startswith("…")
    assert told.endswith(" …")
    assert "[needle]" in told
    assert len(told) < 300


@given(st.text(max_size=300), st.text(max_size=20))
def test_an_excerpt_never_changes_a_letter(text: str, query: str) -> None:
    pieces = excerpt(text, sought(query))
    said = "".join(piece.text for piece in pieces if piece.text not in ("…", " …"))
    assert said in text or said.strip("…") in text


@given(st.text(max_size=200))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text(max_size=60), st.integers(0, 50), st.integers(1, 10))
@example("`", 0, 1)
def test_whatever_stands_in_a_text_is_found_in_it(text: str, at: int, length: int) -> None:
    for word in sought(text[at : at + length].replace('"', " ")):
        assert word in folded(text)
