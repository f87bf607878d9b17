"""What became of words in the next text: only a kept id proves that a block is the same one or a part of it."""

from app.text.anchors import AnchorState, carry, create
from app.text.blocks import Block, Kind
from app.text.snapshot import Front, Section, SectionKind, Snapshot
from app.text.survival import Survival

FIRST = "The board meets every month in the house of the club."
SECOND = "It publishes its minutes within two weeks of the meeting."
OTHER = "Members pay a fee each spring."


def charter(**blocks: str) -> Snapshot:
    made = tuple(Block(Kind.PARAGRAPH, text, id=id) for id, text in blocks.items())
    return Snapshot(Front("Charter", "Group"), (Section("s", "k", SectionKind.TEXT, "H", made),))


def test_a_block_that_was_split_into_new_ones_only_is_gone() -> None:
    old, new = charter(b=f"{FIRST} {SECOND}", o=OTHER), charter(n=FIRST, m=SECOND, o=OTHER)
    survival = Survival(old, new)
    assert survival.words_from("b") == survival.words_into("n") == survival.words_into("m") == ()
    assert carry(create(old, 1, "b", "its minutes"), old, new, 2).state is AnchorState.ORPHANED


def test_two_blocks_that_were_joined_into_a_new_one_are_gone() -> None:
    old, new = charter(n=FIRST, m=SECOND, o=OTHER), charter(b=f"{FIRST} {SECOND}", o=OTHER)
    assert Survival(old, new).words_from("n") == Survival(old, new).words_into("b") == ()


def test_a_block_that_was_split_under_its_own_id_is_followed() -> None:
    old, new = charter(b=f"{FIRST} {SECOND}", o=OTHER), charter(b=FIRST, m=SECOND, o=OTHER)
    survival = Survival(old, new)
    assert [(kept.new, new_text(new, kept.new)[kept.at : kept.until]) for kept in survival.words_from("b")] == [
        ("b", FIRST),
        ("m", SECOND),
    ]
    assert [(kept.old, kept.start) for kept in survival.words_into("m")] == [("b", len(FIRST) + 1)]


def new_text(text: Snapshot, id: str) -> str:
    return next(block.text for _, _, block in text.placed_blocks() if block.id == id)


def test_nothing_is_known_of_a_block_that_is_in_neither_text() -> None:
    survival = Survival(charter(b=FIRST), charter(b=FIRST))
    assert (survival.old_block("x"), survival.new_block("x")) == (None, None)
    assert survival.words_from("x") == survival.words_into("x") == ()
    assert not survival.has_moved("x")


def test_a_block_that_came_or_went_has_not_moved() -> None:
    survival = Survival(charter(b=FIRST, o=OTHER), charter(n=SECOND, o=OTHER))
    assert not survival.has_moved("b")
    assert not survival.has_moved("n")


def test_of_two_blocks_that_change_places_one_has_moved() -> None:
    survival = Survival(charter(b=FIRST, m=SECOND), charter(m=SECOND, b=FIRST))
    assert [survival.has_moved(id) for id in "bm"].count(True) == 1


def test_an_unchanged_block_keeps_all_its_words() -> None:
    survival = Survival(charter(b=FIRST, o=OTHER), charter(b=FIRST, o="New."))
    (kept,) = survival.words_from("b")
    assert (kept.start, kept.at, kept.length) == (0, 0, len(FIRST))
    assert survival.words_into("b") == (kept,)
    assert [block.id for block, _ in survival.written] == ["o"]
