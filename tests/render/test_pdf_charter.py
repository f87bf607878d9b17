"""The PDF of the PEPs charter, edition May 2025, page by page; and that the same edition is always the same file."""

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import count
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import Destination

from app import resources
from app.render.pdf import Pdf, render_pdf
from app.text.blocks import Block
from app.text.prepared import EditionFacts, PreparedEdition, plain
from app.text.preparing import prepare
from app.text.snapshot import Section, Snapshot
from app.text.source import read_source

MAY = EditionFacts("2025-05", "May 2025", date(2025, 5, 1), "approved")
HEADINGS = ["Who is a Patient Engagement Industry Professional?", "Vision", "Mission", "Goals", "Appendix"]


def peps() -> PreparedEdition:
    folder = resources.charter_sources() / "peps"
    source = read_source({file.name: file.read_bytes() for file in folder.iterdir()}, reserved=())
    ids = (f"k{n}" for n in count(1))
    sections = tuple(Section(next(ids), s.key, s.kind, s.heading, _with_ids(s.blocks, ids)) for s in source.sections)
    return prepare(Snapshot(source.front, sections), charter="peps", edition=MAY)


def _with_ids(blocks: Sequence[Block], ids: Iterator[str]) -> tuple[Block, ...]:
    return tuple(replace(block, id=next(ids)) for block in blocks)


@pytest.fixture(scope="module")
def text() -> PreparedEdition:
    return peps()


@pytest.fixture(scope="module")
def pdf(text: PreparedEdition) -> Pdf:
    return render_pdf(text, approved=True)


@pytest.fixture(scope="module")
def reader(pdf: Pdf) -> PdfReader:
    return PdfReader(BytesIO(pdf.bytes))


@pytest.fixture(scope="module")
def pages(reader: PdfReader) -> list[str]:
    return [_flat(page.extract_text()) for page in reader.pages]


def _flat(words: str) -> str:
    """On one line, with what was divided at a line's end joined again."""
    return " ".join(re.sub(r"(?<=\w)-\n(?=\w)", "-", words).split())


def _letters(words: str) -> str:
    return re.sub(r"[^\w]", "", words)


def test_it_has_the_six_pages_of_the_original(pdf: Pdf, reader: PdfReader):
    assert (pdf.pages, len(reader.pages)) == (6, 6)
    assert pdf.sha256 == hashlib.sha256(pdf.bytes).hexdigest()


def test_cover_and_imprint_say_what_the_front_says(pages: list[str]):
    assert pages[0] == "Patient Engagement Professionals Industry Community Draft Charter Edition: May 2025"
    assert pages[1] == "Avenue Louise 231, 1050 Brussels info@wearepeps.org"


def test_the_contents_give_the_page_on_which_each_section_begins(pages: list[str]):
    found = re.findall(r"([A-Z][^.]*?)[ .]{9,}(\d+)", pages[2])
    assert [(name.removeprefix("Table of Contents ").split("  ")[-1], int(page)) for name, page in found] == [
        (HEADINGS[0], 4),
        (HEADINGS[1], 4),
        (HEADINGS[2], 4),
        (HEADINGS[3], 5),
        (HEADINGS[4], 6),
    ]
    for name, page in found:
        assert name.removeprefix("Table of Contents ") in pages[int(page) - 1]


def test_each_note_stands_at_the_foot_of_the_page_that_cites_it_first(pages: list[str], text: PreparedEdition):
    where = {1: 3, 2: 4, 3: 4, 4: 4, 5: 4, 6: 4, 7: 4}
    assert {note.number for note in text.notes} == set(where)
    for note in text.notes:
        words = plain(note.body.runs)
        assert [n for n, page in enumerate(pages, start=1) if words in page] == [where[note.number or 0]]


def test_note_three_is_cited_twice_and_set_once(reader: PdfReader, pages: list[str]):
    assert "in or for3 a life" in pages[3]
    assert re.search("organiza-?tions3 by co-designing", pages[3])
    links = [a.get_object()["/Dest"] for a in reader.pages[3].get("/Annots", ()) if "/Dest" in a.get_object()]
    assert "note.3" in [str(link) for link in links]


def test_every_word_of_the_text_is_printed_in_its_order(reader: PdfReader, text: PreparedEdition):
    printed = "".join(_letters(page.extract_text()) for page in reader.pages)
    for block in (block for section in text.sections for block in section.blocks()):
        # Digits of note numbers stand between the words of a page.
        words = re.sub(r"\d", "", _letters(plain(block.runs)))
        assert words in re.sub(r"\d", "", printed), plain(block.runs)


def test_goals_stand_side_by_side_with_their_labels(pages: list[str]):
    assert "Goal 1 Shape PE Professional Guidances Goal 2 Demonstrate the value of PE Goal 3 Develop" in pages[4]
    assert "Annexe with membership and funding model available here." in pages[4]


def test_points_keep_their_letters_and_reasons_their_numbers(pages: list[str]):
    for letter, words in zip("ABCD", ("Defining the", "Being a", "Leveraging", "Speaking as"), strict=True):
        assert f"{letter}. {words}" in pages[4]
    for number, words in enumerate(("Defining Part", "Leadership", "Relation-Based", "Incorporating"), start=1):
        assert f"{number}. {words}" in pages[5]


