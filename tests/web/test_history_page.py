"""The history as people read it: what each revision did, which changes went in, and where to go from there."""

from tests.support.acts import by_hand
from tests.support.site import API
from tests.web.markup import words
from tests.web.visits import Visits


def test_a_revision_says_in_one_line_what_it_did_and_names_its_changes(visits: Visits) -> None:
    page = visits.page("/peps/history")
    newest = words(page.one("li", id="revision.3"))
    assert "Rewrote in “Mission”." in newest
    assert "2.1 With patients (adopted in other words)" in newest
    assert "/peps/proposals/2#change.1" in page.links
    assert "The first text, 7 sections." in words(page.one("li", id="revision.1"))


def test_a_revision_names_the_editions_that_were_made_of_it(visits: Visits) -> None:
    assert "May 2025: in force" in words(visits.page("/peps/history").one("li", id="revision.1"))
    assert "/peps/editions/2025-05" in visits.page("/peps/history").links


def test_governors_can_take_a_merge_back_and_others_are_not_led_there(visits: Visits) -> None:
    assert "/peps/revisions/3/revert" in visits.page("/peps/history", visits.signed_in("gilda")).links
    assert "/peps/revisions/1/revert" not in visits.page("/peps/history", visits.signed_in("gilda")).links
    assert "/peps/revisions/3/revert" not in visits.page("/peps/history", visits.signed_in("mara")).links


def test_a_change_that_was_taken_out_again_says_so(visits: Visits) -> None:
    by_hand(visits.database, "UPDATE merged_changes SET reverted_in = 3 WHERE revision = 2")
    page = visits.page("/peps/history", visits.signed_in("gilda"))
    assert "taken out again in revision 3" in words(page.one("li", id="revision.2"))
    assert "/peps/revisions/2/revert" not in page.links


def test_whose_words_were_taken_over_is_named_beside_the_change_and_behind_the_words(visits: Visits) -> None:
    # Proposal 1 took over what Otto had offered for it: its change stands in it since that version.
    by_hand(
        visits.database,
        "INSERT INTO proposals (charter_id, number, author_id, state, state_reason, version, changes_made, created_at, "
        "updated_at, relation, related, taken_into, lock) SELECT p.charter_id, 90, o.id, 'withdrawn', '', 1, 0, "
        "p.created_at, p.updated_at, 'amendment', 1, 1, 1 FROM proposals p, people o "
        "WHERE p.number = 1 AND p.charter_id = 1 AND o.email = 'otto@example.org'",
    )
    page = visits.page("/peps/history")
    assert "1.1 Equal partners (in words that Otto offered)" in words(page.one("li", id="revision.2"))
    assert "offered" not in words(page.one("li", id="revision.3"))
    block = section(visits, "vision")
    assert "by Mara, in words that Otto offered" in words(visits.page(f"/peps/blocks/{block}").one("main"))


def section(visits: Visits, key: str) -> str:
    """The id of the first block of a section."""
    text = visits.browser().get(f"{API}/revisions/head").json()
    return str(next(s for s in text["sections"] if s["key"] == key)["blocks"][0]["id"])
