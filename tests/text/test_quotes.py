"""Finding the words somebody selected on a page: also where a page shows other characters than are stored."""

import pytest

from app.errors import BadInput
from app.text.blocks import Block, Kind
from app.text.quotes import find_quote
from app.text.rows import cell_ranges, cells

TABLE = Block(Kind.TABLE, "| Who | What |\n| We | a *vision*[^n] |")


def found(block: Block, quote: str, prefix: str = "", suffix: str = "") -> str:
    start, end = find_quote(block, quote, prefix, suffix)
    return block.text[start:end]


@pytest.mark.parametrize(
    ("quote", "prefix", "suffix", "stored"),
    [
        ("What", "", "", "What"),
        ("at", " Who Wh", " We a vision ", "at"),
        ("We a vision", "", "", "We | a *vision"),
        ("What We", "", "", "What |\n| We"),
    ],
)
def test_words_of_a_table_are_found_as_a_page_shows_them_cell_by_cell(
    quote: str, prefix: str, suffix: str, stored: str
) -> None:
    assert found(TABLE, quote, prefix, suffix) == stored


def test_the_cells_of_a_table_stand_where_their_ranges_say() -> None:
    text = "| Who |  | a \\| b |\n| We | x |  y  |"
    ranges = [[text[start:end] for start, end in row] for row in cell_ranges(text)]
    assert ranges == [cells(row) for row in text.split("\n")]


def test_an_entity_is_one_character_in_words_and_several_in_code() -> None:
    block = Block(Kind.PARAGRAPH, "Write &amp;lt; or `&amp;lt; b` here.")
    assert found(block, "&lt; or", "Write ") == "&amp;lt; or"
    assert found(block, "b here") == "b` here"


def test_words_that_stand_twice_are_told_apart_by_what_stands_around_them() -> None:
    block = Block(Kind.PARAGRAPH, "We care for *care*[^n] and care.")
    with pytest.raises(BadInput, match="more than once"):
        found(block, "care")
    assert find_quote(block, "care", "for ", " and") == (13, 17)
    assert find_quote(block, "care", "and ", ".") == (27, 31)
