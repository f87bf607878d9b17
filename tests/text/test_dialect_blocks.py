"""What Markdown becomes as blocks, and how blocks are written."""

import pytest

from app.errors import TooLarge
from app.text.blocks import Align, Block, Kind, ListStyle
from app.text.dialect.parsing import parse
from app.text.dialect.serialising import serialise

BULLET, DECIMAL = ListStyle.BULLET, ListStyle.DECIMAL


def paragraph(text: str, depth: int = 0) -> Block:
    return Block(Kind.PARAGRAPH, text, depth)


def item(text: str, style: ListStyle = BULLET, start: int | None = None, depth: int = 0) -> Block:
    return Block(Kind.ITEM, text, depth, style=style, start=start)


def quote(text: str, depth: int = 0) -> Block:
    return Block(Kind.QUOTE, text, depth)


def test_headings_of_both_shapes_become_headings_of_their_level() -> None:
    assert parse("# One\n\n### Three ###\n\nTwo\n---\n") == (
        Block(Kind.HEADING, "One", level=1),
        Block(Kind.HEADING, "Three", level=3),
        Block(Kind.HEADING, "Two", level=2),
    )


def test_soft_breaks_are_spaces_and_hard_breaks_stay() -> None:
    assert parse("one\ntwo  \nthree\\\nfour") == (paragraph("one two\\\nthree\\\nfour"),)


def test_a_further_paragraph_of_an_item_stands_one_deeper() -> None:
    assert parse("- a\n\n  b\n- c\n") == (item("a"), paragraph("b", 1), item("c"))


def test_every_item_knows_the_first_number_of_its_list() -> None:
    assert parse("3. a\n3. b\n") == (item("a", DECIMAL, 3), item("b", DECIMAL, 3))


def test_lists_of_one_style_that_follow_each_other_are_one_list() -> None:
    assert parse("1. a\n\n1) b\n") == (item("a", DECIMAL, 1), item("b", DECIMAL, 1))
    assert parse("- a\n* b\n+ c\n") == (item("a"), item("b"), item("c"))


def test_neighbouring_quotations_are_one_and_what_stands_in_them_is_one_deeper() -> None:
    assert parse("> a\n\n> b\n>\n> - c\n> > d\n") == (quote("a"), quote("b"), item("c", depth=1), quote("d", 1))


def test_a_quotation_that_begins_with_a_list_has_no_words_of_its_own() -> None:
    assert parse("> - a\n") == (quote(""), item("a", depth=1))


def test_code_of_both_shapes_becomes_code_with_its_language() -> None:
    assert parse("```python x\n a\n\n```\n") == (Block(Kind.CODE, " a\n", lang="python x"),)
    assert parse("```\na\n") == (Block(Kind.CODE, "a"),)
    assert parse("    a\n\n      b\n\n") == (Block(Kind.CODE, "a\n\n  b"),)


def test_a_table_is_one_block_with_a_row_a_line() -> None:
    (table,) = parse("a | b\n:-- | --:\n*c* | d \\| e\n| f\n")
    assert table.text == "| a | b |\n| *c* | d \\| e |\n| f |  |"
    assert table.align == (Align.LEFT, Align.RIGHT)


def test_surplus_cells_join_the_last_one() -> None:
    (table,) = parse("| a | b |\n|---|---|\n| c | d | e | f |\n")
    assert table.text == "| a | b |\n| c | d \\| e \\| f |"


def test_a_table_row_that_would_need_too_many_empty_cells_is_a_paragraph_and_no_row_is_lost() -> None:
    blocks = parse("|a" * 700 + "|\n" + "|-" * 700 + "|\n" + "x\n" * 100)
    assert sum(block.text.count("x") for block in blocks) == 100
    assert parse(serialise(blocks)) == blocks


def test_letters_make_a_list_from_two_on() -> None:
    assert parse("A. one\nB) two\n") == (
        item("one", ListStyle.UPPER_ALPHA, 1),
        item("two", ListStyle.UPPER_ALPHA, 1),
    )
    assert parse("A. Smith wrote this.\n") == (paragraph("A. Smith wrote this."),)
    assert parse("A. B. Smith wrote this.\n") == (paragraph("A. B. Smith wrote this."),)
    assert parse("A. one\n\nC. three\n") == (paragraph("A. one"), paragraph("C. three"))


def test_an_i_is_roman_only_where_the_list_begins_with_it() -> None:
    assert parse("i. a\nii. b\n")[1] == item("b", ListStyle.LOWER_ROMAN, 1)
    assert parse("h. a\ni. b\nj. c\n")[1] == item("b", ListStyle.LOWER_ALPHA, 8)


def test_letters_go_on_after_z() -> None:
    assert serialise(parse("Y. a\nZ. b\nAA. c\n")) == "Y. a\nZ. b\nAA. c\n"


def test_lettered_items_nest_and_hold_several_blocks() -> None:
    text = "1. one\n   a. two\n   b. three\n      i. four\n      ii. five\n2. six\n"
    assert serialise(parse(text)) == text
    loose = "A. one\n\n   two\n\n   > three\n\nB. four\n"
    assert serialise(parse(loose)) == loose


