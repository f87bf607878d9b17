"""What awaits somebody as a page: what there is to do, each line a link to where it is done."""

from tests.support.acts import by_hand
from tests.support.site import add_person
from tests.web.markup import words
from tests.web.visits import Visits


def headings(visits: Visits, name: str) -> list[str]:
    return [words(e) for e in visits.page("/peps/awaiting", visits.signed_in(name)).all("h2")]


def test_a_member_is_shown_what_to_review(visits: Visits) -> None:
    by_hand(visits.database, "DELETE FROM reviews")
    page = visits.page("/peps/awaiting", visits.signed_in("otto"))
    assert [words(e) for e in page.all("h2")] == ["To review"]
    assert words(page.one("h3")) == "An independent voice"
    assert "/peps/proposals/3#page.reviews" in page.links


def test_who_reviewed_everything_reads_what_else_there_is_to_do(visits: Visits) -> None:
    page = visits.page("/peps/awaiting", visits.signed_in("otto"))
    assert "You are up to date." in page.text
    assert "/peps/working" in page.links


def test_a_governor_decides_by_section_and_signs_off(visits: Visits) -> None:
    page = visits.page("/peps/awaiting", visits.signed_in("gilda"))
    assert [words(e) for e in page.all("h2")] == ["To decide", "Candidates to sign off"]
    assert "Mission 1 change" in page.text
    assert "1 objection" in page.text
    assert "/peps/proposals/3#change.1" in page.links
    assert "/peps/editions/2026-11" in page.links


def test_the_navigation_says_how_much_there_is_to_those_with_a_role(visits: Visits) -> None:
    place = visits.page("/peps/working", visits.signed_in("gilda")).one("a", href="/peps/awaiting")
    assert words(place) == "For you2 waiting"
    assert "/peps/awaiting" not in visits.page("/peps/working").links


def test_a_returned_proposal_comes_back_with_its_reason(visits: Visits) -> None:
    by_hand(
        visits.database,
        "UPDATE proposals SET state = 'returned', state_reason = 'Too long' WHERE number = 3 AND charter_id = 1",
    )
    page = visits.page("/peps/awaiting", visits.signed_in("mara"))
    assert "Returned to you" in headings(visits, "mara")
    assert "The governors say: “Too long”" in page.text


def test_a_change_that_lost_its_place_needs_its_author(visits: Visits) -> None:
    by_hand(visits.database, "UPDATE changes SET fit = 'orphaned' WHERE outcome = 'pending'")
    page = visits.page("/peps/awaiting", visits.signed_in("mara"))
    assert "What it would change is gone from the text, in Mission." in page.text
    assert "/peps/proposals/3#change.1" in page.links


def test_who_is_not_signed_in_is_shown_how_to(visits: Visits) -> None:
    page = visits.page("/peps/awaiting", status=401)
    assert page.has("a", href="/sign-in") or "Sign in" in page.text


def test_somebody_without_a_role_is_told_so(visits: Visits) -> None:
    add_person(visits.database, "stan", None)
    page = visits.page("/peps/awaiting", visits.signed_in("stan"))
    assert "You have no role in this charter" in page.text


def test_a_closed_charter_has_no_such_page_for_others(visits: Visits) -> None:
    visits.page("/closed/awaiting", status=404)
    visits.page("/closed/awaiting", visits.signed_in("mara"), status=404)


def test_who_is_called_by_name_sees_the_comment_and_is_asked_no_more(visits: Visits) -> None:
    otto, mara = visits.signed_in("otto"), visits.signed_in("mara")
    for listed in (True, False):
        by_hand(
            visits.database,
            "INSERT INTO notices (person_id, charter_id, key, kind, object, address, words, created_at, listed) SELECT"
            " id, 1, :key, 'mentioned', 'proposal 3', '/peps/proposals/3', 'Otto calls you.', created_at, :listed"
            " FROM people WHERE email = 'mara@example.org'",
            key=str(listed),
            listed=listed,
        )
    page = visits.page("/peps/awaiting", mara)
    assert page.text.count("Otto calls you.") == 2, "once to read, once in the words of its button; not the hidden one"
    (form,) = [f for f in page.all("form") if f.attrib.get("action", "").startswith("/notices/")]
    number = form.attrib["action"].rpartition("/")[2]
    same = {"Sec-Fetch-Site": "same-origin"}
    assert otto.post(f"/notices/{number}", headers=same).status_code == 404
    answer = mara.post(f"/notices/{number}", headers=same)
    assert (answer.status_code, answer.headers["location"]) == (303, "/peps/proposals/3")
    assert "Somebody calls you by name" not in headings(visits, "mara")
