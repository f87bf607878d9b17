"""Signing in by a one-time link and signing out, in a browser."""

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.security import COOKIE, form_token
from app.settings import Settings
from tests.web.markup import Page, words
from tests.web.visits import Visits

SAME = {"Sec-Fetch-Site": "same-origin"}


def test_opening_a_link_uses_nothing_up(visits: Visits) -> None:
    secret = visits.link("mara")
    for _ in range(3):
        page = visits.page(f"/sign-in/{secret}")
        assert words(page.one("button")) == "Sign in"
    assert "Mara" in page.text
    assert visits.reader.post(f"/sign-in/{secret}", headers=SAME).status_code == 303


def test_the_page_of_a_link_is_kept_nowhere(visits: Visits) -> None:
    assert visits.reader.get(f"/sign-in/{visits.link('mara')}").headers["cache-control"] == "no-store"


def test_a_link_signs_in_once(visits: Visits) -> None:
    secret = visits.link("mara")
    first, second = visits.browser(), visits.browser()
    answer = first.post(f"/sign-in/{secret}", headers=SAME)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Mara" in visits.page("/", first).text
    again = second.post(f"/sign-in/{secret}", headers=SAME)
    assert again.status_code == 401
    assert COOKIE not in second.cookies
    assert "used already or is too old" in again.text
    assert visits.reader.get(f"/sign-in/{secret}").status_code == 401


def test_a_button_pressed_twice_signs_in_once_and_leads_on(visits: Visits) -> None:
    secret, browser = visits.link("mara"), visits.browser()
    browser.post(f"/sign-in/{secret}", headers=SAME)
    cookie = browser.cookies[COOKIE]
    again = browser.post(f"/sign-in/{secret}", headers=SAME)
    assert (again.status_code, again.headers["location"]) == (303, "/")
    assert browser.cookies[COOKIE] == cookie
    assert "Mara" in visits.page("/", browser).text


def test_a_used_link_of_somebody_else_says_so_to_whoever_is_signed_in(visits: Visits) -> None:
    secret = visits.link("otto")
    visits.browser().post(f"/sign-in/{secret}", headers=SAME)
    browser = visits.signed_in("mara")
    assert browser.post(f"/sign-in/{secret}", headers=SAME).status_code == 401
    assert "Mara" in visits.page("/", browser).text


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(visits: Visits) -> None:
    cookie = visits.reader.post(f"/sign-in/{visits.link('mara')}", headers=SAME).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert "Path=/" in cookie
    assert "Secure" not in cookie


def test_over_tls_the_cookie_insists_on_it(visits: Visits) -> None:
    settings = Settings(data_dir=visits.folder, public_url="https://charters.example.org")
    browser = TestClient(create_app(settings, visits.database), follow_redirects=False)
    cookie = browser.post(f"/sign-in/{visits.link('mara')}", headers=SAME).headers["set-cookie"]
    assert "Secure" in cookie


def test_a_second_sign_in_ends_the_session_before(visits: Visits) -> None:
    browser = visits.signed_in("mara")
    before = browser.cookies[COOKIE]
    browser.post(f"/sign-in/{visits.link('otto')}", headers=SAME)
    assert "Otto" in visits.page("/", browser).text
    old = visits.browser()
    old.cookies.set(COOKIE, before)
    assert "Mara" not in visits.page("/", old).text


def test_signing_out_ends_the_session_for_good(visits: Visits) -> None:
    browser = visits.signed_in("mara")
    secret = browser.cookies[COOKIE]
    assert browser.post("/sign-out", headers=SAME).status_code == 303
    thief = visits.browser()
    thief.cookies.set(COOKIE, secret)
    page = visits.page("/peps", thief)
    assert "Mara" not in page.text
    assert "/sign-in" in page.links


def test_another_site_can_sign_nobody_out_or_in(visits: Visits) -> None:
    browser = visits.signed_in("mara")
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert browser.post("/sign-out", headers=headers).status_code == 403
        assert visits.reader.post(f"/sign-in/{visits.link('otto')}", headers=headers).status_code == 403
    assert "Mara" in visits.page("/peps", browser).text


def test_a_browser_that_says_nothing_of_where_a_form_is_from_needs_the_form_token(visits: Visits) -> None:
    browser = visits.signed_in("mara")
    assert browser.post("/sign-out").status_code == 403
    assert browser.post("/sign-out", data={"csrf": "0" * 64}).status_code == 403
    shown = visits.page("/peps", browser).one("input", name_="csrf").attrib["value"]
    assert shown == form_token(browser.cookies[COOKIE])
    assert browser.post("/sign-out", data={"csrf": shown}).status_code == 303


@pytest.mark.parametrize("secret", ["x", "a" * 43, "%00", "a%2Fb", "%F0%9F%96%8B"])
def test_an_invented_link_is_told_like_one_that_is_over(visits: Visits, secret: str) -> None:
    answer = visits.reader.get(f"/sign-in/{secret}")
    assert answer.status_code in (401, 404)
    assert visits.reader.post(f"/sign-in/{secret}", headers=SAME).status_code in (401, 404, 405)


def test_how_to_get_a_link_is_explained(visits: Visits) -> None:
    page = visits.page("/sign-in")
    assert words(page.one("h1")) == "Sign in"
    assert "engross user link" in page.text


def test_a_signed_in_member_is_named_with_the_role_in_the_charter(visits: Visits) -> None:
    who = visits.page("/peps", visits.signed_in("gilda")).one("span", class_="who")
    assert words(who) == "Gilda governor"


def test_words_typed_after_the_sign_in_has_ended_are_handed_back(visits: Visits) -> None:
    typed = {"t.abc": "A vision\r\nwe <b>share</b>.", "title": "Shared", "csrf": "long", "once": "hidden"}
    answer = visits.browser().post(
        "/peps/propose/vision", data=typed, headers={"Sec-Fetch-Site": "same-origin", "Cookie": f"{COOKIE}=ended"}
    )
    assert answer.status_code == 401
    kept = Page(answer.text).one("textarea", id="page.typed").text or ""
    assert kept.strip() == "A vision\nwe <b>share</b>.\n\nShared"
    assert not Page(visits.browser().get("/sign-in").text).has("textarea")
