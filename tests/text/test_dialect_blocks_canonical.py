"""Blocks that somebody made come out as they would be written and read again, or are refused in words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import BadInput, TooLarge
from app.text.blocks import Align, Block, Kind, ListStyle
from app.text.dialect.canonical import canonical_blocks
from app.text.dialect.limits import check_limits
from app.text.dialect.parsing import parse
from app.text.dialect.serialising import serialise


def paragraph(text: str, depth: int = 0, id: str | None = None) -> Block:
    return Block(Kind.PARAGRAPH, text, depth, id)


def item(text: str, style: ListStyle = ListStyle.BULLET, start: int | None = None, id: str | None = None) -> Block:
    return Block(Kind.ITEM, text, 0, id, style=style, start=start)


def test_canonical_blocks_come_back_as_they_are() -> None:
    blocks = (paragraph("a", id="b1"), item("b", id="b2"), paragraph("c", 1, "b3"))
    assert canonical_blocks(blocks) is blocks


def test_words_are_brought_into_canonical_form_and_the_ids_stay() -> None:
    assert canonical_blocks([paragraph("    __a__ &amp; b ", id="b1")]) == (paragraph("**a** & b", id="b1"),)


def test_words_that_look_like_structure_stay_words() -> None:
    for text in ("- a", "# a", "1. a", "> a", "```", "[^x]: a", "[x]: http://a", "A. - a", "---"):
        assert [block.kind for block in canonical_blocks([paragraph(text)])] == [Kind.PARAGRAPH]


def test_a_lone_lettered_item_becomes_a_paragraph_under_the_same_id() -> None:
    assert canonical_blocks([item("one", ListStyle.UPPER_ALPHA, 1, "b1")]) == (paragraph("A. one", id="b1"),)


def test_a_list_has_one_first_number() -> None:
    made = canonical_blocks([item("a", ListStyle.DECIMAL, 3, "b1"), item("b", ListStyle.DECIMAL, 9, "b2")])
    assert [(block.start, block.id) for block in made] == [(3, "b1"), (3, "b2")]


def test_notes_take_their_order_from_citations_and_keep_their_ids() -> None:
    notes = [
        Block(Kind.NOTE, "Aye", id="n1", label="a"),
        paragraph("more", 1, "n2"),
        Block(Kind.NOTE, "B", 0, "n3", label="b"),
    ]
    made = canonical_blocks([*notes, paragraph("x[^b] y[^a]", id="b1")])
    assert [block.id for block in made] == ["b1", "n3", "n1", "n2"]


def test_of_two_notes_with_one_label_the_second_is_renamed_and_keeps_its_id() -> None:
    notes = [Block(Kind.NOTE, "one", 0, "n1", label="a"), Block(Kind.NOTE, "two", 0, "n2", label="a")]
    assert [(block.id, block.label) for block in canonical_blocks(notes)] == [("n1", "a"), ("n2", "a-2")]


def test_a_paragraph_without_words_goes() -> None:
    assert canonical_blocks([paragraph("a", id="b1"), paragraph("  ", id="b2")]) == (paragraph("a", id="b1"),)


def test_an_item_without_words_takes_those_of_the_paragraph_in_it() -> None:
    assert canonical_blocks([item("", id="b1"), paragraph("a", 1, "b2")]) == (item("a", id="b1"),)


@pytest.mark.parametrize(
    ("block", "words"),
    [
        (Block(Kind.HEADING, "a", level=7), "level from 1 to 6"),
        (Block(Kind.HEADING, "a"), "level from 1 to 6"),
        (Block(Kind.HEADING, "a\\\nb", level=2), "one line"),
        (Block(Kind.PARAGRAPH, "a\nb"), "hard break"),
        (Block(Kind.PARAGRAPH, "a\\\\\nb"), "hard break"),
        (Block(Kind.PARAGRAPH, "a", depth=1), "depth 1"),
        (Block(Kind.PARAGRAPH, "a", depth=-1), "depth -1"),
        (Block(Kind.ITEM, "a"), "list style"),
        (Block(Kind.ITEM, "a", style=ListStyle.DECIMAL), "first number"),
        (Block(Kind.ITEM, "a", style=ListStyle.UPPER_ROMAN, start=0), "first number"),
        (Block(Kind.NOTE, "a", label="b c"), "label"),
        (Block(Kind.NOTE, "a"), "label"),
        (Block(Kind.RULE, "a"), "rule"),
        (Block(Kind.TABLE, "| a | b |", align=(Align.NONE,)), "1 columns, but its row 1 has 2 cells"),
        (Block(Kind.TABLE, "| a |\nb", align=(Align.NONE,)), "row 2"),
        (Block(Kind.TABLE, "| a |"), "columns are set"),
        (Block(Kind.CODE, "a", lang=""), "language"),
        (Block(Kind.PARAGRAPH, "a", level=2), "only a heading"),
        (Block(Kind.PARAGRAPH, "a\tb"), "characters"),
        (Block(Kind.PARAGRAPH, "a\x00b"), "NUL"),
    ],
)
def test_malformed_blocks_are_refused_in_words(block: Block, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        canonical_blocks([block])


def test_a_block_cannot_be_deeper_than_what_it_belongs_to_allows() -> None:
    with pytest.raises(BadInput, match="Block 2 has the depth 1"):
        canonical_blocks([paragraph("a"), paragraph("b", 1)])
    with pytest.raises(BadInput, match="Block 2 has the depth 2"):
        canonical_blocks([item("a"), paragraph("b", 2)])


TEXTS = st.sampled_from(
    ["a", "A. a", "B. b", "- a", "i. x", "a\\\nB. b", "[^x]: a", "*a*", "1. a", "a | b\\\n-|-", "---", ""]
)
STYLES = st.sampled_from(
    [(ListStyle.BULLET, None), (ListStyle.DECIMAL, 1), (ListStyle.DECIMAL, 8), (ListStyle.UPPER_ALPHA, 1),
     (ListStyle.LOWER_ALPHA, 8), (ListStyle.LOWER_ALPHA, 9), (ListStyle.LOWER_ROMAN, 1), (ListStyle.LOWER_ROMAN, 2)]
)  # fmt: skip


@st.composite
def made_blocks(draw: st.DrawFn) -> list[Block]:
    made: list[Block] = []
    kinds = [Kind.PARAGRAPH, Kind.ITEM, Kind.ITEM, Kind.QUOTE, Kind.CODE, Kind.RULE, Kind.NOTE, Kind.HEADING]
    for number in range(draw(st.integers(1, 9))):
        kind = draw(st.sampled_from(kinds))
        text = "" if kind is Kind.RULE else draw(TEXTS)
        deepest = 0
        if made:
            deepest = made[-1].depth + (made[-1].kind in (Kind.ITEM, Kind.QUOTE, Kind.NOTE))
        depth = 0 if kind is Kind.NOTE else draw(st.integers(0, deepest))
        style, start = draw(STYLES) if kind is Kind.ITEM else (None, None)
        level = 2 if kind is Kind.HEADING else None
        if kind is Kind.HEADING:
            text = text.replace("\\\n", " ")
        label = draw(st.sampled_from("xyz")) if kind is Kind.NOTE else None
        made.append(Block(kind, text, depth, f"b{number}", level, style, start, label))
    return made


@settings(max_examples=300, deadline=None)
@given(made_blocks())
def test_what_comes_out_is_canonical_and_bears_no_id_twice(blocks: list[Block]) -> None:
    made = canonical_blocks(blocks)
    ids = [block.id for block in made if block.id is not None]
    assert len(ids) == len(set(ids))
    if len(made) == len(blocks):
        assert len(ids) == len(made)
    assert canonical_blocks(made) == made
    assert parse(serialise(made)) == tuple(block.body for block in made)


def test_six_levels_may_be_saved_and_a_seventh_may_not() -> None:
    deep = parse("> " * 5 + "- a\n")
    check_limits(deep, name="Goals")
    check_limits(parse("[^x]: " + "> " * 5 + "- a\n"), name="Footnotes")
    with pytest.raises(BadInput, match="in Goals, block 7"):
        check_limits(parse("> " * 7 + "a\n"), name="Goals")
    with pytest.raises(BadInput, match="in Goals, block 7"):
        check_limits(parse("> " * 6 + "- a\n"), name="Goals")


def test_blocks_and_sections_beyond_the_limits_are_refused_where_they_are() -> None:
    with pytest.raises(TooLarge, match=r"in Goals, block 2, there are 20,001"):
        check_limits([paragraph("a"), paragraph("a " * 20_001)], name="Goals")
    with pytest.raises(TooLarge, match="Goals has 240 kB"):
        check_limits([paragraph("abc " * 10_000)] * 6, name="Goals")
