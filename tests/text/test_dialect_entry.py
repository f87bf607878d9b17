"""The rules by which text enters."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import BadInput
from app.text.dialect import clean


@pytest.mark.parametrize(
    ("given_text", "taken"),
    [
        ("one\r\ntwo\rthree\n", "one\ntwo\nthree\n"),
        ("\ufeffwords", "words"),
        ("\ufeff\ufeffwords", "words"),
        ("page\fnext", "page\nnext"),
        ("a\tb", "a   b"),
        ("abcd\te\n\tf", "abcd    e\n    f"),
        ("cafe\u0301", "caf\u00e9"),
        ("one\u2028two\u2029three", "one\ntwo\n\nthree"),
        ("", ""),
    ],
)
def test_line_ends_tabs_and_unicode_form_are_made_one(given_text: str, taken: str) -> None:
    assert clean(given_text) == taken


@pytest.mark.parametrize(
    "kept",
    ["no\u00a0break", "join\u200der", "non\u200cjoiner", "zero\u200bwidth", "right\u202eto left", "\u2066x\u2069"],
)
def test_characters_that_matter_or_deceive_stay_to_be_seen(kept: str) -> None:
    assert clean(kept) == kept


@pytest.mark.parametrize("bad", ["\x00", "\x01", "\x0b", "\x1b", "\x7f", "\x85", "\x9f", "\ud800", "a\udfff"])
def test_controls_and_halves_of_characters_are_refused_with_their_line(bad: str) -> None:
    with pytest.raises(BadInput, match="Line 3") as refused:
        clean(f"first\r\nsecond\nthi{bad}rd")
    assert refused.value.details["line"] == 3


@settings(max_examples=80, deadline=None)
@given(st.text() | st.text("\ufeff\r\n\t\f\u2028e\u0301 "))
def test_what_was_taken_once_is_taken_as_it_is(text: str) -> None:
    try:
        once = clean(text)
    except BadInput:
        return
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not set(once) & set("\t\r\f\x00\u2028\u2029")
