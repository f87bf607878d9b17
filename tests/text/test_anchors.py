"""A comment stays on its words: readable examples, one for each thing that can happen to them."""

from dataclasses import replace
from itertools import pairwise

import pytest

from app.errors import BadInput
from app.text.anchors import Anchor, AnchorState, carry, carry_all, create, on_block, on_section, reattach
from app.text.blocks import Align, Block, Kind
from app.text.snapshot import Front, Section, SectionKind, Snapshot

VISION = (
    "Enabling a world where patients are key partners in shaping sustainable care and driving innovation in healthcare"
    " research and development, where their perspectives are integral to decision-making processes."
)
NEXT = "The board meets every month and publishes its minutes within two weeks."


def charter(*blocks: tuple[str, str] | Block, others: tuple[Block, ...] = ()) -> Snapshot:
    """A charter with a vision and another section."""
    made = tuple(b if isinstance(b, Block) else Block(Kind.PARAGRAPH, b[1], id=b[0]) for b in blocks)
    return Snapshot(
        Front("Charter", "Group"),
        (
            Section("s-vision", "vision", SectionKind.VISION, "Vision", made),
            Section("s-more", "more", SectionKind.TEXT, "More", others),
        ),
    )


OLD = charter(("b1", VISION), ("b2", NEXT))


def words(anchor: Anchor, text: Snapshot) -> str:
    """The words an anchor is on."""
    block = next(block for _, _, block in text.placed_blocks() if block.id == anchor.block)
    return block.text[anchor.start : anchor.end]


def after(quote: str, *blocks: tuple[str, str] | Block, others: tuple[Block, ...] = ()) -> tuple[AnchorState, str]:
    """What becomes of a comment on some words of the vision when the text becomes this."""
    new = charter(*blocks, others=others)
    anchor = carry(create(OLD, 1, "b1", quote), OLD, new, 2)
    return anchor.state, words(anchor, new) if anchor.state is not AnchorState.ORPHANED else ""


def rewritten(quote: str, old: str, new: str) -> tuple[AnchorState, str]:
    """The same where some words of the vision are replaced."""
    assert old in VISION
    return after(quote, ("b1", VISION.replace(old, new)), ("b2", NEXT))


def test_a_comment_keeps_its_place_its_words_and_what_stands_around_them():
    anchor = create(OLD, 1, "b1", "key partners")
    assert (anchor.section, anchor.block, anchor.revision) == ("s-vision", "b1", 1)
    assert VISION[anchor.start : anchor.end] == anchor.quote == "key partners"
    assert anchor.prefix == "ling a world where patients are "
    assert anchor.suffix == " in shaping sustainable care and"
    assert anchor.state is AnchorState.ATTACHED


@pytest.mark.parametrize(
    ("quote", "old", "new", "state", "now"),
    [
        ("key partners", "Enabling a world", "Creating the kind of world", "attached", "key partners"),
        ("key partners", "are key", "are the key", "attached", "key partners"),
        ("key partners", "partners in", "partners, in", "attached", "key partners"),
        ("key partners", "key partners", "**key partners**", "attached", "key partners"),
        ("key partners", "key partners", "key partners[^1]", "attached", "key partners"),
        ("key partners", "key", "equal", "changed", "equal partners"),
        ("key partners", "key ", "", "changed", "partners"),
        ("key partners", "key partners", "key and equal partners", "changed", "key and equal partners"),
        ("key partners in shaping", "shaping", "forming", "changed", "key partners in forming"),
        ("key partners", "are key partners in", "take part in", "orphaned", ""),
        ("key", "key", "equal", "orphaned", ""),
        ("sustainable", "sustainable", "good", "orphaned", ""),
        ("world where patients are key partners", "patients are key partners", "people help", "orphaned", ""),
    ],
)
def test_what_an_edit_of_the_block_does_to_a_comment(quote: str, old: str, new: str, state: str, now: str):
    assert rewritten(quote, old, new) == (AnchorState(state), now)


