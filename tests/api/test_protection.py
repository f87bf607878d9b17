"""Requests that another site makes a signed-in browser send are refused, and every answer carries its headers."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from app import clock
from app.main import create_app
from app.queries.people import person_by_email
from app.security import COOKIE
from app.services import people, sessions
from app.settings import Settings
from tests.support.acts import by_hand, counted, propose, refused
from tests.support.site import API, Site, client_of

BODY = {"title": "T", "base_revision": 1, "sections": [{"key": "vision", "markdown": "Another."}]}


def signed_in(site: Site, name: str = "mara") -> TestClient:
    """A browser with a session of that person, and without a token."""
    with site.database.writing() as session:
        now = clock.now()
        link = sessions.make_link(session, person_by_email(session, f"{name}@example.org"), by=None, now=now)
        secret = sessions.sign_in_by_link(session, link, now=now).secret
    client = client_of(site.service)
    client.cookies.set(COOKIE, secret)
    return client


FOREIGN = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://[::1"},
    {"origin": "http://testserver.evil.example"},
    {"origin": "http://evil.example:80/testserver"},
    {"origin": ""},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "none"},
    {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
    {"origin": "https://evil.example", "authorization": "Bearer x"},
    {},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_write_with_a_session_from_elsewhere_is_refused(sqlite_site: Site, headers: dict[str, str]) -> None:
    browser = signed_in(sqlite_site)
    rows = counted(sqlite_site.database)
    refused(browser.post(f"{API}/proposals", json=BODY, headers=headers), 403, "cross-site")
    page = browser.post("/sign-out", data={}, headers=headers)
    assert page.status_code == 403
    assert counted(sqlite_site.database) == rows


@pytest.mark.parametrize("headers", [{"origin": "http://testserver"}, {"sec-fetch-site": "same-origin"}], ids=str)
def test_a_write_with_a_session_from_our_own_pages_is_done(sqlite_site: Site, headers: dict[str, str]) -> None:
    browser = signed_in(sqlite_site)
    assert browser.post(f"{API}/proposals", json=BODY, headers=headers).status_code == 201
    assert browser.get("/api/v1/me").json()["name"] == "Mara"
    assert browser.post("/sign-out", headers=headers).status_code == 303
    assert browser.get("/api/v1/me").status_code == 401


def test_reading_with_a_session_may_come_from_anywhere(sqlite_site: Site) -> None:
    browser = signed_in(sqlite_site)
    assert browser.get(f"{API}/proposals", headers={"sec-fetch-site": "cross-site"}).status_code == 200


def test_a_token_alone_is_exempt_and_a_cookie_beside_it_is_not(sqlite_site: Site) -> None:
    site = sqlite_site
    foreign = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert site.member.post(f"{API}/proposals", json=BODY, headers=foreign).status_code == 201
    both = {**foreign, "cookie": f"{COOKIE}=anything"}
    refused(site.member.post(f"{API}/proposals", json=BODY, headers=both), 403, "cross-site")


def test_a_session_ends_when_it_is_old_idle_or_its_person_is_removed(sqlite_site: Site) -> None:
    site = sqlite_site
    for column, age in (("ends_at", timedelta(0)), ("seen_at", timedelta(days=14))):
        browser = signed_in(site)
        assert browser.get("/api/v1/me").status_code == 200
        then = (clock.now() - age).replace(tzinfo=None).isoformat(sep=" ")
        by_hand(site.database, f"UPDATE sessions SET {column} = '{then}'")
        assert browser.get("/api/v1/me").status_code == 401
    browser = signed_in(site)
    with site.database.writing() as session:
        people.remove_person(session, person_by_email(session, "mara@example.org"), by=None, now=clock.now())
    assert browser.get("/api/v1/me").status_code == 401
    assert site.member.get("/api/v1/me").status_code == 401
    assert site.member.get("/api/v1/charters").status_code == 401


def test_a_role_that_was_taken_away_is_gone_with_the_next_request(sqlite_site: Site) -> None:
    site = sqlite_site
    by_hand(site.database, "DELETE FROM roles WHERE role = 'governor'")
    refused(site.governor.post(f"{API}/editions", json={"revision": 1, "date": "2027-01"}), 403, "not-allowed")


def test_a_link_signs_in_once(sqlite_site: Site) -> None:
    site = sqlite_site
    with site.database.writing() as session:
        link = sessions.make_link(session, person_by_email(session, "mara@example.org"), by=None, now=clock.now())
    browser = client_of(site.service)
    assert browser.get(f"/sign-in/{link}").status_code == 200
    ours = {"origin": "http://testserver"}
    assert browser.post(f"/sign-in/{link}", headers={"origin": "https://evil.example"}).status_code == 403
    first = browser.post(f"/sign-in/{link}", headers=ours)
    assert first.status_code == 303
    cookie = first.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert client_of(site.service).post(f"/sign-in/{link}", headers=ours).status_code == 401


def test_every_answer_carries_the_protective_headers(sqlite_site: Site) -> None:
    site = sqlite_site
    propose(site.member, "vision", "Another.")
    answers = {
        200: site.reader.get(f"{API}/proposals/1"),
        201: site.member.post(f"{API}/proposals", json=BODY),
        401: site.reader.post(f"{API}/proposals", json=BODY),
        403: site.stranger.post(f"{API}/proposals", json=BODY),
        404: site.reader.get("/api/v1/nothing"),
        405: site.reader.put(f"{API}/proposals/1"),
        409: site.member.post(f"{API}/proposals/1/submit", json={}),
        413: site.member.post(f"{API}/proposals", content=b"x" * 2_100_000),
        422: site.member.post(f"{API}/proposals", json={}),
        428: site.member.patch(f"{API}/proposals/1", json={}),
    }
    pages = {
        302: site.reader.get("/"),
        200: site.reader.get("/peps/working"),
        404: site.reader.get("/nothing-here"),
        405: site.reader.post("/"),
        403: signed_in(site).post("/sign-out", headers={"origin": "https://evil.example"}),
        304: None,
    }
    markdown = site.governor.post(f"{API}/editions", json={"revision": 1, "date": "2027-01"})
    assert markdown.status_code == 201
    whole = site.member.get("/peps/editions/2027-01.md")
    pages[304] = site.member.get("/peps/editions/2027-01.md", headers={"if-none-match": whole.headers["etag"]})
    for expected, answer in (*answers.items(), *pages.items()):
        assert answer.status_code == expected
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "no-cache" in answer.headers["cache-control"]
        assert "strict-transport-security" not in answer.headers


def test_an_installation_behind_https_says_so_and_sets_secure_cookies(sqlite_site: Site) -> None:
    site = sqlite_site
    settings = Settings(data_dir=site.service.state.settings.data_dir, public_url="https://charters.example")
    service = create_app(settings, site.database)
    with site.database.writing() as session:
        link = sessions.make_link(session, person_by_email(session, "mara@example.org"), by=None, now=clock.now())
    browser = TestClient(service, base_url="https://charters.example", follow_redirects=False)
    answer = browser.post(f"/sign-in/{link}", headers={"origin": "https://charters.example"})
    assert answer.status_code == 303
    assert "secure" in answer.headers["set-cookie"].lower()
    assert answer.headers["strict-transport-security"].startswith("max-age=")


def test_health_and_readiness_answer_without_a_sign_in(sqlite_site: Site) -> None:
    assert sqlite_site.reader.get("/healthz").text == "ok"
    assert sqlite_site.reader.get("/readyz").json() == {"ready": True}
    by_hand(sqlite_site.database, "UPDATE alembic_version SET version_num = '0001'")
    assert sqlite_site.reader.get("/readyz").status_code == 503


def test_a_program_can_ask_for_the_head_of_whatever_it_can_read(sqlite_site: Site) -> None:
    for path in (
        "/healthz",
        "/readyz",
        API,
        f"{API}/revisions/head",
        f"{API}/awaiting",
        f"{API}/proposals/99",
        "/peps",
    ):
        whole, head = sqlite_site.member.get(path), sqlite_site.member.head(path)
        assert (head.status_code, head.content) == (whole.status_code, b""), path
        for name in ("content-type", "content-length", "etag", "cache-control"):
            assert head.headers.get(name) == whole.headers.get(name), (path, name)
    assert sqlite_site.member.head(f"{API}/merge").status_code == 405
