"""Tokens: nothing that a reader sees as one thing is ever cut."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.text.words import is_word, tokens

CHARACTERS = "abzAZ09 .,;:!?'’-_()[]|*`\\\n&#~<>{}+/^éßşش日本\u00a0\u202e"
CLUSTERS = ["e\u0301", "か\u3099", "ก็", "न\u094d", "👍🏽", "👩\u200d👩\u200d👧", "🇩🇪", "1\ufe0f\u20e3", "\r\n"]
JOINERS = ["\u00ad", "\u200c", "\u200d"]
MARKS = ["[^note]", "](https://a.b/c(d))", "https://example.org/x?y=1", "**", "1,000.5", "\\*", "&amp;"]
PROSE = st.lists(
    st.sampled_from([*CHARACTERS, *CLUSTERS, *JOINERS, *MARKS]),
    max_size=30,
).map("".join)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("The key point.", ["The", " ", "key", " ", "point", "."]),
        ("well-known, don't", ["well-known", ",", " ", "don't"]),
        ("1,000.5 km in 2.3b", ["1,000.5", " ", "km", " ", "in", " ", "2.3b"]),
        ("a **b** *c*", ["a", " ", "**", "b", "**", " ", "*", "c", "*"]),
        ("***x***", ["**", "*", "x", "**", "*"]),
        ("said[^two].", ["said", "[^two]", "."]),
        ("[here](https://a.b/c(1)), ok", ["[", "here", "]", "(https://a.b/c(1))", ",", " ", "ok"]),
        ("[the](annexe:fees) [x](#vision)", ["[", "the", "]", "(annexe:fees)", " ", "[", "x", "]", "(#vision)"]),
        ("see https://a.b/c?d=1, then", ["see", " ", "https://a.b/c?d=1", ",", " ", "then"]),
        (r"2\. not \*this\*", ["2", r"\.", " ", "not", " ", r"\*", "this", r"\*"]),
        ("one\\\ntwo", ["one", "\\\n", "two"]),
        ("snake_case", ["snake_case"]),
        ("日本語", ["日", "本", "語"]),
        ("cafe\u0301, nu\u0308! (e\u0301)", ["cafe\u0301", ",", " ", "nu\u0308", "!", " ", "(", "e\u0301", ")"]),
        ("a\n\nb", ["a", "\n\n", "b"]),
        ("", []),
    ],
)
def test_a_text_is_cut_into_words_spaces_and_marks(text: str, cut: list[str]) -> None:
    assert tokens(text) == cut


@pytest.mark.parametrize(
    "whole",
    [
        "cafe\u0301s",
        "nai\u0308ve",
        "👩\u200d👩\u200d👧",
        "👍🏽",
        "🇩🇪",
        "1\ufe0f\u20e3",
        "हिन्दी",
        "می\u200cخواهم",
        "zu\u00adsam\u00admen",
        "שָׁלוֹם",
        "か\u3099",
        "Việt",
        "ก็",
        "🏴\U000e0067\U000e0062\U000e007f",
    ],
)
def test_what_is_seen_as_one_thing_is_one_token(whole: str) -> None:
    assert tokens(f"a {whole} b") == ["a", " ", whole, " ", "b"]


def test_two_flags_are_two_tokens() -> None:
    assert tokens("🇩🇪🇫🇷") == ["🇩🇪", "🇫🇷"]


@given(PROSE)
@settings(max_examples=300)
def test_joined_tokens_give_the_text_back(text: str) -> None:
    assert "".join(tokens(text)) == text


@given(PROSE)
@settings(max_examples=300)
def test_no_token_begins_with_an_accent_or_a_joiner(text: str) -> None:
    for token in tokens(text)[1:]:
        assert unicodedata.category(token[0])[0] != "M"
        assert token[0] not in "\u200d\u200c\u00ad"


@given(st.lists(st.sampled_from(["alpha", "naïve", "cafe\u0301", "don't", "x", "100", "Übung"]), max_size=8))
def test_no_word_between_spaces_is_ever_cut(words: list[str]) -> None:
    assert [token for token in tokens(" ".join(words)) if is_word(token)] == words


def test_a_long_text_of_one_character_is_cut_without_delay() -> None:
    for text in (
        "[" * 50_000,
        "](" * 25_000,
        "\\" * 50_000,
        "((((" * 10_000,
        "](((" * 10_000,
        "*`" * 20_000,
        "a-" * 20_000,
    ):
        assert "".join(tokens(text)) == text
