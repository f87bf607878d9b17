"""Files of editions by the interface: the same bytes as on the public address, and nothing that is not made yet."""

import pytest

from app.render.word import MEDIA_TYPE
from tests.support.acts import adopt, merge, propose, words
from tests.support.site import API, Site
from tests.support.word_reader import Reader
from tests.support.word_rules import faults, parts


def test_the_text_of_an_edition_comes_as_markdown_to_those_who_may_see_it(sqlite_site: Site) -> None:
    sqlite_site.governor.post(f"{API}/editions", json={"revision": 1, "date": "2026-11"})
    answer = sqlite_site.member.get(f"{API}/editions/2026-11.md")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert "Enabling a world where patients are key partners" in answer.text
    assert answer.text == sqlite_site.member.get("/peps/editions/2026-11.md").text
    assert sqlite_site.reader.get(f"{API}/editions/2026-11.md").status_code == 404


def test_a_text_comes_as_a_word_document_to_those_who_may_see_it(sqlite_site: Site) -> None:
    sqlite_site.governor.post(f"{API}/editions", json={"revision": 1, "date": "2026-11"})
    answer = sqlite_site.member.get(f"{API}/editions/2026-11.docx")
    assert (answer.status_code, answer.headers["content-type"]) == (200, MEDIA_TYPE)
    assert answer.content == sqlite_site.member.get("/peps/editions/2026-11.docx").content
    assert sqlite_site.reader.get(f"{API}/editions/2026-11.docx").status_code == 404
    working = sqlite_site.reader.get(f"{API}/revisions/head.docx")
    assert working.content == sqlite_site.reader.get("/peps/working.docx").content
    assert working.content == sqlite_site.reader.get(f"{API}/revisions/1.docx").content
    for wrong in ("0", "2", "x", "99999999999"):
        assert sqlite_site.reader.get(f"{API}/revisions/{wrong}.docx").status_code in (404, 422)


@pytest.mark.parametrize("form", ["doc", "exe"])
def test_forms_that_are_not_made_yet_are_not_found(sqlite_site: Site, form: str) -> None:
    sqlite_site.governor.post(f"{API}/editions", json={"revision": 1, "date": "2026-11"})
    assert sqlite_site.governor.get(f"{API}/editions/2026-11.{form}").status_code == 404


@pytest.mark.long
def test_a_comparison_comes_as_a_pdf_too(sqlite_site: Site) -> None:
    answer = sqlite_site.reader.get(f"{API}/compare/1...working", params={"format": "pdf"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    again = sqlite_site.reader.get(
        f"{API}/compare/1...working?format=pdf", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert again.status_code == 304
    assert sqlite_site.reader.get(f"{API}/compare/1...7", params={"format": "pdf"}).status_code == 404


def test_a_comparison_comes_as_a_word_document_with_the_names_of_those_who_proposed(sqlite_site: Site) -> None:
    text = words(sqlite_site.member, "vision")
    propose(sqlite_site.member, "vision", text.replace("key partners", "equal partners"), title="Equal")
    own = sqlite_site.member.get(f"{API}/proposals/1/redline", params={"format": "docx"})
    assert own.content == sqlite_site.reader.get("/peps/proposals/1.docx").content
    adopt(sqlite_site.governor, 1)
    merge(sqlite_site.governor, "1.1")
    answer = sqlite_site.reader.get(f"{API}/compare/1...working", params={"format": "docx"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, MEDIA_TYPE)
    assert answer.content == sqlite_site.reader.get("/peps/compare/1...working.docx").content
    author = sqlite_site.reader.get(f"{API}/proposals/1").json()["author"]
    for made in (own.content, answer.content):
        assert faults(made) == []
        document = parts(made)["word/document.xml"].decode()
        assert f'w:author="{author}"' in document
        assert "<w:delText" in document
        for accept, number in ((True, "2"), (False, "1")):
            clean = Reader(sqlite_site.reader.get(f"{API}/revisions/{number}.docx").content)
            styles = ("Heading1", "BodyText", "ListParagraph")
            told = [line for line in clean.lines() if line.style in styles]
            assert [line for line in Reader(made, accept).lines() if line.style in styles][-len(told) :] == told
    assert sqlite_site.reader.get(f"{API}/compare/1...7", params={"format": "docx"}).status_code == 404
    assert sqlite_site.reader.get("/peps/compare/1.docx").status_code == 404
    assert sqlite_site.reader.get("/peps/proposals/9.docx").status_code == 404


@pytest.mark.parametrize("form", ["doc", "xls"])
def test_a_comparison_in_a_form_that_is_not_made_yet_is_not_found(sqlite_site: Site, form: str) -> None:
    answer = sqlite_site.reader.get(f"{API}/compare/1...working", params={"format": form})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
