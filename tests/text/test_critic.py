"""CriticMarkup: exact to the byte, whole blocks with the empty line before them, nothing nested."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import BadInput
from app.text.critic import critic
from app.text.dialect import normalise
from app.text.stretches import stretches

A = "Our mission is to foster better organisations."
B = "The board decides on every proposal by a majority."
C = "Members may leave at any time by writing to us."
MARK = re.compile(r"\{--(.*?)--\}|\{\+\+(.*?)\+\+\}", re.DOTALL)


def old_side(marked: str) -> str:
    return MARK.sub(lambda found: found[1] or "", marked)


def new_side(marked: str) -> str:
    return MARK.sub(lambda found: found[2] or "", marked)


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        (f"{A}\n", f"{A}\n", f"{A}\n"),
        ("the key point here\n", "the main point here\n", "the {--key--}{++main++} point here\n"),
        (f"{A}\n\n{B}\n\n{C}\n", f"{A}\n\n{C}\n", f"{A}{{--\n\n{B}--}}\n\n{C}\n"),
        (f"{A}\n\n{C}\n", f"{A}\n\n{B}\n\n{C}\n", f"{A}{{++\n\n{B}++}}\n\n{C}\n"),
        (f"{A}\n\n{B}\n", f"{B}\n", f"{{--{A}\n\n--}}{B}\n"),
        (f"{B}\n", f"{A}\n\n{B}\n", f"{{++{A}\n\n++}}{B}\n"),
        (f"{A}\n\n{B}\n", f"{A}\n", f"{A}{{--\n\n{B}--}}\n"),
        ("", f"{A}\n", f"{{++{A}\n++}}"),
        (f"{A}\n", "", f"{{--{A}\n--}}"),
        ("", "", ""),
        (
            "1. One of them\n2. Two of them\n3. Three of them\n",
            "1. One of them\n2. Three of them\n",
            "1. One of them{--\n2. Two of them--}\n{--3--}{++2++}. Three of them\n",
        ),
        (
            f"{A}\n\n{B}\n\n{C}\n",
            f"{C}\n\n{A}\n\n{B}\n",
            f"{{++{C}\n\n++}}{A}\n\n{B}{{--\n\n{C}--}}\n",
        ),
        (f"{A} {B}\n", f"{A}\n\n{B}\n", f"{A}{{-- --}}{{++\n\n++}}{B}\n"),
        (f"{A}\n\n{B}\n", f"{A} {B}\n", f"{A}{{--\n\n--}}{{++ ++}}{B}\n"),
        ("# Aims\n\nWords.\n", "## Aims\n\nWords.\n", "{--#--}{++##++} Aims\n\nWords.\n"),
        ("Not \\*this\\* way.\n", "Not \\*that\\* way.\n", "Not \\*{--this--}{++that++}\\* way.\n"),
        (
            f"{A}\n\n```\nx = 1\n\ny = 2\n```\n\n{B}\n",
            f"{A}\n\n{B}\n",
            f"{A}{{--\n\n```\nx = 1\n\ny = 2\n```--}}\n\n{B}\n",
        ),
        ("Said so[^a].\n\n[^a]: By them.\n", "Said so.\n", "Said so{--[^a]--}.{--\n\n[^a]: By them.--}\n"),
    ],
)
def test_both_texts_stand_in_one(old: str, new: str, marked: str) -> None:
    assert critic(old, new) == marked


def test_a_text_that_is_not_canonical_is_brought_into_form_first() -> None:
    assert critic("* one\r\n* two of us  \r\n", "- one\n- three of us\n") == "- one\n- {--two--}{++three++} of us\n"


@pytest.mark.parametrize("delimiter", ["{++", "++}", "{--", "--}"])
def test_a_text_with_a_delimiter_in_it_is_refused(delimiter: str) -> None:
    for old, new in ((f"a {delimiter} b\n", "a b\n"), ("a b\n", f"`{delimiter}`\n")):
        with pytest.raises(BadInput, match="--format json"):
            critic(old, new)


PARAGRAPHS = [A, B, C, f"{A} {B}", "", "", "So[^a] it is", "*x* **y**", "{", "+", "-", "}", "B. x", "A. y"]
CONTAINERS = ["- one", "- two", "  - deep", "1. first", "2. second", "> said", "> - said", "[^a]: A note.", "    code"]
OTHERS = ["# Aims", "| a | b |", "| - | - |", "```", "> ```", "---"]
LINES = st.lists(st.sampled_from([*PARAGRAPHS, *CONTAINERS, *OTHERS]), max_size=12).map("\n".join)
NOISE = st.text(alphabet="ab {}+-\n*>#1.[]^:|`~\\é", max_size=40)


@given(st.one_of(st.tuples(LINES, LINES), st.tuples(NOISE, NOISE)))
@settings(max_examples=150)
def test_both_texts_come_back_to_the_byte(texts: tuple[str, str]) -> None:
    old, new = texts
    try:
        marked = critic(old, new)
    except BadInput:
        return
    assert old_side(marked) == normalise(old)
    assert new_side(marked) == normalise(new)


@given(st.one_of(LINES, NOISE))
@settings(max_examples=150)
def test_stretches_joined_are_the_text(text: str) -> None:
    found, end = stretches(text)
    assert "".join(stretch.before + stretch.text for stretch in found) + end == text
    assert all(stretch.text for stretch in found)


@given(LINES)
@settings(max_examples=50)
def test_an_unchanged_text_has_no_marks(text: str) -> None:
    assert critic(text, text) == normalise(text)
