"""Comments on words whose block is rewritten and moved at once, split in the middle of them, or of another text."""

from dataclasses import replace

import pytest

from app.text.anchors import Anchor, AnchorState, carry, create
from app.text.blocks import Block, Kind
from app.text.snapshot import Front, Section, SectionKind, Snapshot

BOARD = "The board meets every month, and it publishes its minutes within two weeks of the meeting."
OTHER = "Members pay a fee each spring."


def charter(first: dict[str, str], second: dict[str, str] | None = None) -> Snapshot:
    """A charter of two sections, each of paragraphs by id."""
    blocks = [tuple(Block(Kind.PARAGRAPH, text, id=id) for id, text in part.items()) for part in (first, second or {})]
    return Snapshot(
        Front("Charter", "Group"),
        (
            Section("s-board", "board", SectionKind.TEXT, "The board", blocks[0]),
            Section("s-rest", "rest", SectionKind.TEXT, "The rest", blocks[1]),
        ),
    )


def now(anchor: Anchor, text: Snapshot) -> tuple[str | None, str | None, str]:
    """The section, the block and the words an anchor is on."""
    words = next(block.text for _, _, block in text.placed_blocks() if block.id == anchor.block)
    return anchor.section, anchor.block, words[anchor.start : anchor.end]


def carried(quote: str, new: Snapshot, *, old: Snapshot | None = None, block: str = "b") -> Anchor:
    old = old or charter({"b": BOARD, "o": OTHER})
    return carry(create(old, 1, block, quote), old, new, 2)


def test_words_near_the_beginning_of_a_block_have_all_that_stands_before_them() -> None:
    anchor = create(charter({"b": BOARD}), 1, "b", "board meets")
    assert (anchor.prefix, anchor.suffix) == ("The ", BOARD[15:47])
    assert create(charter({"b": BOARD}), 1, "b", "the meeting.").suffix == ""


def test_a_comment_is_in_the_section_to_which_its_block_went() -> None:
    new = charter({"o": OTHER}, {"b": BOARD})
    anchor = carried("its minutes", new)
    assert now(anchor, new) == ("s-rest", "b", "its minutes")
    assert (anchor.state, anchor.revision) == (AnchorState.MOVED, 2)


def test_a_block_may_be_rewritten_and_moved_at_once() -> None:
    new = charter({"o": OTHER}, {"b": BOARD.replace("every month", "each week")})
    anchor = carried("its minutes", new)
    assert now(anchor, new) == ("s-rest", "b", "its minutes")
    assert (anchor.state, anchor.kept) == (AnchorState.MOVED, ((anchor.start, anchor.end),))
    anchor = carried("meets every month, and it publishes", new)
    assert now(anchor, new) == ("s-rest", "b", "meets each week, and it publishes")
    assert (anchor.state, anchor.moved) == (AnchorState.CHANGED, True)


def test_what_moved_once_has_moved_for_good() -> None:
    there = charter({"o": OTHER}, {"b": BOARD})
    moved = carried("its minutes", there)
    for text in (BOARD, BOARD.replace("its", "the"), BOARD.replace("every", "each")):
        assert carry(moved, there, charter({"o": OTHER}, {"b": text}), 3).moved


def test_of_words_that_a_split_parts_the_comment_follows_most() -> None:
    old = charter({"b": "The board meets every month. It publishes its minutes within two weeks.", "o": OTHER})
    new = charter({"b": "The board meets every month.", "n": "It publishes its minutes within two weeks.", "o": OTHER})
    anchor = carried("month. It publishes its minutes", new, old=old)
    assert now(anchor, new) == ("s-board", "n", "It publishes its minutes")
    assert (anchor.state, anchor.moved) == (AnchorState.CHANGED, True)
    anchor = carried("meets every month. It", new, old=old)
    assert now(anchor, new) == ("s-board", "b", "meets every month.")
    assert (anchor.state, anchor.moved) == (AnchorState.CHANGED, False)


def test_words_left_in_several_places_of_a_block_are_counted_together() -> None:
    old = charter({"b": "The board meets every month. It publishes its minutes within two weeks.", "o": OTHER})
    new = charter({"b": "The board meets each month.", "n": "It publishes its minutes within two weeks.", "o": OTHER})
    assert now(carried("The board meets every month. It publishes its", new, old=old), new) == (
        "s-board",
        "b",
        "The board meets each month.",
    )


