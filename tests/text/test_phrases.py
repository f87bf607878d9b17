"""The list of changes in words: plain, calm and exact."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.text.blocks import Block, Kind, ListStyle
from app.text.phrases import block_phrases, phrases
from app.text.places import marker, ordinals, places
from app.text.redline import redline, redline_snapshots
from app.text.snapshot import Annexe, Front, Section, SectionKind, Snapshot

A = "Our mission is to foster better organisations together with patients."
B = "The board decides on every proposal by a simple majority of its members."
C = "Members may leave the community at any time by writing to the secretary."


def p(text: str, id: str | None = None) -> Block:
    return Block(Kind.PARAGRAPH, text, id=id)


def item(text: str, id: str | None = None, style: ListStyle = ListStyle.UPPER_ALPHA, depth: int = 0) -> Block:
    return Block(Kind.ITEM, text, depth, id, style=style, start=1)


def heading(text: str, id: str | None = None, level: int = 2) -> Block:
    return Block(Kind.HEADING, text, id=id, level=level)


def section(key: str, *blocks: Block, kind: SectionKind = SectionKind.TEXT, heading: str | None = None) -> Section:
    return Section(f"id-{key}", key, kind, key.title() if heading is None else heading, blocks)


def charter(*sections: Section, title: str = "Charter", annexes: tuple[Annexe, ...] = ()) -> Snapshot:
    return Snapshot(Front(title, "PEPs", annexes=annexes), sections)


def told(old: Snapshot, new: Snapshot) -> list[str]:
    return [str(phrase) for phrase in phrases(redline_snapshots(old, new))]


def told_of(old: list[Block], new: list[Block]) -> list[str]:
    return told(charter(section("mission", *old)), charter(section("mission", *new)))


@pytest.mark.parametrize(
    ("old", "new", "phrase"),
    [
        (p("are key partners"), p("are equal partners"), "“key” replaced by “equal”"),
        (p("patients are here"), p("patients and carers are here"), "“and carers” added after “patients”"),
        (p("It is so decided"), p("Now it is so decided"), "“It” replaced by “Now it”"),
        (p("it is so decided"), p("now it is so decided"), "“now” added at the beginning"),
        (p("they must not decide it"), p("they must decide it"), "“not” deleted after “they must”"),
        (p("the **key** point here"), p("the key point here"), "“key” no longer in bold"),
        (p("the key point here"), p("the *key* point here"), "“key” now in italics"),
        (p("see here for it"), p("see [here](https://a.b) for it"), "“here” now leads to https://a.b"),
        (p("one two three"), p("one two three[^a]"), "a reference to note “a” added after “one two three”"),
        (p("one two[^a] three"), p("one two three"), "the reference to note “a” deleted after “one two”"),
        (
            p("one key two three four five main six"),
            p("one x two three four five y six"),
            "“key” replaced by “x”; “main” replaced by “y”",
        ),
    ],
)
def test_what_happened_to_words_is_told_in_words(old: Block, new: Block, phrase: str) -> None:
    assert told_of([p(A), old], [p(A), new]) == [f"Paragraph 2 of Mission: {phrase}"]


@pytest.mark.parametrize(
    ("old", "new", "phrase"),
    [
        ([p(A)], [p(A), p(B)], f"Mission: a paragraph added after paragraph 1: “{B}”"),
        ([p(A)], [p(B), p(A)], f"Mission: a paragraph added at the beginning: “{B}”"),
        ([p(A), p(B)], [p(B)], f"Paragraph 1 of Mission deleted: “{A}”"),
        ([item(A), item(B), item(C)], [item(A), item(B)], f"Item C of Mission deleted: “{C}”"),
        ([item(A), item(C)], [item(A), item(B), item(C)], f"Item B of Mission added: “{B}”"),
        ([item(A), item(B), item(C)], [item(C), item(A), item(B)], "Item C of Mission moved, now item A"),
        ([p(f"{A} {B}")], [p(A), p(B)], f"Paragraph 1 of Mission split, a new paragraph begins: “{B}”"),
        ([p(A), p(B)], [p(f"{A} {B}")], "Paragraph 1 of Mission: paragraph 2 joined to it"),
        (
            [p(A, "a")],
            [item(A, "a")],
            "Item A of Mission: now an item (upper alpha), was a paragraph",
        ),
        (
            [heading("Aims", "a")],
            [heading("Aims", "a", level=3)],
            "Heading 1 of Mission: now a heading of level 3, was a heading of level 2",
        ),
        ([p(A)], [p(A), heading("Aims")], "Mission: a heading added after paragraph 1: “Aims”"),
        ([p(A)], [p(A), Block(Kind.RULE)], "Mission: a dividing line added after paragraph 1"),
    ],
)
def test_what_happened_to_blocks_is_told_with_their_place(old: list[Block], new: list[Block], phrase: str) -> None:
    assert told_of(old, new) == [phrase]


def test_a_table_is_told_row_by_row() -> None:
    old = Block(Kind.TABLE, "| Who | Fee |\n| member | ten euros |\n| guest | none |", id="t")
    new = Block(Kind.TABLE, "| Who | Dues |\n| member | twelve euros |\n| friend | five |\n| guest | none |", id="t")
    assert told_of([old], [new]) == [
        "Table 1 of Mission: the header, column 2: “Fee” replaced by “Dues”; "
        "row 1, column 2: “ten” replaced by “twelve”; row 2 added: “friend, five”"
    ]


def test_new_numbers_of_a_whole_list_are_told_once() -> None:
    old = [item(A), item(B), item(C)]
    assert told_of(old, [replace(block, start=3) for block in old]) == [
        "Item C of Mission: the numbering of its list now begins with 3, was 1"
    ]


def test_notes_are_named_by_their_numbers() -> None:
    text = p("One[^x] and two[^y] here")
    notes = section("footnotes", Block(Kind.NOTE, A, label="x"), Block(Kind.NOTE, B, label="y"), heading="")
    changed = replace(notes, blocks=(notes.blocks[0], notes.blocks[1].with_text(B.replace("simple", "plain"))))
    assert told(charter(section("mission", text), notes), charter(section("mission", text), changed)) == [
        "Note 2: “simple” replaced by “plain”"
    ]


def test_goals_are_named_by_their_numbers() -> None:
    goals = [heading("Shape", "h1"), p(A, "a"), heading("Drive", "h2"), p(B, "b")]
    new = [*goals[:2], heading("Drive it", "h2"), p(B.replace("simple", "plain"), "b")]
    assert told(
        charter(section("goals", *goals, kind=SectionKind.GOALS)),
        charter(section("goals", *new, kind=SectionKind.GOALS)),
    ) == ["The title of goal 2: “it” added after “Drive”", "Paragraph 1 of goal 2: “simple” replaced by “plain”"]


def test_sections_are_told_before_what_stands_in_them() -> None:
    vision, mission, rules = section("vision", p(A, "a")), section("mission", p(B, "b")), section("rules", p(C, "c"))
    old = charter(vision, mission, rules)
    new = charter(
        rules, replace(vision, heading="Outlook", blocks=(p(A, "a"), p(B, "b"))), section("aims", p("X.", "x"))
    )
    assert told(old, new) == [
        "Section “Rules” moved, now at the beginning",
        "Section “Vision” renamed to “Outlook”",
        "A paragraph of Mission moved to Outlook, now paragraph 2",
        "Section “Aims” added after “Outlook”",
        "Aims: a paragraph added at the beginning: “X.”",
        "Section “Mission” removed",
    ]


def test_the_front_is_told_first() -> None:
    assert told(charter(), charter(title="Final", annexes=(Annexe("fees", "Fees"),))) == [
        "Title on the cover: “Charter” replaced by “Final”",
        "Annexe “fees” added: “Fees”",
    ]


def test_a_long_quotation_is_shortened_in_the_middle() -> None:
    long = " ".join(f"word{n}" for n in range(100))
    [phrase] = told_of([], [p(long)])
    assert len(phrase) < 230
    assert " … " in phrase
    assert phrase.endswith("word99”")


def test_a_phrase_knows_its_section_and_block() -> None:
    old, new = charter(section("vision", p("one two", "a"))), charter(section("vision", p("one three two", "a")))
    [phrase] = phrases(redline_snapshots(old, new))
    assert (phrase.section, phrase.block) == ("vision", "a")


def test_two_lists_in_one_section_are_told_apart() -> None:
    blocks = [item(A), p(B), item(C)]
    assert [str(place) for place in places(blocks, {})] == ["item A of list 1", "paragraph 1", "item A of list 2"]


def test_what_stands_in_an_item_is_counted_in_it() -> None:
    blocks = [item(A), replace(p(B), depth=1), item(C), item(C, style=ListStyle.LOWER_ROMAN, depth=1)]
    assert [str(place) for place in places(blocks, {})] == [
        "item A",
        "paragraph 1 of item A",
        "item B",
        "item i of item B",
    ]


@pytest.mark.parametrize(
    ("style", "number", "written"),
    [
        (ListStyle.DECIMAL, 12, "12"),
        (ListStyle.UPPER_ALPHA, 27, "AA"),
        (ListStyle.LOWER_ALPHA, 26, "z"),
        (ListStyle.LOWER_ROMAN, 1994, "mcmxciv"),
        (ListStyle.UPPER_ROMAN, 49, "XLIX"),
        (ListStyle.UPPER_ALPHA, 0, "0"),
        (ListStyle.BULLET, 3, "3"),
    ],
)
def test_a_marker_is_written_as_in_the_text(style: ListStyle, number: int, written: str) -> None:
    assert marker(style, number) == written


def test_items_count_on_through_what_stands_in_them_and_begin_anew_after_it() -> None:
    blocks = [
        item(A),
        replace(p(B), depth=1),
        item(C, depth=1),
        item(B),
        item(C, depth=1),
        p(A),
        replace(item(A), start=4),
    ]
    assert ordinals(blocks) == (1, None, 1, 2, 1, None, 4)


WORDS = st.lists(st.sampled_from(["board", "**votes**", "[^n]", "in", "writing", "\\\n", "every year."]), max_size=9)


@st.composite
def sections(draw: st.DrawFn) -> Snapshot:
    kinds = st.sampled_from([Kind.PARAGRAPH, Kind.ITEM, Kind.QUOTE, Kind.HEADING, Kind.TABLE])
    blocks = []
    for _ in range(draw(st.integers(0, 4))):
        kind = draw(kinds)
        text = " ".join(draw(WORDS))
        style = ListStyle.DECIMAL if kind is Kind.ITEM else None
        text = f"| {text} |".replace("\n", "") if kind is Kind.TABLE else text
        blocks.append(
            Block(kind, text, draw(st.integers(0, 1)), style=style, level=2 if kind is Kind.HEADING else None)
        )
    return charter(section("mission", *blocks))


@given(sections(), sections())
@settings(max_examples=100)
def test_whatever_differs_is_told_and_nothing_else(old: Snapshot, new: Snapshot) -> None:
    found = told(old, new)
    assert bool(found) == (old != new)
    assert all(phrase[:1].isupper() and "\n" not in phrase for phrase in found)


def test_blocks_without_sections_are_told_too() -> None:
    found = block_phrases(redline([p(A)], [p(A), p(B.replace("simple", "plain"))]))
    assert [str(phrase) for phrase in found] == [
        "A paragraph added after paragraph 1: “The board decides on every proposal by a plain majority of its members.”"
    ]
