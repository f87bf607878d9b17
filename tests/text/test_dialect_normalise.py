"""Normalising keeps every word, settles at once, and blocks and text are two forms of one thing."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.text.dialect.canonical import canonical_blocks
from app.text.dialect.normalising import normalise, normalise_reported
from app.text.dialect.parsing import parse
from app.text.dialect.serialising import serialise

CHARTERS = sorted((Path(__file__).parents[2] / "charter_source").glob("*/*.md"))

FRAGMENTS = [
    "a", "b", " ", "  ", "    ", "\n", "\n", "\n\n", "- ", "* ", "-", "1. ", "3) ", "A. ", "B. ", "i. ", "ii. ", "h) ",
    "Z. ", "> ", ">", "#", "# ", "## x", " ##", "```", "~~~", "---", "***", "- - -", "===", "|", "| a | b |", "|-",
    "\n|---|:-:|\n", "\\", "\\\n", "  \n", "`", "``", "*", "**", "_", "[", "]", "](", "[^x]", "[^x]: ", "[^y]:",
    "[a]: http://e.org\n", "[a]", "[b]: /x y", "(", ")", "<", "<!-- c -->", "<div>", "&amp;", "&#32;", "&#10;", "!",
    "\t", "é", "\u00a0", "t: x\n", ":", "No. ", "\\#", "1\\.", "A\\.", "A.", "|\n",
]  # fmt: skip
NASTY = st.lists(st.sampled_from(FRAGMENTS), max_size=24).map("".join)

PREFIXES = ["", "", "", "> ", "- ", "* ", "1. ", "7. ", "A. ", "B) ", "a. ", "b. ", "i. ", "ii. ", "  ", "   ", "    "]
ENDINGS = [
    "W", "W W", "W\\", "W  ", "# W", "---", "===", "```", "| W | W |", "|--|--|", "W | W | W", "", "", "*W* **W",
    "[^1] W", "[^1]: W", "[^2]: W", "`W", "A. W", "<W>", "![W](W.png)", "W &amp; W", "1986. W", "[W](javascript:W)",
]  # fmt: skip


@st.composite
def lines_of_words(draw: st.DrawFn) -> str:
    """Lines of nested beginnings, in which each word occurs once."""
    lines = draw(
        st.lists(st.tuples(st.lists(st.sampled_from(PREFIXES), max_size=3), st.sampled_from(ENDINGS)), max_size=12)
    )
    text = "\n".join("".join(before) + ending for before, ending in lines)
    pieces = text.split("W")
    return "".join(f"{piece}w{number}w" for number, piece in enumerate(pieces[:-1])) + pieces[-1]


@settings(max_examples=250, deadline=None)
@given(NASTY)
@example("&#10;h. [^y]:")
@example("[a]:http://g\n-")
@example("* - * -")
@example("A. x\nB. y\n\ni. z\nii. w")
def test_normalising_twice_changes_nothing_and_reading_it_again_gives_the_same_blocks(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert parse(once) == parse(text)


@settings(max_examples=200, deadline=None)
@given(lines_of_words())
def test_every_word_stays(text: str) -> None:
    once = normalise(text)
    assert [word for word in re.findall(r"w\d+w", text) if word not in once] == []
    assert normalise(once) == once


@settings(max_examples=100, deadline=None)
@given(lines_of_words())
def test_blocks_that_were_read_are_canonical(text: str) -> None:
    blocks = tuple(block.with_id(f"b{number}") for number, block in enumerate(parse(text)))
    assert canonical_blocks(blocks) == blocks


def test_the_charters_that_come_with_it_are_canonical() -> None:
    assert CHARTERS
    for file in CHARTERS:
        text = file.read_text(encoding="utf-8")
        assert normalise(text) == text, file.name


@pytest.mark.parametrize(
    ("given_text", "canonical"),
    [
        ("Setext\n===\n\n* a\n+ b\n", "# Setext\n\n- a\n- b\n"),
        ("1) a\n5) b\n", "1. a\n2. b\n"),
        ("\ttab\n", "```\ntab\n```\n"),
        ("***\n", "---\n"),
        ("> a\nb\n", "> a b\n"),
        ("|a|b|\n|-|:-:|\n", "| a | b |\n| --- | :-: |\n"),
        ("__a__ _b_ &copy;\n", "**a** *b* ©\n"),
        ("# a #\n", "# a\n"),
        ("# a \\#\n", "# a \\#\n"),
        ("10. a\n\n    b\n", "10. a\n\n    b\n"),
    ],
)
def test_other_ways_to_write_it_become_the_canonical_one(given_text: str, canonical: str) -> None:
    assert normalise(given_text) == canonical


def test_clashing_notes_are_reported_in_words() -> None:
    blocks, reports = normalise_reported("x[^x]\n\n[^x]: one\n[^x]: two\n[^x]: three\n")
    assert reports == (
        "note “x” is defined twice; the second is now “x-2”",
        "note “x” is defined again; this one is now “x-3”",
    )
    assert [block.label for block in blocks if block.label] == ["x", "x-2", "x-3"]


def test_a_renamed_note_takes_no_label_that_another_note_or_citation_has() -> None:
    blocks, _ = normalise_reported("[^x-2]\n\n[^x]: one\n[^x]: two\n[^x-3]: three\n")
    assert [block.label for block in blocks if block.label] == ["x", "x-4", "x-3"]


def test_a_text_of_many_short_lists_and_quotes_is_written_as_it_was() -> None:
    text = "> a\n>\n> - b\n> - c\n\n- d\n\n1. e\n2. f\n\nA. g\nB. h\n\ni. j\nii. k\n"
    text += "\n```\nl\n```\n\n```\nm\n```\n\n---\n\n---\n"
    assert normalise(text) == text
    assert serialise(parse(text)) == text
