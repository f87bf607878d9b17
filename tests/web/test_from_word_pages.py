"""Bringing a Word document back by form: looked at first, then what is ticked becomes drafts and comments."""

from xml.etree.ElementTree import Element

import httpx2
from fastapi.testclient import TestClient

from app.word import in_turn
from tests.support.acts import counted
from tests.support.word_hands import commented, overwritten, replaced, with_part
from tests.web.filling import fields_of, form_to, send
from tests.web.markup import Page, words
from tests.web.test_annex_pages import upload
from tests.web.visits import Visits

FROM_WORD, LOOK = "/peps/from-word", "/peps/from-word/look"
DOCX = "charter, Mara’s copy.docx"


def working(visits: Visits) -> bytes:
    """The working text as a Word document."""
    return visits.reader.get("/peps/working.docx").content


def looked(visits: Visits, browser: TestClient, octets: bytes, name: str = DOCX) -> httpx2.Response:
    """Choose a document and press the button."""
    return upload(visits, browser, FROM_WORD, LOOK, (name, octets))


def take(
    browser: TestClient, form: Element, typed: dict[str, str] | None = None, without: tuple[str, ...] = ()
) -> httpx2.Response:
    """Send what the page shows, with what was typed over it and these boxes not ticked."""
    fields = {name: value for name, value in fields_of(form).items() if name not in without}
    return send(browser, FROM_WORD, {**fields, **(typed or {})})


def page_of(answer: httpx2.Response, status: int = 200) -> Page:
    """The page that came."""
    assert answer.status_code == status, answer.text
    return Page(answer.text)


def test_it_stands_where_one_proposes_and_where_the_text_is_taken_along(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    for path in ("/peps/working", "/peps/propose", "/peps/proposals"):
        assert FROM_WORD in visits.page(path, mara).links, path
    assert FROM_WORD not in visits.page("/peps/working").links, "readers propose nothing"


def test_a_document_with_two_peoples_changes_and_a_comment_becomes_two_drafts_and_a_thread(visits: Visits) -> None:
    otto = visits.signed_in("otto")
    octets = replaced(working(visits), "levels of experience", "stages of a career", "Mara")
    octets = replaced(octets, "unified voice", "single voice", "Ann &lt;Onymous&gt;")
    octets = commented(octets, "Leveraging collective", "Is this English?", "Mara")
    before = counted(visits.database)
    page = page_of(looked(visits, otto, octets))
    assert counted(visits.database) == before, "nothing is kept by looking"
    for told in (
        f"What is in “{DOCX}”",
        "What Mara changed",
        "“levels” replaced by “stages”; “experience” replaced by “a career”",
        "Share the draft with Mara",
        "What Ann <Onymous> changed",
        "Is this English?",
    ):
        assert told in page.text, told
    form = form_to(page, FROM_WORD)
    done = take(otto, form, {"title.0": "Stages of a career", "reason.0": "Levels sound like school."})
    assert done.status_code == 303, done.text
    after = visits.page(done.headers["location"].partition("#")[0], otto)
    drafts = [link for link in after.links if link.startswith("/peps/proposals/")]
    threads = [link for link in after.links if link.startswith("/peps/threads/")]
    assert (len(drafts), len(threads)) == (2, 1)
    first = visits.page(drafts[0], otto).text
    assert "Stages of a career" in first
    assert "Levels sound like school." in first
    assert "Draft" in first
    mara, gilda = visits.signed_in("mara"), visits.signed_in("gilda")
    assert "Stages of a career" in visits.page(drafts[0], mara).text, "it was shared with her"
    assert gilda.get(drafts[0]).status_code == 404, "for others there is no draft yet"
    thread = visits.page(threads[0], mara).text
    assert "Mara in a Word document on 4 May 2031:" in thread
    assert "Is this English?" in thread
    again = take(otto, form, {"title.0": "Stages of a career", "reason.0": "Levels sound like school."})
    assert again.headers["location"] == done.headers["location"], "a second press makes nothing new"
    elsewhere = visits.page(done.headers["location"].partition("#")[0], mara)
    assert not [link for link in elsewhere.links if link.startswith("/peps/threads/")], "they are not hers"


def test_what_is_not_ticked_is_not_taken_and_nothing_ticked_is_said(visits: Visits) -> None:
    otto = visits.signed_in("otto")
    octets = overwritten(working(visits), "levels of experience", "stages of a career")
    form = form_to(page_of(looked(visits, otto, octets)), FROM_WORD)
    before = counted(visits.database)
    page = page_of(take(otto, form, {"title.0": "My own title"}, without=("take.0",)), 422)
    assert counted(visits.database) == before
    assert "Tick what you want to take over." in page.text
    kept = form_to(page, FROM_WORD)
    assert fields_of(kept)["title.0"] == "My own title", "what was typed is still there"
    done = take(otto, kept, {"take.0": "yes"})
    assert done.headers["location"].startswith("/peps/proposals/")
    assert "My own title" in visits.page(done.headers["location"], otto).text


def test_a_refusal_keeps_all_drafts_back_and_what_was_typed(visits: Visits) -> None:
    otto = visits.signed_in("otto")
    octets = replaced(working(visits), "levels of experience", "stages of a career", "Mara")
    octets = replaced(octets, "unified voice", "single voice", "Gilda")
    form = form_to(page_of(looked(visits, otto, octets)), FROM_WORD)
    before = counted(visits.database)
    page = page_of(take(otto, form, {"title.0": "Kept", "title.1": " "}), 422)
    assert counted(visits.database) == before
    assert "title" in words(page.one("p", id="page.problem")).lower()
    assert fields_of(form_to(page, FROM_WORD))["title.0"] == "Kept"


def test_an_untouched_document_says_so(visits: Visits) -> None:
    page = page_of(looked(visits, visits.signed_in("otto"), working(visits)))
    assert "Nothing in it differs from the text it was made from" in page.text
    assert not page.has("form", action=FROM_WORD)


def test_what_cannot_be_read_is_refused_on_the_page(visits: Visits) -> None:
    otto = visits.signed_in("otto")
    for name, octets, told in (
        ("", b"", "Choose a document first."),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".docx"),
        ("scan.pdf", b"%PDF-1.7", "Word"),
    ):
        page = page_of(looked(visits, otto, octets, name), 422)
        problem = page.one("p", id="page.problem")
        assert told in words(problem), name
        assert form_to(page, LOOK) is not None


