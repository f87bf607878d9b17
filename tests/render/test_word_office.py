"""LibreOffice reads our Word files as they are meant: every word, notes at the foot of their pages, contents."""

import re
import subprocess
from xml.etree import ElementTree as ET

import pytest

from app.render.word import Said, Saying, render_word
from app.text.blocks import Kind
from app.text.prepared import PreparedEdition, plain
from tests.render.test_pdf_charter import peps
from tests.render.test_word_redline import NOW, redlined
from tests.support.office import converted, decided
from tests.support.word_edits import far_notes, much_changed, random_pairs
from tests.support.word_rules import W, parts
from tests.support.word_texts import rich

pytestmark = [pytest.mark.office, pytest.mark.poppler, pytest.mark.long]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The pages of both charters, as LibreOffice prints them."""
    folder = tmp_path_factory.mktemp("office")
    for name, make in {"peps": peps, "rich": rich}.items():
        (folder / f"{name}.docx").write_bytes(render_word(make(), approved=name == "peps"))
    pages = {}
    for name in converted(sorted(folder.glob("*.docx")), "pdf", folder):
        done = subprocess.run(
            ["pdftotext", "-layout", f"{folder}/{name}.pdf", "-"], capture_output=True, text=True, check=True
        )
        pages[name] = done.stdout.split("\f")[:-1]
    return pages


def letters(text: str) -> str:
    return re.sub(r"\W", "", text)


@pytest.mark.parametrize("name", ["peps", "rich"])
def test_every_word_and_every_note_is_printed(printed: dict[str, list[str]], name: str):
    prepared: PreparedEdition = {"peps": peps, "rich": rich}[name]()
    whole = letters("".join(printed[name]))
    for section in prepared.sections:
        for one in section.blocks():
            words = plain(one.runs) if one.block.kind is not Kind.CODE else one.block.text
            if words.isascii():
                assert all(letters(word) in whole for word in words.split()), words
    for note in prepared.notes:
        assert letters(plain(note.body.runs)) in whole


def test_the_notes_of_the_charter_stand_at_the_foot_of_the_pages_that_cite_them(printed: dict[str, list[str]]):
    pages = printed["peps"]
    for note in peps().notes:
        page = next(page for page in pages if letters(plain(note.body.runs)) in letters(page))
        assert re.search(rf"^\s*{note.number}\s*\n?\s*{re.escape(plain(note.body.runs)[:12])}", page, re.MULTILINE), (
            page
        )


def test_the_contents_name_pages_and_every_page_its_number(printed: dict[str, list[str]]):
    pages = printed["peps"]
    found = dict(re.findall(r"^(Vision|Mission|Goals|Appendix)[. ]+(\d+)", pages[1], re.MULTILINE))
    assert set(found) == {"Vision", "Mission", "Goals", "Appendix"}
    for n, page in enumerate(pages[1:], start=2):
        assert f"Page {n} of {len(pages)}" in page
    assert "Goal 1: Shape PE Professional Guidances" in pages[1]
    assert all("Not an approved text" in page for page in printed["rich"])


def said(octets: bytes) -> list[str]:
    """Every paragraph that says something, whatever it looks like; then the notes in the order of their marks."""
    signs = {f"{W}br": "\n", f"{W}softHyphen": "\u00ad", f"{W}noBreakHyphen": "\u2011"}
    files = parts(octets)
    body = ET.fromstring(files["word/document.xml"])
    cited = [e.get(f"{W}id") for e in body.iter(f"{W}footnoteReference")]
    notes = {e.get(f"{W}id"): e for e in ET.fromstring(files["word/footnotes.xml"])} if cited else {}
    whole = [body, *(notes[id] for id in cited)]
    found = [
        "".join((e.text or "") if e.tag in (f"{W}t", f"{W}delText") else signs.get(e.tag, "") for e in p.iter())
        for part in whole
        for p in part.iter(f"{W}p")
    ]
    return [text.strip() for text in found if text.strip() and not text.startswith("Not an approved text")]


@pytest.mark.parametrize("act", ["Accept", "Reject"])
def test_accepting_or_rejecting_all_changes_gives_the_one_text_or_the_other(
    tmp_path_factory: pytest.TempPathFactory, act: str
):
    folder = tmp_path_factory.mktemp("tracked")
    pairs = [much_changed(), *random_pairs(11, 25)]
    for n, (old, new) in enumerate(pairs):
        (folder / f"{n}.docx").write_bytes(redlined(old, new))
    for name, made in decided(folder, act).items():
        old, new = pairs[int(name)]
        text = new if act == "Accept" else old
        assert said(made) == said(redlined(text, text)), name


def test_comments_between_notes_confuse_no_note(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("far-notes")
    old, new = far_notes()
    blocks = [block.id for _, _, block in new.placed_blocks()]
    (folder / "talk.docx").write_bytes(redlined(old, new, [Said(id, (Saying("Vera", NOW, "Why?"),)) for id in blocks]))
    read = converted([folder / "talk.docx"], "fodt", folder)["talk"].decode()
    assert notes_of(read) == ["One.", "Two.", "Three."]


def notes_of(flat: str) -> list[str]:
    """The words of the footnotes, in order, as LibreOffice understood them."""
    return [
        re.sub("<[^>]+>", "", note).strip()
        for note in re.findall(r"<text:note-body>(.*?)</text:note-body>", flat, re.DOTALL)
    ]


def test_comments_and_tracked_changes_are_read_with_their_authors(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("commented")
    old, new = much_changed()
    blocks = [block.id for _, _, block in new.placed_blocks()]
    talk = [Said(id, (Saying("Vera", NOW, "Why?"), Saying("Omar", NOW, "So.")), (0, 4)) for id in blocks]
    (folder / "talk.docx").write_bytes(redlined(old, new, talk))
    read = converted([folder / "talk.docx"], "fodt", folder)["talk"].decode()
    assert read.count("<office:annotation ") == 2 * len(blocks)
    assert {"Vera", "Omar", "Society"} == set(re.findall(r"<dc:creator>(Vera|Omar|Society)</dc:creator>", read))
    for change in ("insertion", "deletion", "format-change"):
        assert f"<text:{change}>" in read
