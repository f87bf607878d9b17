"""Footnotes are numbered by first citation across the whole charter, front to back."""

from app.text.blocks import Align, Block, Kind, ListStyle
from app.text.notes import note_blocks, numbers, ordered
from app.text.snapshot import Front, Section, SectionKind, Snapshot


def charter(*sections: Section) -> Snapshot:
    return Snapshot(Front("Charter", "Group"), sections)


def section(key: str, *blocks: Block, heading: str = "") -> Section:
    kind = SectionKind.FOOTNOTES if key == "footnotes" else SectionKind.TEXT
    return Section(f"s-{key}", key, kind, heading, blocks)


def paragraph(text: str) -> Block:
    return Block(Kind.PARAGRAPH, text)


def note(label: str, text: str = "Words.") -> Block:
    return Block(Kind.NOTE, text, label=label)


def test_a_note_is_numbered_where_it_is_first_cited_and_keeps_its_number() -> None:
    text = charter(
        section("notice", paragraph("Open for input[^open].")),
        section("vision", paragraph("A world[^who] with care[^open] and all[^what].")),
        section("footnotes", note("what"), note("open"), note("who")),
    )
    assert numbers(text).numbers == {"open": 1, "who": 2, "what": 3}


def test_headings_items_and_cells_cite_in_reading_order() -> None:
    text = charter(
        section(
            "mission",
            Block(Kind.HEADING, "Aims[^b]", level=2),
            Block(Kind.ITEM, "First[^c]", style=ListStyle.BULLET),
            Block(Kind.TABLE, "| Who[^d] | When |\n| All | Now[^e] |", align=(Align.NONE, Align.NONE)),
            heading="Mission[^a]",
        ),
        section("footnotes", *(note(label) for label in "edcba")),
    )
    assert numbers(text).numbers == {label: n for n, label in enumerate("abcde", start=1)}


def test_code_and_escapes_cite_nothing() -> None:
    text = charter(
        section("vision", Block(Kind.CODE, "x[^a]"), paragraph("Neither `[^a]` nor \\[^a] cites.")),
        section("footnotes", note("a")),
    )
    assert numbers(text).numbers == {}
    assert numbers(text).unused == ("a",)


def test_a_note_cited_only_by_a_note_is_numbered_after_those_the_text_cites() -> None:
    text = charter(
        section("vision", paragraph("One[^a], two[^b].")),
        section("footnotes", note("deep"), note("a", "See also[^deep]."), note("b")),
    )
    assert numbers(text).numbers == {"a": 1, "b": 2, "deep": 3}


def test_notes_that_cite_each_other_end_somewhere() -> None:
    text = charter(
        section("vision", paragraph("One[^a].")), section("footnotes", note("a", "See[^b]."), note("b", "See[^a]."))
    )
    assert numbers(text).numbers == {"a": 1, "b": 2}


def test_what_dangles_and_what_is_unused_is_named() -> None:
    text = charter(section("vision", paragraph("One[^a], none[^gone].")), section("footnotes", note("idle"), note("a")))
    found = numbers(text)
    assert found.dangling == ("gone",)
    assert found.unused == ("idle",)
    assert found.numbers == {"a": 1}


def test_notes_stand_in_the_order_of_their_numbers_with_what_belongs_to_them_and_unused_ones_last() -> None:
    inside = Block(Kind.PARAGRAPH, "More on b.", 1)
    text = charter(
        section("vision", paragraph("One[^b], two[^a].")),
        section("footnotes", paragraph("Read these."), note("idle"), note("a"), note("b"), inside),
    )
    blocks = ordered(text).sections[1].blocks
    assert [block.label or block.text for block in blocks] == ["Read these.", "b", "More on b.", "a", "idle"]
    assert ordered(ordered(text)) == ordered(text)


def test_a_charter_without_notes_is_left_as_it_is() -> None:
    text = charter(section("vision", paragraph("One.")))
    assert ordered(text) is text
    assert note_blocks(text) == {}


def test_a_lone_file_orders_its_notes_by_its_own_citations() -> None:
    text = charter(section("all", paragraph("One[^b], two[^a]."), note("a"), note("b")))
    assert [block.label for block in ordered(text).sections[0].blocks] == [None, "b", "a"]
