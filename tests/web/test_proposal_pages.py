"""Proposals as pages: what is proposed, why, who said what, and what became of each change."""

import pytest

from tests.support.acts import decide
from tests.support.acts import words as said
from tests.support.site import API
from tests.web.markup import Page, words
from tests.web.visits import Visits


def test_the_list_shows_every_proposal_with_how_it_stands(visits: Visits) -> None:
    page = visits.page("/peps/proposals")
    assert [words(e) for e in page.all("h3")] == [
        "Leading partners",
        "An independent voice",
        "With patients",
        "Equal partners",
    ]
    badges = [words(e) for e in page.all("span", class_="badge")]
    assert badges == ["Rejected", "Open", "In the text since revision 3", "In the text since revision 2"]


def test_the_list_can_be_narrowed_to_a_state(visits: Visits) -> None:
    page = visits.page("/peps/proposals?state=open")
    assert [words(e) for e in page.all("h3")] == ["An independent voice"]
    assert words(page.one("a", aria_current="true", href="/peps/proposals?state=open")) == "Open"


def test_a_state_nobody_knows_shows_all(visits: Visits) -> None:
    assert len(visits.page("/peps/proposals?state=%3Cscript%3E").all("h3")) == 4


def test_what_awaits_somebody_comes_first(visits: Visits) -> None:
    page = visits.page("/peps/proposals", visits.signed_in("gilda"))
    headings = [words(e) for e in page.all("h2")]
    assert headings == ["Waiting for you", "All others"]
    assert words(page.all("h3")[0]) == "An independent voice"


def test_a_charter_without_proposals_says_what_one_is(visits: Visits) -> None:
    page = visits.page("/isop-pateg/proposals")
    assert "Nobody has proposed anything yet." in page.text


def test_a_proposal_shows_its_redline_reason_and_reviews(visits: Visits) -> None:
    page = visits.page("/peps/proposals/3")
    assert words(page.one("h1")) == "3. An independent voice"
    assert "For all." in page.text
    card = page.one("article", id="change.1")
    assert "3.1 Mission, item D" in words(card)
    assert "deletion: a unified end of deletion" in words(card)
    assert "insertion: an independent end of insertion" in words(card)
    assert "Not decided yet" in words(card)
    assert "Applies to the text of today" in words(card)
    assert "1 objection" in words(card)
    assert "2 not yet" in words(card)
    assert "Otto objects to the whole proposal" in page.text


def test_an_item_is_shown_under_its_own_letter(visits: Visits) -> None:
    listing = visits.page("/peps/proposals/3").one("ol", type_="A")
    assert listing.attrib["start"] == "4"


def test_an_adopted_change_says_since_which_revision_it_is_in_the_text(visits: Visits) -> None:
    card = visits.page("/peps/proposals/1").one("article", id="change.1")
    assert "Adopted by Gilda" in words(card)
    assert "Well argued." in words(card)
    assert "In the text since revision 2" in words(card)
    assert any(e.attrib["href"] == "/peps/compare/1...2" for e in card.iter("a"))


def test_amended_wording_stands_beside_what_was_proposed(visits: Visits) -> None:
    page = visits.page("/peps/proposals/2")
    pair = page.one("div", class_="pair")
    proposed, adopted = (words(side) for side in pair)
    assert proposed.startswith("Proposed by Otto")
    assert "insertion: together end of insertion" in proposed
    assert adopted.startswith("Adopted by the governors")
    assert "insertion: people end of insertion" in adopted
    assert "together" not in adopted


def test_a_rejected_change_gives_the_reason_and_no_class(visits: Visits) -> None:
    page = visits.page("/peps/proposals/4")
    assert "One word is enough." in page.text
    assert "Applies to the text" not in page.text
    assert "Conflicts" not in page.text


def test_a_proposal_without_a_reason_says_so(visits: Visits) -> None:
    assert "Otto gave no reason." in visits.page("/peps/proposals/2").text


def test_a_review_keeps_the_lines_it_was_written_in(visits: Visits) -> None:
    review = visits.page("/peps/proposals/1").one("li", class_="say")
    assert len(list(review.iter("br"))) == 1
    assert "Yes, equal." in words(review)


