"""Annexes and the logo by form: declared on the cover, put in place, replaced, taken away, taken along."""

import pytest
from fastapi.testclient import TestClient

from app.web.cover_annexes import free_annexe_key
from tests.support.acts import propose
from tests.support.files import OTHER_PDF, PDF, SVG, png
from tests.support.site import API
from tests.web.filling import fields_of, form_to, send
from tests.web.markup import Page, words
from tests.web.test_desk_pages import programmed
from tests.web.test_propose_pages import PROPOSE, changes, open_form, sent
from tests.web.test_publishing_pages import draft, press, steps
from tests.web.visits import Visits

ANNEXES, LOGO = "/peps/annexes", "/peps/settings/logo"
KEY = "membership-and-funding"
NEXT, KEY_OF_NEXT = {"day": "", "month": "12"}, "2026-12"
PUT = f"{ANNEXES}/{KEY}/put"
OURS = {"Sec-Fetch-Site": "same-origin"}


def upload(visits: Visits, browser: TestClient, page: str, address: str, file: tuple[str, bytes], **typed: str):
    """Choose a file in the form of a page and send it as a browser does; a name of "" is no file."""
    fields = {**fields_of(form_to(visits.page(page, browser), address)), **typed}
    fields.pop("file", None)
    return browser.post(address, data=fields, files={"file": (*file, "application/octet-stream")}, headers=OURS)


def put(visits: Visits, browser: TestClient, octets: bytes = PDF, name: str = "Our model.pdf"):
    return upload(visits, browser, ANNEXES, PUT, (name, octets))


