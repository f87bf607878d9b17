"""The server finds out what an author changed: typed changes on permanent ids, nothing more and nothing less."""

from collections.abc import Callable
from itertools import count

import pytest

from app.errors import BadInput
from app.text.blocks import Block, Kind
from app.text.change import Change, ChangeKind, Place
from app.text.derive import ABSENT, Submission, SubmittedSection, derive, keep_numbers
from app.text.dialect import parse
from app.text.snapshot import Front, Section, SectionKind, Snapshot
from app.text.weave import Proposed, weave

VISION = """A world where patients are key partners in shaping care[^who].

Their perspectives are integral to every decision.

We act on evidence and on trust.
"""
MISSION = """Our mission is to foster better organisations:

- by listening to patients
- by sharing what we learn
- by acting on it
"""


def fresh_ids() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"new{next(numbers)}"


def section(key: str, markdown: str, kind: SectionKind = SectionKind.TEXT) -> Section:
    blocks = tuple(block.with_id(f"{key}{n}") for n, block in enumerate(parse(markdown)))
    return Section(f"s-{key}", key, kind, key.title(), blocks)


BASE = Snapshot(
    Front("Draft Charter", "PEPs"),
    (
        section("vision", VISION, SectionKind.VISION),
        section("mission", MISSION, SectionKind.MISSION),
        section("footnotes", "[^who]: All who live with an illness.\n", SectionKind.FOOTNOTES),
    ),
)


def wanted(key: str, markdown: str) -> SubmittedSection:
    return SubmittedSection(key, blocks=parse(markdown))


def changes(*sections: SubmittedSection, base: Snapshot = BASE, **front: object) -> tuple[Change, ...]:
    return derive(base, Submission(sections, front), fresh_ids()).changes


def merged(found: tuple[Change, ...], base: Snapshot = BASE) -> Snapshot:
    return weave(base, [Proposed(f"1.{change.number}", change, base) for change in found]).snapshot


def test_the_text_as_it_stands_gives_no_changes() -> None:
    assert changes(wanted("vision", VISION), wanted("mission", MISSION), title="Draft Charter") == ()


def test_an_edited_paragraph_is_one_replacement_on_its_id() -> None:
    (change,) = changes(wanted("vision", VISION.replace("key", "equal").replace("shaping", "giving")))
    assert (change.number, change.kind, change.section, change.block) == (1, ChangeKind.REPLACE, "s-vision", "vision0")
    assert change.before == "A world where patients are key partners in shaping care[^who]."
    assert change.after == "A world where patients are equal partners in giving care[^who]."


def test_a_new_paragraph_is_inserted_after_the_one_before_it() -> None:
    (change,) = changes(wanted("vision", VISION + "\nNobody is left out of this.\n"))
    assert change.kind is ChangeKind.INSERT
    assert change.place == Place("s-vision", "vision2")
    assert change.block == "new1"


def test_a_paragraph_left_out_is_deleted() -> None:
    (change,) = changes(wanted("vision", VISION.replace("Their perspectives are integral to every decision.\n\n", "")))
    assert (change.kind, change.block, change.after) == (ChangeKind.DELETE, "vision1", None)
    assert change.origin == Place("s-vision", "vision0")


def test_a_paragraph_that_becomes_an_item_with_other_words_is_one_retype() -> None:
    text = VISION.replace("We act on evidence and on trust.", "- We act on evidence and trust.")
    (change,) = changes(wanted("vision", text))
    assert (change.kind, change.block) == (ChangeKind.RETYPE, "vision2")
    assert change.new is not None
    assert change.new.kind is Kind.ITEM


def test_two_paragraphs_that_change_places_are_one_move() -> None:
    first, second, third = VISION.strip().split("\n\n")
    (change,) = changes(wanted("vision", f"{first}\n\n{third}\n\n{second}\n"))
    assert change.kind is ChangeKind.MOVE
    assert change.before == change.after
    assert merged((change,)).sections[0].blocks[1].id == "vision2"


def test_a_block_that_is_moved_and_edited_is_a_replacement_and_a_move() -> None:
    first, second, third = BASE.sections[0].blocks
    edited = second.with_text("Their perspectives are essential to every decision.")
    found = changes(SubmittedSection("vision", blocks=(edited, first, third)))
    assert sorted((c.kind, c.block) for c in found) == [(ChangeKind.MOVE, "vision1"), (ChangeKind.REPLACE, "vision1")]


def test_a_paragraph_that_goes_to_another_section_is_a_move() -> None:
    words = "We act on evidence and on trust."
    found = changes(wanted("vision", VISION.replace(words, "")), wanted("mission", f"{words}\n\n{MISSION}"))
    (change,) = found
    assert (change.kind, change.block) == (ChangeKind.MOVE, "vision2")
    assert change.place == Place("s-mission", None)
    assert change.origin == Place("s-vision", "vision1")


def test_an_id_the_sender_knows_says_which_block_it_is_however_the_words_changed() -> None:
    blocks = (BASE.sections[0].blocks[0], Block(Kind.PARAGRAPH, "Wholly other words now.", id="vision1"))
    found = changes(SubmittedSection("vision", blocks=(*blocks, BASE.sections[0].blocks[2])))
    assert [(c.kind, c.block) for c in found] == [(ChangeKind.REPLACE, "vision1")]


