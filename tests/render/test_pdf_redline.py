"""The redline on paper: the same bytes each time, hostile words as they are, and what a reader without colours sees."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pdfua
import pikepdf
import pytest
from pypdf import PdfReader

from app import resources
from app.render.pdf import Pdf
from app.render.pdf.redline import Behind, ComparedText, Sheet, redline_html, render_redline
from app.render.pdf.writer import set_pages
from app.text.blocks import Align, Block, Kind, ListStyle
from app.text.comparing import compare
from app.text.snapshot import Front, Section, SectionKind, Snapshot
from tests.render.test_pdf_structure import children, elements, kinds, named, shown_outside_marks

HOSTILE = '<script>alert(1)</script> &lt;b&gt; {{ 7 * 7 }} "><svg onload=x> \u202e turned \u4e2d \u2028'


def sheet(old: tuple[Block, ...], new: tuple[Block, ...], *, approved: bool = False) -> Sheet:
    texts = [
        Snapshot(Front("Charter", "The Group"), (Section("s", "rules", SectionKind.TEXT, "Rules", some),))
        for some in (old, new)
    ]
    made_at = datetime(2026, 11, 5, 12, tzinfo=UTC)
    named = [
        ComparedText(name, n, made_at, approved=approved, text=text)
        for n, (name, text) in enumerate(zip(("May 2025", "Working text"), texts, strict=True), 1)
    ]
    behind = Behind("3.1", "Better", "Mara", "Gilda", made_at, True, False, "It is so.", 2)
    return Sheet("group", named[0], named[1], compare(*texts), {1: (behind,)}, {"rules": "Rules"})


def read(octets: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(octets)).pages).split())


@pytest.mark.long
def test_the_same_two_texts_give_the_same_bytes_and_they_are_set_once() -> None:
    one = sheet((Block(Kind.PARAGRAPH, "Old words.", id="a"),), (Block(Kind.PARAGRAPH, "New words.", id="a"),))
    first = render_redline(one)
    assert render_redline(one) is first
    assert set_pages(redline_html(one, resources.fonts()), patience=60).sha256 == first.sha256
    assert PdfReader(BytesIO(first.bytes)).metadata["/CreationDate"].startswith("D:20261105120000")


def test_it_says_in_words_what_changed_where_and_who_decided() -> None:
    items = [
        Block(Kind.ITEM, f"The {n} of them all", id=n, style=ListStyle.UPPER_ALPHA, start=1) for n in ("one", "two")
    ]
    old = (Block(Kind.PARAGRAPH, "Old words.", id="a"), *items)
    new = (Block(Kind.PARAGRAPH, "New words.", id="a"), items[1], items[0])
    text = read(render_redline(sheet(old, new)).bytes)
    assert "Changes from May 2025 to the working text" in text
    assert "Paragraph 1 of Rules: “Old” replaced by “New”" in text
    assert "Proposal 3.1, “Better”, by Mara. Adopted, amended, by Gilda, 5 November 2026: “It is so.”" in text
    assert "A. moved here, was B" in text
    assert "Not an approved text" in text
    assert "Not an approved text" not in read(render_redline(sheet(old, new, approved=True)).bytes)


def test_hostile_words_are_printed_as_the_characters_they_are() -> None:
    old = (Block(Kind.PARAGRAPH, "Plain.", id="a"), Block(Kind.CODE, "<i>a</i>", id="c"))
    new = (Block(Kind.PARAGRAPH, HOSTILE, id="a"), Block(Kind.TABLE, "| <b> | x |\n| y | z |", id="t"))
    html = redline_html(sheet(old, new), resources.fonts())
    assert "<script" not in html
    assert "<svg" not in html
    text = read(render_redline(sheet(old, new)).bytes)
    assert "<script>alert(1)</script>" in text
    assert "{{ 7 * 7 }}" in text
    assert "U+202E" in text
    assert "U+4E2D" in text


def test_equal_texts_say_so() -> None:
    same = (Block(Kind.PARAGRAPH, "The same.", id="a"),)
    assert "say the same, to the last character" in read(render_redline(sheet(same, same)).bytes)


WORDS = "The members decide together, and in good time, how the charter shall read, and whoever minds says so. "
OLD = (
    Block(Kind.PARAGRAPH, f"{WORDS * 3}One word. {WORDS}", id="a"),
    Block(Kind.HEADING, "A heading", level=2, id="h"),
    Block(Kind.TABLE, "| Who | When |\n| Members | Each year |", align=(Align.NONE, Align.NONE), id="t"),
    Block(Kind.PARAGRAPH, "Quite another paragraph goes down the page.", id="m"),
    Block(Kind.PARAGRAPH, f"Cited[^n], and nothing else. {WORDS}", id="c"),
    Block(Kind.NOTE, "A note.", label="n", id="n"),
)
NEW = (
    Block(Kind.PARAGRAPH, f"{WORDS * 3}Two words, [and a link](https://example.org/), which is long. {WORDS}", id="a"),
    OLD[1],
    Block(Kind.TABLE, "| Who | When |\n| Members | Each month |", align=(Align.NONE, Align.NONE), id="t"),
    OLD[4],
    OLD[3],
    Block(Kind.NOTE, "A longer note.", label="n", id="n"),
)


@pytest.fixture(scope="module")
def marked() -> Pdf:
    """A redline with something of everything in it."""
    return render_redline(sheet(OLD, NEW))


@pytest.fixture(scope="module")
def opened(marked: Pdf) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(BytesIO(marked.bytes)) as one:
        yield one


def decorated(opened: pikepdf.Pdf, how: str) -> list[pikepdf.Object]:
    spans = named(opened, "/Span")
    return [one for one in spans if "/A" in one and str(one.A.get("/TextDecorationType")) == how]


def heard(opened: pikepdf.Pdf) -> list[str]:
    return [str(one.ActualText) for one in named(opened, "/Span") if "/ActualText" in one]


def test_insertions_and_deletions_are_heard_with_their_beginning_and_end(opened: pikepdf.Pdf) -> None:
    said = heard(opened)
    assert "deletion: year end of deletion" in said
    assert "insertion: month end of insertion" in said
    # Each begins once and ends once, over lines and links as well.
    for name, how in (("insertion", "/Underline"), ("deletion", "/LineThrough")):
        begun = [words for words in said if words.startswith(f"{name}: ")]
        assert len(begun) == len([words for words in said if words.endswith(f" end of {name}")]) > 1
        assert len(decorated(opened, how)) >= len(begun)


def test_what_stands_in_an_insertion_stays_what_it_is(opened: pikepdf.Pdf) -> None:
    inside = [name for one in decorated(opened, "/Underline") for name, _ in elements(one)]
    assert "/Link" in inside
    (note,) = named(opened, "/Note")
    assert [name for name, _ in elements(note)].count("/P") == 1
    (table,) = [one for one in named(opened, "/Table") if "/THead" in kinds(one)]
    assert [name for name, _ in elements(table) if name in ("/TH", "/TD")] == ["/TH", "/TH", "/TD", "/TD"]
    levels = [name for name, _ in elements(opened.Root.StructTreeRoot.K[0]) if name in ("/H1", "/H2", "/H3", "/H4")]
    assert levels == ["/H1", "/H2", "/H2", "/H3"]
    for page in opened.pages:
        assert shown_outside_marks(page) == 0
    assert all(children(one) for one in named(opened, "/Span"))


def test_what_was_moved_is_said_to_be_moved_and_not_taken_out_and_put_in(marked: Pdf, opened: pikepdf.Pdf) -> None:
    text = read(marked.bytes)
    assert "moved here Quite another paragraph" in text
    assert "moved away Quite another paragraph" in text
    assert not [words for words in heard(opened) if "another paragraph" in words]


def test_a_bar_stands_beside_exactly_the_lines_that_changed(marked: Pdf, opened: pikepdf.Pdf) -> None:
    page = opened.pages[1]
    drawn = [tuple(map(float, operands)) for operands, o in pikepdf.parse_content_stream(page) if str(o) == "re"]
    bars = sorted((bottom, bottom + height) for _, bottom, width, height in drawn if width == 1.4)
    lines: list[tuple[float, str]] = []

    def visit(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        if text.strip():
            lines.append((cm[3] * tm[5] + cm[5], text))

    PdfReader(BytesIO(marked.bytes)).pages[1].extract_text(visitor_text=visit)
    beside = {text.strip() for y, text in lines for low, high in bars if low <= y <= high}
    whole = " ".join(beside)
    assert "Two words" in whole
    assert "Each" in whole
    assert not [text for text in beside if text.startswith(("The members", "A heading", "Cited", "Who"))]
    assert 5 <= len(bars) <= 8


def test_a_checker_of_accessible_pdfs_finds_nothing_in_a_redline(marked: Pdf, tmp_path: Path) -> None:
    file = tmp_path / "redline.pdf"
    file.write_bytes(marked.bytes)
    assert pdfua.validate(str(file)).findings == ()
