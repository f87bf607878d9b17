"""Signing in with an account elsewhere: a provider of the tests' own, honest first, and then lying in every way."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from fastapi.testclient import TestClient

from app import clock
from app.db.models.signing_in import LinkedAccount
from app.errors import BadInput
from app.queries.people import person_by_email
from app.queries.verification import verify
from app.security import COOKIE
from app.services import people, provider
from app.settings import Settings, load_settings
from app.web.accounts import BROWSER
from tests.support.acts import counted
from tests.support.provider import CLIENT, SECRET, Provider, other_key, providing, shared_key
from tests.web.markup import Page
from tests.web.visits import Visits

SAME = {"Sec-Fetch-Site": "same-origin"}
MARA = {"sub": "m-1", "email": "Mara@example.org", "email_verified": True}


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with providing() as one:
        yield one


@dataclass
class There:
    """The service with a provider that answers honestly."""

    visits: Visits
    provider: Provider


@pytest.fixture
def there(visits: Visits, running: Provider) -> Iterator[There]:
    fresh = Provider()
    running.__dict__.update({**fresh.__dict__, "issuer": running.issuer})
    provider.forget()
    before = visits.application.state.settings
    visits.application.state.settings = replace(
        before, oidc_issuer=running.issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET, oidc_name="The Society"
    )
    yield There(visits, running)
    visits.application.state.settings = before


def go(browser: TestClient, to: str = "") -> str:
    """Press the button; where the page leads."""
    answer = browser.post("/login/account", data={"to": to}, headers=SAME)
    assert answer.status_code == 200, answer.text
    page = Page(answer.text)
    return next(link for link in page.links if "/authorize?" in link)


def back(browser: TestClient, given: dict[str, str]) -> Any:
    return browser.get("/login/account/back", params=given)


def through(there: There, who: dict[str, Any], browser: TestClient | None = None, to: str = "") -> Any:
    browser = browser or there.visits.browser()
    return back(browser, there.provider.lets_in(go(browser, to), **who))


def refused(there: There, answer: Any, status: int = 401) -> None:
    assert answer.status_code == status, answer.text
    assert COOKIE not in answer.headers.get("set-cookie", "")
    with there.visits.database.reading() as session:
        assert session.scalars(sqlalchemy.select(LinkedAccount)).all() == []


def test_somebody_with_a_verified_address_comes_in_and_is_linked(there: There) -> None:
    page = there.visits.page("/sign-in?to=/peps/awaiting")
    assert "Sign in with The Society" in page.text
    browser = there.visits.browser()
    answer = through(there, MARA, browser, "/peps/awaiting")
    assert (answer.status_code, answer.headers["location"]) == (303, "/peps/awaiting")
    assert "linked since" in there.visits.page("/me", browser).text
    # From now on the account counts, whatever its address.
    again, moved = there.visits.browser(), {**MARA, "email": "moved@example.org"}
    assert through(there, moved, again).status_code == 303
    assert "mara@example.org" in there.visits.page("/me", again).text
    assert again.post("/me/account/unlink", headers=SAME).status_code == 303
    assert again.post("/me/account/unlink", headers=SAME).status_code == 404
    refused(there, through(there, moved))
    with there.visits.database.reading() as session:
        assert verify(session).faults == ()


def test_the_question_has_all_that_protects_the_answer(there: There) -> None:
    browser = there.visits.browser()
    address = go(browser)
    for part in ("code_challenge=", "code_challenge_method=S256", "state=", "nonce=", "response_type=code"):
        assert part in address
    assert "redirect_uri=http%3A%2F%2Ftestserver%2Flogin%2Faccount%2Fback" in address
    given = there.provider.lets_in(address, **MARA)
    back(browser, given)
    assert there.provider.asked[-1]["code_verifier"] not in address


@pytest.mark.parametrize("verified", [False, None, "true", 1, "yes"])
def test_an_address_that_is_not_verified_is_nobodys(there: There, verified: object) -> None:
    answer = through(there, {**MARA, "email_verified": verified})
    refused(there, answer)
    assert "no e-mail address that is verified" in answer.text


def test_nobody_becomes_known_by_having_an_account_there(there: There) -> None:
    before = counted(there.visits.database)
    answer = through(there, {**MARA, "email": "new@example.org"})
    refused(there, answer)
    assert "invite you" in answer.text
    assert counted(there.visits.database) == before


def test_an_address_that_was_given_to_somebody_new_does_not_lead_into_the_old_account(there: There) -> None:
    assert through(there, MARA).status_code == 303
    answer = through(there, {**MARA, "sub": "m-2"})
    assert answer.status_code == 401
    assert "linked to this address already" in answer.text


def test_whoever_was_removed_stays_outside(there: There) -> None:
    assert through(there, MARA).status_code == 303
    with there.visits.database.writing() as session:
        people.remove_person(session, person_by_email(session, "mara@example.org"), by=None, now=clock.now())
    refused(there, through(there, MARA))


def test_an_answer_is_good_once_and_in_the_browser_that_asked(there: There) -> None:
    browser, thief = there.visits.browser(), there.visits.browser()
    given = there.provider.lets_in(go(browser), **MARA)
    refused(there, back(thief, given))
    thief.cookies.set(BROWSER, "guessed")
    refused(there, back(thief, given))
    kept = browser.cookies[BROWSER]
    assert back(browser, given).status_code == 303
    assert BROWSER not in browser.cookies
    for who in (browser, there.visits.browser()):
        who.cookies.set(BROWSER, kept)
        answer = back(who, given)
        assert answer.status_code == 401
        assert "used before" in answer.text


def test_a_code_that_was_used_opens_nothing(there: There) -> None:
    first, second = there.visits.browser(), there.visits.browser()
    given = there.provider.lets_in(go(first), **MARA)
    assert back(first, given).status_code == 303
    state = there.provider.lets_in(go(second), **MARA)["state"]
    answer = back(second, {"code": given["code"], "state": state})
    assert answer.status_code == 401
    assert COOKIE not in second.cookies


def test_a_code_of_somebody_else_put_under_ones_own_question_opens_nothing(there: There) -> None:
    victim, thief = there.visits.browser(), there.visits.browser()
    stolen = there.provider.lets_in(go(victim), **MARA)["code"]
    own = there.provider.lets_in(go(thief), sub="o-1", email="otto@example.org", email_verified=True)
    answer = back(thief, {"code": stolen, "state": own["state"]})
    refused(there, answer)


@pytest.mark.parametrize("given", [{}, {"state": "invented", "code": "x"}, {"error": "access_denied"}])
def test_what_was_never_asked_is_not_answered(there: There, given: dict[str, str]) -> None:
    browser = there.visits.browser()
    go(browser)
    refused(there, back(browser, given))


def test_who_stops_there_is_told_so(there: There) -> None:
    browser = there.visits.browser()
    state = there.provider.lets_in(go(browser), **MARA)["state"]
    answer = back(browser, {"state": state, "error": "access_denied", "error_description": "<b>No</b>"})
    refused(there, answer)
    assert "not signed in by The Society" in answer.text
    assert "<b>No" not in answer.text


def test_an_answer_of_another_provider_is_not_taken(there: There) -> None:
    browser = there.visits.browser()
    given = there.provider.lets_in(go(browser), **MARA)
    refused(there, back(browser, {**given, "iss": "https://evil.example"}))


LIES: dict[str, dict[str, Any]] = {
    "another issuer": {"claims": {"iss": "https://evil.example"}},
    "for another service": {"claims": {"aud": "another"}},
    "for several, and not by us": {"claims": {"aud": [CLIENT, "another"], "azp": "another"}},
    "for another service, by us": {"claims": {"aud": "another", "azp": CLIENT}},
    "over": {"claims": {"exp": int(time.time()) - 3600}},
    "without an end": {"claims": {"exp": None}},
    "to another question": {"claims": {"nonce": "another"}},
    "to no question": {"claims": {"nonce": None}},
    "about nobody": {"claims": {"sub": None}},
    "about a list": {"claims": {"sub": ["m-1"]}},
    "unsigned": {"header": {"alg": "none"}},
    "signed by another": {"signer": other_key()},
    "signed with a shared secret": {"header": {"alg": "HS256", "kid": "one"}, "signer": shared_key()},
    "for another access": {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
}


@pytest.mark.parametrize("lie", LIES)
def test_an_id_token_that_proves_nothing_lets_nobody_in(there: There, lie: str) -> None:
    there.provider.__dict__.update(LIES[lie])
    answer = through(there, MARA)
    refused(there, answer)
    assert "cannot be believed" in answer.text


def test_a_new_key_of_the_provider_is_fetched(there: There) -> None:
    assert through(there, MARA).status_code == 303
    there.provider.key = there.provider.signer = other_key()
    assert through(there, MARA).status_code == 303


def test_an_address_is_asked_for_where_the_token_has_none(there: There) -> None:
    there.provider.more = MARA
    assert through(there, {"sub": "m-1"}).status_code == 303
    there.provider.more = {**MARA, "sub": "somebody else"}
    assert through(there, {"sub": "m-9"}).status_code == 401


@pytest.mark.parametrize(
    "answer", [(200, b"[]"), (200, b"<html>"), (200, b"[" * 100_000), (302, b"{}"), (500, b"{}"), (200, b" " * 600_000)]
)
def test_a_provider_that_answers_nonsense_is_said_to_be_out_of_reach(there: There, answer: tuple[int, bytes]) -> None:
    there.provider.answer = answer
    refused(there, through(there, MARA), 503)


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://10.0.0.1/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
)
def test_a_provider_that_leads_elsewhere_is_not_followed(there: There, metadata: dict[str, str]) -> None:
    there.provider.metadata = metadata
    assert there.visits.browser().post("/login/account", headers=SAME).status_code == 503


def test_signing_in_begins_a_new_session_and_leads_to_no_other_site(there: There) -> None:
    browser = there.visits.signed_in("otto")
    before = browser.cookies[COOKIE]
    answer = through(there, MARA, browser, "//evil.example")
    assert answer.headers["location"] == "/"
    old = there.visits.browser()
    old.cookies.set(COOKIE, before)
    assert old.get("/me").status_code == 401


def test_another_site_begins_nothing(there: There) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert there.visits.browser().post("/login/account", headers=headers).status_code == 403


def test_without_a_provider_there_is_no_such_way(visits: Visits) -> None:
    assert "/login/account" not in visits.reader.get("/sign-in").text
    assert visits.reader.post("/login/account", headers=SAME).status_code == 404
    assert visits.reader.get("/login/account/back?code=x&state=y").status_code == 404


def test_the_settings_say_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    good = {"ENGROSS_OIDC_ISSUER": "https://accounts.example.org", "ENGROSS_OIDC_CLIENT_ID": "engross"}
    assert load_settings(good).oidc_issuer == "https://accounts.example.org"
    for wrong in ("accounts.example.org", "http://accounts.example.org", "https://"):
        with pytest.raises(BadInput, match="ENGROSS_OIDC_ISSUER"):
            load_settings({**good, "ENGROSS_OIDC_ISSUER": wrong})
    with pytest.raises(BadInput, match="ENGROSS_OIDC_CLIENT_ID"):
        load_settings({"ENGROSS_OIDC_ISSUER": "https://accounts.example.org"})
    with pytest.raises(BadInput, match="on or off"):
        load_settings({"ENGROSS_PASSWORDS": "yes"})
    monkeypatch.setattr("app.settings.find_spec", lambda _: None)
    with pytest.raises(BadInput, match=r"pip install 'engross\[oidc\]'"):
        load_settings(good)
    assert "secret" not in repr(Settings(data_dir=Path("."), oidc_client_secret="secret words"))
