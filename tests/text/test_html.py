"""HTML of blocks and redlines: safe, well-formed, and without a word lost."""

from collections import Counter
from dataclasses import replace
from xml.etree import ElementTree

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.text.blocks import Align, Block, Kind, ListStyle
from app.text.html import HtmlFrame, blocks_html, inline_html, redline_html, snapshot_redline_html
from app.text.readings import reading
from app.text.redline import redline, redline_snapshots
from app.text.snapshot import Front, Section, SectionKind, Snapshot

FRAME = HtmlFrame(note_numbers={"a": 1, "b": 2}, old_note_numbers={"a": 2, "b": 1}, annexes={"fees": "/peps/fees"})
INS = '<ins><span class="vh">insertion: </span>{}<span class="vh"> end of insertion</span></ins>'
DEL = '<del><span class="vh">deletion: </span>{}<span class="vh"> end of deletion</span></del>'
LABELS = {"vh", "moved-here", "moved-away", "split-here", "joined-here", "retyped", "k"}


def p(text: str, id: str | None = None, depth: int = 0) -> Block:
    return Block(Kind.PARAGRAPH, text, depth, id)


def item(text: str, style: ListStyle = ListStyle.BULLET, start: int = 1, depth: int = 0) -> Block:
    return Block(Kind.ITEM, text, depth, style=style, start=start)


def table(*rows: str, align: tuple[Align, ...] | None = None) -> Block:
    return Block(Kind.TABLE, "\n".join(rows), align=align)


def changed(old: Block | list[Block], new: Block | list[Block]) -> str:
    return redline_html(
        redline(old if isinstance(old, list) else [old], new if isinstance(new, list) else [new]), FRAME
    ).strip()


def tree(html: str) -> ElementTree.Element:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parseFragment(html)


def words(element: ElementTree.Element, skipped: str) -> str:
    """What is read, without the labels and without one of ins and del."""
    if element.tag == skipped or LABELS & set((element.get("class") or "").split()) or element.get("class") == "back":
        return ""
    if element.tag == "br":
        return "\n"
    inside = (element.text or "") + "".join(words(child, skipped) + (child.tail or "") for child in element)
    return inside


def read(html: str, skipped: str = "") -> str:
    return "".join(words(tree(html), skipped).split())


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**a *b* c**", "<strong>a <em>b</em> c</strong>"),
        ("1 < 2 & \\*x\\*", "1 &lt; 2 &amp; *x*"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("`a < b`", "<code>a &lt; b</code>"),
        ("one\\\ntwo", "one<br>\ntwo"),
        ('[x](https://a.b/?c=1&d="2")', '<a href="https://a.b/?c=1&amp;d=&quot;2&quot;">x</a>'),
        ("[**x** y](mailto:a@b.c)", '<a href="mailto:a@b.c"><strong>x</strong> y</a>'),
        ("[x](#vision)", '<a href="#vision">x</a>'),
        ("[x](annexe:fees)", '<a href="/peps/fees">x</a>'),
        ("[x](annexe:none)", "x"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        (
            "so[^b]",
            'so<a class="ref" role="doc-noteref" id="ref-2" href="#note-2"><span class="vh">note </span>2</a>',
        ),
        ("so[^none]", "so[^none]"),
    ],
)
def test_inline_text_is_written_safely(text: str, html: str) -> None:
    assert inline_html(text, FRAME) == html


@pytest.mark.parametrize("place", ["//evil.example", "/\\evil.example", "javascript:alert(1)", "data:text/html,x", ""])
def test_an_annexe_leads_nowhere_else_than_it_may(place: str) -> None:
    assert inline_html("[x](annexe:fees)", HtmlFrame(annexes={"fees": place})) == "x"


def test_a_key_or_prefix_cannot_leave_its_attribute() -> None:
    old = Snapshot(Front("Charter", "PEPs"), (Section("1", 'a"b', SectionKind.TEXT, "", (p("x[^a]", 'i"d'),)),))
    html = snapshot_redline_html(redline_snapshots(old, old), HtmlFrame(prefix='"><', note_numbers={"a": 1}))
    assert '"><' not in html.replace('"><span class="vh">', "").replace('"><p', "")


