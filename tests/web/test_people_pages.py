"""Changing what people are in a charter: roles, leaving, and what stays of them."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app import clock
from app.queries.verification import verify
from app.security import COOKIE
from tests.support.acts import by_hand
from tests.support.site import add_person
from tests.web.filling import fields_of, send
from tests.web.markup import words
from tests.web.visits import Visits

PEOPLE = "/peps/people"
SAME = {"Sec-Fetch-Site": "same-origin"}


def press(visits: Visits, browser: TestClient, label: str, **typed: str) -> object:
    """Press the button with that label on the page of people."""
    form = next(e for e in visits.page(PEOPLE, browser).all("form") if words(e).find(label) >= 0)
    return send(browser, form.attrib["action"], fields_of(form), **typed)


def test_a_member_becomes_governor_and_back(visits: Visits) -> None:
    gilda, otto = visits.signed_in("gilda"), visits.signed_in("otto")
    assert press(visits, gilda, "Make governor: Otto").status_code == 303
    assert otto.get("/peps/awaiting").status_code == 401, "their sign-in begins anew"
    otto = visits.signed_in("otto")
    assert otto.get("/peps/desk").status_code == 200
    assert press(visits, gilda, "Make member: Otto").status_code == 303
    assert visits.signed_in("otto").get("/peps/desk").status_code == 403
    with visits.database.reading() as session:
        assert verify(session).faults == ()


def test_who_is_removed_loses_access_with_the_next_request_and_their_words_stay(visits: Visits) -> None:
    gilda, mara = visits.signed_in("gilda"), visits.signed_in("mara")
    assert mara.get(PEOPLE).status_code == 200
    assert press(visits, gilda, "Remove: Mara").status_code == 303
    assert mara.get(PEOPLE).status_code == 200, "without the tick nobody is removed"
    assert press(visits, gilda, "Remove: Mara", sure="yes").headers["location"] == f"{PEOPLE}?done=removed"
    assert mara.get(PEOPLE).status_code == 404
    assert visits.signed_in("mara").get(PEOPLE).status_code == 404
    assert "Mara" not in [words(e) for e in visits.page(PEOPLE, gilda).all("strong")]
    assert "Mara" in visits.page("/peps/proposals/3").text
    with visits.database.reading() as session:
        assert verify(session).faults == ()


def test_the_last_governor_can_neither_leave_nor_be_demoted(visits: Visits) -> None:
    add_person(visits.database, "ada", None, admin=True)
    gilda, ada = visits.signed_in("gilda"), visits.signed_in("ada")
    page = visits.page(PEOPLE, gilda)
    assert "make somebody else governor first" in page.text
    address = next(e.attrib["id"] for e in page.all("li") if "Gilda" in words(e) and "id" in e.attrib)
    number = address.partition(".")[2]
    for browser in (gilda, ada):
        for act, typed in (("role", {"role": "member"}), ("remove", {"sure": "yes"})):
            answer = browser.post(f"{PEOPLE}/{number}/{act}", data=typed, headers=SAME)
            assert answer.status_code == 409
            assert "last governor" in answer.text
    assert "Gilda Governor" in visits.page(PEOPLE, gilda).text.replace(" (you)", "")


def test_an_administrator_makes_the_first_governor_and_takes_no_part(visits: Visits) -> None:
    add_person(visits.database, "ada", None, admin=True)
    ada = visits.signed_in("ada")
    assert press(visits, ada, "Make governor: Mara").status_code == 303
    assert press(visits, ada, "Make member: Gilda").status_code == 303
    assert "Gilda Member" in visits.page(PEOPLE, ada).text
    assert ada.get("/peps/desk").status_code == 403


def test_who_changes_their_own_role_stays_signed_in_with_a_new_session(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    press(visits, gilda, "Make governor: Mara")
    before = gilda.cookies[COOKIE]
    answer = press(visits, gilda, "Make member: Gilda")
    assert answer.status_code == 303
    assert gilda.cookies[COOKIE] != before
    assert gilda.get("/peps/desk").status_code == 403
    answer = visits.signed_in("mara")
    assert "Make governor: Gilda" in visits.page(PEOPLE, answer).text


def test_a_governor_can_leave(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    press(visits, gilda, "Make governor: Mara")
    answer = press(visits, gilda, "Leave: Gilda", sure="yes")
    assert answer.headers["location"] == "/me"
    assert "no role in any charter" in visits.page("/me", gilda).text


@pytest.mark.parametrize("role", ["", "king", "administrator"])
def test_there_are_no_other_roles(visits: Visits, role: str) -> None:
    gilda = visits.signed_in("gilda")
    form = next(e for e in visits.page(PEOPLE, gilda).all("form") if "Make governor: Otto" in words(e))
    assert gilda.post(form.attrib["action"], data={"role": role}, headers=SAME).status_code == 422


def test_somebody_of_another_charter_is_not_there(visits: Visits) -> None:
    add_person(visits.database, "fay", "member", "isop-pateg")
    gilda = visits.signed_in("gilda")
    for number in (4, 99, 999_999_999):
        assert gilda.post(f"{PEOPLE}/{number}/role", data={"role": "member"}, headers=SAME).status_code == 404
        assert gilda.post(f"{PEOPLE}/{number}/remove", data={"sure": "yes"}, headers=SAME).status_code == 404


def test_nobody_but_the_operator_is_told_apart_by_a_message_of_ours(visits: Visits) -> None:
    page = visits.page(f"{PEOPLE}?done=<script>&invited=3", visits.signed_in("mara"))
    assert not page.has("p", role="status")


def test_my_settings_show_what_is_mine(visits: Visits, tmp_path: Path) -> None:
    assert tmp_path.exists()
    mara = visits.signed_in("mara")
    page = visits.page("/me", mara)
    assert "mara@example.org" in page.text
    assert "Member" in page.text
    assert "This one" in page.text
    assert visits.reader.get("/me").status_code == 401


def test_a_name_is_changed_everywhere(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    form = next(e for e in visits.page("/me", mara).all("form") if e.attrib["action"] == "/me/name")
    assert send(mara, "/me/name", fields_of(form), name="Mara  Marwood").status_code == 303
    assert "Mara Marwood" in visits.page("/peps/proposals/3").text
    answer = send(mara, "/me/name", fields_of(form), name="\u202e")
    assert answer.status_code == 422
    assert "printable" in answer.text
    with visits.database.reading() as session:
        assert verify(session).faults == ()


def test_sessions_are_listed_and_ended(visits: Visits) -> None:
    phone, desk, other = visits.signed_in("mara"), visits.signed_in("mara"), visits.signed_in("otto")
    page = visits.page("/me", desk)
    ends = [e for e in page.all("form") if e.attrib["action"].startswith("/me/sessions/")]
    numbers = [e.attrib["action"] for e in ends if not e.attrib["action"].endswith("others")]
    assert len(numbers) == 2
    for address in numbers:
        assert other.post(address, headers=SAME).status_code == 404
    assert send(desk, "/me/sessions/others", {}).status_code == 303
    assert phone.get("/me").status_code == 401
    assert desk.get("/me").status_code == 200
    here = next(e for e in visits.page("/me", desk).all("form") if e.attrib["action"].startswith("/me/sessions/"))
    assert send(desk, here.attrib["action"], {}).headers["location"] == "/sign-out"
    assert desk.get("/me").status_code == 401
    assert other.get("/me").status_code == 200


def test_a_token_is_shown_once_and_revoked(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    answer = send(mara, "/me/tokens", {}, days="30", access="read")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    token = answer.text.partition('value="engross_')[2].partition('"')[0]
    program = visits.browser()
    bearer = {"Authorization": f"Bearer engross_{token}"}
    assert program.get("/api/v1/me", headers=bearer).json()["read_only"] is True
    page = visits.page("/me", mara)
    assert token not in page.html
    numbers = [e.attrib["action"] for e in page.all("form") if e.attrib["action"].startswith("/me/tokens/")]
    assert visits.signed_in("otto").post(numbers[0], headers=SAME).status_code == 404
    for address in numbers:
        assert send(mara, address, {}).status_code == 303
    assert program.get("/api/v1/me", headers=bearer).status_code == 401
    assert send(mara, "/me/tokens", {}, days="3650000", access="read").status_code == 422
    with visits.database.reading() as session:
        assert verify(session).faults == ()


def test_an_administrator_finds_the_people_of_every_charter_on_the_list(visits: Visits) -> None:
    add_person(visits.database, "ada", None, admin=True)
    links = visits.page("/", visits.signed_in("ada")).links
    assert {"/closed/people", "/isop-pateg/people", "/peps/settings"} <= set(links)
    assert "/peps/people" not in visits.page("/", visits.signed_in("mara")).links


def test_whom_mails_do_not_reach_is_seen_by_those_who_manage_people_and_by_nobody_else(visits: Visits) -> None:
    by_hand(
        visits.database,
        "INSERT INTO outbox (key, to_address, subject, text, html, created_at, due_at, attempts, last_error, "
        "given_up_at, leads_to) SELECT 'lost', email, '', '', '', :now, :now, 1, '550 <b>nobody</b> here', :now, '' "
        "FROM people WHERE email = 'otto@example.org'",
        now=clock.now().isoformat(sep=" "),
    )
    page = visits.page(PEOPLE, visits.signed_in("gilda"))
    assert page.text.count("Mails do not arrive") == 1
    assert "550 <b>nobody</b> here" in page.text, "as the server said it, and inert"
    assert "Mails do not arrive" not in visits.page(PEOPLE, visits.signed_in("mara")).text
