"""Files of annexes and the logo by the interface: put in place, read, replaced, and taken along by editions."""

import hashlib

import pytest
from fastapi.testclient import TestClient

from app.queries.verification import verify
from tests.support.acts import by_hand, counted, refused
from tests.support.files import OTHER_PDF, PDF, SVG, png
from tests.support.site import API, Site

KEY = "membership-and-funding"
ANNEXE = f"{API}/annexes/{KEY}"
EDITION = f"{API}/editions/2027-01"


def put(client: TestClient, octets: bytes, name: str = "Model.pdf", at: str = f"{ANNEXE}/file", **more: str):
    about = ANNEXE if at.startswith(ANNEXE) else f"{at}/about"
    tag = {"If-Match": client.get(about).headers["etag"]}
    return client.put(at, params={"name": name, **more}, content=octets, headers=tag)


def edition(site: Site, *acts: str, key: str = "2027-01") -> None:
    made = site.governor.post(f"{API}/editions", json={"revision": 1, "date": key})
    assert made.status_code == 201, made.text
    for act in acts:
        answer = site.governor.post(f"{API}/editions/{key}/{act}", json={})
        assert answer.status_code < 300, answer.text


def test_a_file_is_put_in_place_read_and_replaced(site: Site) -> None:
    assert site.reader.get(f"{API}/annexes").json() == [
        {"key": KEY, "title": "Membership and funding model", "url": None, "file": None}
    ]
    refused(site.reader.get(f"{ANNEXE}/file"), 404, "not-found")
    told = put(site.governor, PDF, "Our model.docx").json()["file"]
    assert (told["name"], told["media_type"], told["size"]) == ("Our model.pdf", "application/pdf", len(PDF))
    assert (told["sha256"], told["added_by"]) == (hashlib.sha256(PDF).hexdigest(), "Gilda")
    assert site.reader.get(f"{ANNEXE}/file").content == PDF
    assert put(site.governor, OTHER_PDF).status_code == 200
    assert site.reader.get(f"{ANNEXE}/file").content == OTHER_PDF
    tag = {"If-Match": site.governor.get(ANNEXE).headers["etag"]}
    assert site.governor.delete(f"{ANNEXE}/file", headers=tag).json()["file"] is None
    refused(site.reader.get(f"{ANNEXE}/file"), 404, "not-found")
    with site.database.reading() as session:
        assert verify(session).faults == ()
    records = site.governor.get(f"{API}/records").json()
    assert [r["act"] for r in records[:3]] == ["take file away", "attach file", "attach file"]


