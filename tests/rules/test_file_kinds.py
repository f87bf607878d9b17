"""What a file is, by its content; and names that are safe everywhere."""

import pytest

from app.errors import BadInput
from app.rules.file_kinds import FORMS, form_of, recognised, safe_name
from app.rules.file_kinds import PDF as PDF_FORM
from tests.support.files import DOCX, ODT, PDF, packed, png

MACROS = packed({"[Content_Types].xml": b"", "word/document.xml": b"", "word/vbaProject.bin": b""})


@pytest.mark.parametrize(
    ("octets", "name", "ending"),
    [
        (PDF, "model.exe", "pdf"),
        (PDF, "", "pdf"),
        (DOCX, "model.pdf", "docx"),
        (ODT, "model", "odt"),
        (png(), "x.svg", "png"),
        (b"\xff\xd8\xff\xe0 picture \xff\xd9", "x", "jpg"),
        ("Ärzte, Kosten\n1, 2\n".encode(), "a.csv", "csv"),
        (b"\xef\xbb\xbfPlain words", "a.TXT", "txt"),
        (b"# Words", "a.md", "md"),
    ],
)
def test_a_file_is_what_is_in_it_and_not_what_its_name_says(octets: bytes, name: str, ending: str) -> None:
    assert recognised(octets, name).ending == ending


@pytest.mark.parametrize(
    ("octets", "name", "kind", "words"),
    [
        (b"", "a.pdf", "empty-file", "empty"),
        (PDF[:-10], "a.pdf", "broken-file", "cut off"),
        (png()[:-6], "a.png", "broken-file", "cut off"),
        (b"MZ\x90\x00", "a.pdf", "file-not-taken", "cannot be told"),
        (b"<html><script>1</script></html>", "a.pdf", "file-not-taken", "cannot be told"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "file-not-taken", "cannot be told"),
        (b"words with a \x00", "a.txt", "file-not-taken", "cannot be told"),
        ("Ä".encode("latin-1"), "a.txt", "file-not-taken", "not in UTF-8"),
        (b"\xd0\xcf\x11\xe0 old", "a.doc", "file-not-taken", "old Office program"),
        (MACROS, "a.docx", "macros", "without macros"),
        (packed({"a.txt": b"x"}), "a.docx", "file-not-taken", "zip file"),
        (b"PK\x03\x04 nothing", "a.docx", "broken-file", "damaged"),
        (DOCX[:-60] + DOCX[-22:], "a.docx", "broken-file", "damaged"),
    ],
)
def test_what_is_not_taken_is_told_in_words_with_what_to_do(octets: bytes, name: str, kind: str, words: str) -> None:
    with pytest.raises(BadInput) as told:
        recognised(octets, name)
    assert told.value.kind == kind
    assert words in told.value.message


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Funding model.pdf", "Funding model.pdf"),
        ("Funding model.docx", "Funding model.pdf"),
        ("Förderung – 2026.pdf", "Förderung – 2026.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\me\\Model.pdf", "Model.pdf"),
        ("Model v2.1 final", "Model v2.1 final.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie- x=1.pdf"),
        ('<b>"quoted"</b>|*?.pdf', "b.pdf"),
        ("gpj\u202efdp.exe", "gpjfdp.pdf"),
        ("con.pdf", "money con.pdf"),
        ("...", "money.pdf"),
        ("", "money.pdf"),
        ("\u200b\u2060.pdf", "money.pdf"),
    ],
)
def test_a_name_is_made_safe_and_ends_as_what_the_file_is(name: str, safe: str) -> None:
    assert safe_name(name, PDF_FORM, "money") == safe


def test_a_very_long_name_is_cut_and_keeps_its_ending() -> None:
    made = safe_name("é" * 3000 + ".pdf", PDF_FORM, "money")
    assert made.endswith(".pdf")
    assert len(made) <= 100


def test_every_kind_is_known_again_by_its_media_type() -> None:
    assert [form_of(form.media_type) for form in FORMS] == list(FORMS)
    assert form_of("application/x-other").ending == "bin"
