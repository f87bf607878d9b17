"""The packet on paper: hostile words as they are, the same bytes each time, and what those get of it who hear it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pdfua
import pikepdf
import pytest

from app import resources
from app.render.changes import CHOICES, CLASSES
from app.render.pdf import Pdf
from app.render.pdf.packet import (
    Chapter,
    Packet,
    Paper,
    Point,
    Rival,
    Ruling,
    Spoken,
    Talk,
    Wording,
    packet_html,
    render_packet,
)
from app.render.pdf.writer import set_pages
from app.text.blocks import Block, Kind, ListStyle
from app.text.html import HtmlFrame
from tests.render.test_pdf_redline import HOSTILE, heard, read
from tests.render.test_pdf_structure import kinds, named, shown_outside_marks, structure

NOW = datetime(2026, 11, 5, 12, tzinfo=UTC)
ITEM = Block(Kind.ITEM, "The third of them all", id="i", style=ListStyle.UPPER_ALPHA)
OLD, NEW = Block(Kind.PARAGRAPH, "Old words here.", id="a"), Block(Kind.PARAGRAPH, "New words here.", id="a")


def point(ref: str, old: Block | None, new: Block | None, number: int | None = None) -> Point:
    return Point(
        ref=ref,
        place=f"Vision {HOSTILE}",
        paragraph="2",
        act=None,
        to="",
        wording=Wording(old, new, number),
        today=Block(Kind.PARAGRAPH, "Today’s words here.", id="a"),
        frame=HtmlFrame(anchors=False),
        standing=CLASSES["conflict"],
        meeting="this sentence",
        rivals=[Rival("2.1", HOSTILE, 2, ""), Rival("7.1", "", None, "Adopted")],
        needs=["1.2"],
        tally="1 in support; 2 not yet.",
        decided=None,
        advice=Ruling("Adopt amended", HOSTILE, NOW, HOSTILE, Wording(old, new, number)),
        choices=list(CHOICES),
    )


def paper(number: int, *points: Point) -> Paper:
    return Paper(
        number=number,
        title=f"Title {number} {HOSTILE}",
        author=HOSTILE,
        signers=["Otto"],
        version=2,
        base_revision=1,
        updated_at=NOW,
        review_by=date(2026, 12, 1),
        relation="An alternative to proposal 9.",
        reasons=f"First.\r\n\r\nSecond {HOSTILE}",
        points=points,
        spoken=[Spoken("Otto", "object", f"{number}.1", HOSTILE, earlier=True)],
        talks=[Talk(4, f"proposal {number}", HOSTILE, HOSTILE, 3, for_members=False)],
        beside=[],
    )


PACKET = Packet(
    charter="group",
    title="Charter",
    organisation=f"The Group {HOSTILE}",
    language="en",
    day=date(2026, 11, 6),
    revision=3,
    rule="The governors decide.",
    only="",
    chapters=[
        Chapter("Vision", "chapter.1", [paper(1, point("1.1", OLD, NEW), point("1.2", ITEM, None, 3))], [2]),
        Chapter(f"Mission {HOSTILE}", "chapter.2", [paper(2, point("2.1", None, NEW))], []),
    ],
    left_out=3,
)


@pytest.fixture(scope="module")
def made() -> Pdf:
    return render_packet(PACKET)


@pytest.fixture(scope="module")
def opened(made: Pdf) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(BytesIO(made.bytes)) as one:
        yield one


@pytest.mark.long
def test_the_same_proposals_on_the_same_day_give_the_same_bytes_and_are_set_once(made: Pdf) -> None:
    assert render_packet(PACKET) is made
    assert set_pages(packet_html(PACKET, resources.fonts()), patience=60).sha256 == made.sha256


def test_hostile_words_stand_in_a_packet_as_the_characters_they_are(made: Pdf) -> None:
    html = packet_html(PACKET, resources.fonts())
    assert "<script" not in html
    assert "<svg" not in html
    text = read(made.bytes)
    assert text.count("<script>alert(1)</script>") > 10
    assert "U+202E" in text


def test_a_packet_says_what_it_is_what_is_not_in_it_and_leaves_room(made: Pdf) -> None:
    text = read(made.bytes)
    assert "2 open proposals with 3 changes" in text
    assert "3 more proposals are open and not in this packet" in text
    assert "Not an approved text" in text
    assert "C. The third of them all" in text
    assert "Reads today Today’s words here." in text
    assert text.count("Words or reason:") == 3


def test_a_packet_has_contents_with_pages_and_bookmarks(opened: pikepdf.Pdf) -> None:
    assert [kinds(one) for one in named(opened, "/TOC")] == [["/TOCI"], ["/TOCI"]]
    first, second = (words for words in heard(opened) if words.startswith("page "))
    assert first == "page 3"
    assert second in ("page 4", "page 5")
    with opened.open_outline() as outline:
        assert [one.title.split(" ")[0] for one in outline.root] == ["Contents", "Vision", "Mission"]
        assert [one.title.split(" ")[0] for chapter in outline.root for one in chapter.children] == ["1.", "2."]


def test_a_packet_can_be_heard(opened: pikepdf.Pdf, made: Pdf, tmp_path: Path) -> None:
    said = heard(opened)
    assert "deletion: Old end of deletion" in said
    assert "insertion: New end of insertion" in said
    levels = [int(name[2]) for name, _ in structure(opened) if name in ("/H1", "/H2", "/H3", "/H4", "/H5")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for page in opened.pages:
        assert shown_outside_marks(page) == 0
    file = tmp_path / "packet.pdf"
    file.write_bytes(made.bytes)
    assert pdfua.validate(str(file)).findings == ()
