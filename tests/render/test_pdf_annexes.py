"""The logo on the cover and the list of annexes, in print: seen, heard, linked, and the same bytes every time."""

import io
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pdfua
import pikepdf
import pytest
from PIL import Image
from pypdf import PdfReader

from app.errors import Refused
from app.render.pdf import Pdf, render_pdf
from app.rules.png import safe_png
from app.rules.svg import safe_svg
from app.text.blocks import Block, Kind
from app.text.prepared import AttachedFile, EditionFacts, Logo, PreparedEdition
from app.text.preparing import prepare
from app.text.snapshot import Annexe, Front, Section, SectionKind, Snapshot
from tests.render.test_pdf_structure import named, structure
from tests.support.files import SVG
from tests.support.preflight import unexpected

HASH = "ab" * 32
ALT = "The “tea” club: a kettle <3"


def tea(logo: Logo | None, title: str = "Membership and funding model") -> PreparedEdition:
    """A charter that cites an annexe with a file and one with an address, and declares one with neither."""
    words = "Money is told [here](annexe:money), and more [there](annexe:web); [nothing](annexe:bare) else."
    section = Section("s1", "rules", SectionKind.TEXT, "Rules", (Block(Kind.PARAGRAPH, words, id="p1"),))
    annexes = (Annexe("money", title), Annexe("web", "A page", url="https://example.org/page"), Annexe("bare", "Bare"))
    return prepare(
        Snapshot(Front("Charter", "The Tea Club", annexes=annexes), (section,)),
        charter="tea",
        edition=EditionFacts("2026-11", "November 2026", date(2026, 11, 1), "approved"),
        files=[
            AttachedFile("money", "Förderung.pdf", "application/pdf", 34_567, HASH),
            AttachedFile("gone", "Of no annexe.pdf", "application/pdf", 1, HASH),
        ],
        logo=logo,
    )


def picture(mode: str) -> bytes:
    """A picture in one of the ways a PNG can be written."""
    image = Image.linear_gradient("L").resize((300, 120))
    written = io.BytesIO()
    image.convert("RGB").convert(mode).save(written, "PNG")
    return safe_png(written.getvalue())


DRAWN = Logo("image/svg+xml", "00", ALT, safe_svg(SVG))


@pytest.fixture(scope="module")
def pdf() -> Pdf:
    return render_pdf(tea(DRAWN), approved=True, source=b"{}")


@pytest.fixture(scope="module")
def opened(pdf: Pdf) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(BytesIO(pdf.bytes)) as one:
        yield one


def test_the_logo_is_a_figure_that_says_what_it_shows_and_where_it_lies(opened: pikepdf.Pdf) -> None:
    (figure,) = named(opened, "/Figure")
    assert str(figure.Alt) == ALT
    left, bottom, right, top = (float(n) for n in figure.A.BBox)
    # At the top left of the text area, 28 mm high: in points, from the bottom of the page.
    assert (round(left), round(top)) == (102, 757)
    assert (round(top - bottom), round((right - left) / (top - bottom))) == (79, 3)
    first = next(name for name, _ in structure(opened) if name not in ("/Div", "/Document"))
    assert first == "/Figure", "it is heard first, as it is seen first"


def test_annexes_that_somebody_can_get_at_are_listed_with_file_and_fingerprint(pdf: Pdf) -> None:
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf.bytes)).pages]
    last = pages[-1]
    assert "Annexes Membership and funding model PDF, 35 kB, kept with this edition as Förderung.pdf" in last
    assert f"SHA-256 {HASH}" in last
    assert "A page https://example.org/page" in last
    assert "Bare" not in last.partition("Annexes")[2]
    assert "Of no annexe" not in last
    assert "Annexes" in pages[1], "they stand in the contents"


def test_the_words_that_cite_an_annexe_lead_to_it(opened: pikepdf.Pdf) -> None:
    links = [note for page in opened.pages for note in page.get("/Annots", [])]
    inside = {str(note.Dest) for note in links if "/Dest" in note}
    outside = [str(note.A.URI) for note in links if "/A" in note and "/URI" in note.A]
    assert "annexe.money" in inside
    assert outside == ["https://example.org/page", "https://example.org/page"]


def test_a_checker_finds_nothing_and_the_same_edition_is_the_same_file(pdf: Pdf, tmp_path: Path) -> None:
    (tmp_path / "tea.pdf").write_bytes(pdf.bytes)
    assert pdfua.validate(str(tmp_path / "tea.pdf")).findings == ()
    assert render_pdf(tea(DRAWN), approved=True, source=b"{}").sha256 == pdf.sha256


@pytest.mark.parametrize("mode", ["RGBA", pytest.param("L", marks=pytest.mark.long)])
def test_a_png_is_printed_as_well(mode: str) -> None:
    made = render_pdf(tea(Logo("image/png", "00", ALT, picture(mode))), approved=True)
    with pikepdf.open(BytesIO(made.bytes)) as one:
        assert len(named(one, "/Figure")) == 1
        assert [str(i.Subtype) for i in one.pages[0].Resources.XObject.values()] == ["/Image"]


@pytest.mark.long
@pytest.mark.preflight
def test_nothing_is_found_by_preflight_whatever_the_logo_is(tmp_path: Path) -> None:
    logos = [DRAWN, *(Logo("image/png", "00", ALT, picture(mode)) for mode in ("RGB", "L", "P", "1"))]
    for n, logo in enumerate(logos):
        file = tmp_path / f"{n}.pdf"
        file.write_bytes(render_pdf(tea(logo), approved=True, source=b"{}").bytes)
        # What shows through is new in PDF/A-2, and allowed ever since.
        found = [line for line in unexpected(file, source=True) if "Transparency" not in line]
        assert found == [], logo.media_type


def test_a_title_that_cannot_be_printed_fails_the_edition_and_is_named() -> None:
    with pytest.raises(Refused, match=r"☃ \(U\+2603 SNOWMAN\) in the annexe “A ☃”"):
        render_pdf(tea(None, title="A ☃"), approved=True)