def test_a_note_cited_again_keeps_its_number_and_has_an_id_of_its_own() -> None:
    html = inline_html("x[^a] y[^a]", HtmlFrame(note_numbers={"a": 1}, prefix="old-"))
    assert 'id="old-ref-1" href="#old-note-1"' in html
    assert 'id="old-ref-1-2" href="#old-note-1"' in html


@pytest.mark.parametrize("text", ["x[^a][^a] y", "x[^a][^a][^b] y z"])
def test_citations_side_by_side_all_stand_in_a_redline(text: str) -> None:
    assert changed(p("x[^a] y", "i"), p(text, "i")).count('role="doc-noteref"') == text.count("[^")


def test_lists_are_rebuilt_with_their_style_and_first_number() -> None:
    blocks = [
        item("One", ListStyle.UPPER_ALPHA, 3),
        item("Two", ListStyle.UPPER_ALPHA, 3),
        item("Deep", ListStyle.LOWER_ROMAN, 1, depth=1),
        item("Point"),
    ]
    assert blocks_html(blocks) == (
        '<ol type="A" start="3">\n<li>One</li>\n<li>Two\n<ol type="i">\n<li>Deep</li>\n</ol>\n</li>\n</ol>\n'
        "<ul>\n<li>Point</li>\n</ul>\n"
    )


def test_a_loose_list_has_paragraphs() -> None:
    assert blocks_html([item("One"), p("More", depth=1), item("Two")]) == (
        "<ul>\n<li><p>One</p>\n<p>More</p>\n</li>\n<li><p>Two</p></li>\n</ul>\n"
    )


def test_quotations_code_rules_and_headings_are_elements() -> None:
    blocks = [
        Block(Kind.HEADING, "Aims *now*", level=2, id="h"),
        Block(Kind.QUOTE, "One"),
        Block(Kind.QUOTE, "Two"),
        Block(Kind.CODE, "a < b\n", lang="py x"),
        Block(Kind.RULE),
    ]
    assert blocks_html(blocks, HtmlFrame(heading_shift=1, prefix="x-")) == (
        '<h3 id="x-b-h">Aims <em>now</em></h3>\n<blockquote>\n<p>One</p>\n<p>Two</p>\n</blockquote>\n'
        '<pre><code class="language-py">a &lt; b\n</code></pre>\n<hr>\n'
    )


def test_a_table_has_a_head_a_body_and_sides() -> None:
    html = blocks_html([table("| a | b |", "| x \\| y | **z** |", align=(Align.NONE, Align.RIGHT))])
    assert html == (
        '<table>\n<thead>\n<tr><th scope="col">a</th><th scope="col" class="al-right">b</th></tr>\n</thead>\n'
        '<tbody>\n<tr><td>x | y</td><td class="al-right"><strong>z</strong></td></tr>\n</tbody>\n</table>\n'
    )


def test_a_note_leads_back_to_its_first_citation() -> None:
    html = blocks_html([Block(Kind.NOTE, "Words.", label="a", id="n")], FRAME)
    assert html == (
        '<div class="fn" id="note-1" role="doc-footnote"><a class="back" role="doc-backlink" href="#ref-1" '
        'aria-label="Note 1, back to the text">1</a><p id="b-n">Words.</p>\n</div>\n'
    )


@pytest.mark.parametrize(
    ("old", "new", "html"),
    [
        (
            p("a key point here"),
            p("a main point here"),
            f'<p class="bar">a {DEL}{INS} point here</p>'.format("key", "main"),
        ),
        (p("same"), p("same"), "<p>same</p>"),
        ([], p("*new* words"), f'<p class="bar">{INS.format("<em>new</em> words")}</p>'),
        (
            [item("One of them"), item("Two of them")],
            [item("One of them"), item("Here is another"), item("Two of them")],
            f'<ul>\n<li>One of them</li>\n<li class="bar">{INS.format("Here is another")}</li>\n'
            "<li>Two of them</li>\n</ul>",
        ),
        (
            [item("One", ListStyle.DECIMAL), item("Two", ListStyle.DECIMAL), item("Three", ListStyle.DECIMAL)],
            [item("One", ListStyle.DECIMAL), item("Three", ListStyle.DECIMAL)],
            f'<ol>\n<li>One</li>\n<li class="bar">{DEL.format("Two")}</li>\n<li value="2">Three</li>\n</ol>',
        ),
        ([], Block(Kind.RULE), f'<div class="bar">{INS.format("<hr>")}</div>'),
        (
            table("| a |", "| b |"),
            table("| a |", "| c d |", "| b |"),
            '<table class="bar">\n<thead>\n<tr><th scope="col">a</th></tr>\n</thead>\n<tbody>\n'
            f"<tr><td>{INS.format('c d')}</td></tr>\n<tr><td>b</td></tr>\n</tbody>\n</table>",
        ),
    ],
)
def test_redlines_mark_words_inside_elements(old: Block | list[Block], new: Block | list[Block], html: str) -> None:
    assert changed(old, new) == html


