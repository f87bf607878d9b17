"""Passwords where they are allowed: chosen by a person, tried within bounds, and never a way to learn who is here."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from fastapi.testclient import TestClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app import clock
from app.db.models.sessions import BrowserSession
from app.db.models.signing_in import Password, PasswordTry
from app.queries.verification import verify
from app.security import COOKIE, DEVICE
from app.services import passwords
from tests.support.acts import counted
from tests.support.mails import deliver, link_in, mails
from tests.web.filling import fields_of, form_to
from tests.web.markup import Page, words
from tests.web.visits import Visits

SAME = {"Sec-Fetch-Site": "same-origin"}
GOOD, OTHER = "lamp orbit teaspoon", "kettle viola anchovy"


@pytest.fixture(autouse=True)
def _passwords_allowed(visits: Visits, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As the setting allows, at a price that tests can pay, and with fewer tries until it is enough."""
    cheap = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),))
    monkeypatch.setattr(passwords, "HASHER", cheap)
    monkeypatch.setattr(passwords, "MOST_FOR_MAILBOX_FROM_PLACE", 3)
    monkeypatch.setattr(passwords, "MOST_ON_DEVICE", 4)
    passwords._nobodys.cache_clear()
    before = visits.application.state.settings
    visits.application.state.settings = replace(before, passwords=True)
    yield
    visits.application.state.settings = before
    passwords._nobodys.cache_clear()


PRICE = passwords.HASHER.hash("any")
"""A hash as the product makes them."""


def test_a_password_costs_whoever_guesses_much() -> None:
    assert PRICE.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def choose(browser: TestClient, new: str = GOOD, old: str = "") -> Any:
    return browser.post("/me/password", data={"new": new, "old": old}, headers=SAME)


def enter(browser: TestClient, password: str = GOOD, email: str = "mara@example.org", to: str = "") -> Any:
    data = {"email": email, "password": password, "to": to}
    return browser.post("/password/sign-in", data=data, headers=SAME)


def grow_old(visits: Visits) -> None:
    with visits.database.writing() as session:
        session.execute(sqlalchemy.update(BrowserSession).values(created_at=clock.now() - timedelta(hours=1)))


@pytest.fixture
def mara(visits: Visits) -> TestClient:
    """Mara, who has chosen a password."""
    browser = visits.signed_in("mara")
    assert choose(browser).headers["location"] == "/me?done=password#page.password"
    return browser


def test_a_password_is_set_used_changed_and_removed(visits: Visits, mara: TestClient) -> None:
    page = visits.page("/sign-in")
    fields = fields_of(form_to(page, "/password/sign-in"))
    assert set(fields) == {"csrf", "to", "email", "password"}
    phone = visits.browser()
    answer = enter(phone, email=" Mara@Example.org", to="/peps/awaiting")
    assert (answer.status_code, answer.headers["location"]) == (303, "/peps/awaiting")
    assert "mara@example.org" in visits.page("/me", phone).text
    assert choose(phone, OTHER).status_code == 303
    assert mara.get("/me").status_code == 401, "signed out everywhere else"
    assert enter(visits.browser()).status_code == 401
    assert enter(visits.browser(), OTHER).status_code == 303
    assert phone.post("/me/password/remove", headers=SAME).status_code == 303
    assert enter(visits.browser(), OTHER).status_code == 401
    with visits.database.reading() as session:
        assert verify(session).faults == ()


def test_it_is_off_unless_the_setting_allows_it(visits: Visits, mara: TestClient) -> None:
    visits.application.state.settings = replace(visits.application.state.settings, passwords=False)
    assert enter(visits.browser()).status_code == 404
    assert choose(mara, OTHER).status_code == 404
    assert not visits.page("/sign-in").has("input", type="password")
    assert not visits.page("/me", mara).has("input", type="password")
    assert DEVICE not in visits.signed_in("otto").cookies


