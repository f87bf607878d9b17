"""What a person is offered for a comment that lost its words; nothing of it happens by itself."""

from app.text.anchors import AnchorState, carry, create, reattach
from app.text.blocks import Block, Kind
from app.text.offers import offers
from app.text.snapshot import Front, Section, SectionKind, Snapshot

VISION = "Enabling a world where patients are key partners in shaping sustainable care and driving innovation."


def charter(*blocks: tuple[str, str]) -> Snapshot:
    """A charter of one section."""
    made = tuple(Block(Kind.PARAGRAPH, text, id=id) for id, text in blocks)
    return Snapshot(Front("Charter", "Group"), (Section("s", "k", SectionKind.TEXT, "H", made),))


OLD = charter(("b1", VISION), ("b2", "The board meets every month."))


def test_the_same_words_in_another_block_are_offered_first_and_only_offered():
    new = charter(("b2", "The board meets every month with the key partners of others."), ("b9", VISION))
    orphan = carry(create(OLD, 1, "b1", "key partners"), OLD, new, 2)
    assert orphan.state is AnchorState.ORPHANED
    found = offers(orphan, new)
    assert [(offer.block, offer.text, offer.likeness) for offer in found] == [
        ("b9", "key partners", 1.0),
        ("b2", "key partners", 1.0),
    ]
    again = reattach(orphan, new, 2, found[0].block, found[0].text, start=found[0].start, end=found[0].end)
    assert (again.state, again.block) == (AnchorState.ATTACHED, "b9")


def test_words_that_were_rewritten_elsewhere_are_offered_after_equal_ones():
    anchor = create(OLD, 1, "b1", "patients are key partners in shaping sustainable care")
    new = charter(
        ("b2", "The board meets every month."),
        ("b5", "In our world patients become equal partners in shaping sustainable health care."),
        ("b6", "Here patients are key partners in shaping sustainable care."),
    )
    found = offers(carry(anchor, OLD, new, 2), new)
    assert [offer.block for offer in found] == ["b6", "b5"]
    assert found[1].text == "patients become equal partners in shaping sustainable health care"
    assert 0.5 <= found[1].likeness < 1


def test_nothing_is_offered_where_nothing_reads_alike():
    anchor = create(OLD, 1, "b1", "key partners")
    assert offers(anchor, charter(("b2", "The board meets every month."), ("b3", ""))) == ()


def test_no_more_is_offered_than_a_person_can_look_through():
    anchor = create(OLD, 1, "b1", "key partners")
    many = charter(*((f"c{n}", f"Number {n} has key partners.") for n in range(30)))
    assert len(offers(anchor, many)) == 5


def test_one_word_of_several_is_no_place_that_reads_alike():
    anchor = create(OLD, 1, "b1", "key partners")
    new = charter(
        ("b2", "We discussed the key considerations."), ("b3", "Our partners meet."), ("b4", "A partner is key.")
    )
    assert offers(anchor, new) == ()
    assert [o.block for o in offers(create(OLD, 1, "b1", "innovation"), charter(("b5", "Innovation is ours.")))] == [
        "b5"
    ]
