"""Redlines as values: everything accepted is the new text, everything rejected the old."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.text.blocks import Block, Kind, ListStyle
from app.text.effort import Effort
from app.text.redline import (
    Redline,
    Row,
    SectionState,
    State,
    accept_all,
    accepted,
    redline,
    redline_snapshots,
    reject_all,
    rejected,
)
from app.text.snapshot import Annexe, Front, Section, SectionKind, Snapshot
from app.text.worddiff import Op

A = "Our mission is to foster better organisations together with patients."
B = "The board decides on every proposal by a simple majority of its members."
C = "Members may leave the community at any time by writing to the secretary."
VOCABULARY = ("board", "member", "**quorum**", "votes.", "in", "writing", "every", "year", "The", "a", "of", "[^a]")


def p(text: str, id: str | None = None, depth: int = 0) -> Block:
    return Block(Kind.PARAGRAPH, text, depth, id)


def item(text: str, start: int = 1) -> Block:
    return Block(Kind.ITEM, text, style=ListStyle.DECIMAL, start=start)


def shown(row: Row) -> str:
    marks = {Op.KEEP: "{}", Op.DELETE: "[-{}-]", Op.INSERT: "[+{}+]"}
    return "".join(marks[piece.op].format(piece.text) for piece in row.pieces)


def table(result: Redline) -> list[tuple[str, str]]:
    return [(str(row.state), shown(row)) for row in result.rows]


SENTENCES = st.lists(st.sampled_from(VOCABULARY), max_size=14).map(" ".join)
BLOCKS = st.lists(
    st.one_of(
        st.builds(p, SENTENCES, st.sampled_from([None, None, "a", "b", "c"]), st.integers(0, 1)),
        st.builds(item, SENTENCES, st.integers(1, 2)),
        st.builds(lambda text: Block(Kind.NOTE, text, label="n"), SENTENCES),
        st.just(Block(Kind.RULE)),
    ),
    max_size=6,
)


@st.composite
def edited(draw: st.DrawFn) -> tuple[list[Block], list[Block]]:
    """A text and what somebody made of it: blocks split, joined, moved, dropped and reworded."""
    old = draw(BLOCKS)
    new = list(old)
    for _ in range(draw(st.integers(0, 4))):
        if not new:
            break
        n = draw(st.integers(0, len(new) - 1))
        text = new[n].text
        cut = draw(st.integers(0, len(text)))
        match draw(st.sampled_from(["split", "join", "move", "drop", "reword"])):
            case "split":
                new[n : n + 1] = [new[n].with_text(text[:cut]), replace(new[n], id=None, text=text[cut:])]
            case "join" if n + 1 < len(new):
                new[n : n + 2] = [new[n].with_text(f"{text} {new[n + 1].text}")]
            case "move":
                new.append(new.pop(n))
            case "drop":
                del new[n]
            case _:
                new[n] = new[n].with_text(f"{text[:cut]} wholly {text[cut:]}")
    return old, new


def test_words_are_marked_inside_their_block_and_blocks_as_a_whole() -> None:
    result = redline([p(A), p(B), p(C)], [p(A), p(B.replace("simple", "plain")), p("New here.")])
    assert table(result) == [
        ("same", A),
        ("changed", "The board decides on every proposal by a [-simple-][+plain+] majority of its members."),
        ("deleted", f"[-{C}-]"),
        ("inserted", "[+New here.+]"),
    ]


def test_a_moved_block_stands_twice_and_is_neither_deleted_nor_inserted() -> None:
    assert table(redline([p(A), p(B), p(C)], [p(C), p(A), p(B)])) == [
        ("moved_here", C),
        ("same", A),
        ("same", B),
        ("moved_away", C),
    ]


def test_a_block_that_moved_and_changed_shows_both() -> None:
    result = redline([p(A, "a"), p(B, "b"), p(C, "c")], [p(C.replace("any", "no"), "c"), p(A, "a"), p(B, "b")])
    assert table(result)[0] == ("moved_here", C.replace("any", "[-any-][+no+]"))


def test_a_split_block_keeps_its_words() -> None:
    assert table(redline([p(f"{A} {B}")], [p(A), p(B.replace("simple", "plain"))])) == [
        ("changed", f"{A}[- -]"),
        ("split", B.replace("simple", "[-simple-][+plain+]")),
    ]


def test_joined_blocks_keep_their_words() -> None:
    assert table(redline([p(A), p(B)], [p(f"{A} {B}")])) == [("changed", A), ("joined", f"[+ +]{B}")]


def test_a_change_of_kind_alone_is_not_a_change_of_words() -> None:
    row = redline([p(A, "a")], [replace(item(A), id="a")]).rows[0]
    assert (row.state, row.retyped, shown(row)) == (State.RETYPED, True, A)


def test_what_has_next_to_nothing_in_common_is_replaced_whole_even_under_one_id() -> None:
    row = redline([p(A, "a")], [p("Completely other words stand here of late.", "a")]).rows[0]
    assert shown(row) == f"[-{A[:-1]}-][+Completely other words stand here of late+]."


def test_past_the_budget_a_block_is_replaced_and_marked_coarse() -> None:
    old, new = [p(A, "a"), p(B, "b")], [p(C, "a"), p(B.replace("simple", "plain"), "b")]
    result = redline(old, new, Effort(10))
    assert result.coarse
    assert (accept_all(result), reject_all(result)) == (tuple(new), tuple(old))


def test_equal_texts_have_nothing_touched() -> None:
    assert not redline([p(A), item(B)], [p(A), item(B)]).touched


@given(st.one_of(st.tuples(BLOCKS, BLOCKS), edited()))
@settings(max_examples=120)
def test_accepting_all_gives_the_new_blocks_and_rejecting_all_the_old(texts: tuple[list[Block], list[Block]]) -> None:
    old, new = texts
    result = redline(old, new)
    assert accept_all(result) == tuple(new)
    assert reject_all(result) == tuple(old)


@given(st.one_of(st.tuples(BLOCKS, BLOCKS), edited()))
@settings(max_examples=120)
def test_pieces_give_the_words_of_both_sides_back(texts: tuple[list[Block], list[Block]]) -> None:
    kin: list[list[Row]] = []
    for row in redline(*texts).rows:
        if row.state in (State.SPLIT, State.JOINED):
            kin[-1].append(row)
        else:
            kin.append([row])
    for rows in kin:
        pieces = [piece for row in rows for piece in row.pieces]
        old = "".join(row.old.text for row in rows if row.old)
        new = "".join(row.new.text for row in rows if row.new)
        if rows[0].state is State.MOVED_AWAY:
            new = old
        assert "".join(piece.text for piece in pieces if piece.op is not Op.INSERT) == old
        assert "".join(piece.text for piece in pieces if piece.op is not Op.DELETE) == new


def section(key: str, *blocks: Block, heading: str = "", kind: SectionKind = SectionKind.TEXT) -> Section:
    return Section(f"id-{key}", key, kind, heading or key.title(), blocks)


def charter(*sections: Section, title: str = "Draft Charter", annexes: tuple[Annexe, ...] = ()) -> Snapshot:
    return Snapshot(Front(title, "PEPs", annexes=annexes), sections)


VISION, MISSION, RULES = section("vision", p(A, "a")), section("mission", p(B, "b")), section("rules", p(C, "c"))


def outline(old: Snapshot, new: Snapshot) -> list[tuple[str, SectionState, bool, bool]]:
    rows = redline_snapshots(old, new).sections
    return [(row.section.key, row.state, row.moved, row.renamed) for row in rows]


def test_sections_are_added_removed_moved_and_renamed() -> None:
    old = charter(VISION, MISSION, RULES)
    new = charter(RULES, replace(VISION, heading="Our vision"), section("aims", p("One.", "o")))
    assert outline(old, new) == [
        ("rules", SectionState.KEPT, True, False),
        ("vision", SectionState.KEPT, False, True),
        ("aims", SectionState.ADDED, False, False),
        ("mission", SectionState.REMOVED, False, False),
    ]


def test_a_section_is_known_by_its_id_before_its_key() -> None:
    renamed = replace(VISION, key="outlook")
    rows = redline_snapshots(charter(VISION), charter(renamed, section("other"))).sections
    assert rows[0].old is VISION
    assert rows[0].touched


def test_a_section_without_a_common_id_is_known_by_its_key() -> None:
    assert outline(charter(VISION), charter(replace(VISION, id="else")))[0][1] is SectionState.KEPT


def test_a_block_that_went_to_another_section_is_moved() -> None:
    result = redline_snapshots(
        charter(VISION, MISSION), charter(section("vision"), section("mission", p(B, "b"), p(A, "a")))
    )
    away, here = result.sections[0].blocks.rows[0], result.sections[1].blocks.rows[1]
    assert (away.state, away.section) == (State.MOVED_AWAY, "mission")
    assert (here.state, here.section) == (State.MOVED_HERE, "vision")


def test_the_front_is_compared_field_by_field() -> None:
    old = charter(annexes=(Annexe("fees", "Fees", url="https://a.b"), Annexe("old", "Old")))
    new = charter(title="Charter", annexes=(Annexe("fees", "Dues", url="https://a.b"), Annexe("new", "New")))
    found = [(change.field, change.old, change.new) for change in redline_snapshots(old, new).front]
    assert found == [
        ("title", "Draft Charter", "Charter"),
        ("annexe:fees", "Fees (https://a.b)", "Dues (https://a.b)"),
        ("annexe:old", "Old", None),
        ("annexe:new", None, "New"),
    ]


SECTIONS = st.lists(st.sampled_from(["vision", "mission", "rules"]), unique=True, max_size=3)


POOL = (p(A), p(B), p(C), p("The board"), p("in writing[^a]"), item("votes."), Block(Kind.RULE))
FEW_BLOCKS = st.lists(st.sampled_from(POOL), max_size=3)


@st.composite
def charters(draw: st.DrawFn) -> Snapshot:
    """A small charter; every block has an id that says what it is and how often it stood there before."""
    seen: list[Block] = []
    sections = []
    for key in draw(SECTIONS):
        blocks = draw(FEW_BLOCKS)
        named = [b.with_id(f"{POOL.index(b)}-{(seen + blocks[:n]).count(b)}") for n, b in enumerate(blocks)]
        seen += blocks
        sections.append(section(key, *named, heading=draw(st.sampled_from(["One", "Two"]))))
    return charter(*sections, title=draw(st.sampled_from(["Draft", "Charter"])))


@given(charters(), charters())
@settings(max_examples=60, deadline=None)
def test_whole_charters_come_back_from_their_redline(old: Snapshot, new: Snapshot) -> None:
    result = redline_snapshots(old, new)
    assert accepted(result) == new
    assert rejected(result) == old
    assert result.touched == (old != new)


@pytest.mark.parametrize("snapshot", [charter(), charter(VISION, MISSION)])
def test_an_unchanged_charter_is_not_touched(snapshot: Snapshot) -> None:
    assert not redline_snapshots(snapshot, snapshot).touched
