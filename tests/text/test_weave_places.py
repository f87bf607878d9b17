"""Questions about places: what is asked when blocks are moved, put in and taken out against each other, in full."""

from itertools import count

import pytest

from app.text.blocks import Block, Kind
from app.text.derive import Submission, SubmittedSection, derive
from app.text.dialect import parse, serialise
from app.text.snapshot import Front, Section, SectionKind, Snapshot
from app.text.weave import Choice, Class, Conflict, Proposed, Resolution, Weave, weave
from app.text.woven import ANY_CHOICE, NO_BOTH, ONE_OF_TWO

FIRST, SECOND, THIRD = "Patients are key partners.", "Their view is integral.", "We act on evidence."
OTHER = "We listen and we learn."


def charter(*first: str | Block, second: tuple[str, ...] = (OTHER,), heading: str = "Vision") -> Snapshot:
    """A charter of two sections; blocks are called v0, v1 … and m0, m1 …"""
    parts = []
    for name, texts in (("v", first), ("m", second)):
        blocks = (text if isinstance(text, Block) else Block(Kind.PARAGRAPH, text) for text in texts)
        parts.append(tuple(block.with_id(f"{name}{n}") for n, block in enumerate(blocks)))
    return Snapshot(
        Front("Charter", "PEPs"),
        (
            Section("s-v", "vision", SectionKind.TEXT, heading, parts[0]),
            Section("s-m", "mission", SectionKind.TEXT, "Mission", parts[1]),
        ),
    )


HEAD = charter(FIRST, SECOND, THIRD)
A, B, C = HEAD.sections[0].blocks
M = HEAD.sections[1].blocks


def proposal(number: int, *vision: Block, mission: tuple[Block, ...] | None = None, base: Snapshot = HEAD):
    """The changes of a proposal that gives these sections these blocks."""
    ids = count(1)
    sections = [SubmittedSection("vision", blocks=vision)]
    if mission is not None:
        sections.append(SubmittedSection("mission", blocks=mission))
    found = derive(base, Submission(tuple(sections), {}), lambda: f"p{number}n{next(ids)}")
    return [Proposed(f"{number}.{change.number}", change, base) for change in found.changes]


def new(text: str) -> Block:
    return Block(Kind.PARAGRAPH, text)


def order(woven: Weave, section: int = 0) -> list[str]:
    return [block.text for block in woven.snapshot.sections[section].blocks]


def classes(woven: Weave) -> dict[str, Class]:
    return {ref: fit.cls for ref, fit in woven.classes.items()}


def chosen(head: Snapshot, changes: list[Proposed], choice: Choice, words: str | None = None) -> Weave:
    asked = weave(head, changes).conflicts
    return weave(head, changes, {conflict.id: Resolution(choice, words) for conflict in asked})


# --- moves --------------------------------------------------------------------------------------------------------


def readings(conflict: Conflict) -> tuple[object, ...]:
    """All that a person reads of a conflict; its id is a digest of that."""
    return (
        conflict.section,
        conflict.block,
        conflict.base,
        conflict.standing,
        conflict.proposed,
        conflict.refs,
        conflict.why,
        conflict.choices,
    )


@pytest.mark.parametrize(
    ("changes", "section", "stands", "proposed"),
    [
        (proposal(1, A, C, B) + proposal(2, C, A, B), "s-v", f"Vision: after “{FIRST}”", "Vision: first"),
        (
            proposal(1, A, C, B) + proposal(2, A, B, mission=(*M, C)),
            "s-m",
            f"Vision: after “{FIRST}”",
            f"Mission: after “{OTHER}”",
        ),
        (proposal(1, C, A, B) + proposal(2, A, B, mission=(C, *M)), "s-m", "Vision: first", "Mission: first"),
    ],
)
def test_a_block_moved_to_two_places_is_asked_about_with_both_places_in_words(
    changes: list[Proposed], section: str, stands: str, proposed: str
) -> None:
    woven = weave(HEAD, changes)
    assert classes(woven) == {"1.1": Class.APPLIES, "2.1": Class.CONFLICT}
    (conflict,) = woven.conflicts
    assert readings(conflict) == (
        section,
        "v2",
        THIRD,
        stands,
        proposed,
        ("1.1", "2.1"),
        "It was moved to two places.",
        ONE_OF_TWO,
    )
    assert chosen(HEAD, changes, Choice.STANDING).snapshot == weave(HEAD, changes[:1]).snapshot
    assert chosen(HEAD, changes, Choice.PROPOSED).snapshot == weave(HEAD, changes[1:]).snapshot