def test_an_author_is_told_that_a_draft_is_seen_by_nobody_else(visits: Visits) -> None:
    page = visits.page("/peps/proposals/5", visits.signed_in("mara"))
    assert "Only you see this draft" in page.text
    assert words(page.one("h1")) == "5. Unfinished business"


def test_a_member_takes_a_position_in_a_form(visits: Visits) -> None:
    browser = visits.signed_in("mara")
    page = visits.page("/peps/proposals/3", browser)
    form = page.one("form", action="/peps/proposals/3/reviews#page.review")
    token = next(e for e in form.iter("input") if e.attrib.get("name") == "csrf").attrib["value"]
    answer = browser.post("/peps/proposals/3/reviews", data={"csrf": token, "position": "support", "text": "a\r\nb"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/peps/proposals/3#page.reviews")
    shown = visits.page("/peps/proposals/3")
    assert "Mara supports the whole proposal" in shown.text
    assert "1 in support" in shown.text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"position": "object", "text": "  "}, "Say why you object"),
        ({"text": "My <b>words</b>"}, "Choose a position first."),
        ({"position": "love", "text": "My <b>words</b>"}, "A position is one of"),
        ({"position": "support", "text": "x" * 20_001}, "20,000 characters at most"),
    ],
)
def test_a_review_that_cannot_be_taken_comes_back_with_what_was_typed(
    visits: Visits, typed: dict[str, str], told: str
) -> None:
    browser = visits.signed_in("mara")
    answer = browser.post("/peps/proposals/3/reviews", data=typed, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 422
    page = Page(answer.text)
    assert told in words(page.one("p", role="alert"))
    assert (page.one("textarea", id="page.say").text or "").strip() == typed["text"].strip()
    assert "Mara" not in words(page.one("ol", class_="talk"))


def test_only_members_are_offered_the_form_and_only_while_it_is_open(visits: Visits) -> None:
    assert not visits.page("/peps/proposals/3").has("textarea", id="page.say")
    assert not visits.page("/peps/proposals/4", visits.signed_in("mara")).has("textarea", id="page.say")
    same = {"Sec-Fetch-Site": "same-origin"}
    body = {"position": "support", "text": ""}
    assert visits.reader.post("/peps/proposals/3/reviews", data=body, headers=same).status_code == 401
    assert visits.signed_in("mara").post("/peps/proposals/4/reviews", data=body, headers=same).status_code == 409
    assert visits.signed_in("mara").post("/peps/proposals/3/reviews", data=body).status_code == 403
    assert visits.signed_in("otto").post("/peps/proposals/5/reviews", data=body, headers=same).status_code == 404


def test_the_list_can_be_narrowed_to_a_section_and_keeps_to_it(visits: Visits) -> None:
    page = visits.page("/peps/proposals?section=mission")
    assert [words(e) for e in page.all("h3")] == ["An independent voice", "With patients"]
    assert "Only those that touch “Mission”." in page.text
    assert "/peps/proposals?state=open&section=mission" in page.links
    assert len(visits.page("/peps/proposals?section=nowhere").all("h3")) == 4


def test_a_change_that_was_written_anew_says_where_its_number_went(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    mara.headers["Sec-Fetch-Site"] = "same-origin"
    assert "Numbers are never given twice" not in visits.page("/peps/proposals/3").text
    tag = {"If-Match": mara.get(f"{API}/proposals/3").headers["etag"]}
    other = said(mara, "mission").replace("a unified voice", "a strong voice")
    body = {"sections": [{"key": "mission", "markdown": other}]}
    assert mara.patch(f"{API}/proposals/3", json=body, headers=tag).status_code == 200
    assert "3.1 stood in an earlier version" in visits.page("/peps/proposals/3").text


def test_the_author_of_a_deferred_change_hears_what_happens_next(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    gilda.headers["Sec-Fetch-Site"] = "same-origin"
    decide(gilda, 3, {"change": 1, "outcome": "deferred", "reason": "We ask first."})
    page = visits.page("/peps/proposals/3", visits.signed_in("mara"))
    assert "the governors come back to it on their desk" in page.text
    assert "there is nothing in it to edit now" in page.text
    assert "/peps/propose?relation=alternative&to=3" in page.links
    assert "cannot be edited" not in visits.page("/peps/proposals/3").text
