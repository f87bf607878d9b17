"""What a PDF says to those who hear it, convert it, or open it in thirty years: tags, standards, and its own source."""

import shutil
import subprocess
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pdfua
import pikepdf
import pytest

from app.render.pdf import Pdf, render_pdf
from app.text.blocks import Block, Kind, ListStyle
from app.text.prepared import PreparedEdition
from tests.render.test_pdf_charter import peps
from tests.render.test_pdf_sheets import note, paragraph, section, text

SOURCE = '{"words": "é"}\n'.encode()
Node = tuple[str, pikepdf.Object]


@pytest.fixture(scope="module")
def edition() -> PreparedEdition:
    return peps()


@pytest.fixture(scope="module")
def pdf(edition: PreparedEdition) -> Pdf:
    return render_pdf(edition, approved=True, source=SOURCE)


@pytest.fixture(scope="module")
def opened(pdf: Pdf) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(BytesIO(pdf.bytes)) as one:
        yield one


def children(element: pikepdf.Object) -> list[pikepdf.Object]:
    inside = element.get("/K", [])
    return list(inside) if isinstance(inside, pikepdf.Array) else [inside]


def elements(element: pikepdf.Object) -> Iterator[Node]:
    """An element and those in it, in the order of reading."""
    yield str(element.S), element
    for child in children(element):
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield from elements(child)


def structure(opened: pikepdf.Pdf) -> list[Node]:
    return list(elements(opened.Root.StructTreeRoot.K[0]))


def named(opened: pikepdf.Pdf, name: str) -> list[pikepdf.Object]:
    return [element for found, element in structure(opened) if found == name]


def kinds(element: pikepdf.Object) -> list[str]:
    return [str(child.S) for child in children(element) if isinstance(child, pikepdf.Dictionary) and "/S" in child]


def marked_pieces(page: pikepdf.Page) -> Iterator[tuple[str, int | None]]:
    """Each marked piece of a page: its tag, and its number unless it is an artifact."""
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "BMC":
            yield str(operands[0]), None
        elif str(operator) == "BDC":
            yield str(operands[0]), int(operands[1].MCID)


def shown_outside_marks(page: pikepdf.Page) -> int:
    """How many times text is shown that belongs to nothing, not even to what is no part of the text."""
    depth = loose = 0
    for _, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        depth += (name in ("BMC", "BDC")) - (name == "EMC")
        loose += name in ("Tj", "TJ") and depth == 0
    return loose


def test_it_says_that_it_is_an_archive_and_accessible(opened: pikepdf.Pdf) -> None:
    with opened.open_metadata() as said:
        assert said.pdfa_status == "3A"
        assert said["pdfuaid:part"] == "1"
    assert bool(opened.Root.MarkInfo.Marked)
    assert bool(opened.Root.ViewerPreferences.DisplayDocTitle)
    assert str(opened.Root.Lang) == "en"


def test_its_source_is_inside_to_the_byte(opened: pikepdf.Pdf) -> None:
    assert list(opened.attachments) == ["edition.json"]
    assert opened.attachments["edition.json"].get_file().read_bytes() == SOURCE
    (file,) = opened.Root.AF
    assert str(file.AFRelationship) == "/Source"


def test_the_contents_are_a_table_of_contents_heard_with_its_pages(opened: pikepdf.Pdf) -> None:
    (contents,) = named(opened, "/TOC")
    assert kinds(contents) == ["/TOCI"] * 5
    heard = [str(e.ActualText) for e in named(opened, "/Span") if "/ActualText" in e]
    assert heard == ["page 4", "page 4", "page 4", "page 5", "page 6"]
    assert [kinds(entry) for entry in children(contents)] == [["/Link"]] * 5


def test_each_note_stands_right_behind_its_citation_and_begins_with_its_number(opened: pikepdf.Pdf) -> None:
    names = [name for name, _ in structure(opened)]
    cited = [at for at, name in enumerate(names) if name == "/Reference"]
    notes = named(opened, "/Note")
    assert len(cited) == len(notes) == 7
    assert len({str(one.ID) for one in notes}) == 7
    for holder in (element for _, element in structure(opened)):
        inside = kinds(holder)
        for at, name in enumerate(inside):
            if name == "/Reference":
                assert inside[at + 1] == "/Note"
    assert all(kinds(one)[0] == "/Lbl" for one in notes)


