"""One author, two windows: what is stored from one is not overwritten from the other without a word."""

from fastapi.testclient import TestClient

from tests.support.site import API
from tests.web.filling import fields_of, form_to
from tests.web.markup import Page, words
from tests.web.test_propose_pages import PROPOSE, changes, open_form, post, sent
from tests.web.visits import Visits


def proposed(visits: Visits, mara: TestClient) -> tuple[str, str, str]:
    """A proposal to two points of the mission: the address of its forms, and the names of both fields."""
    fields = open_form(visits, mara, "mission")
    first, second, *_ = (name for name in fields if name.startswith("t."))
    fields |= {first: "One point, as first proposed.", "title": "Points", "reason": "So.", "act": "submit"}
    return sent(mara, f"{PROPOSE}/mission", fields) + "/edit", first, second


def problem(page: Page) -> str:
    return words(page.one("p", id="page.problem"))


def test_a_window_that_began_from_an_older_version_is_told_and_keeps_what_both_wrote(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    home, first, second = proposed(visits, mara)
    one, other = (open_form(visits, mara, "mission", home) for _ in range(2))
    sent(mara, f"{home}/mission", {**one, first: "One point, better.", "act": "submit"})
    for address in (f"{home}/mission/preview", f"{home}/mission"):
        page = post(mara, address, {**other, second: "Another point.", "act": "submit"}, 422)
        assert "version 2" in problem(page)
    assert [c["after"] for c in changes(mara, home.removesuffix("/edit"))] == ["One point, better."]
    # Words of different paragraphs are put together; nothing has to be typed again.
    again = fields_of(form_to(page, f"{home}/mission"))
    assert (again[first], again[second]) == ("One point, better.", "Another point.")
    sent(mara, f"{home}/mission", {**again, "act": "submit"})
    assert {c["after"] for c in changes(mara, home.removesuffix("/edit"))} == {"One point, better.", "Another point."}


def test_words_for_a_paragraph_that_was_rewritten_meanwhile_stay_beside_the_newer_ones(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    home, first, _ = proposed(visits, mara)
    one, other = (open_form(visits, mara, "mission", home) for _ in range(2))
    sent(mara, f"{home}/mission", {**one, first: "One point, better.", "title": "Better points", "act": "submit"})
    page = post(mara, f"{home}/mission", {**other, first: "One point, worse.", "reason": "New.", "act": "submit"}, 422)
    assert "One point, better." in words(page.one("section", id="page.newer"))
    again = fields_of(form_to(page, f"{home}/mission"))
    assert (again[first], again["title"], again["reason"]) == ("One point, worse.", "Better points", "New.")
    sent(mara, f"{home}/mission", {**again, "act": "submit"})
    told = mara.get(f"{API}/proposals/{home.split('/')[-2]}").json()
    assert ([c["after"] for c in told["changes"]], told["version"]) == (["One point, worse."], 3)


def test_the_same_form_sent_twice_is_no_newer_version(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    home, first, _ = proposed(visits, mara)
    fields = {**open_form(visits, mara, "mission", home), first: "One point, better.", "act": "submit"}
    assert sent(mara, f"{home}/mission", fields) == sent(mara, f"{home}/mission", fields)


def test_the_place_of_a_footnote_stays_right_when_a_newer_version_brings_another(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields = open_form(visits, mara, "definition")
    last = next(name for name in fields if name.startswith("t.") and "[note " in fields[name])
    fields |= {last: fields[last].replace("[note", " indeed[note", 1), "title": "Notes", "act": "submit"}
    home = sent(mara, f"{PROPOSE}/definition", fields) + "/edit"
    one, other = open_form(visits, mara, "notice", home), open_form(visits, mara, "definition", home)
    first = next(name for name in one if name.startswith("n."))
    sent(mara, f"{home}/notice", {**one, first: "A note before those.", "act": "submit"})
    told = changes(mara, home.removesuffix("/edit"))
    page = post(mara, f"{home}/definition", {**other, last: f"{other[last]} Yes.", "act": "submit"}, 422)
    again = fields_of(form_to(page, f"{home}/definition"))
    sent(mara, f"{home}/definition", {**again, "act": "submit"})
    before = next(c["after"] for c in told if " indeed[^" in (c["after"] or ""))
    assert f"{before} Yes." in [c["after"] for c in changes(mara, home.removesuffix("/edit"))]


def test_words_for_a_section_that_was_taken_out_meanwhile_stay_on_the_page(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    home, first, _ = proposed(visits, mara)
    one, other = (open_form(visits, mara, "mission", home) for _ in range(2))
    sent(mara, f"{home}/mission", {**one, "remove": "yes", "act": "submit"})
    page = post(mara, f"{home}/mission", {**other, first: "Words of mine.", "act": "submit"}, 422)
    assert "taken out" in problem(page)
    assert "Words of mine." in page.text


def test_the_cover_is_not_overwritten_from_an_older_window_either(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields = open_form(visits, mara, "+cover")
    made = sent(mara, f"{PROPOSE}/+cover", {**fields, "f.title": "Our Charter", "title": "Cover", "act": "submit"})
    home = f"{made}/edit"
    one, other = (open_form(visits, mara, "+cover", home) for _ in range(2))
    sent(mara, f"{home}/+cover", {**one, "f.title": "The Charter", "act": "submit"})
    page = post(mara, f"{home}/+cover", {**other, "f.contact": "us@example.org", "act": "submit"}, 422)
    again = fields_of(form_to(page, f"{home}/+cover"))
    assert (again["f.title"], again["f.contact"]) == ("The Charter", "us@example.org")
