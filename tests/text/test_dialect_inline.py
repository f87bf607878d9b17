"""Inline text as a reader meets it."""

import pytest

from app.text.dialect import Mark, Span, SpanKind, citations, inline, plain

EM, STRONG, CODE = Mark.EMPHASIS, Mark.STRONG, Mark.CODE


def shown(text: str) -> list[tuple[str, set[Mark], str | None]]:
    return [(span.text, set(span.marks), span.link) for span in inline(text)]


def test_each_span_says_where_it_stands_in_the_text() -> None:
    text = r"A *b* `c` \* [d](#e)[^f]" + "\\\ng"
    assert [(span.text, text[span.start : span.end]) for span in inline(text)] == [
        ("A ", "A "),
        ("b", "b"),
        (" ", " "),
        ("c", "`c`"),
        (" * ", r" \* "),
        ("d", "d"),
        ("f", "[^f]"),
        ("\n", "\\\n"),
        ("g", "g"),
    ]


def test_a_citation_and_a_hard_break_have_kinds_of_their_own() -> None:
    assert [(span.kind, span.text, span.note) for span in inline("a[^n-1]\\\nb")] == [
        (SpanKind.WORDS, "a", None),
        (SpanKind.CITATION, "n-1", "n-1"),
        (SpanKind.BREAK, "\n", None),
        (SpanKind.WORDS, "b", None),
    ]


def test_plain_text_is_one_span_and_no_text_is_none() -> None:
    assert inline("Nothing to see here.") == (Span("Nothing to see here.", start=0, end=20),)
    assert inline("") == ()


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("***a***", [("a", {EM, STRONG}, None)]),
        ("*a **b***", [("a ", {EM}, None), ("b", {EM, STRONG}, None)]),
        ("**a *b* c**", [("a ", {STRONG}, None), ("b", {EM, STRONG}, None), (" c", {STRONG}, None)]),
        ("_a_ __b__", [("a", {EM}, None), (" ", set(), None), ("b", {STRONG}, None)]),
        ("snake_case_name", [("snake_case_name", set(), None)]),
        ("2 * 3 * 4", [("2 * 3 * 4", set(), None)]),
        ("in*ter*nal", [("in", set(), None), ("ter", {EM}, None), ("nal", set(), None)]),
        ("*a **b*", [("*a *", set(), None), ("b", {EM}, None)]),
        ("**a*b*c**", [("a", {STRONG}, None), ("b", {STRONG, EM}, None), ("c", {STRONG}, None)]),
        ('a*"b"*c', [('a*"b"*c', set(), None)]),
        ("*[a*](#b)", [("*", set(), None), ("a*", set(), "#b")]),
        ("*a `b*` c*", [("a ", {EM}, None), ("b*", {EM, CODE}, None), (" c", {EM}, None)]),
        ("`` a`b ``", [("a`b", {CODE}, None)]),
        ("`a", [("`a", set(), None)]),
        ("a &amp; &copy;&nbsp;&nosuch;", [("a & ©\u00a0&nosuch;", set(), None)]),
        ("&#0;&#1;&#xd800;&#10;x", [("\ufffd\ufffd\ufffd x", set(), None)]),
    ],
)
def test_marks_are_paired_as_commonmark_pairs_them(text: str, spans: list[tuple[str, set[Mark], str | None]]) -> None:
    assert shown(text) == spans


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("[w](https://example.org/a_(b)?c=*d*)", "https://example.org/a_(b)?c=*d*"),
        ("[w](#goals)", "#goals"),
        ("[w](#b-12)", "#b-12"),
        ("[w](annexe:rules)", "annexe:rules"),
        ("[w](mailto:someone@example.org)", "mailto:someone@example.org"),
        ("[w](<https://example.org/a b>)", "https://example.org/a%20b"),
        ("[w](HTTPS://example.org)", "HTTPS://example.org"),
    ],
)
def test_a_link_leads_where_it_may(text: str, target: str) -> None:
    assert shown(text) == [("w", set(), target)]


@pytest.mark.parametrize(
    "text",
    [
        "[w](javascript:alert(1))",
        "[w](JaVaScRiPt:alert(1))",
        "[w](data:text/html,x)",
        "[w](//example.org)",
        "[w](page.md)",
        "[w](ftp://example.org)",
        "[w](http:)",
        "[w](https:///path)",
        "[w](#)",
        "[w]()",
        "[](https://example.org)",
        "[ ](https://example.org)",
        "![w](https://example.org/a.png)",
        "<ftp://example.org>",
        "<javascript:alert(1)>",
        "<b>w</b> <!-- x --> ~~y~~",
        "[w](page_*a*_`b`.md)",
    ],
)
def test_whatever_is_no_link_here_is_the_characters_it_is(text: str) -> None:
    assert shown(text) == [(text, set(), None)]


def test_a_link_holds_no_other_link_and_the_inner_one_counts() -> None:
    assert shown("[a [b](#c)](#d)") == [("[a ", set(), None), ("b", set(), "#c"), ("](#d)", set(), None)]


def test_a_title_is_words_after_the_link() -> None:
    assert shown('[a](#b "The title")') == [("a", set(), "#b"), (" (The title)", set(), None)]


def test_autolinks_are_links() -> None:
    assert shown("<https://example.org/a_b_c>") == [("https://example.org/a_b_c", set(), "https://example.org/a_b_c")]
    assert shown("<a@example.org>") == [("a@example.org", set(), "mailto:a@example.org")]


def test_citations_come_in_order_with_repeats_and_not_from_code_or_escapes() -> None:
    assert citations("a[^one] *b[^two]* [c[^one]](#d) `[^code]` \\[^escaped] ![^image] [^two words] [^]") == (
        "one",
        "two",
        "one",
        "image",
    )
    assert citations(f"[^{'x' * 64}][^{'x' * 65}]") == ("x" * 64,)


def test_plain_is_what_a_reader_reads() -> None:
    assert plain("A *b* [c](#d)[^e] `f`\\\n**g**") == "A b c f\ng"


@pytest.mark.parametrize(
    "pattern",
    ["*", "[", "`", "_a*", "*a **b ", "[a](b", "[a](<b", "![[]()", "``` ` ", "[*", "<a:", "&#", "a\\\n", "![a[b](#c)"],
)
def test_the_time_to_read_grows_with_the_length_only(pattern: str) -> None:
    # With a rule that looks back or ahead over the whole text at every sign this takes minutes.
    text = pattern * (30_000 // len(pattern))
    assert sum(span.end - span.start for span in inline(text)) <= len(text)
