"""What somebody may not see does not exist for them, on any page."""

import pytest

from app import clock
from app.queries.charters import charter_row
from app.queries.people import person_by_email
from app.services import people
from tests.web.visits import Visits

PLACES = ["", "/working", "/editions", "/editions/2025-05", "/proposals", "/proposals/1", "/history", "/compare/1...2"]


@pytest.mark.parametrize("place", PLACES)
def test_a_closed_charter_is_told_exactly_like_a_wrong_address(visits: Visits, place: str) -> None:
    for browser in (visits.reader, visits.signed_in("mara")):
        closed, wrong = browser.get(f"/closed{place}"), browser.get(f"/no-such-charter{place}")
        assert closed.status_code == wrong.status_code == 404
        assert closed.text == wrong.text


def test_a_closed_charter_is_open_to_its_members(visits: Visits) -> None:
    with visits.database.writing() as session:
        person, charter = person_by_email(session, "mara@example.org"), charter_row(session, "closed")
        people.set_role(session, person, charter, "member", by=None, now=clock.now())
    browser = visits.signed_in("mara")
    assert "Working text, not approved" in visits.page("/closed", browser).text
    assert "/closed" in visits.page("/", browser).links


def test_a_closed_charter_with_a_published_edition_shows_that_and_nothing_else(visits: Visits) -> None:
    with visits.database.writing() as session:
        charter_row(session, "peps").open = False
    page = visits.page("/peps")
    assert "key partners" in page.text
    assert "/peps/working" not in page.links
    assert "/peps/proposals" not in page.links
    wrong = visits.reader.get("/peps/nothing").text
    for place in ("/working", "/history", "/proposals"):
        answer = visits.reader.get(f"/peps{place}")
        assert (answer.status_code, answer.text) == (404, wrong), place
    assert visits.reader.get("/peps/compare/2025-05...working").status_code == 404
    assert visits.reader.get("/peps/proposals/1").status_code == 404


def test_a_draft_exists_for_its_author_alone(visits: Visits) -> None:
    assert "Unfinished business" in visits.page("/peps/proposals/5", visits.signed_in("mara")).text
    for browser in (visits.reader, visits.signed_in("otto"), visits.signed_in("gilda")):
        draft, wrong = browser.get("/peps/proposals/5"), browser.get("/peps/proposals/6")
        assert draft.status_code == wrong.status_code == 404
        assert draft.text.replace("proposal 5", "proposal 6") == wrong.text
        assert "Unfinished" not in browser.get("/peps/proposals").text


@pytest.mark.parametrize("address", ["/peps/editor"])
def test_what_comes_with_later_work_is_not_there_yet(visits: Visits, address: str) -> None:
    assert visits.signed_in("gilda").get(address).status_code == 404
    assert address not in visits.page("/peps", visits.signed_in("gilda")).links
