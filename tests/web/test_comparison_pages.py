"""Comparing two texts: the changes in words first, then the text with what differs marked for eyes and ears."""

from io import BytesIO

import pytest
from fastapi.testclient import TestClient
from pypdf import PdfReader

from app import clock
from app.rules.dates import day_in_words
from tests.support.site import API, add_person
from tests.web.markup import words
from tests.web.visits import Visits


def test_anybody_can_compare_without_an_account(visits: Visits) -> None:
    page = visits.page("/peps/compare/2025-05...working")
    assert words(page.one("h1")) == "From May 2025 to the working text"
    assert [words(e) for e in page.all("del")][-1:] != []
    inserted = [words(e) for e in page.all("ins")]
    assert "insertion: equal end of insertion" in inserted
    assert "deletion: key end of deletion" in [words(e) for e in page.all("del")]


def test_the_changes_are_told_in_words_before_the_text(visits: Visits) -> None:
    page = visits.page("/peps/compare/1...3")
    told = [words(e) for e in page.one("ol", class_="wordlist")]
    assert len(told) == 2
    assert "“key” replaced by “equal”" in told[0]
    assert page.html.index("In words") < page.html.index("In the text")


def test_only_sections_that_changed_are_shown_unless_all_are_asked_for(visits: Visits) -> None:
    page = visits.page("/peps/compare/1...3")
    assert "Speaking as a unified voice" in page.text
    assert "shareholder return" not in page.text
    whole = visits.page("/peps/compare/1...3?whole=yes")
    assert "shareholder return" in whole.text
    assert "/peps/compare/1...3?whole=yes#page.text" in page.links
    assert "/peps/compare/1...3#page.text" in whole.links


def test_citations_lead_to_the_notes_where_they_are(visits: Visits) -> None:
    assert "/peps/working#note.7" in visits.page("/peps/compare/2025-05...working").links
    # An earlier revision has no page of its own, so its citations are numbers.
    assert not any("note" in link for link in visits.page("/peps/compare/1...2").links)
    assert "#note-7" in visits.page("/peps/compare/1...3?whole=yes").links


def test_equal_texts_are_told_to_be_equal(visits: Visits) -> None:
    page = visits.page("/peps/compare/2025-05...1")
    assert "say the same, to the last character" in page.text
    assert not page.has("ins")


def test_the_badges_say_what_each_text_is(visits: Visits) -> None:
    text = visits.page("/peps/compare/2025-05...working").text
    assert "May 2025: in force" in text
    assert "Working text, revision 3: not approved" in text


