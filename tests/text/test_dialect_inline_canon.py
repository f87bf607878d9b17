"""Inline text in its one form."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.text.dialect import SpanKind, canonical_inline, citations, inline, plain
from app.text.dialect.inline import read
from app.text.dialect.normal_spans import normal

CITATION = SpanKind.CITATION
LINKS = {"ref": ("https://example.org/r", ""), "titled": ("#t", "Its title"), "bad": ("page_*x*.md", "")}


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ("  soft\nbreak   and  spaces ", "soft break and spaces"),
        ("hard  \nbreak\\\nagain", "hard\\\nbreak\\\nagain"),
        ("end\\\n", "end\\\\"),
        ("_a_ __b__ ***c***", "*a* **b** ***c***"),
        ("*a*__b__", "*a***b**"),
        ("**_a_**", "***a***"),
        ("``a``", "`a`"),
        ("`` a`b ``", "``a`b``"),
        ("&lt;b&gt; &amp; &copy; a&nbsp;b", "<b> & © a\u00a0b"),
        ("&amp;copy;", "\\&copy;"),
        (r"\#1 is 5 \* 3 \_ \~ a\_b", "#1 is 5 * 3 _ ~ a_b"),
        (r"\*a\* and *b*", r"\*a\* and *b*"),
        (r"5\* rooms and 4\* rooms", "5* rooms and 4* rooms"),
        (r"\[x\] and \[^x]", r"[x] and \[^x]"),
        (r"\[x](#y)", r"[x\](#y)"),
        ("[a [b] c](#d)", r"[a \[b\] c](#d)"),
        (r"\!`a` \![b](#c)", r"!`a` \![b](#c)"),
        (r"one \` tick", "one ` tick"),
        (r"two \`ticks\`", r"two \`ticks\`"),
        ("one ` and ``` three", r"one \` and \`\`\` three"),
        ("C:\\dir \\* \\", "C:\\dir * \\\\"),
        ('[a](#b "title")', "[a](#b) (title)"),
        (
            "[a][ref] [Ref][] [ref]",
            "[a](https://example.org/r) [Ref](https://example.org/r) [ref](https://example.org/r)",
        ),
        ("[a][titled]", "[a](#t) (Its title)"),
        ("[a][bad]", r"[a](page_\*x\*.md)"),
        ("![a][ref]", "![a](https://example.org/r)"),
        ("[a][nowhere]", "[a][nowhere]"),
        ("<https://example.org>", "<https://example.org>"),
        ("[https://example.org](https://example.org)", "<https://example.org>"),
        ("<a@example.org>", "<a@example.org>"),
        (r"\<https://example.org>", r"\<https://example.org>"),
        ("**[a](#b)** [**a** c](#b)", "**[a](#b)** [**a** c](#b)"),
        ("[**a**](#b)", "**[a](#b)**"),
        ("[a](javascript:x) ~~b~~ <i>c</i>", "[a](javascript:x) ~~b~~ <i>c</i>"),
        ("[^a]: b[^c]", "[^a]: b[^c]"),
        ("*&nbsp;a*b", "\u00a0*a*b"),
        ("*a.*&auml;", "*a.*&#228;"),
        ("cafe&#x301;", "caf\u00e9"),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_every_way_to_write_it_becomes_one(raw: str, canonical: str) -> None:
    assert canonical_inline(raw, LINKS) == canonical
    assert canonical_inline(canonical) == canonical


WORDS = ["a", "b", "é", ".", ",", "(", ")", "#", "^", '"', "'", "|", "@", " ", "  ", "\n", "  \n", "\\\n"]
MARKS = [
    "*",
    "**",
    "***",
    "_",
    "__",
    "`",
    "``",
    "~~",
    "[",
    "]",
    "](",
    "](#a)",
    "](x*y*)",
    "![",
    "[^1]",
    "[^",
    "\\",
    "!",
]
LINKED = ["<", ">", "<https://x>", "<a@b.c>", "http://", "[ref]", "[ref][]", "[titled]", "[bad]"]
ENTITIES = ["&", "&amp;", "&#32;", "&nbsp;", "&auml;", "&#x301;", "&bsol;", "&lt;", "\u0338"]
PIECES = st.sampled_from([*WORDS, *MARKS, *LINKED, *ENTITIES])
TEXTS = st.lists(PIECES, max_size=16).map("".join) | st.text(max_size=40).filter(
    lambda text: not any("\ud800" <= character <= "\udfff" for character in text)
)


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_what_is_canonical_stays_so(raw: str) -> None:
    once = canonical_inline(raw, LINKS)
    assert canonical_inline(once) == once
    assert unicodedata.is_normalized("NFC", once)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_no_word_no_link_and_no_citation_is_lost_or_made(raw: str) -> None:
    meant = normal(read(composed(raw), LINKS))
    made = normal(inline(canonical_inline(raw, LINKS)))
    assert "".join(span.text for span in made) == "".join(span.text for span in meant)
    assert [span.text for span in made if span.kind is CITATION] == [
        span.text for span in meant if span.kind is CITATION
    ]
    assert {span.link for span in made} == {span.link for span in meant}


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc",)), max_size=60))
def test_words_with_every_sign_escaped_come_through_as_they_are(words: str) -> None:
    escaped = "".join(
        f"\\{character}" if character in r"!\"#$%&'()*+,-./:;<=>?@[\]^_`{|}~" else character for character in words
    )
    made = canonical_inline(escaped)
    assert plain(made) == composed(" ".join(part for part in words.split(" ") if part))
    assert citations(made) == ()


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_the_places_of_spans_follow_each_other(raw: str) -> None:
    at = 0
    text = canonical_inline(raw, LINKS)
    for span in inline(text):
        assert at <= span.start < span.end <= len(text)
        at = span.end


def test_emphasis_that_no_markdown_can_say_gives_way_and_its_words_stay() -> None:
    made = canonical_inline("*a***b***__c__")
    assert plain(made) == plain("*a***b***__c__")
    assert canonical_inline(made) == made