def test_a_governor_puts_a_file_in_place_that_everybody_finds_at_the_end_of_the_text(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    before = visits.page(ANNEXES)
    assert "No file yet" in before.text
    assert not before.has("form", enctype="multipart/form-data"), "readers cannot put files in place"
    done = put(visits, gilda)
    assert (done.status_code, done.headers["location"]) == (303, f"{ANNEXES}?done=put#page.done")
    told = visits.page(done.headers["location"].partition("#")[0], gilda)
    assert "The file is in place." in told.text
    shown = visits.page("/peps/working").one("li", id=f"annexe.{KEY}")
    assert words(shown) == "Membership and funding model PDF, 1 kB: Our model.pdf"
    assert shown.find(".//a").attrib["href"] == f"{ANNEXES}/{KEY}"
    assert visits.reader.get(f"{ANNEXES}/{KEY}").content == PDF


def test_a_file_is_replaced_and_the_earlier_one_stays_with_the_members(visits: Visits) -> None:
    gilda, mara = visits.signed_in("gilda"), visits.signed_in("mara")
    put(visits, gilda)
    put(visits, gilda, OTHER_PDF, "New.pdf")
    page = visits.page(ANNEXES, mara)
    (earlier,) = [link for link in page.links if "/earlier/" in link]
    assert "Our model.pdf" in page.text
    assert mara.get(earlier).content == PDF
    assert visits.reader.get(earlier).status_code == 404
    assert not [link for link in visits.page(ANNEXES).links if "/earlier/" in link]
    assert visits.reader.get(f"{ANNEXES}/{KEY}").content == OTHER_PDF


def test_a_second_press_and_a_form_that_is_behind_overwrite_nobody(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    behind = fields_of(form_to(visits.page(ANNEXES, gilda), PUT))
    behind.pop("file")
    put(visits, gilda)
    again = gilda.post(PUT, data=behind, files={"file": ("Our model.pdf", PDF)}, headers=OURS)
    assert again.status_code == 303, "the same file again is no harm"
    other = gilda.post(PUT, data=behind, files={"file": ("x.pdf", OTHER_PDF)}, headers=OURS)
    assert other.status_code == 409
    assert "Somebody else has changed this file since" in Page(other.text).text
    assert visits.reader.get(f"{ANNEXES}/{KEY}").content == PDF


def test_taking_a_file_away_asks_first(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    put(visits, gilda)
    address = f"{ANNEXES}/{KEY}/take-away"
    fields = fields_of(form_to(visits.page(ANNEXES, gilda), address))
    assert "Tick the box" in send(gilda, address, fields).text
    assert visits.reader.get(f"{ANNEXES}/{KEY}").status_code == 200
    assert send(gilda, address, fields, sure="yes").headers["location"] == f"{ANNEXES}?done=taken#page.done"
    assert visits.reader.get(f"{ANNEXES}/{KEY}").status_code == 404
    assert gilda.get(address).headers["location"] == f"{ANNEXES}#annexe.{KEY}"


@pytest.mark.parametrize(
    ("name", "octets", "status", "words_of_it"),
    [
        ("", b"", 422, "Choose a file first"),
        ("a.pdf", b"", 422, "This file is empty"),
        ("a.pdf", b"<html><script>alert(1)</script>", 422, "It cannot be told what kind of file this is."),
        ("a.pdf", PDF + b"\0" * 20_000_000 + PDF, 413, "a file may have 20 MB"),
        ("a.pdf", PDF + b"\0" * 20_200_000 + PDF, 413, "At most 20 MB are taken"),
    ],
)
def test_a_file_that_is_not_taken_is_told_beside_its_annexe(
    visits: Visits, name: str, octets: bytes, status: int, words_of_it: str
) -> None:
    gilda = visits.signed_in("gilda")
    answer = put(visits, gilda, octets, name)
    assert answer.status_code == status
    page = Page(answer.text)
    assert words_of_it in words(page.one("p", id="page.wrong"))
    assert page.one("input", type="file").attrib["aria-describedby"] == "page.wrong"
    assert visits.reader.get(f"{ANNEXES}/{KEY}").status_code == 404


def test_an_annexe_is_declared_on_the_cover_and_decided_on_like_other_words(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields = open_form(visits, mara, "+cover")
    fields |= {"x.+.title": "Règles  d’usage", "x.+.url": "javascript:alert(1)", "title": "Rules", "act": "submit"}
    told = mara.post(f"{PROPOSE}/+cover", data=fields, headers=OURS)
    assert told.status_code == 422
    assert "has to begin with https:// or http://" in Page(told.text).text
    assert Page(told.text).one("input", name="x.+.title").attrib["value"] == "Règles  d’usage"
    fields |= {"x.+.url": "https://example.org/rules", f"x.{KEY}.title": "How it is paid for"}
    (change,) = changes(mara, sent(mara, f"{PROPOSE}/+cover", fields))
    assert (change["kind"], change["field"]) == ("front", "annexes")
    assert change["after"] == "How it is paid for, Règles d’usage (https://example.org/rules)"
    fields = {**open_form(visits, mara, "+cover"), f"x.{KEY}.out": "yes", "title": "None", "act": "submit"}
    (change,) = changes(mara, sent(mara, f"{PROPOSE}/+cover", fields))
    assert (change["before"], change["after"]) == ("Membership and funding model", "")


def test_a_language_that_is_none_is_refused_when_it_is_typed(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields = {**open_form(visits, mara, "+cover"), "f.language": "English, mostly", "title": "Ours", "act": "submit"}
    told = mara.post(f"{PROPOSE}/+cover", data=fields, headers=OURS)
    assert told.status_code == 422
    assert "is a tag like en, en-GB or fr" in Page(told.text).text


def test_the_key_of_an_annexe_is_made_from_its_title_and_is_taken_once() -> None:
    assert free_annexe_key("Règles d’usage!", ()) == "regles-d-usage"
    assert free_annexe_key("条約", ()) == "annexe"
    assert free_annexe_key("Rules", ("rules", "rules-2")) == "rules-3"


def test_the_logo_is_put_on_the_cover_described_and_taken_off(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    assert "The logo" in visits.page("/peps/settings", gilda).text
    hostile = SVG.replace(b"<defs>", b"<script>alert(1)</script><defs>")
    told = upload(visits, gilda, LOGO, LOGO, ("logo.svg", hostile), alt="Our <logo>")
    assert told.status_code == 422
    assert "It holds a program" in Page(told.text).text
    assert Page(told.text).one("input", name="alt").attrib["value"] == "Our <logo>"
    assert upload(visits, gilda, LOGO, LOGO, ("logo.svg", SVG), alt="Our <logo>").status_code == 303
    page = visits.page("/peps/working")
    assert page.one("img", class_="logo").attrib["alt"] == "Our <logo>"
    picture = visits.reader.get(page.one("img", class_="logo").attrib["src"])
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/svg+xml")
    # Only other words for the same picture.
    assert upload(visits, gilda, LOGO, LOGO, ("", b""), alt="A kettle").status_code == 303
    assert visits.page("/peps/working").one("img", class_="logo").attrib["alt"] == "A kettle"
    assert "Say in 1 to" in upload(visits, gilda, LOGO, LOGO, ("", b""), alt=" ").text
    fields = fields_of(form_to(visits.page(LOGO, gilda), f"{LOGO}/take-away"))
    assert send(gilda, f"{LOGO}/take-away", fields).status_code == 303
    assert not visits.page("/peps/working").has("img", class_="logo")


def test_a_logo_that_is_too_large_or_is_missing_says_so(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    large = upload(visits, gilda, LOGO, LOGO, ("logo.png", png() + b"\0" * 1_100_000), alt="A")
    assert large.status_code == 413
    assert "a logo may have 1 MB" in Page(large.text).text
    assert upload(visits, gilda, LOGO, LOGO, ("", b""), alt="A").status_code == 422
    assert visits.reader.get(LOGO).status_code == 401


def test_before_it_is_frozen_a_governor_reads_which_annexe_has_no_file_and_adds_it(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    draft(visits, gilda, **NEXT)
    page = steps(visits, gilda, KEY_OF_NEXT)
    assert "The annexe “Membership and funding model” has neither a file nor an address" in page.text
    assert f"{ANNEXES}#annexe.{KEY}" in page.links
    put(visits, gilda)
    assert "neither a file" not in steps(visits, gilda, KEY_OF_NEXT).text
    press(visits, gilda, "freeze", KEY_OF_NEXT)
    put(visits, gilda, OTHER_PDF, "New.pdf")
    page = steps(visits, gilda, KEY_OF_NEXT)
    assert "was changed or taken away after this edition was frozen" in page.text
    assert gilda.get(f"/peps/editions/{KEY_OF_NEXT}/annexes/{KEY}").content == PDF
    press(visits, gilda, "thaw", KEY_OF_NEXT)
    press(visits, gilda, "freeze", KEY_OF_NEXT)
    assert "after this edition was frozen" not in steps(visits, gilda, KEY_OF_NEXT).text
    assert gilda.get(f"/peps/editions/{KEY_OF_NEXT}/annexes/{KEY}").content == OTHER_PDF


def test_an_undeclared_annexe_hinders_freezing_and_leads_to_where_it_stands_and_is_declared(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    number = propose(programmed(visits, "nora"), front={"annexes": []})["number"]
    for path, body in (
        (f"proposals/{number}/decisions", [{"change": 1, "outcome": "adopted"}]),
        ("merge", {"changes": [f"{number}.1"], "base_revision": 3}),
    ):
        assert gilda.post(f"{API}/{path}", json=body, headers=OURS).status_code == 201
    draft(visits, gilda, **NEXT, revision="4")
    page = steps(visits, gilda, KEY_OF_NEXT)
    stop = page.one("li", class_="stop")
    assert "refers to the annexe “membership-and-funding”, which the cover does not declare." in words(stop)
    shown, *mends = [link.attrib["href"] for link in stop.iter("a")]
    assert mends == ["/peps/propose/goals", "/peps/propose/+cover"]
    target = visits.page(shown.partition("#")[0], gilda)
    assert shown.partition("#")[2] in target.ids
    (form,) = [form for form in page.all("form") if form.attrib["action"].endswith("/freeze")]
    assert not list(form.iter("button")), "what cannot be done is not offered"
