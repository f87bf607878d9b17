"""Signing in by a link that comes by mail: asked for by anybody, sent to those who are known, bounded, used once."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy
from fastapi.testclient import TestClient

from app import clock
from app.db.models.notices import OutboxMail
from app.db.models.sessions import SignInLink, SignInRequest
from app.main import create_app
from app.services import links
from app.services.sending import send_due
from app.settings import Settings
from tests.support.acts import counted
from tests.support.mails import deliver, link_in, mails, words_of
from tests.web.filling import fields_of, form_to, send
from tests.web.markup import Page, words
from tests.web.visits import Visits

SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def _nothing_else_waits(visits: Visits, tmp_path: Path) -> None:
    deliver(visits.database, tmp_path / "before")


def ask(visits: Visits, email: str, to: str = "", browser: TestClient | None = None) -> Page:
    answer = (browser or visits.reader).post("/sign-in", data={"email": email, "to": to}, headers=SAME)
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


def outbox(visits: Visits) -> list[OutboxMail]:
    with visits.database.reading() as session:
        found = list(session.scalars(sqlalchemy.select(OutboxMail).where(OutboxMail.key.startswith("sign-in "))))
        session.expunge_all()
        return found


def test_a_link_comes_by_mail_and_leads_to_where_one_wanted_to_go(visits: Visits, tmp_path: Path) -> None:
    wanted = "/peps/proposals?state=open"
    page = visits.page("/peps/awaiting", status=401)
    assert fields_of(form_to(page, "/sign-in"))["to"] == "/peps/awaiting"
    page = visits.page(f"/sign-in?to={wanted.replace('?', '%3F').replace('=', '%3D')}")
    fields = fields_of(form_to(page, "/sign-in"))
    assert fields["to"] == wanted
    assert send(visits.reader, "/sign-in", fields, email=" Mara@Example.org ").status_code == 200
    assert deliver(visits.database, tmp_path).sent == 1
    (mail,) = mails(tmp_path)
    assert mail["To"] == "mara@example.org"
    assert "within 15 minutes" in words_of(mail)
    link = link_in(mail, "/sign-in/")
    assert words(visits.page(link).one("button")) == "Sign in"
    answer = visits.reader.post(link, headers=SAME)
    assert (answer.status_code, answer.headers["location"]) == (303, wanted)
    assert "Mara" in visits.page(wanted).text


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example", "/sign-out", "peps"])
def test_a_link_leads_to_no_other_site(visits: Visits, tmp_path: Path, to: str) -> None:
    ask(visits, "mara@example.org", to)
    deliver(visits.database, tmp_path)
    answer = visits.reader.post(link_in(mails(tmp_path)[0], "/sign-in/"), headers=SAME)
    assert answer.headers["location"] == "/"
    assert fields_of(form_to(Page(visits.browser().get("/sign-in", params={"to": to}).text), "/sign-in"))["to"] == ""


def test_an_unknown_address_is_answered_the_same_and_nothing_is_sent(visits: Visits, tmp_path: Path) -> None:
    def told(email: str) -> str:
        return ask(visits, email).html.replace(email, "…")

    before = counted(visits.database)
    known = told("mara@example.org")
    between = counted(visits.database)
    unknown = told("nobody@example.org")
    after = counted(visits.database)
    assert known == unknown
    rows = {name: between[name] - before[name] for name in before}
    assert rows == {name: after[name] - between[name] for name in before}, "the same is written for both"
    assert deliver(visits.database, tmp_path).sent == 1
    assert [str(mail["To"]) for mail in mails(tmp_path)] == ["mara@example.org"]


def test_no_link_is_stored_but_its_hash(visits: Visits, tmp_path: Path) -> None:
    ask(visits, "mara@example.org")
    deliver(visits.database, tmp_path)
    secret = link_in(mails(tmp_path)[0], "/sign-in/").rpartition("/")[2]
    with visits.database.engine.connect() as connection:
        for table in ("outbox", "sign_in_links", "sign_in_requests", "records", "sessions"):
            rows = connection.execute(sqlalchemy.text(f"SELECT * FROM {table}")).all()
            assert not any(secret in str(value) for row in rows for value in row), table


def test_nobody_can_flood_a_mailbox(visits: Visits) -> None:
    first = ask(visits, "mara@example.org").html
    for _ in range(9):
        assert ask(visits, "mara@example.org").html == first, "whoever asks too often is told the same"
    assert len(outbox(visits)) == links.MOST_FOR_MAILBOX_FROM_PLACE
    ask(visits, "otto@example.org")
    assert len(outbox(visits)) == links.MOST_FOR_MAILBOX_FROM_PLACE + 1, "others still get theirs"


def test_who_asks_for_the_links_of_somebody_else_does_not_lock_them_out(visits: Visits) -> None:
    now = clock.now()
    with visits.database.writing() as session:
        for _ in range(10):
            links.ask_for_link(session, "mara@example.org", place="10.0.0.9", leads_to="", now=now)
    ask(visits, "mara@example.org")
    assert len(outbox(visits)) == links.MOST_FOR_MAILBOX_FROM_PLACE + 1
    with visits.database.writing() as session:
        for n in range(40):
            links.ask_for_link(session, "mara@example.org", place=f"10.0.1.{n}", leads_to="", now=now)
    assert len(outbox(visits)) == links.MOST_FOR_MAILBOX, "from many places there is an end too"


def test_one_place_cannot_ask_without_end(visits: Visits) -> None:
    now = clock.now()
    with visits.database.writing() as session:
        for n in range(links.MOST_FROM_PLACE + 5):
            links.ask_for_link(session, f"n{n}@example.org", place="10.0.0.1", leads_to="", now=now)
        links.ask_for_link(session, "mara@example.org", place="10.0.0.2", leads_to="", now=now)
    assert len(outbox(visits)) == links.MOST_FROM_PLACE + 1


def test_what_was_asked_for_is_forgotten_after_a_day(visits: Visits) -> None:
    with visits.database.writing() as session:
        old = clock.now() - timedelta(days=2)
        links.ask_for_link(session, "nobody@example.org", place="a", leads_to="", now=old)
    ask(visits, "mara@example.org")
    assert [mail.to_address for mail in outbox(visits)] == ["mara@example.org"]
    with visits.database.reading() as session:
        assert session.scalar(sqlalchemy.select(sqlalchemy.func.count()).select_from(SignInRequest)) == 1


def test_a_mail_that_waited_too_long_is_not_sent(visits: Visits, tmp_path: Path) -> None:
    ask(visits, "mara@example.org")
    late = clock.now() + timedelta(hours=2)
    settings = Settings(data_dir=tmp_path, public_url="http://testserver")
    assert send_due(visits.database, settings, now=lambda: late).sent == 0
    assert outbox(visits)[0].last_error == "Nobody waits for it any more."


def test_a_link_is_good_for_fifteen_minutes_from_when_the_mail_left(visits: Visits, tmp_path: Path) -> None:
    ask(visits, "mara@example.org")
    deliver(visits.database, tmp_path)
    with visits.database.reading() as session:
        (ends,) = session.scalars(sqlalchemy.select(SignInLink.ends_at).where(SignInLink.used_at.is_(None)))
    assert timedelta(minutes=14) < ends - clock.now() <= timedelta(minutes=15)


@pytest.mark.parametrize("email", ["", "mara", "mara@", "a@b\r\nBcc: c@d", "<script>@x.org", "x" * 999])
def test_what_is_no_address_is_said_beside_the_field(visits: Visits, email: str) -> None:
    before = counted(visits.database)
    answer = visits.reader.post("/sign-in", data={"email": email}, headers=SAME)
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "does not look like an e-mail address" in words(page.one("p", role="alert"))
    shown = page.one("input", type="email").attrib["value"]
    assert "".join(shown.split()) == "".join(email.split())
    assert counted(visits.database) == before


def test_another_site_can_ask_for_nothing(visits: Visits) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert visits.reader.post("/sign-in", data={"email": "mara@example.org"}, headers=headers).status_code == 403
    assert outbox(visits) == []


def test_the_page_does_not_promise_a_mail_where_none_is_sent(visits: Visits, tmp_path: Path) -> None:
    assert "sends no mail yet" in visits.page("/sign-in").text
    assert "on its way" not in ask(visits, "mara@example.org").text
    settings = Settings(data_dir=tmp_path, public_url="http://testserver", smtp_url="smtp://127.0.0.1:9")
    mailing = TestClient(create_app(settings, visits.database), follow_redirects=False)
    assert "sends no mail" not in mailing.get("/sign-in").text
    assert "on its way" in mailing.post("/sign-in", data={"email": "mara@example.org"}, headers=SAME).text


def test_a_used_link_offers_a_new_one(visits: Visits) -> None:
    link = f"/sign-in/{visits.link('mara')}"
    visits.browser().post(link, headers=SAME)
    page = visits.page(link, status=401)
    assert "used already or is too old" in page.text
    assert fields_of(form_to(page, "/sign-in")) == {"csrf": "", "to": "", "email": ""}


def test_who_is_signed_in_is_told_as_whom(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    page = visits.page("/sign-in?to=/peps/working", mara)
    assert "signed in as Mara" in page.text
    assert "/peps/working" in page.links
    assert not page.has("input", type="email")


def test_signing_out_says_so(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    assert words(visits.page("/sign-out", mara).one("h1")) == "Sign out?"
    answer = mara.post("/sign-out", headers=SAME)
    assert answer.headers["location"] == "/sign-out"
    assert words(visits.page("/sign-out", mara).one("h1")) == "You are signed out"
