"""What is to be seen on the pages of an edition: the letters that its text says, and not only the right text."""

import string
import struct
from pathlib import Path

import pikepdf
import pytest

from app.render.pdf import render_pdf
from tests.render.test_pdf_charter import peps
from tests.render.test_pdf_sheets import paragraph, section, text
from tests.support.ink import mistaken_words, seen_words

pytestmark = pytest.mark.poppler

COVER, TEXT_WITH_NOTES, GOALS = 1, 4, 5
LETTERS = string.ascii_letters.replace("f", "") + string.digits + "éàçñößøłšžčğőΩΓλψξБДЖЩяюєї".replace("ß", "")
"""Without f, of which several become one sign, and ß, which in italics reaches into its neighbours."""
FACES = ("SourceSerif4_400Regular", "SourceSerif4_600SemiBold", "SourceSerif4_400Regular_Italic")


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("pixels") / "edition.pdf"
    file.write_bytes(render_pdf(peps(), approved=True, source=b"{}\n").bytes)
    return file


def unlike(file: Path, page: int) -> tuple[int, int]:
    """How many words of a page do not look like themselves, and how many there are."""
    seen = [one.likeness for one in seen_words(file, page) if len(one.word) > 2]
    return sum(likeness < 0.7 for likeness in seen), len(seen)


@pytest.mark.parametrize(
    ("page", "least"),
    [
        (TEXT_WITH_NOTES, 200),
        pytest.param(COVER, 8, marks=pytest.mark.long),
        pytest.param(GOALS, 150, marks=pytest.mark.long),
    ],
)
def test_the_words_of_a_page_look_like_themselves(edition: Path, page: int, least: int) -> None:
    strange, words = unlike(edition, page)
    assert words >= least
    # A few cannot be told: large ones in lines that overlap, and words with the number of a note behind them.
    assert strange <= max(1, words // 25)


def test_letters_of_a_typeface_that_was_cut_wrongly_are_noticed_though_the_text_is_right(
    edition: Path, tmp_path: Path
) -> None:
    file = tmp_path / "wrong.pdf"
    with pikepdf.open(edition) as pdf:
        for one in pdf.objects:
            if isinstance(one, pikepdf.Dictionary) and one.get("/Subtype") == "/CIDFontType2":
                # Every sign takes the shape of the one after it, as if the typeface held others.
                one.CIDToGIDMap = pdf.make_stream(b"".join(struct.pack(">H", n + 1) for n in range(4_000)))
        pdf.save(file)
    said = [[one.word for one in seen_words(one_file, TEXT_WITH_NOTES)] for one_file in (edition, file)]
    assert said[0] == said[1]
    strange, words = unlike(file, TEXT_WITH_NOTES)
    assert strange > 0.9 * words


@pytest.mark.long
def test_each_letter_of_three_alphabets_looks_more_like_itself_than_like_any_other(tmp_path: Path) -> None:
    threes = [letter * 3 for letter in LETTERS]
    rows = [paragraph(mark + " ".join(threes) + mark) for mark in ("", "**", "*")]
    file = tmp_path / "letters.pdf"
    file.write_bytes(render_pdf(text(section(*rows, heading="Letters")), approved=True).bytes)
    assert len([one for one in seen_words(file, 3) if one.word in threes]) == 3 * len(threes)
    assert mistaken_words(file, 3, threes, FACES) == []
