"""The redline on paper: the same bytes each time, hostile words as they are, and what a reader without colours sees."""

from datetime import UTC, datetime
from io import BytesIO

from pypdf import PdfReader

from app import resources
from app.render.pdf.redline import Behind, ComparedText, Sheet, redline_html, render_redline
from app.render.pdf.writer import set_pages
from app.text.blocks import Block, Kind, ListStyle
from app.text.comparing import compare
from app.text.snapshot import Front, Section, SectionKind, Snapshot

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
