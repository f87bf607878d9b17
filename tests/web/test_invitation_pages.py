"""Inviting from a pasted list, accepting by the link of the mail, and who may see and do what with it."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy
from fastapi.testclient import TestClient

from app import clock
from app.db.models.invitations import Invitation
from app.queries.charters import charter_row
from app.queries.people import account, person_by_email
from app.queries.verification import verify
from app.services import invitations
from tests.support.acts import by_hand
from tests.support.mails import deliver, link_in, mails, words_of
from tests.web.filling import fields_of, form_to, send
from tests.web.markup import Page, words
from tests.web.visits import Visits

SAME = {"Sec-Fetch-Site": "same-origin"}
PEOPLE = "/peps/people"
INVITE = "/peps/people/invite"
LIST = "Anna Weber <anna@example.org>\nben@example.org, mara@example.org\nnobody at all\nanna@example.org"


@pytest.fixture(autouse=True)
def _nothing_else_waits(visits: Visits, tmp_path: Path) -> None:
    deliver(visits.database, tmp_path / "before")


def posted(browser: TestClient, fields: dict[str, str], **typed: str) -> Page:
    answer = send(browser, INVITE, fields, **typed)
    assert answer.status_code in (200, 422), answer.text
    return Page(answer.text)


def invite(visits: Visits, *people: str, role: str = "member") -> None:
    """Invite people as a governor does, without looking at the pages."""
    with visits.database.writing() as session:
        by = account(person_by_email(session, "gilda@example.org"))
        charter = charter_row(session, "peps", lock=True)
        invitations.invite(session, charter, [(email, "") for email in people], role, by=by, now=clock.now())


def link_for(visits: Visits, folder: Path, email: str) -> str:
    """The link of the newest invitation that was sent there."""
    deliver(visits.database, folder)
    return link_in(mails(folder, email)[-1], "/invitations/")


def test_a_pasted_list_is_shown_back_before_anything_is_sent(visits: Visits, tmp_path: Path) -> None:
    gilda = visits.signed_in("gilda")
    assert INVITE in visits.page(PEOPLE, gilda).links
    fields = fields_of(form_to(visits.page(INVITE, gilda), INVITE))
    page = posted(gilda, fields, text=LIST, act="check")
    assert "2 people can be invited as members; 3 entries cannot" in page.text
    for said in (
        "Is a member of this charter already.",
        "There is no e-mail address here.",
        "stands on line 1 already",
    ):
        assert said in page.text
    assert page.one("textarea").text.strip() == LIST
    assert deliver(visits.database, tmp_path).sent == 0
    again = posted(gilda, fields_of(form_to(page, INVITE)), act="send")
    assert "2 invitations are on their way" in words(again.one("p", role="status"))
    assert again.one("textarea").text.strip() == "mara@example.org\nnobody at all\nanna@example.org"
    assert deliver(visits.database, tmp_path).sent == 2
    (mail,) = mails(tmp_path, "anna@example.org")
    assert mail["Subject"].startswith("Gilda invites you to the charter of")
    assert "Hello Anna Weber," in words_of(mail)
    page = visits.page(PEOPLE, gilda)
    assert "2 invitations not accepted yet" in page.text


def test_a_list_that_was_changed_is_shown_back_again(visits: Visits, tmp_path: Path) -> None:
    gilda = visits.signed_in("gilda")
    fields = fields_of(form_to(visits.page(INVITE, gilda), INVITE))
    seen = fields_of(form_to(posted(gilda, fields, text="anna@example.org", act="check"), INVITE))
    page = posted(gilda, seen, text="anna@example.org, other@example.org", act="send")
    assert "The list was changed" in words(page.one("p", role="alert"))
    page = posted(gilda, seen, role="governor", act="send")
    assert "The list was changed" in words(page.one("p", role="alert"))
    assert deliver(visits.database, tmp_path).sent == 0


def test_a_form_sent_twice_invites_once(visits: Visits, tmp_path: Path) -> None:
    gilda = visits.signed_in("gilda")
    fields = fields_of(form_to(visits.page(INVITE, gilda), INVITE))
    seen = fields_of(form_to(posted(gilda, fields, text="anna@example.org", act="check"), INVITE))
    answer = send(gilda, INVITE, seen, act="send")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PEOPLE}?invited=1#page.invited")
    assert "1 invitation is on its way" in visits.page(f"{PEOPLE}?invited=1", gilda).text
    assert "Invited already" in posted(gilda, seen, act="send").text
    assert deliver(visits.database, tmp_path).sent == 1


@pytest.mark.parametrize("typed", [{"text": ""}, {"text": " ,;\n"}, {"role": "king", "text": "a@example.org"}])
def test_what_cannot_be_read_comes_back_with_what_to_do(visits: Visits, typed: dict[str, str]) -> None:
    gilda = visits.signed_in("gilda")
    fields = fields_of(form_to(visits.page(INVITE, gilda), INVITE))
    answer = send(gilda, INVITE, fields, **typed)
    assert answer.status_code == 422
    assert "Nothing was sent" in words(Page(answer.text).one("p", role="alert"))


def test_more_than_can_be_invited_at_once_are_named(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    fields = fields_of(form_to(visits.page(INVITE, gilda), INVITE))
    page = posted(gilda, fields, text="\n".join(f"n{n}@example.org" for n in range(203)), act="check")
    assert "200 people can be invited as members; 3 entries cannot" in page.text


def test_accepting_signs_in_and_says_what_to_do_first(visits: Visits, tmp_path: Path) -> None:
    invite(visits, "anna@example.org")
    link = link_for(visits, tmp_path, "anna@example.org")
    anna = visits.browser()
    for _ in range(2):
        page = visits.page(link, anna)
    assert "Gilda invites you" in words(page.one("h1"))
    fields = fields_of(form_to(page, link))
    answer = send(anna, link, fields, name=" ")
    assert answer.status_code == 422
    assert "A name of 1 to 200" in answer.text
    answer = send(anna, link, fields, name="Anna  Weber")
    assert (answer.status_code, answer.headers["location"]) == (303, "/peps/welcome")
    page = visits.page("/peps/welcome", anna)
    assert words(page.one("h1")) == "Welcome, Anna Weber"
    assert {"/peps/working", "/peps/awaiting", "/peps/propose", "/help"} <= set(page.links)
    assert "/peps/desk" not in page.links
    assert "Anna Weber (you) Member" in visits.page(PEOPLE, anna).text
    assert send(anna, link, fields, name="x").headers["location"] == "/peps/welcome", "pressed twice it leads on"
    thief = visits.browser()
    assert send(thief, link, fields, name="x").status_code == 401
    page = visits.page(link, thief, status=401)
    assert "If you accepted before, sign in with your e-mail address" in page.text
    with visits.database.reading() as session:
        assert verify(session).faults == ()


def test_a_governor_is_shown_the_desk_and_how_to_invite(visits: Visits, tmp_path: Path) -> None:
    invite(visits, "anna@example.org", role="governor")
    link, anna = link_for(visits, tmp_path, "anna@example.org"), visits.browser()
    send(anna, link, {}, name="Anna")
    assert {"/peps/desk", INVITE} <= set(visits.page("/peps/welcome", anna).links)


def test_somebody_who_is_known_keeps_their_name_and_gets_the_role(visits: Visits, tmp_path: Path) -> None:
    with visits.database.writing() as session:
        by = account(person_by_email(session, "gilda@example.org"))
        closed = charter_row(session, "closed", lock=True)
        invitations.invite(session, closed, [("otto@example.org", "Ottokar")], "member", by=by, now=clock.now())
    otto = visits.signed_in("otto")
    assert otto.get("/closed/working").status_code == 404
    link = link_for(visits, tmp_path, "otto@example.org")
    page = visits.page(link, otto)
    assert "You are known here as Otto" in page.text
    assert not page.has("input", name="name")
    assert send(otto, link, fields_of(form_to(page, link))).status_code == 303
    assert otto.get("/closed/working").status_code == 200
    assert "Ottokar" not in visits.page("/closed/people", otto).text


def test_an_invitation_can_be_sent_again_and_both_mails_are_good(visits: Visits, tmp_path: Path) -> None:
    invite(visits, "anna@example.org")
    first = link_for(visits, tmp_path / "one", "anna@example.org")
    gilda = visits.signed_in("gilda")
    form = next(e for e in visits.page(PEOPLE, gilda).all("form") if e.attrib["action"].endswith("/send"))
    assert send(gilda, form.attrib["action"], fields_of(form)).status_code == 429
    by_hand(visits.database, "UPDATE invitations SET sent_at = '2026-01-01 00:00:00', ends_at = '2026-01-15 00:00:00'")
    assert visits.reader.get(first).status_code == 401, "it was over"
    assert "Not accepted in time" in visits.page(PEOPLE, gilda).text
    assert send(gilda, form.attrib["action"], fields_of(form)).status_code == 303
    second = link_for(visits, tmp_path / "two", "anna@example.org")
    assert first != second
    assert visits.reader.get(first).status_code == visits.reader.get(second).status_code == 200
    assert send(visits.browser(), first, {}, name="Anna").status_code == 303
    assert visits.reader.get(second).status_code == 401


def test_an_invitation_is_not_sent_without_end(visits: Visits) -> None:
    invite(visits, "anna@example.org")
    gilda = visits.signed_in("gilda")
    by_hand(visits.database, "UPDATE invitations SET sent_at = '2026-01-01 00:00:00', mails = 5")
    form = next(e for e in visits.page(PEOPLE, gilda).all("form") if e.attrib["action"].endswith("/send"))
    answer = send(gilda, form.attrib["action"], fields_of(form))
    assert answer.status_code == 409
    assert "was sent 5 times" in answer.text


def test_what_is_taken_back_leads_nowhere_and_is_not_sent(visits: Visits, tmp_path: Path) -> None:
    invite(visits, "anna@example.org")
    link = link_for(visits, tmp_path, "anna@example.org")
    invite(visits, "ben@example.org")
    gilda = visits.signed_in("gilda")
    for form in visits.page(PEOPLE, gilda).all("form"):
        if form.attrib["action"].endswith("/take-back"):
            assert send(gilda, form.attrib["action"], fields_of(form)).status_code == 303
    assert send(visits.browser(), link, {}, name="Anna").status_code == 401
    assert deliver(visits.database, tmp_path).sent == 0
    assert "Nobody is invited" in visits.page(PEOPLE, gilda).text
    assert send(gilda, "/peps/invitations/1/take-back", {}).status_code == 404


def test_no_secret_and_no_address_stands_in_the_records(visits: Visits, tmp_path: Path) -> None:
    invite(visits, "anna@example.org")
    secret = link_for(visits, tmp_path, "anna@example.org").rpartition("/")[2]
    send(visits.browser(), f"/invitations/{secret}", {}, name="Anna")
    with visits.database.engine.connect() as connection:
        for table in ("records", "outbox", "invitation_links", "invitations"):
            rows = connection.execute(sqlalchemy.text(f"SELECT * FROM {table}")).all()
            assert not any(secret in str(value) for row in rows for value in row), table
        acts = connection.execute(sqlalchemy.text("SELECT act, detail || object FROM records")).all()
    assert {"invite", "accept invitation", "set role"} <= {act for act, _ in acts}
    assert not any("anna@" in said for _, said in acts)


def test_an_invitation_is_over_after_two_weeks(visits: Visits) -> None:
    invite(visits, "anna@example.org")
    with visits.database.reading() as session:
        sent, ends = session.execute(sqlalchemy.select(Invitation.sent_at, Invitation.ends_at)).one()
    assert ends - sent == timedelta(days=14)


def test_addresses_are_shown_to_those_who_manage_members_alone(visits: Visits) -> None:
    invite(visits, "anna@example.org")
    shown = visits.page(PEOPLE, visits.signed_in("gilda")).text
    assert "mara@example.org" in shown
    assert "anna@example.org" in shown
    hidden = visits.page(PEOPLE, visits.signed_in("mara"))
    assert "@example.org" not in hidden.html
    assert INVITE not in hidden.links


def test_hostile_names_are_words(visits: Visits, tmp_path: Path) -> None:
    gilda = visits.signed_in("gilda")
    fields = fields_of(form_to(visits.page(INVITE, gilda), INVITE))
    hostile = "<script>alert(1)</script> <evil@example.org>"
    page = posted(gilda, fields, text=hostile, act="check")
    assert not page.has("script")
    posted(gilda, fields, text="[click](javascript:alert(1)) <evil@example.org>", act="check")
    link = f"/invitations/{'x' * 43}"
    assert visits.reader.get(link).status_code == 401
    assert deliver(visits.database, tmp_path).sent == 0


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE invitations SET role = 'governor'",
        "UPDATE invitations SET taken_back_at = '2026-01-01 00:00:00'",
        "INSERT INTO invitations (charter_id, email, name, role, invited_by, created_at, sent_at, ends_at, mails) "
        "SELECT charter_id, 'x@example.org', '', 'governor', invited_by, created_at, sent_at, ends_at, 1 "
        "FROM invitations",
    ],
)
def test_an_invitation_made_or_changed_by_hand_is_found(visits: Visits, tampering: str) -> None:
    invite(visits, "anna@example.org")
    with visits.database.reading() as session:
        assert verify(session).faults == ()
    by_hand(visits.database, tampering)
    with visits.database.reading() as session:
        assert any("invitation" in fault for fault in verify(session).faults)
