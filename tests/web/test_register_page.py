"""The register of decisions as a page."""

from tests.support.acts import by_hand
from tests.web.markup import words
from tests.web.visits import Visits


def test_it_lists_every_decision_with_its_reason(visits: Visits) -> None:
    page = visits.page("/peps/decisions")
    assert [words(e) for e in page.all("h2")] == ["Leading partners", "With patients", "Equal partners"]
    assert "“Well argued.”" in page.text
    assert "Adopted wording:" in page.text
    assert "in the text since revision 2" in page.text
    assert "/peps/proposals/1#change.1" in page.links
    assert "/peps/decisions.csv" in page.links


def test_it_can_be_narrowed_and_the_table_with_it(visits: Visits) -> None:
    page = visits.page("/peps/decisions?outcome=rejected&section=vision&q=enough")
    assert [words(e) for e in page.all("h2")] == ["Leading partners"]
    assert "/peps/decisions.csv?outcome=rejected&section=vision&q=enough" in page.links
    table = visits.reader.get("/peps/decisions.csv?outcome=rejected").content.decode("utf-8-sig")
    assert len(table.splitlines()) == 2
    assert "Leading partners" in table


def test_nothing_that_fits_leads_back_to_all(visits: Visits) -> None:
    page = visits.page("/peps/decisions?q=zebra")
    assert "No decision fits that." in page.text
    assert "Nothing has been decided yet." in visits.page("/isop-pateg/decisions").text


def test_a_day_that_is_none_is_told_and_what_was_typed_is_kept(visits: Visits) -> None:
    page = visits.page("/peps/decisions?from=May&q=some", status=422)
    assert words(page.one("p", role="alert")) == "A day is written like 2026-11-30."
    assert page.one("input", id="page.q").attrib["value"] == "some"


def test_a_decision_that_holds_no_more_says_so(visits: Visits) -> None:
    by_hand(
        visits.database,
        "INSERT INTO decisions"
        " (change_id, version, outcome, reason, against_rule, person_id, supersedes_id, created_at)"
        " SELECT change_id, version, 'deferred', 'Wait.', true, person_id, id, created_at FROM decisions"
        " WHERE outcome = 'rejected'",
    )
    page = visits.page("/peps/decisions")
    badges = [words(e) for e in page.all("span", class_="badge")]
    assert badges[:4] == ["Deferred", "Against the rule", "Rejected", "Superseded since"]
    assert [words(e) for e in visits.page("/peps/decisions?against=yes").all("h2")] == ["Leading partners"]


def test_the_history_leads_there_and_a_closed_charter_has_none_for_others(visits: Visits) -> None:
    assert "/peps/decisions" in visits.page("/peps/history").links
    for place in ("decisions", "decisions.csv"):
        assert visits.reader.get(f"/closed/{place}").status_code == 404
