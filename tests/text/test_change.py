"""A change goes into storage and comes back the same, and shows the right words."""

import json

import pytest

from app.text.blocks import Align, Block, Kind, ListStyle
from app.text.change import Change, ChangeKind, Head, Place, change_from_json, change_to_json
from app.text.snapshot import SectionKind

OLD = Block(Kind.PARAGRAPH, "Patients *matter*.", id="b1")
ITEM = Block(Kind.ITEM, "Patients matter most.", 1, "b1", style=ListStyle.UPPER_ALPHA, start=2)
TABLE = Block(Kind.TABLE, "| a | b |\n| 1 | 2 |", id="t1", align=(Align.LEFT, Align.NONE))
NOTE = Block(Kind.NOTE, "EUPATI, 2021.", id="n1", label="eupati")
HEAD = Head("s1", "vision", SectionKind.VISION, "Vision")

CHANGES = [
    Change(1, ChangeKind.REPLACE, "s1", "b1", OLD, OLD.with_text("Patients lead.")),
    Change(2, ChangeKind.INSERT, "s1", "t1", None, TABLE, Place("s1", "b1"), needs=(1, 4)),
    Change(3, ChangeKind.DELETE, "s1", "n1", NOTE, None, None, Place("s1", None)),
    Change(4, ChangeKind.MOVE, "s1", "b1", OLD, OLD, Place("s2", None), Place("s1", "b0")),
    Change(5, ChangeKind.RETYPE, "s1", "b1", OLD, ITEM),
    Change(6, ChangeKind.RENAME, "s1", head_old=HEAD, head_new=Head("s1", "vision", SectionKind.VISION, "Our vision")),
    Change(7, ChangeKind.ADD_SECTION, "s9", place=Place(None, "s1"), head_new=Head("s9", "x", SectionKind.TEXT, "")),
    Change(8, ChangeKind.REMOVE_SECTION, "s1", origin=Place(None, None), head_old=HEAD),
    Change(9, ChangeKind.MOVE_SECTION, "s1", place=Place(None, None), origin=Place(None, "s0")),
    Change(10, ChangeKind.FRONT, field="title", value_old="Draft Charter", value_new="Charter"),
    Change(11, ChangeKind.FRONT, field="logo", value_old=None, value_new="logo.svg"),
    Change(12, ChangeKind.FRONT, field="annexes", value_old=[], value_new=[{"key": "m", "title": "Membership"}]),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda c: str(c.kind))
def test_a_change_comes_back_from_storage_as_it_was(change: Change) -> None:
    assert change_from_json(json.loads(json.dumps(change_to_json(change)))) == change


def test_the_words_before_and_after_are_those_of_the_block_the_heading_or_the_field() -> None:
    shown = {c.number: (c.before, c.after) for c in CHANGES}
    assert shown[1] == ("Patients *matter*.", "Patients lead.")
    assert shown[2][0] is None
    assert shown[3] == ("EUPATI, 2021.", None)
    assert shown[4] == ("Patients *matter*.", "Patients *matter*.")
    assert shown[6] == ("Vision", "Our vision")
    assert shown[8] == ("Vision", None)
    assert shown[10] == ("Draft Charter", "Charter")
    assert shown[11] == (None, "logo.svg")
    assert shown[12] == ("", "Membership")


def test_two_changes_of_one_act_differ_only_in_number_and_needs() -> None:
    change = CHANGES[0]
    assert change.with_number(7, (3,)).act == change.act
    assert change.with_number(7, (3,)).needs == (3,)


@pytest.mark.parametrize(
    "broken",
    [{"kind": "replace", "needs": []}, {"number": 1, "kind": "guess", "needs": []}, {"number": 1, "kind": "replace"}],
)
def test_what_this_program_did_not_write_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises((KeyError, ValueError)):
        change_from_json(broken)
