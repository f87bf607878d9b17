"""Reading a charter: the edition in force, the working text, and everything that hangs on their blocks."""

import pytest
from fastapi.testclient import TestClient

from tests.support.site import API, add_person
from tests.web.markup import words
from tests.web.visits import Visits


def test_the_start_page_lists_what_a_reader_may_see(visits: Visits) -> None:
    page = visits.page("/")
    assert {"/peps", "/isop-pateg"} <= set(page.links)
    # A closed charter without a published edition does not exist for readers.
    assert "/closed" not in page.links


def test_the_charter_page_is_the_edition_in_force(visits: Visits) -> None:
    page = visits.page("/peps")
    assert words(page.one("h1")) == "Draft Charter"
    assert words(page.one("span", class_="badge-solid")) == "In force"
    assert "WITH patients" in page.text
    assert "key partners" in page.text
    assert "equal partners" not in page.text


def test_a_charter_without_edition_shows_its_working_text_as_not_approved(visits: Visits) -> None:
    page = visits.page("/isop-pateg")
    assert words(page.one("span", class_="badge-wait")) == "Working text, not approved"
    assert "medication safety" in page.text


def test_the_working_text_has_what_was_merged_and_says_it_is_not_approved(visits: Visits) -> None:
    page = visits.page("/peps/working")
    assert "equal partners" in page.text
    assert "Working text, not approved" in page.text
    assert "revision 3" in page.text


def test_the_download_button_says_pages_and_size(visits: Visits) -> None:
    page = visits.page("/peps")
    button = page.one("a", class_="btn-go")
    assert button.attrib["href"] == "/peps/editions/2025-05.pdf"
    assert "PDF, 6 pages" in words(button)
    assert "kB" in words(button)


def test_every_block_and_section_is_an_address_of_the_page(visits: Visits) -> None:
    revision = visits.reader.get("/api/v1/charters/peps/revisions/1").json()
    ids = set(visits.page("/peps").ids)
    for section in revision["sections"]:
        assert section["key"] == "footnotes" or section["key"] in ids
        for block in section["blocks"]:
            assert f"b-{block['id']}" in ids


def test_notes_stand_in_the_margin_of_the_words_that_cite_them(visits: Visits) -> None:
    page = visits.page("/peps")
    first = page.one("div", id="note.1")
    assert "co-created survey" in words(first)
    assert page.has("a", id="ref.1", href="#note.1")
    # Note 3 is cited in the definition and in the mission: one note, shown again there without a second address.
    assert page.ids.count("note.3") == 1
    again = [e for e in page.all("div", class_="fn") if "as in" in words(e)]
    assert len(again) == 1
    assert "last ten years" in words(again[0])


def test_lists_keep_their_letters_in_the_text_itself(visits: Visits) -> None:
    markers = [words(e) for e in visits.page("/peps").all("span", class_="k")]
    assert markers == ["A.", "B.", "C.", "D.", "1.", "2.", "3.", "4."]


def test_goals_stand_side_by_side_with_labels_from_their_order(visits: Visits) -> None:
    page = visits.page("/peps")
    assert [words(e) for e in page.all("span", class_="no")] == ["Goal 1:", "Goal 2:", "Goal 3:"]
    assert page.has("div", class_="goals-3")


def test_words_that_point_to_an_annexe_lead_to_what_is_known_of_it(visits: Visits) -> None:
    page = visits.page("/peps")
    link = next(e for e in page.all("a") if words(e).startswith("here"))
    assert link.attrib["href"] == "#annexe.membership-and-funding"
    assert "no file has been added yet" in words(page.one("li", id="annexe.membership-and-funding"))


def test_open_proposals_stand_beside_the_paragraphs_they_touch(visits: Visits) -> None:
    page = visits.page("/peps/working")
    (card,) = list(page.one("ul", class_="mcards"))
    assert [words(p) for p in card.iter("p")] == [
        "Proposal 3 An independent voice",
        "Speaking as deletion: a unified end of deletioninsertion: an independent end of insertion voice of the…",
        "Mara · 1 against",
    ]


def test_a_change_that_was_put_off_says_so_beside_its_words(visits: Visits) -> None:
    token = add_person(visits.database, "ines", "governor")
    ines = TestClient(visits.application, headers={"Authorization": f"Bearer {token}"})
    verdict = [{"change": 1, "outcome": "deferred", "reason": "Next time."}]
    assert ines.post(f"{API}/proposals/3/decisions", json=verdict).status_code < 300
    (card,) = list(visits.page("/peps/working").one("ul", class_="mcards"))
    assert "Mara · 1 against · deferred" in words(card)


def test_the_history_lists_every_revision_with_what_it_changed(visits: Visits) -> None:
    page = visits.page("/peps/history")
    assert [words(e) for e in page.all("h2")] == [
        "People with patients",
        "Equal partners, as decided",
        "Imported from source",
    ]
    assert "/peps/compare/1...2" in page.links
    assert "/peps/compare/2...3" in page.links
    older = visits.page("/peps/history?before=2")
    assert [words(e) for e in older.all("h2")] == ["Imported from source"]


def test_a_history_from_before_the_beginning_says_so(visits: Visits) -> None:
    assert "no revision that far back" in visits.page("/peps/history?before=1").text


def test_pages_tell_the_language_of_the_charter_apart_from_their_own(visits: Visits) -> None:
    page = visits.page("/peps")
    assert page.one("html").attrib["lang"] == "en"
    assert page.one("article").attrib["lang"] == "en"


def test_no_id_stands_twice_and_every_link_inside_a_page_finds_its_place(visits: Visits) -> None:
    member = visits.signed_in("mara")
    for path in ("/", "/peps", "/peps/working", "/peps/compare/1...3", "/peps/compare/1...3?whole=yes"):
        page = visits.page(path, member)
        assert len(page.ids) == len(set(page.ids)), path
        for link in page.links:
            if link.startswith("#"):
                assert link[1:] in page.ids, f"{path}: {link}"


@pytest.mark.long
def test_every_link_a_reader_can_follow_leads_somewhere(visits: Visits) -> None:
    waiting, seen = ["/"], {"/"}
    while waiting:
        path = waiting.pop()
        if "/compare/" in path and path.endswith(".pdf"):
            continue  # each takes seconds to set; what it says is tested with comparisons
        answer = visits.reader.get(path)
        assert answer.status_code in (200, 302), f"{path}: {answer.status_code}"
        if "text/html" not in answer.headers["content-type"]:
            continue
        for link in visits.page(path).links:
            target = link.split("#")[0]
            if target.startswith("/") and target not in seen:
                seen.add(target)
                waiting.append(target)
    assert len(seen) > 25


def test_pages_answer_a_request_for_their_head_only(visits: Visits) -> None:
    for path in ("/", "/peps", "/peps/working", "/peps/editions/2025-05.pdf", "/sign-in", "/peps/proposals/1"):
        assert visits.reader.head(path).status_code == 200, path


def test_pages_are_kept_private_and_asked_for_again(visits: Visits) -> None:
    for path in ("/", "/peps", "/peps/proposals"):
        assert visits.reader.get(path).headers["cache-control"] == "private, no-cache", path