def test_a_lettered_list_right_under_words_needs_its_second_letter_to_be_one() -> None:
    assert [block.kind for block in parse("They do:\nA. one\nB. two\n")] == [Kind.PARAGRAPH, Kind.ITEM, Kind.ITEM]
    assert parse("He is the son of\nA. Smith and others.\n") == (paragraph("He is the son of A. Smith and others."),)
    assert parse("- one, two,\netc. and more\n") == (item("one, two, etc. and more"),)


def test_notes_come_last_in_order_of_first_citation() -> None:
    blocks = parse("[^b]: Bee.\n[^u]: Unused.\n\nx[^a] y[^b]\n\n[^a]: Aye[^c].\n\n    More.\n[^c]: Sea.\n")
    assert [(block.label, block.text, block.depth) for block in blocks[1:]] == [
        ("a", "Aye[^c].", 0),
        (None, "More.", 1),
        ("b", "Bee.", 0),
        ("c", "Sea.", 0),
        ("u", "Unused.", 0),
    ]


def test_notes_are_found_in_lists_and_quotations_too() -> None:
    assert parse("> [^x]: note\n\n- a[^x]\n") == (item("a[^x]"), Block(Kind.NOTE, "note", label="x"))


def test_reference_links_become_inline_and_their_definitions_go() -> None:
    assert parse("See [it][a] and [b].\n\n[a]: https://example.org\n[b]: x.md 'T'\n") == (
        paragraph('See [it](https://example.org) and [b](x.md "T").'),
    )
    assert parse("[a]\n\n[a]: https://e.org 'two\nlines'\n") == (paragraph("[a](https://e.org) (two lines)"),)
    assert parse("[Note]: agreed\n") == (paragraph("[Note]: agreed"),)


def test_html_is_words() -> None:
    assert parse("<div>\nhello\n</div>\n")[0].text.count("hello") == 1
    assert "secret" in parse("<!-- secret -->\n")[0].text


def test_front_matter_is_a_paragraph_that_keeps_its_lines() -> None:
    assert parse("---\ntitle: x\nlist:\n- a\n---\nText\n") == (
        paragraph("---\\\ntitle: x\\\nlist:\\\n- a\\\n---"),
        paragraph("Text"),
    )
    assert serialise(parse("---\ntitle: x\n---\n")) == "\\---\\\ntitle: x\\\n\\---\n"


def test_a_text_that_begins_with_a_rule_is_no_front_matter() -> None:
    assert parse("---\n\nText\n\n---\n") == (Block(Kind.RULE), paragraph("Text"), Block(Kind.RULE))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("# no", "\\# no\n"),
        ("1. no", "1\\. no\n"),
        ("- no", "\\- no\n"),
        ("+ no", "\\+ no\n"),
        ("> no", "\\> no\n"),
        ("---", "\\---\n"),
        ("~~~", "\\~~~\n"),
        ("a\\\n===", "a\\\n\\===\n"),
        ("a | b\\\n-|-", "a | b\\\n\\-|-\n"),
        ("A. - no", "A\\. - no\n"),
        ("[^x]: no", "[^x]\\: no\n"),
    ],
)
def test_a_paragraph_that_would_be_read_as_something_else_gets_a_backslash(text: str, written: str) -> None:
    assert serialise([paragraph(text)]) == written
    assert parse(written) == (paragraph(text),)


def test_neighbours_that_begin_with_letters_get_a_backslash() -> None:
    blocks = (paragraph("A. Smith"), paragraph("B. Jones"))
    assert serialise(blocks) == "A\\. Smith\n\nB\\. Jones\n"
    assert parse(serialise(blocks)) == blocks


def test_a_list_is_loose_if_an_item_holds_several_blocks_and_a_nested_list_does_not_count() -> None:
    assert serialise(parse("* a\n\n* b\n\n    * c\n")) == "- a\n- b\n  - c\n"
    assert serialise(parse("* a\n\n  more\n* b\n")) == "- a\n\n  more\n\n- b\n"


def test_a_nested_list_that_cannot_follow_words_at_once_gets_an_empty_line() -> None:
    blocks = (item("a"), item("b", DECIMAL, 7, depth=1))
    assert serialise(blocks) == "- a\n\n  7. b\n"
    assert parse(serialise(blocks)) == blocks


def test_bullets_that_would_make_a_rule_stand_on_two_lines() -> None:
    blocks = (item(""), item("", depth=1), item("", depth=2))
    assert parse(serialise(blocks)) == blocks
    ruled = (item(""), Block(Kind.RULE, depth=1))
    assert parse(serialise(ruled)) == ruled


def test_code_that_holds_fences_gets_a_longer_one() -> None:
    code = (Block(Kind.CODE, "```\n````", lang="x"), Block(Kind.CODE, "~~~", lang="a`b"))
    assert serialise(code[:1]).startswith("`````x\n")
    assert parse(serialise(code)) == code


def test_no_blocks_are_an_empty_text() -> None:
    assert serialise(()) == ""
    assert parse("") == parse("\n\n  \n") == ()


def test_a_hundred_levels_can_be_read_and_more_than_that_are_refused_in_words() -> None:
    deep = parse("> - " * 50 + "a\n")
    assert deep[-1].depth == 99
    assert parse(serialise(deep)) == deep
    with pytest.raises(TooLarge, match="120 levels"):
        parse("\n\n" + "> " * 200_000)