def test_only_a_hash_is_kept_and_nothing_is_shown_again(visits: Visits, mara: TestClient) -> None:
    with visits.database.engine.connect() as connection:
        for table in counted(visits.database):
            rows = connection.execute(sqlalchemy.text(f'SELECT * FROM "{table}"')).all()
            assert not any(GOOD in str(value) for row in rows for value in row), table
        assert connection.execute(sqlalchemy.select(Password.hash)).scalar_one().startswith("$argon2id$")
    for answer in (enter(visits.browser(), "no such password!"), choose(mara, "no such pass")):
        assert answer.status_code in (401, 422)
        assert "no such pass" not in answer.text


@pytest.mark.parametrize("weak", ["", "short", "password1234567", "mara@example.org mara"])
def test_a_weak_one_is_refused_beside_the_field(visits: Visits, weak: str) -> None:
    answer = choose(visits.signed_in("mara"), weak)
    assert answer.status_code == 422
    assert words(Page(answer.text).one("p", id="page.passwordproblem"))
    assert counted(visits.database)["passwords"] == 0


def test_who_finds_an_open_screen_changes_nothing(visits: Visits, mara: TestClient) -> None:
    grow_old(visits)
    assert choose(mara, OTHER).status_code == 403
    assert choose(mara, OTHER, old="not that one at all").status_code == 403
    assert mara.post("/me/password/remove", headers=SAME).status_code == 403
    otto = visits.signed_in("otto")
    grow_old(visits)
    answer = choose(otto)
    assert answer.status_code == 403
    assert fields_of(form_to(Page(answer.text), "/sign-in"))["email"] == "otto@example.org"
    assert enter(visits.browser()).status_code == 303, "her password is what it was"
    assert choose(mara, OTHER, old=GOOD).status_code == 303
    assert mara.get("/me").status_code == 200


def test_the_old_password_cannot_be_tried_without_end(visits: Visits, mara: TestClient) -> None:
    grow_old(visits)
    for n in range(passwords.MOST_ON_DEVICE + 1):
        answer = choose(mara, OTHER, old=f"a wrong guess, number {n}")
    assert answer.status_code == 429
    assert choose(mara, OTHER, old=GOOD).status_code == 429


def test_a_program_with_a_token_sets_none(visits: Visits) -> None:
    answer = visits.signed_in("mara").post(
        "/me/tokens", data={"name": "x", "days": "30", "access": "write"}, headers=SAME
    )
    token = "engross_" + answer.text.partition('value="engross_')[2].partition('"')[0]
    bearer = {"Authorization": f"Bearer {token}"}
    assert visits.browser().post("/me/password", data={"new": GOOD}, headers=bearer).status_code == 403