def test_a_block_of_a_section_that_was_not_sent_can_be_claimed_by_its_id() -> None:
    moved = BASE.sections[1].blocks[0]
    (change,) = changes(SubmittedSection("vision", blocks=(*BASE.sections[0].blocks, moved)))
    assert (change.kind, change.section, change.place) == (
        ChangeKind.MOVE,
        "s-mission",
        Place("s-vision", "vision2"),
    )


def test_an_unknown_id_is_not_trusted() -> None:
    new = Block(Kind.PARAGRAPH, "Nobody is left out.", id="of-their-own-making")
    (change,) = changes(SubmittedSection("vision", blocks=(*BASE.sections[0].blocks, new)))
    assert change.block == "new1"


def test_one_id_in_two_sections_is_refused() -> None:
    block = BASE.sections[0].blocks[0]
    with pytest.raises(BadInput, match="two places"):
        changes(
            SubmittedSection("vision", blocks=BASE.sections[0].blocks),
            SubmittedSection("mission", blocks=(*BASE.sections[1].blocks, block)),
        )


def test_a_heading_is_renamed_and_sections_not_sent_stay_untouched() -> None:
    (change,) = changes(SubmittedSection("vision", heading="Our  *Vision*"))
    assert (change.kind, change.before, change.after) == (ChangeKind.RENAME, "Vision", "Our *Vision*")


def test_a_new_section_brings_its_blocks_and_they_need_it() -> None:
    found = changes(
        SubmittedSection("funding", SectionKind.TEXT, parse("We are paid by nobody.\n\nWe say so."), "Funding")
    )
    add, first, second = found
    assert (add.kind, add.place) == (ChangeKind.ADD_SECTION, Place(None, "s-mission"))
    assert first.needs == (add.number,)
    assert second.needs == (add.number, first.number)
    assert [s.key for s in merged(found).sections] == ["vision", "mission", "funding", "footnotes"]


def test_a_section_goes_where_it_was_sent() -> None:
    (first,) = changes(SubmittedSection("mission", after=None))
    assert (first.kind, first.place) == (ChangeKind.MOVE_SECTION, Place(None, None))
    assert changes(SubmittedSection("mission", after="vision")) == ()
    assert changes(SubmittedSection("mission", after=ABSENT)) == ()


def test_a_removed_section_is_one_change_and_takes_its_blocks_along() -> None:
    (change,) = changes(SubmittedSection("mission", remove=True))
    assert (change.kind, change.before) == (ChangeKind.REMOVE_SECTION, "Mission")


def test_a_removal_needs_the_moves_that_save_blocks_of_the_section() -> None:
    found = changes(
        SubmittedSection("mission", remove=True),
        SubmittedSection("vision", blocks=(*BASE.sections[0].blocks, BASE.sections[1].blocks[0])),
    )
    move, removal = found
    assert (move.kind, removal.kind) == (ChangeKind.MOVE, ChangeKind.REMOVE_SECTION)
    assert removal.needs == (move.number,)
    assert move.needs == ()


def test_an_insertion_after_an_inserted_block_needs_it() -> None:
    first, second = changes(wanted("vision", VISION + "\nNobody is left out of this.\n\nThis was said before.\n"))
    assert (first.needs, second.needs) == ((), (first.number,))


def test_fields_of_the_front_are_changes_of_their_own() -> None:
    title, annexes = changes(title="Charter", annexes=[{"key": "funding", "title": "Funding"}])
    assert (title.kind, title.field, title.before, title.after) == (
        ChangeKind.FRONT,
        "title",
        "Draft Charter",
        "Charter",
    )
    assert annexes.after == "Funding"


@pytest.mark.parametrize(
    "submission",
    [
        Submission((SubmittedSection("nowhere", remove=True),)),
        Submission((SubmittedSection("vision", after="nowhere"),)),
        Submission((SubmittedSection("vision", after="vision"),)),
        Submission((SubmittedSection("vision"), SubmittedSection("vision"))),
        Submission((SubmittedSection("No Key", blocks=()),)),
        Submission(front={"colour": "red"}),
        Submission(front={"title": 7}),
        Submission(front={"title": " "}),
        Submission(front={"annexes": [{"key": "a"}]}),
        Submission(front={"annexes": [{"key": "a", "title": "A"}, {"key": "a", "title": "B"}]}),
    ],
)
def test_what_makes_no_sense_is_refused(submission: Submission) -> None:
    with pytest.raises(BadInput):
        derive(BASE, submission, fresh_ids())


def test_a_change_that_stays_the_same_in_a_new_version_keeps_its_number() -> None:
    first = changes(wanted("vision", VISION.replace("key", "equal") + "\nNobody is left out of this.\n"))
    again = changes(wanted("vision", VISION.replace("integral", "essential") + "\nNobody is left out of this.\n"))
    numbered = keep_numbers(first, again, 3)
    assert [(c.number, c.kind, c.block) for c in numbered] == [
        (3, ChangeKind.REPLACE, "vision1"),
        (2, ChangeKind.INSERT, "new1"),
    ]


def test_numbers_are_never_used_again_and_needs_follow_them() -> None:
    first = changes(wanted("vision", VISION + "\nNobody is left out of this.\n\nThis was said before.\n"))
    again = changes(
        wanted("vision", VISION.replace("key", "equal") + "\nNobody is left out of this.\n\nThis was said better.\n")
    )
    numbered = keep_numbers(first, again, 8)
    assert [(c.number, c.needs) for c in numbered] == [(8, ()), (1, ()), (9, (1,))]
    assert numbered[2].place == Place("s-vision", first[0].block)