def test_a_section_without_a_heading_is_told_by_its_key() -> None:
    base = charter(FIRST, SECOND, THIRD, heading="")
    (conflict,) = weave(base, proposal(1, A, C, B, base=base) + proposal(2, C, A, B, base=base)).conflicts
    assert (conflict.standing, conflict.proposed) == (f"vision: after “{FIRST}”", "vision: first")


def test_the_same_move_by_two_people_is_made_once() -> None:
    woven = weave(HEAD, proposal(1, C, A, B) + proposal(2, C, A, B))
    assert classes(woven) == {"1.1": Class.APPLIES, "2.1": Class.ALREADY}
    assert order(woven) == [THIRD, FIRST, SECOND]


def test_a_block_moved_to_where_others_put_something_in_stands_after_that() -> None:
    head = weave(HEAD, proposal(1, A, new("New here."), B, C)).snapshot
    woven = weave(head, proposal(2, A, C, B))
    assert classes(woven) == {"2.1": Class.APPLIES}
    assert order(woven) == [FIRST, "New here.", THIRD, SECOND]


def test_a_move_of_a_block_that_is_gone_has_lost_its_place() -> None:
    head = weave(HEAD, proposal(1, A, B)).snapshot
    woven = weave(head, proposal(2, C, A, B))
    assert classes(woven) == {"2.1": Class.ORPHANED}
    assert woven.snapshot == head


def test_a_block_moved_after_one_that_is_gone_stands_after_the_one_before() -> None:
    head = weave(HEAD, proposal(1, A, C)).snapshot
    woven = weave(head, proposal(2, A, B, *M, C, mission=()))
    assert order(woven) == [FIRST, OTHER, THIRD]
    assert order(woven, 1) == []


# --- taking out -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("moved_first", [True, False])
def test_taking_out_what_somebody_moves_is_asked_of_both(moved_first: bool) -> None:
    moves, deletes = (C, A, B), (A, B)
    changes = proposal(1, *(moves if moved_first else deletes)) + proposal(2, *(deletes if moved_first else moves))
    woven = weave(HEAD, changes)
    assert classes(woven) == {"1.1": Class.CONFLICT, "2.1": Class.CONFLICT}
    (conflict,) = woven.conflicts
    assert readings(conflict) == (
        "s-v",
        "v2",
        THIRD,
        THIRD,
        "",
        ("1.1", "2.1") if moved_first else ("2.1", "1.1"),
        "One moves or adds to what the other deletes.",
        NO_BOTH,
    )
    assert order(chosen(HEAD, changes, Choice.PROPOSED)) == [FIRST, SECOND]
    assert order(chosen(HEAD, changes, Choice.STANDING)) == [THIRD, FIRST, SECOND]
    assert order(chosen(HEAD, changes, Choice.TEXT, "Own words.")) == ["Own words.", FIRST, SECOND]


def test_taking_out_what_stands_elsewhere_by_now_is_told_as_moved() -> None:
    head = weave(HEAD, proposal(1, C, A, B)).snapshot
    woven = weave(head, proposal(2, A, B))
    assert classes(woven) == {"2.1": Class.MOVED}
    assert order(woven) == [FIRST, SECOND]


def test_an_edit_of_what_another_takes_out_says_so() -> None:
    (conflict,) = weave(HEAD, proposal(1, A, B.with_text("Their view counts."), C) + proposal(2, A, C)).conflicts
    assert readings(conflict) == (
        "s-v",
        "v1",
        SECOND,
        "Their view counts.",
        "",
        ("1.1", "2.1"),
        "One edits what the other deletes.",
        NO_BOTH,
    )