@pytest.mark.parametrize("turned", [False, True])
def test_of_words_that_a_split_parts_in_the_middle_the_comment_stays_in_its_own_block(turned: bool) -> None:
    old = charter({"b": "The board meets every month. It publishes its minutes within two weeks.", "o": OTHER})
    ids = ("n", "b") if turned else ("b", "n")
    parts = ("The board meets every month.", "It publishes its minutes within two weeks.")
    new = charter({**dict(zip(ids, parts, strict=True)), "o": OTHER})
    anchor = carried("every month. It publishes", new, old=old)
    kept = ("s-board", "b", "It publishes") if turned else ("s-board", "b", "every month.")
    assert now(anchor, new) == kept


def test_a_stop_that_is_left_is_no_word_that_is_left() -> None:
    said = "We met the members in spring. They asked us many things, and we wrote them down for all who could not come."
    old = charter({"b": said})
    anchor = create(old, 1, "b", "in spring. They")
    once = charter({"b": said.replace("in spring. They", "in autumn. They")})
    anchor = carry(anchor, old, once, 2)
    assert (anchor.state, now(anchor, once)[2]) == (AnchorState.CHANGED, "in autumn. They")
    twice = charter({"b": said.replace("in spring. They", "before autumn. Mostly They")})
    assert carry(anchor, once, twice, 3).state is AnchorState.ORPHANED
    # Signs count where nothing else was commented on.
    signs = create(
        old, 1, "b", ".", start=len("We met the members in spring"), end=len("We met the members in spring.")
    )
    assert carry(signs, old, once, 2).state is AnchorState.ATTACHED


def test_words_at_the_beginning_of_a_block_are_shown_with_what_was_put_for_their_first_one() -> None:
    new = charter({"b": BOARD.replace("The board", "Our whole board"), "o": OTHER})
    anchor = carried("The board meets every month", new)
    assert now(anchor, new) == ("s-board", "b", "Our whole board meets every month")


def test_words_inside_a_block_are_shown_with_what_was_put_for_their_first_and_last_ones() -> None:
    new = charter({"b": BOARD.replace("meets", "comes together").replace("month", "single week"), "o": OTHER})
    anchor = carried("meets every month", new)
    assert anchor.state is AnchorState.ORPHANED
    anchor = carried("meets every month, and it publishes", new)
    assert now(anchor, new) == ("s-board", "b", "comes together every single week, and it publishes")
    new = charter({"b": BOARD.replace("it publishes", "it shows"), "o": OTHER})
    assert now(carried("month, and it publishes", new), new)[2] == "month, and it shows"


def test_what_is_put_just_before_or_after_the_words_is_no_part_of_them() -> None:
    new = charter({"b": BOARD.replace("its minutes", "in full its minutes online"), "o": OTHER})
    anchor = carried("its minutes", new)
    assert (anchor.state, now(anchor, new)[2]) == (AnchorState.ATTACHED, "its minutes")
    new = charter({"b": f"Note: {BOARD}", "o": OTHER})
    anchor = carried("The board meets", new)
    assert (anchor.state, now(anchor, new)[2]) == (AnchorState.ATTACHED, "The board meets")


def test_a_word_typed_twice_leaves_the_comment_on_its_words() -> None:
    for begin in ("", "Each year "):
        old = charter({"b": f"{begin}all of the board meets in the hall of the town.", "o": OTHER})
        new = charter({"b": f"{begin}all of the board board meets in the hall of the town.", "o": OTHER})
        anchor = carried("all of the board", new, old=old)
        assert (anchor.state, now(anchor, new)[2]) == (AnchorState.ATTACHED, "all of the board")


def test_a_comment_of_a_block_that_the_older_text_does_not_have_is_put_nowhere() -> None:
    stray = replace(create(charter({"b": BOARD}), 1, "b", "its minutes"), block="o9")
    there = charter({"b": BOARD, "o9": BOARD})
    assert carry(stray, charter({"b": BOARD}), there, 2) == replace(stray, orphaned=True)


def test_a_comment_beyond_the_end_of_the_older_block_is_put_nowhere() -> None:
    stray = create(charter({"b": BOARD}), 1, "b", "its minutes")
    short = charter({"b": "The board meets."})
    assert carry(stray, short, short, 2) == replace(stray, orphaned=True)
    assert carry(replace(stray, changed=True), short, short, 2).orphaned