def test_a_change_of_formatting_is_shown_as_formatting() -> None:
    html = changed(p("the **key** point", "a"), p("the key *point*", "a"))
    assert "<ins>" not in html
    assert "<del>" not in html
    assert html.count("formatting changed: ") == 2
    assert read(html) == "thekeypoint"


def test_a_deleted_citation_has_its_old_number_and_no_link() -> None:
    html = changed(p("It stands here[^a] now", "x"), p("It stands here now", "x"))
    assert DEL.format('<span class="ref"><span class="vh">note </span>2</span>') in html


def test_a_moved_item_says_where_it_was_and_where_it_is() -> None:
    old = [item(f"This is point number {n} of all", ListStyle.UPPER_ALPHA) for n in ("one", "two", "three")]
    html = changed(old, [old[2], old[0], old[1]])
    assert '<span class="moved-here">moved here, was C</span> <span class="moved">This is point number three' in html
    assert '<span class="moved-away">moved away, now A</span>' in html
    assert "<ins>" not in html


def test_split_and_joined_paragraphs_say_so() -> None:
    one, two = "Our mission is to foster better organisations.", "The board decides on every proposal there is."
    assert "new paragraph from here" in changed(p(f"{one} {two}"), [p(one), p(two)])
    html = changed([p(one), p(two)], p(f"{one} {two}"))
    assert "joined here" in html
    assert html.count("<p") == 1


def test_a_paragraph_that_became_an_item_says_what_it_was() -> None:
    assert "was a paragraph" in changed(
        p("One and the same words", "a"), replace(item("One and the same words"), id="a")
    )


def test_a_paragraph_that_became_a_table_is_shown_as_both() -> None:
    html = changed(p("Some words", "a"), replace(table("| Some | words |"), id="a"))
    assert html.startswith(f'<p class="bar">{DEL.format("Some words")}</p>\n<table id="b-a" class="bar">')


def test_sections_of_a_charter_have_headings_and_anchors() -> None:
    front = Front("Charter", "PEPs")
    old = Snapshot(front, (Section("1", "vision", SectionKind.VISION, "Vision", (p("Words.", "a"),)),))
    new = Snapshot(front, (Section("1", "vision", SectionKind.VISION, "Outlook", (p("Words.", "a"),)),))
    html = snapshot_redline_html(redline_snapshots(old, new), FRAME)
    assert html.startswith(f'<section id="vision">\n<h2 class="bar">{DEL.format("Vision")}{INS.format("Outlook")}</h2>')


WORDS = st.lists(
    st.sampled_from(
        ["**", "*", "board", "votes.", "<b>", "&amp;", "`x`", "[^a]", "[t](https://a.b)", "\\*", "é", "]", "\\\n"]
    ),
    max_size=10,
).map(" ".join)
CELLS = st.lists(st.sampled_from(["one", "two words", "**x**", "", "a \\| b"]), min_size=1, max_size=3)


@st.composite
def texts(draw: st.DrawFn) -> list[Block]:
    blocks: list[Block] = []
    for n in range(draw(st.integers(0, 6))):
        kind = draw(st.sampled_from(list(Kind)))
        id = draw(st.sampled_from([None, f"id{n}", f"id{n + 1}"]))
        if id in {block.id for block in blocks}:
            id = None
        depth = draw(st.integers(0, 2))
        match kind:
            case Kind.TABLE:
                rows = draw(st.lists(CELLS, min_size=1, max_size=3))
                blocks.append(Block(kind, "\n".join(f"| {' | '.join(row)} |" for row in rows), depth, id))
            case Kind.ITEM:
                style = draw(st.sampled_from(list(ListStyle)))
                blocks.append(Block(kind, draw(WORDS), depth, id, style=style, start=draw(st.integers(1, 3))))
            case Kind.NOTE:
                blocks.append(Block(kind, draw(WORDS), 0, id, label=draw(st.sampled_from("abc"))))
            case Kind.HEADING:
                blocks.append(Block(kind, draw(WORDS), depth, id, level=draw(st.integers(1, 6))))
            case Kind.RULE:
                blocks.append(Block(kind, "", depth, id))
            case _:
                blocks.append(Block(kind, draw(WORDS), depth, id))
    return blocks


