"""Equal ends: what is left out of a comparison is the same on both sides and stands between paragraphs."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.text.critic import critic_pieces
from app.text.ends import equal_ends, equal_paragraphs
from app.text.worddiff import Op

PARAGRAPHS = st.lists(st.sampled_from(("One.", "Two.\n1. a\n2. b", "```\nx\n\ny\n```", "- a", "Three.")), max_size=7)
TEXTS = PARAGRAPHS.map(lambda parts: "\n\n".join(parts) + "\n" if parts else "")


@given(st.lists(st.integers(0, 2), max_size=40), st.lists(st.integers(0, 2), max_size=40))
def test_equal_ends_are_as_long_as_can_be_and_never_overlap(old: list[int], new: list[int]) -> None:
    first, last = equal_ends(old, new)
    shorter = min(len(old), len(new))
    assert first + last <= shorter
    assert old[:first] == new[:first]
    assert old[len(old) - last :] == new[len(new) - last :]
    if first + last < shorter:
        assert old[first] != new[first]
        assert old[-1 - last] != new[-1 - last]


@given(TEXTS, TEXTS)
@settings(max_examples=300)
def test_equal_paragraphs_are_cut_at_empty_lines_and_never_overlap(old: str, new: str) -> None:
    first, last = equal_paragraphs(old, new)
    assert first + last <= min(len(old), len(new))
    assert old[:first] == new[:first]
    assert old[len(old) - last :] == new[len(new) - last :]
    if old != new:
        assert not first or old[first : first + 2] == new[first : first + 2] == "\n\n"
        assert not last or old[len(old) - last :].startswith("\n\n")


@given(TEXTS, TEXTS)
@settings(max_examples=300)
def test_a_redline_with_equal_ends_left_out_gives_both_texts_back(old: str, new: str) -> None:
    pieces = critic_pieces(old, new)
    assert "".join(piece.text for piece in pieces if piece.op is not Op.INSERT) == old
    assert "".join(piece.text for piece in pieces if piece.op is not Op.DELETE) == new


def test_long_equal_ends_are_found_to_the_character() -> None:
    head, tail = "A first paragraph.\n\n" * 400, "\n\nA last paragraph." * 300
    first, last = equal_paragraphs(head + "The key point." + tail, head + "The main point." + tail)
    assert first == len(head) - 2
    assert last == len(tail) - len("\n\nA last paragraph.")
