"""A change adopted in other words: canonical, one block, and of the kind it was."""

import pytest

from app.errors import BadInput
from app.text.blocks import Block, Kind, ListStyle
from app.text.change import Change, ChangeKind, Head
from app.text.snapshot import SectionKind
from app.text.wording import with_wording

ITEM = Block(Kind.ITEM, "Being a global community", id="b1", style=ListStyle.UPPER_ALPHA, start=1, depth=1)


def replacing(block: Block) -> Change:
    return Change(1, ChangeKind.REPLACE, section="s", block=block.id, old=block, new=block.with_text("Proposed words"))


@pytest.mark.parametrize(
    "block",
    [
        Block(Kind.PARAGRAPH, "Old", id="b1"),
        ITEM,
        Block(Kind.NOTE, "Old", id="b1", label="role"),
        Block(Kind.HEADING, "Old", id="b1", level=3),
        Block(Kind.QUOTE, "Old", id="b1"),
    ],
)
def test_the_adopted_words_take_the_place_of_the_proposed_ones_in_canonical_form(block: Block) -> None:
    made = with_wording(replacing(block), "__Adopted__ \n words").new
    assert made == block.with_text("**Adopted** words")


def test_words_that_begin_like_an_item_stay_words() -> None:
    assert with_wording(replacing(ITEM), "A. Smith decides").after == "A. Smith decides"


def test_two_paragraphs_are_not_one_wording() -> None:
    with pytest.raises(BadInput):
        with_wording(replacing(ITEM), "One.\n\nTwo.")


def test_a_heading_can_be_adopted_in_other_words() -> None:
    old = Head("s", "vision", SectionKind.VISION, "Vision")
    new = Head("s", "vision", SectionKind.VISION, "Our vision")
    change = Change(1, ChangeKind.RENAME, section="s", head_old=old, head_new=new)
    assert with_wording(change, "The vision").after == "The vision"


def test_a_deletion_has_no_words_to_amend() -> None:
    with pytest.raises(BadInput):
        with_wording(Change(1, ChangeKind.DELETE, section="s", block="b1", old=ITEM), "x")