def test_of_words_that_stand_twice_the_comment_stays_on_its_own():
    anchor = create(OLD, 1, "b1", "where", prefix="development, ")
    new = charter(("b1", VISION.replace("a world where", "a place where")), ("b2", NEXT))
    carried = carry(anchor, OLD, new, 2)
    assert carried.state is AnchorState.ATTACHED
    assert carried.suffix.startswith(" their perspectives")


def test_the_last_of_equal_words_going_does_not_send_the_comment_to_another():
    cut = VISION.replace(", where their perspectives are integral to decision-making processes", "")
    anchor = create(OLD, 1, "b1", "where", prefix="development, ")
    assert carry(anchor, OLD, charter(("b1", cut), ("b2", NEXT)), 2).state is AnchorState.ORPHANED


def test_a_block_that_was_moved_takes_its_comments_along():
    assert after("key partners", ("b2", NEXT), ("b3", "New."), ("b1", VISION))[0] in (
        AnchorState.MOVED,
        AnchorState.ATTACHED,
    )
    moved = after("key partners", ("b2", NEXT), others=(Block(Kind.PARAGRAPH, VISION, id="b1"),))
    assert moved == (AnchorState.MOVED, "key partners")


def test_a_block_that_became_a_list_item_keeps_its_comments():
    assert after("key partners", Block(Kind.ITEM, VISION, id="b1"), ("b2", NEXT)) == (
        AnchorState.ATTACHED,
        "key partners",
    )


def test_a_block_that_is_gone_leaves_an_orphan_with_its_last_revision_even_if_the_words_stand_elsewhere():
    new = charter(("b2", NEXT), ("b9", VISION))
    anchor = carry(create(OLD, 1, "b1", "key partners"), OLD, new, 2)
    assert (anchor.state, anchor.revision, anchor.quote) == (AnchorState.ORPHANED, 1, "key partners")
    assert carry(anchor, new, OLD, 3) == anchor


def test_words_follow_into_the_block_that_was_split_off():
    first, second = VISION.split(", where")
    new = charter(("b1", f"{first}."), ("b7", f"Where{second}"), ("b2", NEXT))
    kept = carry(create(OLD, 1, "b1", "key partners"), OLD, new, 2)
    followed = carry(create(OLD, 1, "b1", "their perspectives"), OLD, new, 2)
    assert (kept.state, kept.block) == (AnchorState.ATTACHED, "b1")
    assert (followed.state, followed.block, words(followed, new)) == (AnchorState.MOVED, "b7", "their perspectives")


def test_words_follow_into_the_block_that_theirs_was_joined_to():
    old = charter(("b1", VISION), ("b2", NEXT), ("b3", "Another thing."))
    new = charter(("b1", f"{VISION} {NEXT}"), ("b3", "Another thing."))
    anchor = carry(create(old, 1, "b2", "every month"), old, new, 2)
    assert (anchor.state, anchor.block, words(anchor, new)) == (AnchorState.MOVED, "b1", "every month")


def test_a_paragraph_put_beside_a_shortened_one_is_no_part_of_it():
    shorter = VISION.split(", where")[0] + "."
    new = charter(("b1", shorter), ("b7", "Members speak where their rules are integral to nothing."), ("b2", NEXT))
    assert carry(create(OLD, 1, "b1", "integral to"), OLD, new, 2).state is AnchorState.ORPHANED


def test_a_sentence_that_changed_places_with_another_takes_its_comments_along():
    first, second = "Members vote once a year.", "The board meets every single month."
    old, new = charter(("b1", f"{first} {second} It reports.")), charter(("b1", f"{second} {first} It reports."))
    states = []
    for quote in ("vote once", "meets every", "It reports"):
        anchor = carry(create(old, 1, "b1", quote), old, new, 2)
        assert words(anchor, new) == quote
        states.append(anchor.state)
    assert sorted(states) == [AnchorState.ATTACHED, AnchorState.ATTACHED, AnchorState.MOVED]


