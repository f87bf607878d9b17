"""Passkeys over HTTP, by an authenticator in software: what lets somebody in, and everything that must not."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy
from fastapi.testclient import TestClient

from app import clock
from app.db.models.sessions import BrowserSession
from app.db.models.signing_in import Challenge, Passkey
from app.queries.verification import verify
from app.security import COOKIE
from app.services import challenges
from app.settings import Settings
from tests.support.acts import counted
from tests.support.authenticator import PRESENT, Authenticator, read, told
from tests.web.markup import Page, words
from tests.web.visits import Visits

ORIGIN = "https://charter.example.org"
SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def _named_site(visits: Visits) -> Iterator[None]:
    """Passkeys belong to a site with a name and TLS."""
    before = visits.application.state.settings
    visits.application.state.settings = replace(before, public_url=ORIGIN)
    yield
    visits.application.state.settings = before


def signed_in(visits: Visits, name: str) -> TestClient:
    """A browser on that site; the cookie insists on TLS."""
    browser = over_tls(visits)
    assert browser.post(f"/sign-in/{visits.link(name)}", headers=SAME).status_code == 303
    return browser


def over_tls(visits: Visits) -> TestClient:
    browser = visits.browser()
    browser.base_url = "https://testserver"
    return browser


def options(browser: TestClient, path: str) -> dict[str, Any]:
    answer = browser.post(path, headers=SAME)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()


def add(browser: TestClient, device: Authenticator, name: str = "Phone") -> Any:
    made = device.make(options(browser, "/me/passkeys/options"))
    return browser.post("/me/passkeys", data={"name": name, "credential": made}, headers=SAME)


def use(browser: TestClient, answer: str, to: str = "") -> Any:
    return browser.post("/passkeys/sign-in", data={"credential": answer, "to": to}, headers=SAME)


@dataclass
class Had:
    visits: Visits
    mara: TestClient
    device: Authenticator


@pytest.fixture
def had(visits: Visits) -> Had:
    """Mara with a passkey."""
    mara, device = signed_in(visits, "mara"), Authenticator(ORIGIN)
    assert add(mara, device).headers["location"].startswith("/me?done=passkey")
    return Had(visits, mara, device)


def refused(answer: Any, browser: TestClient) -> None:
    assert answer.status_code == 401, answer.text
    assert "could not be checked" in answer.text
    assert COOKIE not in browser.cookies


def test_a_passkey_is_added_used_listed_and_removed(had: Had) -> None:
    stranger = over_tls(had.visits)
    asked = options(stranger, "/passkeys/options")
    assert asked.get("allowCredentials", []) == [], "a stranger is told nothing of anybody"
    assert asked["userVerification"] == "required"
    answer = use(stranger, had.device.use(asked), "/peps/awaiting")
    assert (answer.status_code, answer.headers["location"]) == (303, "/peps/awaiting")
    page = had.visits.page("/me", stranger)
    assert "mara@example.org" in page.text
    assert "Phone" in page.text
    assert "last used" in page.text
    remove = next(e for e in page.all("form") if e.attrib["action"].endswith("/remove")).attrib["action"]
    assert signed_in(had.visits, "otto").post(remove, headers=SAME).status_code == 404
    assert stranger.post(remove, headers=SAME).status_code == 303
    gone = over_tls(had.visits)
    refused(use(gone, had.device.use(options(gone, "/passkeys/options"))), gone)
    with had.visits.database.reading() as session:
        assert verify(session).faults == ()


def test_signing_in_ends_the_session_before_and_leads_to_no_other_site(had: Had) -> None:
    browser = signed_in(had.visits, "otto")
    before = browser.cookies[COOKIE]
    answer = use(browser, had.device.use(options(browser, "/passkeys/options")), "//evil.example")
    assert answer.headers["location"] == "/"
    assert browser.cookies[COOKIE] != before
    thief = over_tls(had.visits)
    thief.cookies.set(COOKIE, before)
    assert thief.get("/me").status_code == 401


def test_an_answer_is_good_once(had: Had) -> None:
    first, second = over_tls(had.visits), over_tls(had.visits)
    answer = had.device.use(options(first, "/passkeys/options"))
    assert use(first, answer).status_code == 303
    # With a counter that is not kept, as many devices have, nothing else would notice.
    with had.visits.database.writing() as session:
        session.execute(sqlalchemy.update(Passkey).values(uses=0))
    refused(use(second, answer), second)


def test_an_answer_comes_in_time(had: Had) -> None:
    browser = over_tls(had.visits)
    answer = had.device.use(options(browser, "/passkeys/options"))
    with had.visits.database.writing() as session:
        session.execute(sqlalchemy.update(Challenge).values(ends_at=clock.now() - timedelta(seconds=1)))
    refused(use(browser, answer), browser)


@pytest.mark.parametrize(
    "wrongly",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://charter.example.org"},
        {"site": "evil.example"},
        {"flags": PRESENT},
        {"flags": 0},
        {"kind": "webauthn.create"},
    ],
    ids=str,
)
def test_an_answer_from_elsewhere_or_without_the_person_is_refused(had: Had, wrongly: dict[str, Any]) -> None:
    browser = over_tls(had.visits)
    refused(use(browser, had.device.use(options(browser, "/passkeys/options"), **wrongly)), browser)


def test_a_counter_that_goes_backwards_is_that_of_a_copy(had: Had) -> None:
    had.device.uses = 9
    browser = over_tls(had.visits)
    assert use(browser, had.device.use(options(browser, "/passkeys/options"))).status_code == 303
    for uses in (9, 4):
        had.device.uses = uses
        copy = over_tls(had.visits)
        refused(use(copy, had.device.use(options(copy, "/passkeys/options"))), copy)


def test_nobody_signs_in_as_somebody_else(had: Had) -> None:
    otto, his = signed_in(had.visits, "otto"), Authenticator(ORIGIN)
    add(otto, his)
    browser = over_tls(had.visits)
    # His key under her id, her name under his passkey, and her passkey with nobody's name.
    stolen = Authenticator(ORIGIN, key=his.key, id=had.device.id, handle=had.device.handle)
    refused(use(browser, stolen.use(options(browser, "/passkeys/options"))), browser)
    posing = Authenticator(ORIGIN, key=his.key, id=his.id, handle=had.device.handle, uses=5)
    refused(use(browser, posing.use(options(browser, "/passkeys/options"))), browser)
    had.device.handle = ""
    refused(use(browser, had.device.use(options(browser, "/passkeys/options"))), browser)


def test_a_passkey_is_added_by_who_asked_and_to_nobody_else(had: Had) -> None:
    otto = signed_in(had.visits, "otto")
    hers = Authenticator(ORIGIN).make(options(had.mara, "/me/passkeys/options"))
    answer = otto.post("/me/passkeys", data={"name": "Hers", "credential": hers}, headers=SAME)
    assert answer.status_code == 422
    again = had.device.make(options(otto, "/me/passkeys/options"))
    answer = otto.post("/me/passkeys", data={"name": "Again", "credential": again}, headers=SAME)
    assert answer.status_code == 422
    assert "here already" in answer.text
    with had.visits.database.reading() as session:
        assert len(session.scalars(sqlalchemy.select(Passkey)).all()) == 1


@pytest.mark.parametrize("wrongly", [{"origin": "https://evil.example"}, {"site": "evil.example"}, {"flags": PRESENT}])
def test_what_was_made_elsewhere_is_not_added(had: Had, wrongly: dict[str, Any]) -> None:
    before = counted(had.visits.database)
    made = Authenticator(ORIGIN).make(options(had.mara, "/me/passkeys/options"), **wrongly)
    answer = had.mara.post("/me/passkeys", data={"name": "Mine", "credential": made}, headers=SAME)
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "could not be checked" in words(page.one("p", id="page.passkeyproblem"))
    assert page.one("input", id="page.passkeyname").attrib["value"] == "Mine"
    assert counted(had.visits.database)["passkeys"] == before["passkeys"]


@pytest.mark.parametrize(
    "sent",
    [
        *(
            "",
            "[]",
            "{}",
            "null",
            "{" * 2000,
            '{"id": 1}',
            '{"response": {"clientDataJSON": "e30"}}',
            '{"response": 1}',
        ),
        json.dumps({"id": "x", "response": {"clientDataJSON": told(b"\xff"), "userHandle": 3}}),
    ],
)
def test_nonsense_is_refused_in_words(had: Had, sent: str) -> None:
    browser = over_tls(had.visits)
    refused(use(browser, sent), browser)
    answer = had.mara.post("/me/passkeys", data={"name": "Mine", "credential": sent}, headers=SAME)
    assert answer.status_code == 422


def test_only_who_signed_in_just_now_adds_a_passkey(had: Had) -> None:
    made = Authenticator(ORIGIN).make(options(had.mara, "/me/passkeys/options"))
    with had.visits.database.writing() as session:
        long_ago = clock.now() - timedelta(hours=1)
        session.execute(sqlalchemy.update(BrowserSession).values(created_at=long_ago))
    for path in ("/me/passkeys/options", "/me/passkeys"):
        answer = had.mara.post(path, data={"name": "Mine", "credential": made}, headers=SAME)
        assert answer.status_code == 403
        assert "signed in just now" in answer.text
        assert 'value="mara@example.org"' in answer.text
    page = had.visits.page("/me", had.mara)
    assert not [e for e in page.all("form") if e.attrib.get("data-passkey") == "add"]


def test_a_program_with_a_token_adds_none(had: Had) -> None:
    answer = had.mara.post("/me/tokens", data={"name": "x", "days": "30", "access": "write"}, headers=SAME)
    token = "engross_" + answer.text.partition('value="engross_')[2].partition('"')[0]
    bearer = {"Authorization": f"Bearer {token}"}
    for path in ("/me/passkeys/options", "/me/passkeys", "/me/tokens"):
        assert over_tls(had.visits).post(path, headers=bearer).status_code == 403


def test_nobody_fills_the_table_of_questions(visits: Visits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(challenges, "MOST_FROM_PLACE", 3)
    for _ in range(3):
        options(visits.reader, "/passkeys/options")
    answer = visits.reader.post("/passkeys/options", headers=SAME)
    assert answer.status_code == 429
    with visits.database.writing() as session:
        session.execute(sqlalchemy.update(Challenge).values(ends_at=clock.now() - timedelta(seconds=1)))
    options(visits.reader, "/passkeys/options")
    assert counted(visits.database)["challenges"] == 1


def test_another_site_begins_nothing(visits: Visits) -> None:
    for path in ("/passkeys/options", "/passkeys/sign-in"):
        assert visits.reader.post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_site_without_a_name_or_tls_offers_none(visits: Visits) -> None:
    for public in ("http://127.0.0.1:8000", "http://charter.example.org", "https://[::1]"):
        visits.application.state.settings = Settings(public_url=public)
        assert "passkey" not in visits.reader.get("/sign-in").text
        assert visits.reader.post("/passkeys/options", headers=SAME).status_code == 404
    visits.application.state.settings = Settings(public_url="http://localhost:8000")
    assert options(visits.reader, "/passkeys/options")["rpId"] == "localhost"


def test_the_device_is_told_who_somebody_is_and_nothing_it_could_be_known_by_elsewhere(had: Had) -> None:
    asked = options(had.mara, "/me/passkeys/options")
    assert asked["user"]["name"] == "mara@example.org"
    assert asked["user"]["id"] == had.device.handle
    assert len(read(asked["user"]["id"])) >= 32
    assert asked["excludeCredentials"][0]["id"] == told(had.device.id)
    assert asked["authenticatorSelection"]["residentKey"] == "required"