def test_an_unknown_address_is_answered_the_same_after_the_same_work(
    visits: Visits, mara: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert mara.get("/me").status_code == 200
    work: list[str] = []
    real = Argon2Hasher.verify

    def counting(self: Argon2Hasher, password: str, hash: str) -> bool:
        work.append(hash.rpartition("$")[0].rpartition("$")[0])
        return real(self, password, hash)

    monkeypatch.setattr(Argon2Hasher, "verify", counting)
    told, rows = [], []
    for email in ("mara@example.org", "otto@example.org", "nobody@example.org"):
        before = counted(visits.database)
        answer = enter(visits.browser(), "some other password", email)
        after = counted(visits.database)
        told.append((answer.status_code, answer.text.replace(email, "…")))
        rows.append({name: after[name] - before[name] for name in after})
    assert told[0] == told[1] == told[2]
    assert rows[0] == rows[1] == rows[2] == {name: int(name == "password_tries") for name in rows[0]}
    assert len(work) == 3, "one check each"
    assert len(set(work)) == 1, "at the same price"


def test_guessing_ends_for_strangers_and_not_for_whom_it_is_about(
    visits: Visits, mara: TestClient, tmp_path: Path
) -> None:
    stranger = visits.browser()
    for email in ("mara@example.org", "nobody@example.org"):
        for _ in range(passwords.MOST_FOR_MAILBOX_FROM_PLACE):
            assert enter(stranger, "a wrong guess of mine", email).status_code == 401
        answer = enter(stranger, GOOD, email)
        assert answer.status_code == 429, "known or not"
        assert "have a link sent" in answer.text
        assert COOKIE not in stranger.cookies
    # In her own browser she gets in, also after she signed out there.
    mara.post("/sign-out", headers=SAME)
    assert enter(mara).status_code == 303
    # On a new device a link by mail does.
    deliver(visits.database, tmp_path / "before")
    phone = visits.browser()
    phone.post("/sign-in", data={"email": "mara@example.org"}, headers=SAME)
    deliver(visits.database, tmp_path)
    link = link_in(mails(tmp_path, "mara@example.org")[-1], "/sign-in/")
    assert phone.post(link, headers=SAME).status_code == 303
    # And that a browser is known as one of somebody else opens nothing.
    otto = visits.signed_in("otto")
    assert otto.cookies[DEVICE]
    assert enter(otto).status_code == 429


def test_guessing_from_many_places_and_for_many_mailboxes_ends_too(visits: Visits) -> None:
    now = clock.now()
    with visits.database.writing() as session:
        for n in range(passwords.MOST_FOR_MAILBOX):
            passwords.begin_try(session, "mara@example.org", place=f"10.0.0.{n}", device="", now=now)
    assert enter(visits.browser()).status_code == 429
    with visits.database.writing() as session:
        for n in range(passwords.MOST_FROM_PLACE):
            passwords.begin_try(session, f"n{n}@example.org", place="testclient", device="", now=now)
    assert enter(visits.browser(), email="otto@example.org").status_code == 429
    with visits.database.writing() as session:
        session.execute(sqlalchemy.update(PasswordTry).values(tried_at=now - timedelta(hours=2)))
    assert enter(visits.browser(), email="otto@example.org").status_code == 401
    assert counted(visits.database)["password_tries"] == 1, "what is over is forgotten"


def test_a_known_browser_cannot_guess_without_end_either(mara: TestClient) -> None:
    mara.post("/sign-out", headers=SAME)
    for _ in range(passwords.MOST_ON_DEVICE):
        assert enter(mara, "a wrong guess of mine").status_code == 401
    assert enter(mara).status_code == 429


def test_a_right_password_does_not_count(visits: Visits, mara: TestClient) -> None:
    assert mara.get("/me").status_code == 200
    for _ in range(passwords.MOST_FOR_MAILBOX_FROM_PLACE + 2):
        assert enter(visits.browser()).status_code == 303
    assert counted(visits.database)["password_tries"] == 0


def test_signing_in_begins_a_new_session_and_leads_to_no_other_site(visits: Visits, mara: TestClient) -> None:
    before = mara.cookies[COOKIE]
    answer = enter(mara, to="https://evil.example")
    assert answer.headers["location"] == "/"
    assert mara.cookies[COOKIE] != before
    old = visits.browser()
    old.cookies.set(COOKIE, before)
    assert old.get("/me").status_code == 401
    chosen = visits.browser()
    chosen.cookies.set(COOKIE, "a session somebody else chose")
    enter(chosen)
    assert visits.browser().get("/me", headers={"Cookie": f"{COOKIE}=a session somebody else chose"}).status_code == 401


@pytest.mark.parametrize("email", ["", "mara", "a@b\r\nBcc: c@d", "x" * 999])
def test_what_is_no_address_is_said_and_nothing_is_tried(visits: Visits, email: str) -> None:
    answer = enter(visits.browser(), email=email)
    assert answer.status_code == 422
    assert "does not look like an e-mail address" in answer.text
    assert counted(visits.database)["password_tries"] == 0


def test_another_site_tries_nothing(visits: Visits) -> None:
    data = {"email": "mara@example.org", "password": GOOD}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert visits.browser().post("/password/sign-in", data=data, headers=headers).status_code == 403
    assert counted(visits.database)["password_tries"] == 0