LIST = charter(*parse("- One item\n- Two items\n"))
ITEM, NEXT = LIST.sections[0].blocks
INSIDE = Block(Kind.PARAGRAPH, "Inside one.", depth=1)


def test_an_item_into_which_somebody_wrote_is_taken_out_with_that_or_not_at_all() -> None:
    changes = proposal(1, ITEM, INSIDE, NEXT, base=LIST) + proposal(2, NEXT, base=LIST)
    woven = weave(LIST, changes)
    (conflict,) = woven.conflicts
    assert readings(conflict) == (
        "s-v",
        "v0",
        "One item",
        "- One item\n\n  Inside one.",
        "",
        ("1.1", "2.1"),
        "One moves or adds to what the other deletes.",
        ONE_OF_TWO,
    )
    assert order(chosen(LIST, changes, Choice.PROPOSED)) == ["Two items"]
    assert order(chosen(LIST, changes, Choice.STANDING)) == ["One item", "Inside one.", "Two items"]


def test_an_item_is_taken_out_with_what_its_own_proposal_knew_inside_it() -> None:
    base = charter(*parse("- One item\n\n  Inside one.\n\n- Two items\n"))
    woven = weave(base, proposal(1, base.sections[0].blocks[2], base=base))
    assert not woven.conflicts
    assert order(woven) == ["Two items"]


def test_an_item_put_in_after_one_that_is_taken_out_stays() -> None:
    third = Block(Kind.ITEM, "Between", style=NEXT.style)
    changes = proposal(1, ITEM, third, NEXT, base=LIST) + proposal(2, NEXT, base=LIST)
    woven = weave(LIST, changes)
    assert not woven.conflicts
    assert order(woven) == ["Between", "Two items"]


def test_words_written_into_an_item_that_is_gone_have_lost_their_place() -> None:
    head = weave(LIST, proposal(1, NEXT, base=LIST)).snapshot
    woven = weave(head, proposal(2, ITEM, INSIDE, NEXT, base=LIST))
    assert classes(woven) == {"2.1": Class.ORPHANED}
    assert woven.snapshot == head


# --- putting in ------------------------------------------------------------------------------------------------------


def test_two_texts_put_in_at_one_place_are_asked_about_in_full() -> None:
    changes = proposal(1, A, B, C, new("One adds.")) + proposal(2, A, B, C, new("Two adds."), new("And more."))
    (conflict,) = weave(HEAD, changes).conflicts
    assert conflict.both == "One adds.\n\nTwo adds.\n\nAnd more."
    assert readings(conflict) == (
        "s-v",
        "p2n1",
        "",
        "One adds.",
        "Two adds.\n\nAnd more.",
        ("1.1", "2.1", "2.2"),
        "Two texts were put in at the same place.",
        ANY_CHOICE,
    )


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("Own.", ["p2n1"]),
        ("Own.\n\nMore.", ["p2n1", "p2n2"]),
    ],
)
def test_own_words_for_new_blocks_bear_their_ids_as_far_as_they_go(words: str, ids: list[str]) -> None:
    changes = proposal(1, A, B, C, new("One adds.")) + proposal(2, A, B, C, new("Two adds."), new("And more."))
    woven = chosen(HEAD, changes, Choice.TEXT, words)
    blocks = woven.snapshot.sections[0].blocks[3:]
    assert [block.text for block in blocks] == words.split("\n\n")
    assert [block.id for block in blocks] == ids


def test_more_own_words_than_new_blocks_get_ids_that_are_the_same_each_time() -> None:
    changes = proposal(1, A, B, C, new("One adds.")) + proposal(2, A, B, C, new("Two adds."))
    ids = [
        [block.id for block in chosen(HEAD, changes, Choice.TEXT, "Own.\n\nMore.\n\nMost.").snapshot.sections[0].blocks]
        for _ in range(2)
    ]
    assert ids[0] == ids[1]
    assert ids[0][:4] == ["v0", "v1", "v2", "p2n1"]
    assert len(set(ids[0])) == 6
    for id in ids[0][4:]:
        assert id is not None
        assert len(id) == 12
        assert id.isalnum()
        assert id[0].isalpha()


