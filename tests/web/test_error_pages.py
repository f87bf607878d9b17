"""Every error is a page in words that says what to do, with the protective headers, and echoes nothing."""

import pytest
from starlette.requests import Request

from app.errors import (
    BadInput,
    EngrossError,
    MergeConflicts,
    NotAllowed,
    NotFound,
    NotSignedIn,
    PreconditionNeeded,
    Refused,
    Stale,
    TooLarge,
    TooMany,
    Unavailable,
)
from app.web.errors import error_page
from tests.web.markup import Page, words
from tests.web.visits import Visits

ERRORS: list[tuple[type[EngrossError], int]] = [
    (BadInput, 422),
    (NotSignedIn, 401),
    (NotAllowed, 403),
    (NotFound, 404),
    (TooLarge, 413),
    (Refused, 409),
    (MergeConflicts, 409),
    (Stale, 412),
    (PreconditionNeeded, 428),
    (TooMany, 429),
    (Unavailable, 503),
]


@pytest.mark.parametrize(("kind", "status"), ERRORS)
def test_every_error_of_ours_has_its_status_and_its_words(kind: type[EngrossError], status: int) -> None:
    answer = error_page(Request({"type": "http"}), kind("Say <b>what</b> to do."))
    assert answer.status_code == status
    page = Page(bytes(answer.body).decode())
    assert "Say <b>what</b> to do." in page.text
    assert words(page.one("h1"))
    assert "/" in page.links


@pytest.mark.parametrize("path", ["/nothing", "/peps/nothing", "/peps/proposals/abc", "/peps/proposals/0"])
def test_a_wrong_address_is_a_page(visits: Visits, path: str) -> None:
    page = visits.page(path, status=404)
    assert words(page.one("h1")) == "There is nothing here"
    assert "/" in page.links


def test_what_was_asked_for_is_not_repeated(visits: Visits) -> None:
    for path in ("/<script>alert(1)</script>", "/peps/editions/<b>x", "/peps/compare/<i>...<u>"):
        answer = visits.reader.get(path)
        assert answer.status_code == 404
        assert "alert(1)" not in answer.text
        assert "<b>x" not in answer.text


def test_a_number_no_database_holds_is_simply_not_there(visits: Visits) -> None:
    for path in ("/peps/proposals/99999999999999999999", "/peps/history?before=9999999999999999999999"):
        assert visits.reader.get(path).status_code == 404


def test_a_method_an_address_does_not_take_is_a_page(visits: Visits) -> None:
    answer = visits.reader.put("/peps", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 405
    assert "text/html" in answer.headers["content-type"]


def test_every_answer_carries_the_protective_headers(visits: Visits) -> None:
    for path in ("/", "/peps", "/nothing", "/peps/editions/2025-05.pdf", "/sign-in"):
        headers = visits.reader.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'"), path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


def test_no_page_has_a_style_or_a_script_of_its_own(visits: Visits) -> None:
    for path in ("/", "/peps", "/peps/working", "/peps/compare/1...3", "/peps/proposals/2", "/nothing"):
        page = Page(visits.reader.get(path).text)
        assert not page.inline_scripts(), path
        assert not page.has("style"), path
        for element in page.elements():
            assert "style" not in element.attrib, path
            assert not any(name.startswith("on") for name in element.attrib), path


def test_style_sheets_may_be_kept_for_good_and_the_manifest_is_not_served(visits: Visits) -> None:
    sheet = next(e for e in visits.page("/").all("link", rel="stylesheet") if "engross" in e.attrib["href"])
    answer = visits.reader.get(sheet.attrib["href"])
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]
    for name in ("manifest.json", "stamp.json", "..%2Fengross.css", "nothing.css", "."):
        assert visits.reader.get(f"/static/{name}").status_code == 404, name


def test_a_method_an_address_does_not_take_is_told_with_those_it_takes(visits: Visits) -> None:
    answer = visits.reader.put("/peps", headers={"Sec-Fetch-Site": "same-origin"})
    assert "GET" in answer.headers["allow"]


def test_a_form_that_another_site_sent_is_refused_on_a_page(visits: Visits) -> None:
    browser = visits.signed_in("mara")
    answer = browser.post("/sign-out", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    page = Page(answer.text)
    assert words(page.one("h1")) == "You cannot do this"
    assert "another site" in page.text


def test_who_is_not_signed_in_is_offered_to_at_any_wrong_address_alike(visits: Visits) -> None:
    for path in ("/nothing", "/nothing/at/all", "/peps/people", "/peps/editions/2099-01", "/closed/working"):
        page = visits.page(path, status=404)
        assert "/sign-in" in page.links, path
        assert "/help" in page.links, path
    answer = visits.reader.get("/sign-in", headers={"referer": "http://testserver/peps/people"})
    assert Page(answer.text).one("input", name="to").attrib["value"] == "/peps/people"
    for before in ("https://evil.example/peps", "http://testserver//evil.example", "nonsense", "http://[::1"):
        answer = visits.reader.get("/sign-in", headers={"referer": before})
        assert answer.status_code == 200, before
        assert Page(answer.text).one("input", name="to").attrib["value"] == "", before


def test_who_is_signed_in_is_told_as_whom_they_may_not(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    for path, status in (("/peps/settings", 403), ("/closed/working", 404), ("/peps/proposals/99", 404)):
        page = visits.page(path, mara, status=status)
        assert "signed in as Mara" in page.text, path


def test_what_was_typed_comes_back_from_every_refusal(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    same = {"Sec-Fetch-Site": "same-origin"}
    for path, status in (("/peps/threads/99/replies", 404), ("/peps/proposals/1/return", 403)):
        answer = mara.post(path, data={"text": "My <b>words</b>", "reason": "and why"}, headers=same)
        assert answer.status_code == status
        page = Page(answer.text)
        assert (page.one("textarea", id="page.typed").text or "").strip() == "My <b>words</b>\n\nand why"
        assert "not lost" in page.text
    answer = mara.post("/peps/threads/99/replies", data={"text": "Not mine"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "Not mine" not in answer.text, "what another site sent is not shown"


def test_what_nobody_foresaw_is_told_in_words(visits: Visits, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("app.web.help.page", broken)
    answer = visits.reader.get("/help")
    assert answer.status_code == 500
    assert "nothing was changed" in answer.text.lower()
    assert "secret detail" not in answer.text
