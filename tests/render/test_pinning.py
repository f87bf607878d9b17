"""Marks and pins in charter text: right at the words, whatever marks, notes and escapes stand among them."""

import html
import re

import pytest

from app.render.inline import runs
from app.render.pinning import Pin, Spot, pinned_block
from app.text.blocks import Block, Kind
from app.text.prepared import PreparedBlock
from app.text.preparing import prepare
from app.text.snapshot import Front, Section, SectionKind, Snapshot

PIN = Pin(True, "12", "#card", "Proposal 12")


def printed(block: Block, *words: str, look: str = "prop") -> str:
    """The block as markup with a mark on each of these words of its stored text."""
    section = Section("s", "text", SectionKind.TEXT, "Text", (block.with_id("b"), Block(Kind.NOTE, "N.", label="n")))
    made = prepare(Snapshot(Front("T", "O"), (section,)), charter="c").sections[0].parts[0]
    assert isinstance(made, PreparedBlock)
    places = [block.text.index(one) for one in words]
    spots = [Spot(at, at + len(one), look, PIN) for at, one in zip(places, words, strict=True)]
    shown = pinned_block(made, {"b": spots})
    return str(runs(shown.runs) if not shown.rows else "|".join(str(runs(cell)) for row in shown.rows for cell in row))


def marked(markup: str) -> list[str]:
    return [html.unescape(re.sub("<[^>]*>", "", one)) for one in re.findall("<mark[^>]*>(.*?)</mark>", markup)]


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("Patients are partners.", "are", ["are"]),
        ("Patients are *key partners* in it.", "are *key partners*", ["are ", "key ", "partners"]),
        ("A **bold word** here.", "word", ["word"]),
        ("Five \\* three &amp; more.", "\\* three &amp;", ["* three ", "&"]),
        ("See [the site](https://example.org/) now.", "the site", ["the ", "site"]),
        ("Care[^n] for all.", "Care[^n] for", ["Care", "note 1", " ", "for"]),
        ("One\\\ntwo three.", "One\\\ntwo", ["One", "two"]),
        ("A `code word` is.", "code", ["code"]),
        ("A `&amp; word` is.", "word", ["word"]),
    ],
)
def test_the_marked_words_are_those_of_the_stored_text(text: str, words: str, shown: list[str]) -> None:
    markup = printed(Block(Kind.PARAGRAPH, text), words)
    assert marked(markup) == shown
    assert markup.count('class="pin"') == 1


def test_the_pin_stands_right_after_the_last_word_and_is_held_to_it() -> None:
    markup = printed(Block(Kind.PARAGRAPH, "Patients are key partners."), "are key")
    assert markup == (
        'Patients <mark class="marked marked-prop">are </mark><span class="keep"><mark class="marked marked-prop">key'
        '</mark><a class="pin" href="#card" aria-label="Proposal 12">12</a></span> partners.'
    )


def test_words_of_two_marks_bear_both_and_each_has_its_pin() -> None:
    markup = printed(Block(Kind.PARAGRAPH, "One two three four."), "two three", "three four")
    assert markup.count("<a class=") == 2
    assert "".join(marked(markup)) == "two three four"


def test_a_table_is_marked_in_the_cell_that_has_the_words() -> None:
    table = Block(Kind.TABLE, "| Who | What |\n| --- | one |\n| we | two words |".replace("| --- | one |\n", ""))
    cells = printed(table, "two").split("|")
    assert [marked(cell) for cell in cells] == [[], [], [], ["two"]]


def test_code_is_marked_as_it_stands() -> None:
    assert marked(printed(Block(Kind.CODE, "a *b* c"), "*b*")) == ["*b*"]


def test_a_pin_without_words_stands_at_the_end_and_none_is_lost_where_only_signs_are_marked() -> None:
    block = Block(Kind.PARAGRAPH, "Some *words*.")
    assert printed(block, "*").count('class="pin"') == 1
    section = Section("s", "text", SectionKind.TEXT, "Text", (block.with_id("b"),))
    made = prepare(Snapshot(Front("T", "O"), (section,)), charter="c").sections[0].parts[0]
    assert isinstance(made, PreparedBlock)
    shown = pinned_block(made, {"b": [Spot(13, 13, "thread", PIN)]})
    assert str(runs(shown.runs)).endswith("12</a></span>")
