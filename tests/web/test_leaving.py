"""Leaving and being removed: access ends with the next request, words stay, and how the name is shown is a setting."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from app import clock
from app.queries.people import person_by_email
from app.queries.verification import verify
from app.services import people
from tests.support.mails import deliver, link_in, mails
from tests.support.site import API, add_person, client_of
from tests.web.filling import fields_of, form_to, send
from tests.web.markup import Page, words
from tests.web.visits import Visits

SAME = {"Sec-Fetch-Site": "same-origin"}
TOKENS = {"name": "Copy", "days": "30", "access": "write"}


def token_of(browser: object) -> str:
    answer = send(browser, "/me/tokens", {}, **TOKENS)
    return "engross_" + answer.text.partition('value="engross_')[2].partition('"')[0]


def setting(visits: Visits, former: str) -> None:
    gilda = visits.signed_in("gilda")
    form = form_to(visits.page("/peps/settings", gilda), "/peps/settings")
    assert send(gilda, "/peps/settings", fields_of(form), former_members=former).status_code == 303


def test_a_member_leaves_after_being_told_what_it_means(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    program = client_of(visits.application, token_of(mara))
    assert "/peps/leave" in visits.page("/me", mara).links
    assert "/peps/leave" in visits.page("/peps/people", mara).links
    page = visits.page("/peps/leave", mara)
    assert "under your name, Mara" in page.text
    fields = fields_of(form_to(page, "/peps/leave"))
    again = send(mara, "/peps/leave", fields)
    assert again.status_code == 422
    assert "Tick that you want" in again.text
    assert program.get(f"{API}/people").status_code == 200
    phone = visits.signed_in("mara")
    left = send(mara, "/peps/leave", fields, sure="yes")
    assert left.headers["location"] == "/me?done=left"
    assert "You have left" in visits.page("/me?done=left", mara).text
    assert phone.get("/me").status_code == 401, "other browsers begin anew"
    assert program.get(f"{API}/people").status_code == 404
    assert mara.get("/peps/people").status_code == 404
    assert mara.get("/peps/leave").status_code == 403
    assert "Mara" in visits.page("/peps/proposals/3").text
    with visits.database.reading() as session:
        assert verify(session).faults == ()


def test_the_last_governor_names_another_one_first(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    page = visits.page("/peps/leave", gilda)
    assert "You are the last governor" in page.text
    assert not [form for form in page.all("form") if form.attrib.get("action") == "/peps/leave"]
    assert gilda.post("/peps/leave", data={"sure": "yes"}, headers=SAME).status_code == 409
    assert gilda.get("/peps/desk").status_code == 200
    program = client_of(visits.application, token_of(gilda))
    answer = program.post(f"{API}/leave")
    assert answer.json()["type"].endswith("last-governor")


def test_a_program_leaves_for_its_person(visits: Visits) -> None:
    program = client_of(visits.application, token_of(visits.signed_in("otto")))
    assert program.post(f"{API}/leave", json={}).json() == {"left": "member"}
    assert program.post(f"{API}/leave", json={}).status_code == 403


@pytest.mark.parametrize("former", ["named", "unnamed"])
def test_the_charter_says_how_those_are_shown_who_left(visits: Visits, former: str) -> None:
    setting(visits, former)
    seen = ("/peps/proposals/1", "/peps/proposals", "/peps/decisions", "/peps/history", "/peps/working")
    before = {path: visits.page(path).text for path in (*seen, "/peps/search?q=partners")}
    assert all("former member" not in text for text in before.values())
    assert "Mara" in before["/peps/proposals/1"]
    for name in ("mara", "otto"):
        browser = visits.signed_in(name)
        assert send(browser, "/peps/leave", {}, sure="yes").status_code == 303
    with visits.database.reading() as session:
        assert verify(session).faults == ()
    for path, text in before.items():
        now = visits.page(path).text
        for name in ("Mara", "Otto"):
            assert (name in now) == (name in text and former == "named"), (path, name)
        if former == "unnamed" and ("Mara" in text or "Otto" in text):
            assert "a former member" in now, path
    told = visits.reader.get(f"{API}/proposals/1").json()
    assert told["author"] == ("Mara" if former == "named" else "a former member")
    # Elsewhere they are who they were.
    assert "Mara" in visits.page("/me", visits.signed_in("mara")).text


def test_who_comes_back_is_named_again(visits: Visits) -> None:
    setting(visits, "unnamed")
    mara = visits.signed_in("mara")
    send(mara, "/peps/leave", {}, sure="yes")
    assert "Mara" not in visits.page("/peps/proposals/1").text
    gilda = visits.signed_in("gilda")
    form = form_to(visits.page("/peps/people/invite", gilda), "/peps/people/invite")
    page = send(gilda, "/peps/people/invite", fields_of(form), text="mara@example.org", role="member", act="check")
    shown = fields_of(form_to(Page(page.text), "/peps/people/invite"))
    assert send(gilda, "/peps/people/invite", shown, act="send").status_code == 303
    folder = visits.folder
    deliver(visits.database, folder)
    link = link_in(mails(folder, "mara@example.org")[-1], "/invitations/")
    assert send(visits.browser(), link, {}, name="Mara").status_code == 303
    assert "Mara" in visits.page("/peps/proposals/1").text


def test_who_is_removed_gets_no_more_mail_and_no_kept_answer(visits: Visits, tmp_path: Path) -> None:
    mara, gilda = visits.signed_in("mara"), visits.signed_in("gilda")
    program = client_of(visits.application, token_of(mara))
    text = {"section": "vision", "text": "A word.", "audience": "members"}
    key = {"Idempotency-Key": "mine"}
    assert program.post(f"{API}/threads", json=text, headers=key).status_code == 201
    otto = visits.signed_in("otto")
    thread = program.get(f"{API}/threads").json()[0]["id"]
    deliver(visits.database, tmp_path / "before")
    answer = send(otto, f"/peps/threads/{thread}/replies", {"once": "x"}, text="An answer for members.")
    assert answer.status_code == 303
    form = next(f for f in visits.page("/peps/people", gilda).all("form") if "Remove: Mara" in words(f))
    assert send(gilda, form.attrib["action"], fields_of(form), sure="yes").status_code == 303
    deliver(visits.database, tmp_path / "after")
    assert mails(tmp_path / "after", "mara@example.org") == []
    again = program.post(f"{API}/threads", json=text, headers=key)
    assert again.status_code == 403
    assert program.get(f"{API}/threads/{thread}").status_code == 404
    assert visits.signed_in("mara").get("/notices").text.count("answered") == 0


def test_whoever_is_removed_altogether_has_nothing_left_to_get_in_with(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    program, link = client_of(visits.application, token_of(mara)), visits.link("mara")
    with visits.database.writing() as session:
        people.remove_person(session, person_by_email(session, "mara@example.org"), by=None, now=clock.now())
    assert mara.get("/me").status_code == 401
    assert program.get("/api/v1/me").status_code == 401
    assert visits.browser().post(f"/sign-in/{link}", headers=SAME).status_code == 401


def test_everybody_can_take_along_what_is_theirs_and_nothing_of_others(visits: Visits) -> None:
    add_person(visits.database, "ada", None, admin=True)
    mara = visits.signed_in("mara")
    answer = mara.get("/me/data.zip")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    told = {name: json.loads(text) for name, text in files.items() if name.endswith(".json")}
    titles = {p["number"]: p["versions"][0]["title"] for p in told["proposals.json"]}
    assert titles == {1: "Equal partners", 3: "An independent voice", 5: "Unfinished business"}
    assert told["profile.json"]["roles"] == [{"charter": "peps", "role": "member", "advises": False}]
    assert told["sign_in.json"]["browsers"][0]["way"] == "link"
    everything = "".join(files.values())
    for other in ("otto@example.org", "gilda@example.org", "Of whom?", "One word is enough.", "secret_hash"):
        assert other not in everything, other
    otto = visits.signed_in("otto").get("/me/data.zip")
    with zipfile.ZipFile(io.BytesIO(otto.content)) as archive:
        assert json.loads(archive.read("reviews.json"))[1]["text"] == "Of whom?"
        assert "Unfinished business" not in archive.read("proposals.json").decode()


def test_no_program_takes_the_data_along(visits: Visits) -> None:
    program = client_of(visits.application, token_of(visits.signed_in("mara")))
    assert program.get("/me/data.zip").status_code == 403
    assert visits.reader.get("/me/data.zip").status_code == 401
