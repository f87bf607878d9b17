"""Which words of a block a proposed change touches, also after others have changed it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text.blocks import Block, Kind
from app.text.change import Change, ChangeKind
from app.text.snippets import snippet
from app.text.spots import overlap, sentences_of, touched_words

OLD = "Patients are key partners in care. We work with patients and learn from them."


def touched(old: str, new: str, now: str | None = None) -> list[str]:
    before = Block(Kind.PARAGRAPH, old, id="b")
    change = Change(1, ChangeKind.REPLACE, "s", "b", before, before.with_text(new))
    text = old if now is None else now
    return [text[start:end] for start, end in touched_words(change, text)]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (OLD, OLD.replace("key", "equal"), ["key"]),
        (OLD, OLD.replace("key ", ""), ["key"]),
        (OLD, OLD.replace("Patients", "Patients and carers"), ["Patients"]),
        (OLD, "Indeed: " + OLD, ["Patients"]),
        (OLD, OLD + " That is all.", ["them"]),
        (OLD, OLD.replace("key", "equal").replace("learn", "hear"), ["key", "learn"]),
        (OLD, OLD, []),
        ("", "Something", []),
    ],
)
def test_the_words_that_are_replaced_or_stand_before_new_ones_are_touched(old: str, new: str, words: list[str]) -> None:
    assert touched(old, new) == words


def test_a_deletion_touches_all_words_and_a_move_none() -> None:
    block = Block(Kind.PARAGRAPH, OLD, id="b")
    assert touched_words(Change(1, ChangeKind.DELETE, "s", "b", old=block), OLD) == ((0, len(OLD)),)
    assert touched_words(Change(1, ChangeKind.MOVE, "s", "b", old=block, new=block), OLD) == ()


def test_after_others_changed_the_block_the_same_words_are_found_where_they_stand_now() -> None:
    now = "First of all, " + OLD.replace("patients and", "them and")
    assert touched(OLD, OLD.replace("key", "equal"), now) == ["key"]
    assert touched(OLD, OLD.replace("learn", "hear"), now) == ["learn"]


def test_for_words_that_others_rewrote_the_answer_is_what_stands_there_now() -> None:
    assert touched(OLD, OLD.replace("key", "equal"), OLD.replace("key", "the first")) == ["the first"]
    # They were taken out: the word before their place.
    assert touched(OLD, OLD.replace("key", "equal"), OLD.replace("key ", "")) == ["are"]


@given(st.lists(st.sampled_from(["a", "b", "c", "d", "e.", "f"]), max_size=12), st.data())
def test_every_range_lies_in_the_text_and_holds_no_room_at_its_ends(words: list[str], data: st.DataObject) -> None:
    more = st.lists(st.sampled_from(["a", "b", "x", "y.", "z"]), max_size=12).map(" ".join)
    old, new, now = " ".join(words), data.draw(more), data.draw(more)
    block = Block(Kind.PARAGRAPH, old, id="b")
    change = Change(1, ChangeKind.REPLACE, "s", "b", block, block.with_text(new))
    for start, end in touched_words(change, now):
        assert 0 <= start < end <= len(now)
        assert now[start:end] == now[start:end].strip()


def test_two_changes_meet_in_a_sentence_or_in_the_words_themselves() -> None:
    block = Block(Kind.PARAGRAPH, OLD)
    first, second = (0, 8), (13, 16)
    third = (OLD.index("learn"), OLD.index("learn") + 5)
    assert sentences_of(block, [first]) == sentences_of(block, [second]) == {0}
    assert sentences_of(block, [third]) == {1}
    assert sentences_of(block, [(0, len(OLD))]) == {0, 1}
    assert not overlap([first], [second])
    assert overlap([first], [(4, 12)])


def told(old: str, new: str, **numbers: int) -> str:
    marks = {"kept": "{}", "deleted": "[-{}-]", "inserted": "[+{}+]", "reformatted": "[~{}~]"}
    return "".join(marks[piece.fate].format(piece.text) for piece in snippet(old, new, numbers))


def test_a_change_in_short_stands_between_a_few_of_its_words() -> None:
    assert told(OLD, OLD.replace("key", "equal")) == "Patients are [-key-][+equal+] partners in care…"
    assert told(OLD, OLD.replace("learn", "hear")) == "…with patients and [-learn-][+hear+] from them."
    assert told(OLD, OLD) == ""


def test_notes_are_named_by_number_in_a_change_in_short() -> None:
    assert told("Care[^a].", "Care[^a] and more[^b].", a=3) == "Care[note 3][+ and more+][+[new note]+]."


def test_much_that_changed_is_told_in_part() -> None:
    old = " ".join(f"word{n} same{n} same{n} same{n} same{n} same{n} same{n} same{n}" for n in range(9))
    short = told(old, old.replace("word", "other"))
    assert short.count("[-") == 3
    assert short.endswith("…")
    assert len(told("", "long " * 200)) < 200
