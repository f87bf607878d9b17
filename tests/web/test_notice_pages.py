"""The pages of notices: reading them, choosing how one is told, and stopping mails from a mail."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from app.db.models.notices import Notice, NoticeChoice
from app.queries.charters import charter_row
from app.queries.people import person_by_email
from app.rules.notices import Happening
from app.services import people
from app.services.notices import tell
from app.services.sending import send_due
from app.settings import Settings
from tests.web.markup import words
from tests.web.visits import Visits

OURS = {"Sec-Fetch-Site": "same-origin"}


def happen(visits: Visits, number: int, name: str = "mara", quote: str = "") -> None:
    """Something happens that somebody is told of."""
    with visits.database.writing() as session:
        tell(
            session,
            charter_row(session, "peps"),
            [person_by_email(session, f"{name}@example.org").id],
            kind=Happening.COMMENTED,
            key=f"thing {number}",
            object="proposal 1",
            address="/peps/proposals/1#page.reviews",
            words=f"Thing {number} happened.",
            by=None,
            now=datetime(2026, 11, 24, 12, tzinfo=UTC) + timedelta(minutes=number),
            quote=quote,
        )


def secret_of(visits: Visits, name: str) -> str:
    """The secret in the mails of somebody, after mails were sent."""
    send_due(visits.database, Settings(data_dir=visits.folder, public_url="http://testserver"))
    with visits.database.reading() as session:
        row = session.get(NoticeChoice, person_by_email(session, f"{name}@example.org").id)
        assert row is not None
        return row.unsubscribe_secret


def choice_of(visits: Visits, name: str) -> str:
    """When somebody gets mail."""
    with visits.database.reading() as session:
        row = session.get(NoticeChoice, person_by_email(session, f"{name}@example.org").id)
        return row.mail if row is not None else ""


@pytest.fixture
def fresh(visits: Visits) -> Visits:
    """Nobody has read or heard anything yet."""
    with visits.database.writing() as session:
        session.query(Notice).delete()
    return visits


def test_unread_notices_are_counted_on_every_page_and_come_first(fresh: Visits) -> None:
    mara = fresh.signed_in("mara")
    assert not fresh.page("/peps", mara).has("span", class_="n", href="/notices")
    for number in (1, 2, 3):
        happen(fresh, number, quote="In <b>these</b> words." if number == 3 else "")
    for path in ("/", "/peps", "/peps/proposals"):
        bell = fresh.page(path, mara).one("a", href="/notices")
        assert words(bell) == "Notices3 unread"
    page = fresh.page("/notices", mara)
    assert page.text.index("Thing 3") < page.text.index("Thing 2") < page.text.index("Thing 1")
    assert "In <b>these</b> words." in page.text
    number = page.one("form", action=re.search(r"/notices/\d+(?=\")", page.html).group()).attrib["action"]
    answer = mara.post(number, headers=OURS)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/peps/proposals/1#page.reviews"
    page = fresh.page("/notices", mara)
    assert words(page.one("a", href="/notices")) == "Notices2 unread"
    assert page.text.index("Thing 1") < page.text.index("Thing 3")
    assert "/peps/proposals/1#page.reviews" in page.links


def test_one_or_all_can_be_marked_as_read_without_going_there(fresh: Visits) -> None:
    mara = fresh.signed_in("mara")
    for number in (1, 2, 3):
        happen(fresh, number)
    page = fresh.page("/notices", mara)
    one = next(f.attrib["action"] for f in page.all("form") if f.attrib["action"].endswith("/read"))
    one = next(f.attrib["action"] for f in page.all("form") if re.fullmatch(r"/notices/\d+/read", f.attrib["action"]))
    assert mara.post(one, headers=OURS).headers["location"] == "/notices"
    assert "2 unread" in fresh.page("/notices", mara).text
    assert mara.post("/notices/read", headers=OURS).headers["location"] == "/notices"
    assert "unread" not in fresh.page("/notices", mara).text


def test_loading_a_page_marks_nothing_as_read(fresh: Visits) -> None:
    mara = fresh.signed_in("mara")
    happen(fresh, 1)
    with fresh.database.reading() as session:
        id = session.query(Notice).one().id
    for path in (f"/notices/{id}", f"/notices/{id}/read", "/notices/read"):
        answer = mara.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"] == "/notices"
    assert "1 unread" in fresh.page("/notices", mara).text


def test_notices_of_others_do_not_exist(fresh: Visits) -> None:
    happen(fresh, 1)
    with fresh.database.reading() as session:
        id = session.query(Notice).one().id
    otto = fresh.signed_in("otto")
    assert otto.post(f"/notices/{id}", headers=OURS).status_code == 404
    otto.post(f"/notices/{id}/read", headers=OURS)
    otto.post("/notices/read", headers=OURS)
    assert "Thing 1" not in fresh.page("/notices", otto).text
    assert "1 unread" in fresh.page("/notices", fresh.signed_in("mara")).text


def test_whoever_left_a_charter_sees_no_notices_of_it_any_more(fresh: Visits) -> None:
    happen(fresh, 1)
    with fresh.database.writing() as session:
        mara = person_by_email(session, "mara@example.org")
        people.set_role(session, mara, charter_row(session, "peps"), None, by=None, now=datetime.now(UTC))
        id = session.query(Notice).one().id
    browser = fresh.signed_in("mara")
    page = fresh.page("/notices", browser)
    assert "Thing 1" not in page.text
    assert "unread" not in page.text
    assert browser.post(f"/notices/{id}", headers=OURS).status_code == 404


def test_many_notices_come_in_pages(fresh: Visits) -> None:
    mara = fresh.signed_in("mara")
    for number in range(1, 121):
        happen(fresh, number)
    page = fresh.page("/notices", mara)
    assert "99+" in page.text
    seen = re.findall(r"Thing \d+ happened", page.text)
    found = list(dict.fromkeys(seen))
    while older := [link for link in page.links if "before=" in link]:
        page = fresh.page(older[0], mara)
        found += dict.fromkeys(re.findall(r"Thing \d+ happened", page.text))
    assert found == [f"Thing {number} happened" for number in range(120, 0, -1)]


def test_many_notices_cost_no_more_questions_than_few(fresh: Visits) -> None:
    mara = fresh.signed_in("mara")

    def questions() -> int:
        seen: list[str] = []

        def note(*given: object) -> None:
            seen.append(str(given[2]))

        event.listen(fresh.database.engine, "before_cursor_execute", note)
        fresh.page("/notices", mara)
        event.remove(fresh.database.engine, "before_cursor_execute", note)
        return len(seen)

    happen(fresh, 1)
    few = questions()
    for number in range(2, 60):
        happen(fresh, number)
    assert questions() == few


def test_a_stranger_is_asked_to_sign_in(visits: Visits) -> None:
    for path in ("/notices", "/notices/choices"):
        assert "Sign in" in visits.page(path, status=401).text
    for path in ("/notices/1", "/notices/read", "/notices/1/read", "/notices/choices"):
        assert visits.browser().post(path, headers=OURS).status_code == 401


@pytest.mark.parametrize("path", ["/notices/1", "/notices/read", "/notices/1/read", "/notices/choices"])
def test_forms_of_other_sites_are_refused(visits: Visits, path: str) -> None:
    mara = visits.signed_in("mara")
    assert mara.post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert mara.post(path).status_code == 403


def test_choices_are_saved_and_shown(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    page = visits.page("/notices/choices", mara)
    assert {e.attrib["value"] for e in page.all("input", type="radio") if "checked" in e.attrib} == {"at_once", "shown"}
    answer = mara.post("/notices/choices", data={"mail": "daily", "listing": "none"}, headers=OURS)
    assert answer.status_code == 303
    page = visits.page(answer.headers["location"], mara)
    assert "Saved" in page.text
    assert {e.attrib["value"] for e in page.all("input", type="radio") if "checked" in e.attrib} == {"daily", "none"}
    assert mara.post("/notices/choices", data={"mail": "hourly"}, headers=OURS).status_code == 422


def test_mails_are_stopped_by_one_button_that_a_mail_leads_to(visits: Visits) -> None:
    secret = secret_of(visits, "otto")
    stranger = visits.browser()
    page = visits.page(f"/unsubscribe/{secret}", stranger)
    assert choice_of(visits, "otto") == "at_once"
    assert page.has("button", name="mail", value="none")
    answer = stranger.post(f"/unsubscribe/{secret}", data={"mail": "none"})
    assert answer.status_code == 200
    assert "Mails are off" in answer.text
    assert choice_of(visits, "otto") == "none"
    assert answer.headers["cache-control"] == "no-store"
    stranger.post(f"/unsubscribe/{secret}", data={"mail": "daily"})
    assert choice_of(visits, "otto") == "daily"


def test_mail_programs_stop_mails_with_one_click_from_wherever_they_are(visits: Visits) -> None:
    secret = secret_of(visits, "otto")
    mara = visits.signed_in("mara")
    for browser, headers in (
        (visits.browser(), {}),
        (visits.browser(), {"Origin": "https://mail.example.net", "Sec-Fetch-Site": "cross-site"}),
        (mara, {"Origin": "null"}),
    ):
        browser.post(f"/unsubscribe/{secret}", data={"mail": "at_once"})
        assert choice_of(visits, "otto") == "at_once"
        answer = browser.post(f"/unsubscribe/{secret}", data={"List-Unsubscribe": "One-Click"}, headers=headers)
        assert answer.status_code == 200
        assert choice_of(visits, "otto") == "none"
    with visits.database.reading() as session:
        other = session.get(NoticeChoice, person_by_email(session, "mara@example.org").id)
        assert other is None or other.mail == "at_once"


def test_one_click_works_also_in_parts_and_without_a_body(visits: Visits) -> None:
    secret = secret_of(visits, "otto")
    for sent in ({"files": {"List-Unsubscribe": (None, "One-Click")}}, {}):
        visits.browser().post(f"/unsubscribe/{secret}", data={"mail": "at_once"})
        assert visits.browser().post(f"/unsubscribe/{secret}", **sent).status_code == 200
        assert choice_of(visits, "otto") == "none"


@pytest.mark.parametrize("secret", ["unknown", "x" * 99, "%00"])
def test_a_secret_of_nobody_stops_nothing(visits: Visits, secret: str) -> None:
    assert visits.browser().get(f"/unsubscribe/{secret}").status_code == 404
    assert visits.browser().post(f"/unsubscribe/{secret}").status_code == 404


def test_only_the_public_address_stands_in_mails(visits: Visits, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    mara = visits.signed_in("mara")
    mara.get("/notices", headers={"Host": "evil.example.net"})
    send_due(visits.database, Settings(data_dir=folder, public_url="https://charter.example.org/"))
    written = b"".join(path.read_bytes() for path in (folder / "mail").iterdir())
    assert b"https://charter.example.org/unsubscribe/" in written
    assert b"evil" not in written
    assert b"testserver" not in written
