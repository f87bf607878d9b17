"""What anybody finds on the site to check an edition with: its files, the keys, the feed, and what leads there."""

import base64
import hashlib
import io
import json
import re
import xml.etree.ElementTree as ElementTree
import zipfile

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app import clock
from app.queries.charters import charter_row
from app.queries.editions import edition_row
from app.queries.people import account, person_by_email
from app.rules.svg import safe_svg
from app.services import editions
from app.services.keys import rotate
from app.signing import public_key_from_pem
from tests.support.acts import by_hand
from tests.support.files import SVG
from tests.support.published import KEY, Lived
from tests.support.reopening import Copy
from tests.web.markup import Page
from tests.web.visits import Visits, browser

HOME = f"/peps/editions/{KEY}"
ATOM = "{http://www.w3.org/2005/Atom}"
FORMS = {
    ".json": "application/json",
    ".html": "text/html; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".zip": "application/zip",
    ".pdf": "application/pdf",
}


@pytest.fixture
def site(twice_published: Lived, application: FastAPI, copied: Copy) -> Visits:
    """A charter with two published editions, and somebody who only reads."""
    database = copied(twice_published.path)
    application.state.database = database
    return Visits(database, application, twice_published.folder, browser(application))


def withdraw(site: Visits, key: str, reason: str) -> None:
    with site.database.writing() as session:
        charter = charter_row(session, "peps")
        by = account(person_by_email(session, "gilda@example.org"))
        edition = edition_row(session, charter, key, unpublished=False)
        editions.withdraw(session, charter, edition, by=by, now=clock.now(), reason=reason)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("home", [HOME, f"/api/v1/charters{HOME}"])
def test_every_form_is_served_for_good_under_its_hash(site: Visits, home: str, form: str) -> None:
    address = home + form
    answer = site.reader.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == FORMS[form]
    assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-disposition"].endswith(f'filename="peps-charter-2026-11{form}"')
    again = site.reader.get(address, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = site.reader.head(address)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", answer.headers["etag"])
    assert site.signed_in("mara").get(address).content == answer.content


def test_what_is_in_the_bundle_is_what_is_served_alone(site: Visits) -> None:
    with zipfile.ZipFile(io.BytesIO(site.reader.get(f"{HOME}.zip").content)) as archive:
        for form in (".html", ".md", ".pdf"):
            assert archive.read(f"peps-charter-2026-11{form}") == site.reader.get(f"{HOME}{form}").content
        assert archive.read("edition.json") == site.reader.get(f"{HOME}.json").content


def test_the_html_is_one_file_that_asks_for_nothing_and_fits_its_policy(site: Visits) -> None:
    answer = site.reader.get(f"{HOME}.html")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    page = Page(answer.text)
    # The logo is in the file itself, and what it shows is escaped like all that people write.
    logo = re.search(
        r'<img class="logo" src="data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)" alt="([^"]*)">', answer.text
    )
    assert logo is not None
    assert base64.b64decode(logo[1]) == safe_svg(SVG)
    assert logo[2] == "A green &lt;kettle&gt; &amp; “steam”"
    rest = answer.text.replace(logo[0], "")
    assert not re.findall(r"<script|<link|<img|@import|url\(|src=|\son\w+=|style=", rest)
    assert "Model -b.pdf" in page.text
    assert "equal partners" in page.text
    targets = {link[1:] for link in re.findall(r'href="(#[^"]+)"', answer.text)}
    assert targets <= set(re.findall(r'id="([^"]+)"', answer.text))


def test_a_signature_is_beside_the_pdf_and_the_bundle(site: Visits) -> None:
    key = public_key_from_pem(site.reader.get("/.well-known/engross-key.pem").text)
    for form in (".pdf", ".zip"):
        signature = site.reader.get(f"{HOME}{form}.sig")
        assert signature.headers["content-disposition"] == f'attachment; filename="peps-charter-2026-11{form}.sig"'
        assert key.signed(signature.content, site.reader.get(f"{HOME}{form}").content)


def test_a_key_that_was_replaced_stays_listed_with_its_days(site: Visits) -> None:
    old = site.reader.get("/.well-known/engross-key.pem").text
    with site.database.writing() as session:
        rotate(session, by=None, now=clock.now())
    assert site.reader.get("/.well-known/engross-key.pem").text != old
    answer = site.reader.get("/.well-known/engross-keys.json")
    first, second = answer.json()["keys"]
    assert first["pem"] == old
    assert first["until"]
    assert second["until"] is None
    known = {"If-None-Match": answer.headers["etag"]}
    assert site.reader.get("/.well-known/engross-keys.json", headers=known).status_code == 304
    assert "secret" not in answer.text


def test_a_candidate_can_be_previewed_by_members_and_has_no_bundle(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    for form in (".json", ".html", ".md"):
        answer = mara.get(f"/peps/editions/2026-11{form}")
        assert answer.status_code == 200
        assert "not-approved" in answer.headers["content-disposition"]
        assert answer.headers["cache-control"].startswith("private")
        assert visits.reader.get(f"/peps/editions/2026-11{form}").status_code == 404
    assert mara.get("/peps/editions/2026-11.json").json()["approved"] is None
    assert "Not approved. Do not cite." in mara.get("/peps/editions/2026-11.html").text
    for form in (".zip", ".zip.sig", ".pdf.sig"):
        answer = mara.get(f"/peps/editions/2026-11{form}")
        assert answer.status_code == 404
        assert "made when the edition is published" in answer.text


def test_the_page_leads_to_every_form_says_what_changed_and_how_to_check(site: Visits) -> None:
    page = site.page(HOME)
    for form in (".html", ".md", ".json", ".zip", ".pdf"):
        assert f"{HOME}{form}" in page.links
    assert "“key” replaced by “equal”" in page.text
    assert "/peps/proposals/1#change.1" in page.links
    assert "Check that a file is the one that was published" in page.text
    assert "/.well-known/engross-keys.json" in page.links
    assert "/peps/compare/2025-05...2026-11" in page.links


def test_the_page_says_to_programs_what_it_is(site: Visits) -> None:
    text = site.reader.get(HOME).text
    assert 'itemtype="https://schema.org/CreativeWork"' in text
    assert 'itemprop="version" datetime="2026-11"' in text
    assert 'itemprop="datePublished"' in text
    assert "ld+json" not in text


def feed(site: Visits, client: TestClient | None = None) -> ElementTree.Element:
    answer = (client or site.reader).get("/peps/feed.atom")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)


def test_the_feed_tells_of_what_was_published_and_withdrawn_under_ids_that_stay(site: Visits) -> None:
    first = feed(site)
    ids = [entry.findtext(f"{ATOM}id") for entry in first.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids)) == 2
    withdraw(site, "2025-05", "Sent <out> & too early.")
    entries = list(feed(site).iter(f"{ATOM}entry"))
    told = {e.findtext(f"{ATOM}id"): (e.findtext(f"{ATOM}title"), e.findtext(f"{ATOM}summary")) for e in entries}
    assert set(ids) < set(told)
    [(title, summary)] = [told[id] for id in set(told) - set(ids)]
    assert title == "May 2025 withdrawn"
    assert "Sent <out> & too early." in (summary or "")
    for element in (feed(site), *entries):
        for needed in ("id", "title", "updated"):
            assert element.findtext(f"{ATOM}{needed}"), needed
    assert feed(site).find(f"{ATOM}author/{ATOM}name") is not None


