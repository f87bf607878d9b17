"""Comparing two texts: the changes in words first, then the text with what differs marked for eyes and ears."""

import pytest

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
    assert page.html.index("wordlist") < page.html.index("redline")


def test_only_sections_that_changed_are_shown_unless_all_are_asked_for(visits: Visits) -> None:
    page = visits.page("/peps/compare/1...3")
    assert "Speaking as a unified voice" in page.text
    assert "shareholder return" not in page.text
    whole = visits.page("/peps/compare/1...3?whole=yes")
    assert "shareholder return" in whole.text
    assert "/peps/compare/1...3?whole=yes" in page.links
    assert "/peps/compare/1...3" in whole.links


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
    assert told == [
        "Proposal 1.1 by Mara; adopted by Gilda; in the text since revision 2",
        "Proposal 2.1 by Otto; adopted, amended, by Gilda; in the text since revision 3",
    ]
    assert "/peps/proposals/1#change.1" in page.links
    # Backwards nothing was merged between the two.
    assert not visits.page("/peps/compare/working...2025-05").has("span", class_="by")
    assert len(visits.page("/peps/compare/1...2").all("span", class_="by")) == 1
