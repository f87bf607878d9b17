"""What PDFBox's preflight finds in our PDFs: nothing but what PDF/A-1 forbids and PDF/A-3 allows."""

from pathlib import Path

import pikepdf
import pytest

from app.render.pdf import render_pdf
from app.render.pdf.packet import render_packet
from app.render.pdf.redline import render_redline
from tests.render.test_pdf_charter import peps
from tests.render.test_pdf_packet import PACKET
from tests.render.test_pdf_redline import NEW, OLD, sheet
from tests.support.preflight import complaints, unexpected

pytestmark = [pytest.mark.long, pytest.mark.preflight]


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("preflight") / "edition.pdf"
    file.write_bytes(render_pdf(peps(), approved=True, source=b'{"words": "here"}\n').bytes)
    return file


def test_nothing_is_found_in_an_edition_but_what_is_new_in_a_later_standard(edition: Path) -> None:
    assert unexpected(edition, source=True) == []
    assert any("EmbeddedFile" in line for line in unexpected(edition)), "it looks at what is enclosed"


def test_nothing_is_found_in_a_preview_a_redline_or_a_packet(tmp_path: Path) -> None:
    made = {
        "preview": render_pdf(peps(), approved=False),
        "redline": render_redline(sheet(OLD, NEW)),
        "packet": render_packet(PACKET),
    }
    for name, pdf in made.items():
        file = tmp_path / f"{name}.pdf"
        file.write_bytes(pdf.bytes)
        assert unexpected(file) == [], name


def test_it_notices_a_font_that_is_not_in_the_file_a_script_and_a_colour_that_depends_on_the_printer(
    edition: Path, tmp_path: Path
) -> None:
    file = tmp_path / "spoilt.pdf"
    with pikepdf.open(edition) as pdf:
        for one in pdf.objects:
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor":
                for key in ("/FontFile2", "/FontFile3"):
                    if key in one:
                        del one[key]
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        del pdf.Root.OutputIntents
        pdf.save(file)
    codes = {code for code, _ in complaints(file)}
    assert codes & {"3.1.1", "3.1.2", "3.1.3", "3.1.4", "3.1.5", "3.1.6"}, codes
    assert any(code.startswith("6.2") for code in codes), codes
    assert any(code.startswith("2.4") for code in codes), codes
    assert unexpected(file, source=True) != []
