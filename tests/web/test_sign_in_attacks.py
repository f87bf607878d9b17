"""What somebody tries who wants in: chosen and old sessions, old roles, fields nobody asked for, heads of mails."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import sqlalchemy
from fastapi.testclient import TestClient
from sqlalchemy import event

from app import clock
from app.db.models.people import Person, Role
from app.db.models.sessions import BrowserSession
from app.queries.charters import charter_row
from app.queries.people import account, person_by_email
from app.queries.verification import verify
from app.rules.permissions import IDLE_SESSION, LONGEST_SESSION
from app.security import COOKIE
from app.services import invitations
from tests.support.mails import deliver, link_in, mails, words_of
from tests.support.site import API, add_person, client_of
from tests.web.filling import fields_of, form_to, send
from tests.web.markup import Page, words
from tests.web.visits import Visits

SAME = {"Sec-Fetch-Site": "same-origin"}


def token_of(browser: TestClient) -> str:
    answer = browser.post("/me/tokens", data={"name": "x", "days": "30", "access": "write"}, headers=SAME)
    return "engross_" + answer.text.partition('value="engross_')[2].partition('"')[0]


def in_people(visits: Visits, browser: TestClient, label: str) -> None:
    form = next(f for f in visits.page("/peps/people", browser).all("form") if label in words(f))
    assert send(browser, form.attrib["action"], fields_of(form), sure="yes").status_code == 303


def test_a_session_somebody_else_chose_is_never_taken_over(visits: Visits) -> None:
    thief, chosen = visits.signed_in("otto"), "a-session-that-the-thief-knows"
    for planted in (chosen, thief.cookies[COOKIE]):
        victim = visits.browser()
        victim.cookies.set(COOKIE, planted)
        victim.post(f"/sign-in/{visits.link('mara')}", headers=SAME)
        fresh = {cookie.value for cookie in victim.cookies.jar if cookie.name == COOKIE}
        assert fresh - {planted}, "a new one"
        spy = visits.browser()
        assert spy.get("/me", headers={"Cookie": f"{COOKIE}={planted}"}).status_code == 401
    with visits.database.reading() as session:
        owners = session.scalars(sqlalchemy.select(Person.name).join(BrowserSession)).all()
    assert "Otto" not in owners, "the planted one ended too"


@pytest.mark.parametrize("life", [IDLE_SESSION, LONGEST_SESSION])
def test_a_session_ends_unused_and_ends_at_last(visits: Visits, life: timedelta) -> None:
    mara = visits.signed_in("mara")
    past = clock.now() - life - timedelta(seconds=1)
    column = BrowserSession.seen_at if life is IDLE_SESSION else BrowserSession.ends_at
    value = past if life is IDLE_SESSION else past + life
    with visits.database.writing() as session:
        session.execute(sqlalchemy.update(BrowserSession).values({column: value}))
    assert mara.get("/me").status_code == 401


def test_a_role_that_was_taken_counts_no_more_in_any_open_window_or_program(visits: Visits) -> None:
    add_person(visits.database, "greta", "governor")
    greta, gilda = visits.signed_in("greta"), visits.signed_in("gilda")
    program = client_of(visits.application, token_of(greta))
    form = fields_of(next(f for f in visits.page("/peps/desk", greta).all("form") if f.attrib.get("method") == "post"))
    decision = [{"change": 1, "outcome": "adopted"}]
    in_people(visits, gilda, "Make member: Greta")
    assert greta.post("/peps/desk", data=form, headers=SAME).status_code == 401, "she signs in anew"
    assert visits.signed_in("greta").get("/peps/desk").status_code == 403
    assert program.post(f"{API}/proposals/3/decisions", json=decision).status_code == 403
    assert program.get(f"{API}/people").status_code == 200
    in_people(visits, gilda, "Remove: Greta")
    assert program.get(f"{API}/people").status_code == 404
    assert program.post(f"{API}/proposals/3/reviews", json={"position": "object", "text": ""}).status_code == 403
    assert visits.signed_in("greta").get("/peps/people").status_code == 404


def test_an_administrator_no_more_is_one_with_the_next_request(visits: Visits) -> None:
    add_person(visits.database, "ada", None, admin=True)
    ada = visits.signed_in("ada")
    assert ada.get("/closed").status_code == 200
    with visits.database.writing() as session:
        session.execute(sqlalchemy.update(Person).where(Person.email == "ada@example.org").values(admin=False))
    assert ada.get("/closed").status_code == 404
    assert ada.get("/peps/settings").status_code == 403


MORE = {
    "admin": "true",
    "administrator": "yes",
    "role": "governor",
    "person_id": "1",
    "id": "1",
    "email": "gilda@example.org",
    "charter_id": "1",
    "removed_at": "",
    "read_only": "false",
    "session_secret": "x",
    "way": "link",
}
"""Fields that no form of ours has, but that tables have."""


def test_fields_nobody_asked_for_change_nothing(visits: Visits, tmp_path: Path) -> None:
    mara = visits.signed_in("mara")
    with visits.database.reading() as session:
        before = person_by_email(session, "mara@example.org").id
    assert mara.post("/me/name", data={**MORE, "name": "Mara M."}, headers=SAME).status_code == 303
    read = mara.post("/me/tokens", data={**MORE, "name": "x", "days": "30", "access": "read"}, headers=SAME)
    token = "engross_" + read.text.partition('value="engross_')[2].partition('"')[0]
    assert client_of(visits.application, token).post(f"{API}/leave").status_code == 403
    with visits.database.writing() as session:
        by = account(person_by_email(session, "gilda@example.org"))
        people = [("new@example.org", "New")]
        invitations.invite(session, charter_row(session, "peps", lock=True), people, "member", by=by, now=clock.now())
    deliver(visits.database, tmp_path)
    link = link_in(mails(tmp_path, "new@example.org")[-1], "/invitations/")
    assert visits.browser().post(link, data={**MORE, "name": "New"}, headers=SAME).status_code == 303
    with visits.database.reading() as session:
        row = person_by_email(session, "mara@example.org")
        assert (row.id, row.name, row.admin) == (before, "Mara M.", False)
        new = person_by_email(session, "new@example.org")
        assert not new.admin
        assert session.scalars(sqlalchemy.select(Role.role).where(Role.person_id == new.id)).all() == ["member"]
        assert verify(session).faults == ()
    for path, body in (("/api/v1/me/tokens", {"name": "x", "days": 3}), (f"{API}/leave", {})):
        program = client_of(visits.application, token_of(mara))
        for name, value in MORE.items():
            if name not in ("read_only",):
                assert program.post(path, json={**body, name: value}).status_code == 422, name


@pytest.mark.parametrize("name", ["Eve\r\nBcc: all@example.org", "Eve\n\n<script>alert(1)</script>", "=?utf-8?q?Eve?="])
def test_what_somebody_types_makes_no_head_of_a_mail(visits: Visits, tmp_path: Path, name: str) -> None:
    gilda = visits.signed_in("gilda")
    gilda.post("/me/name", data={"name": name}, headers=SAME)
    deliver(visits.database, tmp_path / "before")
    fields = {"text": f'"{name}" <new@example.org>', "role": "member", "act": "check"}
    page = Page(gilda.post("/peps/people/invite", data=fields, headers=SAME).text)
    shown = fields_of(form_to(page, "/peps/people/invite"))
    gilda.post("/peps/people/invite", data={**shown, "act": "send"}, headers=SAME)
    visits.browser().post("/sign-in", data={"email": "mara@example.org\r\nBcc: all@example.org"}, headers=SAME)
    deliver(visits.database, tmp_path)
    written = list((tmp_path / "mail").glob("*.eml"))
    assert written
    for file in written:
        octets = file.read_bytes()
        mail = message_from_bytes(octets, policy=policy.default)
        assert mail["Bcc"] is None
        assert mail["Cc"] is None
        assert str(mail["To"]) == "new@example.org"
        head = octets.partition(b"\r\n\r\n")[0]
        assert b"all@example.org" not in head or b"Subject" in head
        assert not [line for line in head.split(b"\r\n") if line.lower().startswith((b"bcc", b"cc"))]
        html = mail.get_body(("html",))
        assert html is None or "<script>" not in html.get_content()


@contextmanager
def statements(visits: Visits) -> Iterator[list[str]]:
    """Every statement the database is sent meanwhile."""
    told: list[str] = []

    def note(_c: object, _u: object, statement: str, *_: object) -> None:
        told.append(statement)

    event.listen(visits.database.engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(visits.database.engine, "before_cursor_execute", note)


def test_asking_for_a_link_does_the_same_work_for_everybody(visits: Visits) -> None:
    work = []
    for email in ("warm@example.org", "mara@example.org", "nobody@example.org"):
        with statements(visits) as told:
            visits.browser().post("/sign-in", data={"email": email}, headers=SAME)
        work.append(told)
    assert work[1] == work[2], "the same questions to the database, in the same order"


def test_somebody_is_told_when_a_way_in_is_added(visits: Visits, tmp_path: Path) -> None:
    deliver(visits.database, tmp_path / "before")
    token_of(visits.signed_in("mara"))
    deliver(visits.database, tmp_path)
    (mail,) = mails(tmp_path, "mara@example.org")
    assert str(mail["Subject"]) == "A way to sign in was changed"
    assert "a token was made" in words_of(mail)
    assert "engross_" not in words_of(mail)
    assert mail["List-Unsubscribe"] is None
