"""Sentences: in doubt a stop does not end one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text.words import sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "parts",
    [
        ["One ends here. ", "Two begins."],
        ["Is it so? ", "It is! ", "Good."],
        ["He said “none.” ", "Then he left."],
        ["The vote[^a] stands.[^b] ", "It is final."],
        ["It is **final.** ", "Nothing follows."],
        ["これは文です。", "次の文です。"],
        ["Der Rat tagt. ", "Österreich stimmt zu."],
        ["It ends (see above). ", "Then more."],
        ["هل هذا؟ ", "نعم."],
        ["It is said. ", "“Then it is so.” ", "(Or not.)"],
        ["It ends (so ). ", "Then more."],
        ["They use UNIX. ", "The rest follows."],
        ["One (a. B) ends. ", "Two (c. D) ends. ", "Three."],
        ["They said ‘so’. ", "Then they left."],
    ],
)
def test_a_clear_stop_ends_a_sentence(parts: list[str]) -> None:
    assert cut("".join(parts)) == parts


@pytest.mark.parametrize(
    "text",
    [
        "See e.g. The Book of Rules.",
        "That is, i.e. The Chair.",
        "Ask Dr. Smith or Prof. Jones.",
        "Under Art. Five it ends.",
        "J. Smith wrote it.",
        "See Section 5. The rest follows.",
        "In the U.S. The law differs.",
        "And so on ... The end.",
        "And so on… The end.",
        "A stop. then lower case.",
        "A list, etc. The rest.",
        "Nothing (one. Two) splits inside brackets.",
        "Version 2.0 and 1,000.5 stay whole.",
        "A hard break.\\\nThe next line.",
        "No stop at all",
        "Omitted (...) Then more.",
        "Nothing (one. Two. Three. Four) splits inside brackets.",
        "They call him ‘the Gov’. The rest follows.",
        "A line ends.\nThe next begins.",
        "Wait . Then go on.",
        ". Then more.",
        'See no. "Five" of them.',
        "It is so! then it is not.",
        "It costs 5? 6 or more.",
    ],
)
def test_a_doubtful_stop_does_not(text: str) -> None:
    assert cut(text) == [text]


def test_the_rows_of_a_table_are_its_sentences() -> None:
    assert cut("| a | b |\n| One. Two. | d |") == ["| a | b |\n", "| One. Two. | d |"]


def test_an_empty_text_has_none() -> None:
    assert sentences("") == ()


@given(st.text(alphabet="ab A.!?()\n|[]^。 …\\*", max_size=60))
def test_sentences_cover_the_text_without_gaps(text: str) -> None:
    assert "".join(cut(text)) == text
    assert all(start < end for start, end in sentences(text))


def test_many_stops_are_read_without_delay() -> None:
    assert len(sentences("a. (" * 50_000)) == 1
    assert len(sentences("Nothing is here. " * 20_000)) == 20_000