def test_a_sentence_that_stands_twice_after_its_surroundings_were_rewritten_is_in_doubt():
    old = charter(
        ("b1", "Write to the committee or the staff. You can expect an answer within three days. We keep it.")
    )
    new = charter(
        ("b1", "Write to the committee by mail. You can expect an answer within three days."),
        ("b2", "Write to the staff. You can expect an answer within three days. They keep it."),
    )
    assert carry(create(old, 1, "b1", "expect an answer"), old, new, 2).state is AnchorState.ORPHANED


def test_the_same_sentence_put_in_elsewhere_leaves_a_comment_where_it_is():
    new = charter(("b1", VISION), ("b2", NEXT), ("b3", f"We believe in {VISION}"))
    assert carry(create(OLD, 1, "b1", "key partners"), OLD, new, 2).state is AnchorState.ATTACHED
    again = charter(("b1", VISION.replace("are key", "are the key")), ("b2", NEXT), ("b3", "They are key partners."))
    assert carry(create(OLD, 1, "b1", "key partners"), OLD, again, 2).state is AnchorState.ATTACHED


def test_a_comment_on_a_cell_of_a_table_stays_in_its_row():
    def table(*rows: str) -> Snapshot:
        text = "\n".join(("| Role | Term |", *rows))
        return charter(Block(Kind.TABLE, text, id="t", align=(Align.NONE, Align.NONE)))

    old = table("| Chair | two years |", "| Treasurer | two years |")
    new = table("| Secretary | two years |", "| Chair | three years |", "| Treasurer | two years |")
    treasurer = carry(create(old, 1, "t", "two years", prefix="| Treasurer | "), old, new, 2)
    assert treasurer.state is AnchorState.ATTACHED
    assert treasurer.prefix.endswith("| Treasurer | ")
    chair = carry(create(old, 1, "t", "two years", prefix="| Chair | "), old, new, 2)
    assert (chair.state, words(chair, new)) == (AnchorState.CHANGED, "three years")


def test_what_was_left_of_a_quote_is_measured_against_the_first_wording():
    texts = [
        VISION,
        VISION.replace("key partners in shaping sustainable care", "key people in shaping sustainable care"),
        VISION.replace("key partners in shaping sustainable care", "key people in shaping our care"),
        VISION.replace("key partners in shaping sustainable care", "key people in making our care"),
        VISION.replace("key partners in shaping sustainable care", "all people in making our care"),
    ]
    anchor = create(OLD, 1, "b1", "key partners in shaping sustainable care")
    states = []
    for n, (one, other) in enumerate(pairwise(texts), start=2):
        anchor = carry(anchor, charter(("b1", one)), charter(("b1", other)), n)
        states.append(str(anchor.state))
    assert states == ["changed", "changed", "changed", "orphaned"]
    assert anchor.revision == 4


def test_words_put_back_as_they_were_in_their_place_are_attached_again():
    changed = charter(("b1", VISION.replace("key", "equal")), ("b2", NEXT))
    anchor = carry(create(OLD, 1, "b1", "key partners"), OLD, changed, 2)
    assert anchor.state is AnchorState.CHANGED
    assert carry(anchor, changed, OLD, 3).state is AnchorState.ATTACHED


def test_only_a_person_leads_an_orphan_back():
    new = charter(("b1", VISION.replace("key partners", "equals")), ("b2", NEXT))
    orphan = carry(create(OLD, 1, "b1", "key partners"), OLD, new, 2)
    assert orphan.state is AnchorState.ORPHANED
    again = reattach(orphan, new, 2, "b1", "equals")
    assert (again.state, again.quote, again.revision) == (AnchorState.ATTACHED, "equals", 2)


def test_an_anchor_of_another_text_is_never_put_anywhere():
    stray = replace(create(OLD, 1, "b1", "key partners"), start=3, end=15)
    assert carry(stray, OLD, OLD, 2).state is AnchorState.ORPHANED