def test_a_form_leads_to_the_address_of_a_comparison(visits: Visits) -> None:
    answer = visits.reader.get("/peps/compare", params={"from": "2025-05", "to": "working"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/peps/compare/2025-05...working")


@pytest.mark.parametrize(
    "pair",
    ["2025-05", "2025-05..working", "...", "1...99", "1...2025-06", "0...1", "-1...1", "1...../../x", "nope...1"],
)
def test_texts_that_are_not_there_cannot_be_compared(visits: Visits, pair: str) -> None:
    assert visits.reader.get(f"/peps/compare/{pair}").status_code == 404


def test_a_form_with_an_invented_text_leads_nowhere(visits: Visits) -> None:
    for strange in ("//evil.example", "%0d%0aSet-Cookie:x", "", "2099-01"):
        answer = visits.reader.get("/peps/compare", params={"from": strange, "to": "working"})
        assert answer.status_code == 404
        assert "location" not in answer.headers


def test_every_change_names_its_proposal_its_author_and_who_decided(visits: Visits) -> None:
    page = visits.page("/peps/compare/2025-05...working")
    told = [words(e) for e in page.all("span", class_="by")]
    beside = [words(e) for e in page.all("p", class_="by")]
    today = day_in_words(clock.today())
    assert beside == [
        f"Proposal 1.1, “Equal partners”, by Mara. Adopted by Gilda, {today}: “Well argued.”",
        f"Proposal 2.1, “With patients”, by Otto. Adopted, amended, by Gilda, {today}: “Shorter.”",
    ]
    assert told == [
        "Proposal 1.1 by Mara; adopted by Gilda; in the text since revision 2",
        "Proposal 2.1 by Otto; adopted, amended, by Gilda; in the text since revision 3",
    ]
    assert "/peps/proposals/1#change.1" in page.links
    # Backwards nothing was merged between the two.
    assert not visits.page("/peps/compare/working...2025-05").has("span", class_="by")
    assert len(visits.page("/peps/compare/1...2").all("span", class_="by")) == 1


def test_two_texts_stand_in_one_or_side_by_side_and_only_one_of_the_two_is_sent(visits: Visits) -> None:
    one, side = visits.page("/peps/compare/1...3"), visits.page("/peps/compare/1...3?view=side")
    assert not one.has("table", class_="sides")
    table = side.one("table", class_="sides")
    assert [words(e) for e in table.iter("th") if e.attrib.get("scope") == "col"] == ["Revision 1", "Revision 3"]
    left, right = next([*row] for row in table.iter("tr") if "equal" in words(row))
    assert ("deletion: key" in words(left), "equal" in words(left)) == (True, False)
    assert ("insertion: equal" in words(right), "key" in words(right)) == (True, False)
    assert "/peps/compare/1...3?view=side#page.text" in one.links
    assert "/peps/compare/1...3#page.text" in side.links
    assert len(side.ids) == len(set(side.ids))


def test_every_change_in_words_leads_to_its_place_and_each_place_to_the_next(visits: Visits) -> None:
    for view in ("", "?view=side", "?whole=yes"):
        page = visits.page(f"/peps/compare/1...3{view}")
        shown = [e.attrib["href"] for e in page.all("a", class_="to")]
        assert shown == ["#change.1", "#change.2"]
        assert {"change.1", "change.2"} <= set(page.ids)
        steps = [(words(a), a.attrib["href"]) for p in page.all("p", class_="step") for a in p.iter("a")]
        assert steps == [("Next →", "#change.2"), ("← Previous", "#change.1")]


def test_what_did_not_change_is_folded_away_and_counted(visits: Visits) -> None:
    page = visits.page("/peps/compare/1...3")
    folds = [words(e) for fold in page.all("details", class_="fold") for e in fold.iter("summary")]
    assert folds == ["2 paragraphs, 4 items unchanged"]
    assert "open" not in page.one("details", class_="fold").attrib
    assert "Nothing changed in: The notice, Who is a Patient Engagement Industry Professional?" in page.text
    whole = visits.page("/peps/compare/1...3?whole=yes")
    assert all("open" in e.attrib for e in whole.all("details", class_="fold"))
    assert {"Goal 1:", "Goal 2:", "Goal 3:"} <= {words(e) for e in whole.all("span", class_="no")}


def test_one_section_can_be_looked_at_alone(visits: Visits) -> None:
    page = visits.page("/peps/compare/1...3?section=vision&view=side")
    assert "“key” replaced by “equal”" in page.text
    assert "people" not in page.text.partition("In words")[2]
    chosen = next(e for e in page.all("a") if e.attrib.get("aria-current") == "true" and "section=" in e.attrib["href"])
    assert words(chosen) == "Vision 1"
    assert "/peps/compare/1...3?view=side" in page.links
    # A section that is not there asks for nothing.
    assert visits.page("/peps/compare/1...3?section=nothing").has("li", value="2")


def test_whoever_looks_back_is_told_so(visits: Visits) -> None:
    page = visits.page("/peps/compare/3...1")
    assert "You are looking back" in page.text
    assert "/peps/compare/1...3" in page.links
    assert "No proposal is recorded" not in page.text


def test_changes_of_the_cover_and_of_whole_sections_name_who_decided_them_too(visits: Visits) -> None:
    token = add_person(visits.database, "ines", "governor")
    ines = TestClient(visits.application, headers={"Authorization": f"Bearer {token}"})
    body = {
        "title": "Another cover, no notice, more",
        "base_revision": 3,
        "front": {"title": "Our Charter"},
        "sections": [
            {"key": "notice", "remove": True},
            {
                "key": "money",
                "kind": "text",
                "heading": "Money",
                "markdown": "We have some.\n\n1. One\n2. Two\n",
                "after": "mission",
            },
        ],
        "submit": True,
    }
    made = ines.post(f"{API}/proposals", json=body).json()
    numbers = [change["number"] for change in made["changes"]]
    verdicts = [{"change": n, "outcome": "adopted", "reason": "So we agreed."} for n in numbers]
    assert ines.post(f"{API}/proposals/{made['number']}/decisions", json=verdicts).status_code < 300
    refs = [f"{made['number']}.{n}" for n in numbers]
    merged = ines.post(f"{API}/merge", json={"changes": refs, "base_revision": 3, "message": "All of it"})
    assert merged.status_code == 201, merged.text
    for view in ("", "?view=side"):
        page = visits.page(f"/peps/compare/3...4{view}")
        assert "No proposal is recorded" not in page.text
        beside = [words(e) for e in page.all("p", class_="by") if "Adopted by Ines" in words(e)]
        assert len(beside) == 7, "the cover, each section, and each paragraph in one that came or went"
        titles = [words(e) for e in page.all("h3")]
        assert titles[:2] == ["Cover", "section removed The notice"]
        assert "section added insertion: Money end of insertion" in titles
        assert {f"change.{n}" for n in range(1, 8)} <= set(page.ids)


@pytest.mark.long
def test_a_redline_can_be_taken_away_as_a_pdf_and_is_the_same_each_time(visits: Visits) -> None:
    assert "/peps/compare/2025-05...working.pdf" in visits.page("/peps/compare/2025-05...working").links
    answer = visits.reader.get("/peps/compare/2025-05...working.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert 'filename="peps-changes-2025-05-to-working.pdf"' in answer.headers["content-disposition"]
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).split())
    assert "Changes from May 2025 to the working text" in text
    assert "Not an approved text" in text
    assert "Paragraph 1 of Vision: “key” replaced by “equal”" in text
    assert "Adopted, amended, by Gilda" in text
    assert "change 2" in text
    again = visits.reader.get("/peps/compare/2025-05...working.pdf", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert visits.reader.get("/peps/compare/2025-05...99.pdf").status_code == 404