def test_the_feed_is_the_same_for_everybody_and_is_not_sent_twice(site: Visits) -> None:
    answer = site.reader.get("/peps/feed.atom")
    assert site.signed_in("mara").get("/peps/feed.atom").content == answer.content
    again = site.reader.get("/peps/feed.atom", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert 'href="/peps/feed.atom"' in site.reader.get("/peps").text


def test_no_character_of_a_reason_breaks_the_feed(site: Visits) -> None:
    withdraw(site, KEY, "Odd: \uffff \U0010ffff ]]> &amp; <!-- \u202e")
    [entry, *_] = feed(site).iter(f"{ATOM}entry")
    assert (entry.findtext(f"{ATOM}summary") or "").endswith("Odd: \ufffd \U0010ffff ]]> &amp; <!-- \u202e")


def test_the_feed_tells_nothing_of_what_is_being_prepared(visits: Visits) -> None:
    text = visits.signed_in("gilda").get("/peps/feed.atom").text
    assert "/editions/2026-11" not in text
    assert "/editions/2025-05" in text
    assert visits.reader.get("/closed/feed.atom").status_code == 404


def test_files_of_a_withdrawn_edition_stay_as_they_are(site: Visits) -> None:
    before = {form: site.reader.get(f"{HOME}{form}").content for form in FORMS}
    withdraw(site, KEY, "A mistake.")
    assert {form: site.reader.get(f"{HOME}{form}").content for form in FORMS} == before


def test_an_edition_of_a_closed_charter_stays_to_be_read_when_it_no_longer_holds(site: Visits) -> None:
    withdraw(site, KEY, "A mistake.")
    withdraw(site, "2025-05", "Another.")
    by_hand(site.database, "UPDATE charters SET open = :no", no=False)
    for form in ("", ".pdf", ".zip"):
        assert site.reader.get(f"{HOME}{form}").status_code == 200, form
    assert site.reader.get("/peps/feed.atom").status_code == 200
    assert site.reader.get("/peps/editions").status_code == 200
    assert site.reader.get("/peps/working").status_code == 404
    assert json.loads(site.reader.get("/api/v1/charters/peps").text)["edition"] is None