def test_a_form_without_its_document_is_no_act(visits: Visits) -> None:
    otto = visits.signed_in("otto")
    form = form_to(page_of(looked(visits, otto, overwritten(working(visits), "unified", "single"))), FROM_WORD)
    before = counted(visits.database)
    for file in ("", "no base64!", "AAAA"):
        answer = take(otto, form, {"file": file})
        assert answer.status_code == 422, file
    assert counted(visits.database) == before


def test_what_lies_in_a_document_beside_its_text_is_never_unpacked(visits: Visits) -> None:
    otto = visits.signed_in("otto")
    octets = overwritten(working(visits), "levels of experience", "stages of a career")
    octets = with_part(octets, "word/theme/theme1.xml", b" " * 200_000_000)
    octets = with_part(octets, "word/media/picture.png", bytes(3_000_000), stored=True)
    within = octets.index(bytes(1_000)) + 500
    spoiled = octets[:within] + b"x" + octets[within + 1 :]
    page = page_of(looked(visits, otto, spoiled))
    form = form_to(page, FROM_WORD)
    assert len(fields_of(form)["file"]) < 100_000
    assert take(otto, form).headers["location"].startswith("/peps/proposals/")


def test_many_comments_are_counted_and_the_rest_is_led_to(visits: Visits) -> None:
    otto = visits.signed_in("otto")
    octets = working(visits)
    for n in range(53):
        octets = commented(octets, "Leveraging collective", f"Question {n}?", "Mara", number=700 + n)
    done = take(otto, form_to(page_of(looked(visits, otto, octets)), FROM_WORD))
    told = visits.page(done.headers["location"].partition("#")[0], otto)
    assert len([link for link in told.links if link.startswith("/peps/threads/")]) == 50
    assert "53 comments on the text" in told.text
    assert "and 3 others, under your comments" in told.text
    assert "/peps/threads?show=mine" in told.links
    assert otto.get("/peps/threads?show=mine").status_code == 200


def test_who_takes_over_waits_for_no_other_document_while_others_wait_to_write(visits: Visits) -> None:
    otto = visits.signed_in("otto")
    octets = overwritten(working(visits), "levels of experience", "stages of a career")
    form = form_to(page_of(looked(visits, otto, octets)), FROM_WORD)
    done = in_turn(lambda: take(otto, form))
    assert done.headers["location"].startswith("/peps/proposals/"), "another document was being made all the while"