def test_comments_on_whole_blocks_and_sections():
    block, section = on_block(OLD, 1, "b2"), on_section(OLD, 1, "s-vision")
    longer = charter(("b1", VISION), ("b2", f"{NEXT} And more."))
    assert carry(block, OLD, OLD, 2).state is AnchorState.ATTACHED
    assert carry(block, OLD, longer, 2).state is AnchorState.CHANGED
    assert carry(block, OLD, charter(("b1", VISION)), 2).state is AnchorState.ORPHANED
    assert carry(section, OLD, longer, 2).state is AnchorState.ATTACHED
    renamed = replace(OLD, sections=(replace(OLD.sections[0], heading="Our vision"), OLD.sections[1]))
    assert carry(section, OLD, renamed, 2).state is AnchorState.CHANGED
    assert carry(section, OLD, replace(OLD, sections=OLD.sections[1:]), 2).state is AnchorState.ORPHANED


def test_many_comments_are_carried_in_their_order():
    new = charter(("b1", VISION.replace("key", "equal")), ("b2", NEXT))
    anchors = [create(OLD, 1, "b1", "key partners"), create(OLD, 1, "b2", "two weeks")]
    assert [a.state for a in carry_all(anchors, OLD, new, 2)] == [AnchorState.CHANGED, AnchorState.ATTACHED]


# --- selecting words ---------------------------------------------------------------------------------------------


def selected(text: str, quote: str, prefix: str = "", suffix: str = "", kind: Kind = Kind.PARAGRAPH) -> str:
    """The stored words a selection is hung on."""
    return create(charter(Block(kind, text, id="b1")), 1, "b1", quote, prefix, suffix).quote


@pytest.mark.parametrize(
    ("stored", "quote", "found"),
    [
        ("We are **key** partners.", "key partners", "key** partners"),
        ("We are **key** partners.", "are key", "are **key"),
        ("See [our rules](https://example.org/) first.", "rules first", "rules](https://example.org/) first"),
        ("A fee[^1] is due.", "fee is due", "fee[^1] is due"),
        ("Five \\* stars &amp; more.", "* stars & more", "\\* stars &amp; more"),
        ("One line\\\nand the next", "line and", "line\\\nand"),
        ("Use `a  b` here.", "Use a b here", "Use `a  b` here"),
        ("会员大会每年召开一次。", "大会每年", "大会每年"),
        ("Le comité décide 👩‍⚕️ seul.", "décide 👩‍⚕️", "décide 👩‍⚕️"),
    ],
)
def test_words_are_found_as_a_reader_sees_them(stored: str, quote: str, found: str):
    assert selected(stored, quote) == found


def test_the_words_before_may_begin_in_another_paragraph():
    assert create(OLD, 1, "b2", "The board", prefix="making processes.\n\n").start == 0


def test_words_that_are_not_there_or_not_clear_are_refused():
    with pytest.raises(BadInput, match="more than once"):
        selected("Members vote. Members speak.", "Members")
    with pytest.raises(BadInput, match="not in this paragraph"):
        selected("Members vote.", "Governors")
    with pytest.raises(BadInput, match="not in this paragraph"):
        selected("All Members vote. Most Members speak.", "Members", prefix="Governors ")
    with pytest.raises(BadInput, match="at least one word"):
        selected("Members vote.", "  ")
    with pytest.raises(BadInput, match="not in the text"):
        create(OLD, 1, "b99", "Members")
    with pytest.raises(BadInput, match="do not stand at that place"):
        create(OLD, 1, "b1", "key partners", start=0, end=12)


def test_what_stands_around_the_words_or_their_place_says_which_are_meant():
    text = "Members vote. Members speak. Members listen."
    assert create(charter(("b1", text)), 1, "b1", "Members", suffix=" speak").start == 14
    assert create(charter(("b1", text)), 1, "b1", "Members", prefix="speak. ").start == 29
    assert create(charter(("b1", text)), 1, "b1", "Members", start=29, end=36).start == 29
