"""What can be done with a proposal on its page: each form is found by who may use it, and does what it says."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from app import clock
from app.db.models.reviews import Review
from tests.support.site import API
from tests.web.filling import fields_of, form_to, send
from tests.web.markup import Page, words
from tests.web.visits import Visits

OPEN, DRAFT = "/peps/proposals/3", "/peps/proposals/5"
SAME = {"Sec-Fetch-Site": "same-origin"}
ACTS = {
    "/submit": "author",
    "/withdraw": "author",
    "/partners": "author",
    "/partners/2/remove": "author",
    "/amendments/1/accept": "author",
    "/return": "governor",
    "/review-by": "governor",
    "/recommendations": "governor",
    "/sign": "member",
    "/unsign": "member",
}


def fill(visits: Visits, browser: TestClient, page: str, act: str, **typed: str) -> object:
    """Fill in the form of a page that sends to this act of it, and send it."""
    form = form_to(visits.page(page, browser), page + act)
    return send(browser, page + act, fields_of(form), **typed)


def tag(browser: TestClient, number: int) -> dict[str, str]:
    return {"If-Match": browser.get(f"{API}/proposals/{number}").headers["etag"]}


def has_form(page: Page, action: str) -> bool:
    return any(form.attrib.get("action", "").split("#")[0] == action for form in page.all("form"))


@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_offered_to_nobody_who_may_not_do_it(visits: Visits, act: str) -> None:
    data = {"change": "1"}
    assert visits.reader.post(OPEN + act, headers=SAME, data=data).status_code == 401
    assert not has_form(visits.page(OPEN), OPEN + act)
    otto = visits.signed_in("otto")
    assert otto.post(OPEN + act, headers=SAME, data=data).status_code in (403, 404)
    assert not has_form(visits.page(OPEN, otto), OPEN + act)
    # A draft of somebody else does not exist.
    assert otto.post(DRAFT + act, headers=SAME, data=data).status_code == 404
    other = "gilda" if ACTS[act] != "governor" else "mara"
    assert visits.signed_in(other).post(OPEN + act, headers=SAME, data=data).status_code in (403, 404)


@pytest.mark.parametrize("act", ["/submit", "/withdraw", "/partners", "/return", "/review-by", "/recommendations"])
def test_a_form_from_elsewhere_is_refused_and_its_address_leads_back(visits: Visits, act: str) -> None:
    who = visits.signed_in("gilda" if ACTS[act] == "governor" else "mara")
    assert who.post(OPEN + act, data={"change": "1"}).status_code == 403
    answer = who.get(OPEN + act)
    assert (answer.status_code, answer.headers["location"].split("#")[0]) == (303, OPEN)


def test_an_author_puts_a_draft_before_everybody(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    assert fill(visits, mara, DRAFT, "/submit").status_code == 303
    assert "Unfinished business" in visits.page(DRAFT).text
    assert not has_form(visits.page(DRAFT, mara), f"{DRAFT}/submit")


def test_withdrawing_asks_whether_one_is_sure(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    answer = fill(visits, mara, OPEN, "/withdraw", reason="Too early.")
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "Tick the box if you are sure" in words(page.one("p", role="alert"))
    assert fields_of(form_to(page, f"{OPEN}/withdraw"))["reason"].strip() == "Too early."
    assert fill(visits, mara, OPEN, "/withdraw", reason="Too early.", sure="yes").status_code == 303
    shown = visits.page(OPEN)
    assert "Withdrawn" in shown.text
    assert "Too early." in shown.text


def test_a_governor_returns_a_proposal_and_its_author_takes_it_up_again(visits: Visits) -> None:
    gilda, mara = visits.signed_in("gilda"), visits.signed_in("mara")
    answer = fill(visits, gilda, OPEN, "/return", reason=" ")
    assert answer.status_code == 422
    assert "Say why it is returned" in words(Page(answer.text).one("p", role="alert"))
    assert fill(visits, gilda, OPEN, "/return", reason="Whose voice?").status_code == 303
    page = visits.page(OPEN, mara)
    assert "Whose voice?" in page.text
    assert words(page.one("a", href=f"{OPEN}/edit")) == "Take it up again"
    assert fill(visits, mara, OPEN, "/submit", reason="Ours.").status_code == 303
    assert "Ours." in visits.page(OPEN).text


def test_a_draft_is_shared_read_signed_and_unshared(visits: Visits) -> None:
    mara, otto = visits.signed_in("mara"), visits.signed_in("otto")
    form = form_to(visits.page(DRAFT, mara), f"{DRAFT}/partners")
    names = {words(e): next(e.iter("input")).attrib["value"] for e in form.iter("label")}
    assert set(names) == {"Gilda", "Otto"}
    answer = send(mara, f"{DRAFT}/partners", fields_of(form))
    assert answer.status_code == 422
    assert "Tick at least one name" in words(Page(answer.text).one("p", role="alert"))
    assert otto.get(DRAFT).status_code == 404
    assert fill(visits, mara, DRAFT, "/partners", person=names["Otto"]).status_code == 303
    page = visits.page(DRAFT, otto)
    assert "Mara shares this draft with you" in page.text
    assert not has_form(page, f"{DRAFT}/submit")
    assert fill(visits, otto, DRAFT, "/sign").status_code == 303
    assert "by Mara, with Otto, version 1" in visits.page(DRAFT, mara).text
    assert fill(visits, otto, DRAFT, "/unsign").status_code == 303
    assert "by Mara, with Otto" not in visits.page(DRAFT, mara).text
    fill(visits, otto, DRAFT, "/sign")
    fill(visits, mara, DRAFT, "/submit")
    assert "by Mara, with Otto, version 1" in visits.page(DRAFT).text
    assert not visits.page(DRAFT).has("h2", id="page.partners")
    assert fill(visits, mara, DRAFT, f"/partners/{names['Otto']}/remove").status_code == 303
    assert "by Mara, with Otto" not in visits.page(DRAFT).text


def test_governors_recommend_beside_the_change(visits: Visits) -> None:
    gilda, mara = visits.signed_in("gilda"), visits.signed_in("mara")
    assert not has_form(visits.page(OPEN, mara), f"{OPEN}/recommendations")
    answer = fill(visits, gilda, OPEN, "/recommendations", reason="Hm.")
    assert answer.status_code == 422
    assert "Choose first what you recommend" in words(Page(answer.text).one("p", role="alert"))
    answer = fill(visits, gilda, OPEN, "/recommendations", outcome="rejected")
    page = Page(answer.text)
    assert "say why you recommend this" in words(page.one("p", role="alert"))
    assert page.one("input", name="outcome", value="rejected", checked="").attrib["type"] == "radio"
    answer = fill(visits, gilda, OPEN, "/recommendations", outcome="rejected", reason="It says less.")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{OPEN}#change.1")
    card = words(visits.page(OPEN).one("article", id="change.1"))
    assert "Gilda recommends to reject it" in card
    assert "It says less." in card
    proposed = fields_of(form_to(visits.page(OPEN, gilda), f"{OPEN}/recommendations"))["text"]
    better = proposed.strip().replace("an independent", "one independent")
    assert better != proposed.strip()
    amended = {"outcome": "adopted_amended", "text": better, "reason": "Plainer."}
    assert fill(visits, gilda, OPEN, "/recommendations", **amended).status_code == 303
    card = words(visits.page(OPEN).one("article", id="change.1"))
    assert "to adopt it in other words" in card
    assert "insertion: one independent end of insertion" in card
    assert "An earlier recommendation stands in the record." in card


def test_governors_ask_for_reviews_until_a_day(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    day = clock.today() + timedelta(days=3)
    for typed, told in (("2020-01-01", "is over"), ("next week", "A day is written like")):
        answer = fill(visits, gilda, OPEN, "/review-by", day=typed)
        assert answer.status_code == 422
        assert told in words(Page(answer.text).one("p", role="alert"))
    assert fill(visits, gilda, OPEN, "/review-by", day=day.isoformat()).status_code == 303
    assert "Reviews are asked for until" in visits.page(OPEN).text
    assert visits.page(OPEN, gilda).one("input", id="page.day").attrib["value"] == day.isoformat()
    assert fill(visits, gilda, OPEN, "/review-by", day="").status_code == 303
    assert "Reviews are asked for" not in visits.page(OPEN).text


def test_members_see_by_name_who_has_not_reviewed(visits: Visits) -> None:
    assert "Not yet: Gilda, Mara." in visits.page(OPEN, visits.signed_in("mara")).text
    assert "Not yet: Gilda" not in visits.page(OPEN).text
    assert "2 not yet" in visits.page(OPEN).text


def written(visits: Visits, who: TestClient, address: str, old: str, new: str, title: str) -> object:
    """A proposal made with the forms, from the page that ``address`` names to the end."""
    page = visits.page(address, who)
    form = next(f for f in page.all("form") if f.attrib.get("action", "").startswith("/peps/propose/"))
    fields = {name: value.replace(old, new) for name, value in fields_of(form).items()}
    action = form.attrib["action"].split("#")[0]
    return send(who, action, {**fields, "title": title, "act": "submit"})


@pytest.mark.long
def test_an_amendment_is_offered_and_taken_over(visits: Visits) -> None:
    mara, otto = visits.signed_in("mara"), visits.signed_in("otto")
    start = "/peps/propose?relation=amendment&to=3"
    assert start in visits.page(OPEN, otto).links
    assert start not in visits.page(OPEN, mara).links
    answer = written(
        visits, otto, "/peps/propose/mission?relation=amendment&to=3", "an independent", "one independent", "One voice"
    )
    assert answer.status_code == 303, answer.text
    page = visits.page("/peps/proposals/6", otto)
    assert "An amendment: it offers other wording for proposal 3, An independent voice" in page.text
    accept = f"{OPEN}/amendments/6/accept"
    assert not has_form(page, accept)
    page = visits.page(OPEN, mara)
    offer = words(page.one("article", id="amendment.6"))
    assert "deletion: an end of deletion" in offer
    assert "insertion: one end of insertion" in offer
    assert has_form(visits.page("/peps/proposals/6", mara), accept)
    assert fill(visits, mara, OPEN, "/amendments/6/accept").status_code == 422
    # What was looked at is what is taken over, not what was stored in another window since.
    seen = fields_of(form_to(visits.page(OPEN, mara), accept))
    assert otto.patch(f"{API}/proposals/6", json={"title": "One"}, headers={**SAME, **tag(otto, 6)}).status_code == 200
    answer = send(mara, accept, seen, sure="yes")
    assert answer.status_code == 409
    assert "newer version" in answer.text
    assert fill(visits, mara, OPEN, "/amendments/6/accept", sure="yes").status_code == 303
    assert "version 2" in visits.page(OPEN).text
    assert "one independent" in words(visits.page(OPEN).one("article", id="change.2"))
    other = visits.page("/peps/proposals/6")
    assert "Taken over into proposal 3, version 2" in other.text
    # Nobody decides on it any more.
    for said in ("Not decided yet", "Touches the same sentence", "Applies to the text", "Silence is not counted"):
        assert said not in words(other.one("article", id="change.1"))


def test_alternatives_and_twins_are_shown_beside_each_other(visits: Visits) -> None:
    otto = visits.signed_in("otto")
    address = "/peps/propose/mission?relation=alternative&to=3"
    assert written(visits, otto, address, "a unified voice", "a free voice", "A free voice").status_code == 303
    assert (
        written(visits, otto, "/peps/propose/mission", "a unified voice", "an independent voice", "Same").status_code
        == 303
    )
    page = visits.page(OPEN)
    sides = words(page.one("div", class_="pair"))
    assert "insertion: an independent end of insertion" in sides
    assert "Proposal 6: A free voice" in sides
    assert "insertion: free end of insertion" in sides
    assert "An alternative to proposal 3, An independent voice" in visits.page("/peps/proposals/6").text
    assert "This was proposed already, in exactly these words" in page.text
    assert f"{OPEN}#page.review" in visits.page("/peps/proposals/7", otto).links


@pytest.mark.parametrize("name", ["mara", "otto", "gilda"])
def test_every_field_has_a_label_and_no_id_is_given_twice(visits: Visits, name: str) -> None:
    who = visits.signed_in(name)
    pages = [visits.page(OPEN, who), visits.page("/peps/people", who)]
    if name == "mara":
        pages.append(visits.page(DRAFT, who))
    if name == "gilda":
        pages.append(visits.page("/peps/settings", who))
    for page in pages:
        assert len(page.ids) == len(set(page.ids))
        named = {label.attrib["for"] for label in page.all("label") if "for" in label.attrib}
        inside = {
            id(field) for label in page.all("label") for kind in ("input", "select") for field in label.iter(kind)
        }
        for field in (*page.all("input"), *page.all("textarea"), *page.all("select")):
            if field.attrib.get("type") != "hidden" and "hidden" not in field.attrib and id(field) not in inside:
                assert field.attrib.get("id") in named, field.attrib
        for button in page.all("button"):
            assert words(button)
        described = {e.attrib["aria-describedby"] for e in page.elements() if "aria-describedby" in e.attrib}
        assert described <= set(page.ids)
        labelled = {e.attrib["aria-labelledby"] for e in page.elements() if "aria-labelledby" in e.attrib}
        assert labelled <= set(page.ids)


def test_a_button_that_is_pressed_twice_acts_once(visits: Visits) -> None:
    gilda, mara = visits.signed_in("gilda"), visits.signed_in("mara")
    page = visits.page(OPEN, gilda)
    said = fields_of(form_to(page, f"{OPEN}/reviews")) | {"position": "abstain", "text": "Unsure."}
    with visits.database.reading() as session:
        before = session.query(Review).count()
    for _ in range(2):
        assert send(gilda, f"{OPEN}/reviews", said).status_code == 303
    with visits.database.reading() as session:
        assert session.query(Review).count() == before + 1
    advice = fields_of(form_to(page, f"{OPEN}/recommendations")) | {"outcome": "rejected", "reason": "No."}
    back = fields_of(form_to(page, f"{OPEN}/return")) | {"reason": "Whose?"}
    for _ in range(2):
        assert send(gilda, f"{OPEN}/recommendations", advice).status_code == 303
    assert "earlier recommendation" not in visits.page(OPEN).text
    for _ in range(2):
        assert send(gilda, f"{OPEN}/return", back).status_code == 303
    assert send(gilda, f"{OPEN}/return", back, reason="Something else.").status_code == 409
    again = fields_of(form_to(visits.page(OPEN, mara), f"{OPEN}/submit"))
    for _ in range(2):
        assert send(mara, f"{OPEN}/submit", again).status_code == 303
    gone = fields_of(form_to(visits.page(OPEN, mara), f"{OPEN}/withdraw")) | {"sure": "yes"}
    for _ in range(2):
        assert send(mara, f"{OPEN}/withdraw", gone).status_code == 303