def test_a_file_is_served_so_that_nothing_in_it_can_act(sqlite_site: Site) -> None:
    put(sqlite_site.governor, PDF, "Förderung 50%.pdf")
    for address in (f"{ANNEXE}/file", f"/peps/annexes/{KEY}"):
        answer = sqlite_site.reader.get(address)
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["content-disposition"] == (
            "attachment; filename=\"F_rderung 50.pdf\"; filename*=UTF-8''F%C3%B6rderung%2050.pdf"
        )
        assert answer.headers["cache-control"] == "private, no-cache"
        again = sqlite_site.reader.get(address, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_putting_asks_for_what_was_read_and_overwrites_nobody_unseen(sqlite_site: Site) -> None:
    governor = sqlite_site.governor
    refused(governor.put(f"{ANNEXE}/file?name=a.pdf", content=PDF), 428, "precondition-needed")
    tag = governor.get(ANNEXE).headers["etag"]
    assert put(governor, PDF).status_code == 200
    answer = governor.put(f"{ANNEXE}/file?name=a.pdf", content=OTHER_PDF, headers={"If-Match": tag})
    refused(answer, 412, "stale")
    assert sqlite_site.reader.get(f"{ANNEXE}/file").content == PDF


def test_the_same_file_again_changes_nothing_and_leaves_no_record(sqlite_site: Site) -> None:
    put(sqlite_site.governor, PDF)
    rows = counted(sqlite_site.database)
    assert put(sqlite_site.governor, PDF).status_code == 200
    assert counted(sqlite_site.database) == rows


@pytest.mark.parametrize(
    ("octets", "status", "kind"),
    [
        (b"", 422, "empty-file"),
        (b"MZ", 422, "file-not-taken"),
        (b"%PDF-1.7 x", 422, "broken-file"),
        (PDF + b"\0" * 20_000_000 + PDF, 413, "too-large"),
    ],
)
def test_what_is_no_file_to_keep_is_refused_and_leaves_nothing(
    sqlite_site: Site, octets: bytes, status: int, kind: str
) -> None:
    rows = counted(sqlite_site.database)
    refused(put(sqlite_site.governor, octets), status, kind)
    assert counted(sqlite_site.database) == rows


def test_a_body_beyond_every_limit_is_not_read(sqlite_site: Site) -> None:
    told = refused(put(sqlite_site.governor, b"%PDF-" + b"\0" * 21_000_000), 413, "too-large")
    assert "20 MB" in told["detail"]
    # Elsewhere the limit for what people write stays.
    refused(sqlite_site.governor.post(f"{API}/threads", content=b"{" + b" " * 2_100_000), 413, "too-large")


def test_only_what_the_cover_declares_has_a_file(sqlite_site: Site) -> None:
    refused(sqlite_site.governor.put(f"{API}/annexes/other/file?name=a.pdf", content=PDF), 404, "not-found")
    refused(sqlite_site.governor.get(f"{API}/annexes/..%2Fx"), 404, "not-found")


def test_a_closed_charter_keeps_its_files_and_shows_those_of_its_editions(sqlite_site: Site) -> None:
    site = sqlite_site
    put(site.governor, PDF)
    put(site.governor, SVG, "logo.svg", f"{API}/logo", alt="A green kettle")
    edition(site, "freeze", "signoffs", "approve", "publish")
    edition(site, key="2027-02")
    by_hand(site.database, "UPDATE charters SET open = false")
    hidden = (f"{API}/annexes", ANNEXE, f"{ANNEXE}/file", f"{API}/logo", f"/peps/annexes/{KEY}", "/peps/logo")
    unpublished = f"{API}/editions/2027-02/annexes/{KEY}"
    for client in (site.reader, site.stranger):
        for address in (*hidden, "/peps/annexes", unpublished):
            assert client.get(address).status_code == 404, address
    for address in (f"{EDITION}/annexes/{KEY}", f"/peps/editions/2027-01/annexes/{KEY}"):
        answer = site.reader.get(address)
        assert (answer.content, answer.headers["cache-control"]) == (PDF, "public, max-age=31536000, immutable")
    shown = site.reader.get("/peps/editions/2027-01/logo")
    assert shown.headers["content-type"] == "image/svg+xml"
    assert shown.headers["content-security-policy"].startswith("default-src 'none'; sandbox")
    assert site.member.get(unpublished).content == PDF


def test_an_edition_keeps_the_files_it_was_frozen_with(site: Site) -> None:
    put(site.governor, PDF)
    edition(site)
    # A draft shows what it would take along.
    put(site.governor, OTHER_PDF)
    assert site.governor.get(f"{EDITION}/annexes/{KEY}").content == OTHER_PDF
    site.governor.post(f"{EDITION}/freeze", json={})
    put(site.governor, PDF)
    assert site.governor.get(f"{EDITION}/annexes/{KEY}").content == OTHER_PDF
    # Thawed and frozen again, it takes along what stands there by then.
    site.governor.post(f"{EDITION}/thaw", json={})
    assert site.governor.get(f"{EDITION}/annexes/{KEY}").content == PDF
    assert site.governor.post(f"{EDITION}/freeze", json={}).json()["warnings"] == []
    tag = {"If-Match": site.governor.get(ANNEXE).headers["etag"]}
    site.governor.delete(f"{ANNEXE}/file", headers=tag)
    assert site.governor.get(f"{EDITION}/annexes/{KEY}").content == PDF
    with site.database.reading() as session:
        assert verify(session).faults == ()


def test_the_logo_is_kept_as_its_picture_alone_with_words_for_it(sqlite_site: Site) -> None:
    site, logo = sqlite_site, f"{API}/logo"
    assert site.reader.get(f"{logo}/about").json() is None
    told = put(site.governor, png(more=b""), "Our logo.svg", logo, alt="  A green\nfield ").json()
    assert (told["name"], told["media_type"], told["alt"]) == ("Our logo.png", "image/png", "A green field")
    assert site.reader.get(logo).content == png()
    put(site.governor, SVG, "logo.svg", logo, alt="A kettle")
    assert b"<style" not in site.reader.get(logo).content
    refused(put(site.governor, SVG, "logo.svg", logo, alt=" "), 422, "alt-needed")
    refused(put(site.governor, PDF, "logo.png", logo, alt="A"), 422, "file-not-taken")
    refused(put(site.governor, SVG + b" " * 1_000_000, "logo.svg", logo, alt="A"), 413, "too-large")
    tag = {"If-Match": site.governor.get(f"{logo}/about").headers["etag"]}
    assert site.governor.delete(logo, headers=tag).json() is None
    refused(site.reader.get(logo), 404, "not-found")
    with site.database.reading() as session:
        assert verify(session).faults == ()