def test_a_list_stays_with_the_words_that_introduce_it(pages: list[str]):
    assert "PEPs shape the future" in pages[4]
    assert "PEPs shape the future" not in pages[3]


def test_running_lines_name_charter_edition_and_page_on_all_pages_but_cover_and_imprint(pages: list[str]):
    for number, page in enumerate(pages[2:], start=3):
        assert "Patient Engagement Professionals Industry Community" in page
        assert "Draft Charter · Edition: May 2025" in page
        assert f"page {number} of 6" in page


def test_it_knows_its_title_author_subject_dates_and_language(reader: PdfReader):
    facts = reader.metadata
    assert facts is not None
    assert facts.title == "Patient Engagement Professionals Industry Community – Draft Charter, Edition: May 2025"
    assert facts.author == "Patient Engagement Professionals Industry Community"
    assert facts.subject == "Draft Charter. Edition: May 2025."
    assert facts["/CreationDate"] == facts["/ModDate"] == "D:20250501000000Z"
    assert reader.trailer["/Root"]["/Lang"] == "en"  # type: ignore[index]


def test_bookmarks_lead_to_sections_goals_and_headings(reader: PdfReader):
    found = [
        (depth, mark.title, (reader.get_destination_page_number(mark) or 0) + 1)
        for depth, mark in _marks(reader.outline, 1)
    ]
    assert [line for line in found if line[0] == 1] == [
        (1, "Table of Contents", 3),
        *((1, name, page) for name, page in zip(HEADINGS, (4, 4, 4, 5, 6), strict=True)),
    ]
    assert [name for depth, name, _ in found if depth == 2] == [
        "Goal 1: Shape PE Professional Guidances",
        "Goal 2: Demonstrate the value of PE",
        "Goal 3: Develop a Community and its Network",
        "Rationale Behind the Definition of a Patient Engagement Industry Professional",
    ]


def _marks(outline: Sequence[object], depth: int) -> Iterator[tuple[int, Destination]]:
    for entry in outline:
        if isinstance(entry, list):
            yield from _marks(entry, depth + 1)
        elif isinstance(entry, Destination):
            yield depth, entry


def test_every_section_block_and_note_has_an_address(reader: PdfReader, text: PreparedEdition):
    wanted = {section.anchor for section in text.sections} | {note.anchor for note in text.notes}
    wanted |= {block.anchor for section in text.sections for block in section.blocks() if block.anchor}
    assert wanted <= set(reader.named_destinations)


def test_the_same_edition_is_the_same_file_in_any_process_time_zone_and_language(pdf: Pdf):
    program = (
        "import importlib.util as u; s = u.spec_from_file_location('charter', __import__('sys').argv[1]); "
        "m = u.module_from_spec(s); s.loader.exec_module(m); print(m.render_pdf(m.peps(), approved=True).sha256)"
    )
    elsewhere = {**os.environ, "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "4711"}
    told = subprocess.run(
        [sys.executable, "-c", program, __file__],
        capture_output=True,
        text=True,
        check=True,
        env=elsewhere,
        cwd=Path(__file__).parents[2],
    )
    assert told.stdout.strip() == pdf.sha256


@pytest.mark.poppler
def test_another_reader_finds_the_words_in_the_order_of_the_original(pdf: Pdf, tmp_path: Path):
    file = tmp_path / "charter.pdf"
    file.write_bytes(pdf.bytes)
    words = _flat(subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True).stdout)
    order = [
        "Draft Charter",
        "Edition: May 2025",
        "info@wearepeps.org",
        "Table of Contents",
        "This draft document1 will remain open",
        "1 This document has been co-developed",
        "For the purpose of this Community",
        "patients are key partners",
        "foster better-performing7 life sciences",
        "2 Membership is individual",
        "PEPs shape the future of the PE function, teams and PE industry professionals globally by:",
        "A. Defining the current",
        "Annexe with membership",
        "force conversations:",
        "4. Incorporating",
    ]
    places = [words.index(piece) for piece in order]
    assert places == sorted(places)
    assert "\u00a0" not in words
    assert "\u2010" not in words


@pytest.mark.poppler
def test_nothing_is_printed_in_the_margins(pdf: Pdf, tmp_path: Path):
    file = tmp_path / "charter.pdf"
    file.write_bytes(pdf.bytes)
    subprocess.run(["pdftoppm", "-r", "36", "-gray", file, tmp_path / "page"], check=True)
    sheets = sorted(tmp_path.glob("*.pgm"))
    assert len(sheets) == 6
    for sheet in sheets:
        head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", sheet.read_bytes())
        assert head is not None
        width, dots = int(head[1]), sheet.read_bytes()[head.end() :]
        rows = [dots[start : start + width] for start in range(0, len(dots), width)]
        edge = width * 30 // 210
        assert all(min(row[:edge] + row[-edge:]) > 250 for row in rows)