def test_a_single_paragraph_of_own_words_for_a_new_item_is_an_item() -> None:
    two, zwei = (Block(Kind.ITEM, text, style=NEXT.style) for text in ("Two", "Zwei"))
    changes = proposal(1, ITEM, two, NEXT, base=LIST) + proposal(2, ITEM, zwei, NEXT, base=LIST)
    assert serialise(chosen(LIST, changes, Choice.TEXT, "Own.").snapshot.sections[0].blocks) == (
        "- One item\n- Own.\n- Two items\n"
    )
    assert serialise(chosen(LIST, changes, Choice.BOTH).snapshot.sections[0].blocks) == (
        "- One item\n- Two\n- Zwei\n- Two items\n"
    )
    assert serialise(chosen(LIST, changes, Choice.PROPOSED).snapshot.sections[0].blocks) == (
        "- One item\n- Zwei\n- Two items\n"
    )


def test_a_new_item_takes_the_style_that_its_list_got_since() -> None:
    numbered = parse("1. One item\n2. Two items\n")
    head = weave(LIST, proposal(1, *(n.with_id(b.id) for n, b in zip(numbered, (ITEM, NEXT), strict=True)), base=LIST))
    between = Block(Kind.ITEM, "New item", style=NEXT.style)
    woven = weave(head.snapshot, proposal(2, ITEM, between, NEXT, base=LIST))
    assert classes(woven) == {"2.1": Class.APPLIES}
    assert serialise(woven.snapshot.sections[0].blocks) == "1. One item\n2. New item\n3. Two items\n"


def test_what_two_people_put_in_alike_comes_in_once_and_what_follows_it_stays_behind_it() -> None:
    changes = proposal(1, A, new("Same."), B, C) + proposal(2, A, new("Same."), new("And more."), B, C)
    woven = weave(HEAD, changes)
    assert classes(woven) == {"1.1": Class.APPLIES, "2.1": Class.ALREADY, "2.2": Class.APPLIES}
    assert order(woven) == [FIRST, "Same.", "And more.", SECOND, THIRD]
    woven = weave(HEAD, proposal(1, A, new("Same."), B, C) + proposal(2, A, new("Before."), new("Same."), B, C))
    assert order(woven) == [FIRST, "Before.", "Same.", SECOND, THIRD]


def test_words_inside_a_new_item_come_in_after_the_item_came_in_before_them() -> None:
    item, inside = Block(Kind.ITEM, "New item", style=NEXT.style), Block(Kind.PARAGRAPH, "Inside it.", depth=1)
    changes = proposal(1, ITEM, item, inside, NEXT, base=LIST)
    head = weave(LIST, changes[:1]).snapshot
    woven = weave(head, changes[1:])
    assert classes(woven) == {"1.2": Class.APPLIES}
    assert order(woven) == ["One item", "New item", "Inside it.", "Two items"]
    assert order(weave(LIST, changes)) == order(woven)


FOUR = charter(FIRST, SECOND, THIRD, "We report each year.")
V = FOUR.sections[0].blocks


@pytest.mark.parametrize("follower_first", [True, False])
def test_moving_away_a_block_to_which_another_moves_something_is_asked(follower_first: bool) -> None:
    follows, leaves = (V[0], V[3], V[1], V[2]), (V[1], V[2], V[3], V[0])
    one, two = (follows, leaves) if follower_first else (leaves, follows)
    changes = proposal(1, *one, base=FOUR) + proposal(2, *two, base=FOUR)
    woven = weave(FOUR, changes)
    assert classes(woven) == {"1.1": Class.APPLIES, "2.1": Class.CONFLICT}
    (conflict,) = woven.conflicts
    assert (conflict.why, conflict.refs) == ("It was moved to two places.", ("1.1", "2.1"))
    assert woven.snapshot == weave(FOUR, changes[:1]).snapshot
