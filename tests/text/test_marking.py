"""A paragraph as read, cut at the words of a comment."""

import pytest

from app.text.blocks import Block, Kind
from app.text.marking import marked


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("One two three.", "two", ("One ", "two", " three.")),
        ("One **two three** four.", "two", ("One ", "two", " three four.")),
        ("One **two three** four.", "**two three**", ("One ", "two three", " four.")),
        ("One *two*[^n] [three](https://e.org/) four.", "three](https://e.org/) four", ("One two ", "three four", ".")),
        (r"A\. Smith \*wrote\*.", "Smith", ("A. ", "Smith", " *wrote*.")),
        ("<script>alert(1)</script> stays.", "alert(1)", ("<script>", "alert(1)", "</script> stays.")),
        ("All of it.", "All of it.", ("", "All of it.", "")),
    ],
)  # fmt: skip
def test_marks_notes_and_escapes_are_read_and_the_words_cut_out(text: str, words: str, expected: tuple) -> None:
    start = text.index(words)
    shown = marked(Block(Kind.PARAGRAPH, text), start, start + len(words))
    assert (shown.before, shown.words, shown.after) == expected


def test_code_is_shown_character_by_character() -> None:
    shown = marked(Block(Kind.CODE, "a *b* c"), 2, 5)
    assert (shown.before, shown.words, shown.after) == ("a ", "*b*", " c")