def visible(blocks: list[Block], *, numbers: dict[str, int]) -> str:
    """What a reader must find, in order, without white space."""
    found: list[str] = []
    for block in blocks:
        if block.kind is Kind.CODE:
            found.append(block.text.replace("[^", "\0"))
            continue
        rows = block.text.split("\n") if block.kind is Kind.TABLE else [block.text]
        for row in rows:
            cells = row.strip("| ").replace("\\| ", "\0").split("|") if block.kind is Kind.TABLE else [row]
            for cell in cells:
                found.append(reading(cell.strip().replace("\0", "\\| ")).text)
    text = "".join("".join(found).split())
    for label, number in numbers.items():
        text = text.replace(f"[^{label}]", str(number))
    return text.replace("\0", "[^")


@given(texts())
@settings(max_examples=60)
def test_no_word_of_a_text_vanishes_and_the_html_is_well_formed(blocks: list[Block]) -> None:
    assert read(blocks_html(blocks, FRAME)) == visible(blocks, numbers={"a": 1, "b": 2})


@given(texts(), texts())
@settings(max_examples=60)
def test_no_word_of_either_text_vanishes_from_a_redline(old: list[Block], new: list[Block]) -> None:
    html = redline_html(redline(old, new), FRAME)
    found = Counter(read(html))
    for blocks, numbers in ((new, {"a": 1, "b": 2}), (old, {"a": 2, "b": 1})):
        letters = Counter(letter for letter in visible(blocks, numbers=numbers) if not letter.isdigit())
        assert not letters - found
    for element in tree(html).iter():
        if element.tag in ("ul", "ol", "table", "thead", "tbody", "tr"):
            assert not {child.tag for child in element} & {"ins", "del"}


@given(WORDS, WORDS)
@settings(max_examples=150)
def test_without_its_deletions_a_redline_reads_as_the_new_text(old: str, new: str) -> None:
    html = redline_html(redline([p(old, "x")], [p(new, "x")]), FRAME)
    assert read(html, "del") == visible([p(new)], numbers={"a": 1, "b": 2})
    assert read(html, "ins").replace("2", "1") == visible([p(old)], numbers={"a": 1, "b": 2}).replace("2", "1")


def test_ids_stand_only_once() -> None:
    blocks = [p("One[^a] and[^a]", "x"), Block(Kind.NOTE, "See[^a]", label="a", id="n")]
    ids = [element.get("id") for element in tree(redline_html(redline(blocks, blocks[::-1]), FRAME)).iter()]
    found = [id for id in ids if id]
    assert len(found) == len(set(found))


def test_words_that_left_a_block_which_became_a_rule_are_still_shown() -> None:
    old = [Block(Kind.PARAGRAPH, "** board board", id="a"), Block(Kind.PARAGRAPH, "")]
    new = [Block(Kind.PARAGRAPH, ""), Block(Kind.RULE, "", id="a"), Block(Kind.PARAGRAPH, "board board")]
    html = redline_html(redline(old, new), FRAME)
    assert Counter(read(html)) >= Counter("**boardboard")
    assert "<hr>" in html


def test_a_note_cited_in_two_sections_has_one_place_to_lead_back_to() -> None:
    one = Section("s1", "one", SectionKind.TEXT, "One", (Block(Kind.PARAGRAPH, "Said[^a].", id="p1"),))
    two = Section("s2", "two", SectionKind.TEXT, "Two", (Block(Kind.PARAGRAPH, "Again[^a].", id="p2"),))
    text = Snapshot(Front("Charter", "Group"), (one, two))
    html = snapshot_redline_html(redline_snapshots(text, text), FRAME)
    assert html.count('id="ref-1"') == 1
    assert html.count("#note-1") == 2