def test_lines_stand_right_in_their_paragraphs(opened: pikepdf.Pdf) -> None:
    paragraphs = [[child for child in children(one) if isinstance(child, int)] for one in named(opened, "/P")]
    assert max(map(len, paragraphs)) > 4
    assert all(list(lines) == sorted(lines) for lines in paragraphs)


def test_items_are_a_label_and_a_body(opened: pikepdf.Pdf) -> None:
    items = named(opened, "/LI")
    assert len(items) == 8
    assert all(kinds(item) == ["/Lbl", "/LBody"] for item in items)


def test_goals_are_a_table_whose_headers_say_what_they_head(opened: pikepdf.Pdf) -> None:
    headers = named(opened, "/TH")
    assert len(headers) == 3
    assert {str(one.A.Scope) for one in headers} == {"/Column"}
    ids = {str(one.ID) for one in headers}
    assert {str(one.A.Headers[0]) for one in named(opened, "/TD")} == ids


def test_headings_go_down_one_level_at_a_time(opened: pikepdf.Pdf) -> None:
    levels = [int(name[2:]) for name, _ in structure(opened) if name[1:] in ("H1", "H2", "H3", "H4", "H5")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_piece_of_a_page_belongs_to_the_structure_or_is_an_artifact(opened: pikepdf.Pdf) -> None:
    tree = opened.Root.StructTreeRoot.ParentTree.Nums
    owners = {int(tree[n]): tree[n + 1] for n in range(0, len(tree), 2)}
    inside = {element.objgen for _, element in structure(opened)}
    for page in opened.pages:
        assert shown_outside_marks(page) == 0
        owned = owners[int(page.StructParents)]
        numbers = [number for _, number in marked_pieces(page) if number is not None]
        assert len(numbers) == len(set(numbers))
        for number in numbers:
            assert owned[number].objgen in inside
    # The running lines of a page are there to be seen, and not read out.
    assert [tag for tag, number in marked_pieces(opened.pages[3]) if number is None].count("/Artifact") >= 3


def test_each_link_is_one_annotation_that_says_where_it_leads(opened: pikepdf.Pdf) -> None:
    for page in opened.pages:
        for annotation in page.get("/Annots", []):
            assert str(annotation.Contents)
            assert int(annotation.StructParent) >= len(opened.pages)
    links = named(opened, "/Link")
    annotated = [
        child.Obj
        for link in links
        for child in children(link)
        if isinstance(child, pikepdf.Dictionary) and "/Obj" in child
    ]
    assert len(annotated) == len(links) == sum(len(page.get("/Annots", [])) for page in opened.pages)


def test_a_checker_of_accessible_pdfs_finds_nothing(pdf: Pdf, tmp_path: Path) -> None:
    file = tmp_path / "edition.pdf"
    file.write_bytes(pdf.bytes)
    assert pdfua.validate(str(file)).findings == ()


@pytest.mark.long
def test_long_texts_with_everything_in_them_are_sound_too(tmp_path: Path) -> None:
    notes = [note(f"n{n}", "Words of a note, " * 30) for n in range(12)]
    body = [paragraph("Some words. " * 40 + f"[^n{n}] and [a link](https://example.org/{n}).") for n in range(12)]
    body += [Block(Kind.ITEM, "An item " * 20, depth=n % 3, style=ListStyle.BULLET) for n in range(9)]
    everything = section(*body, paragraph("Once more[^n1]."), heading="Long")
    made = render_pdf(text(everything, section(*notes, heading="Notes", key="footnotes")), approved=False)
    with pikepdf.open(BytesIO(made.bytes)) as opened:
        for page in opened.pages:
            assert shown_outside_marks(page) == 0
        assert len(named(opened, "/Note")) >= 12
    file = tmp_path / "long.pdf"
    file.write_bytes(made.bytes)
    assert pdfua.validate(str(file)).findings == ()


@pytest.mark.qpdf
def test_qpdf_finds_no_fault(pdf: Pdf, tmp_path: Path) -> None:
    file = tmp_path / "edition.pdf"
    file.write_bytes(pdf.bytes)
    qpdf = shutil.which("qpdf")
    assert qpdf is not None
    done = subprocess.run([qpdf, "--check", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "No syntax or stream encoding errors found" in done.stdout
