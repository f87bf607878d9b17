"""What is typed is stored or still on the page: under every address, in every state, when others act meanwhile."""

import pytest

from tests.support.site import API
from tests.web.filling import fields_of, form_to
from tests.web.markup import words
from tests.web.test_propose_pages import PROPOSE, changes, field_with, open_form, post, sent
from tests.web.visits import Visits

OURS = {"Sec-Fetch-Site": "same-origin"}


def test_a_section_called_preview_can_be_proposed_and_changed(visits: Visits) -> None:
    mara, gilda = visits.signed_in("mara"), visits.signed_in("gilda")
    fields = open_form(visits, mara, "+section")
    fields |= {"heading": "Preview", "words": "What will come.", "title": "A new one", "act": "submit"}
    made = sent(mara, f"{PROPOSE}/+section", fields).rpartition("/")[2]
    verdicts = [{"change": c["number"], "outcome": "adopted"} for c in changes(mara, made)]
    assert gilda.post(f"{API}/proposals/{made}/decisions", json=verdicts, headers=OURS).status_code == 201
    refs = [f"{made}.{v['change']}" for v in verdicts]
    body = {"changes": refs, "base_revision": 3}
    assert gilda.post(f"{API}/merge", json=body, headers=OURS).status_code == 201
    fields = open_form(visits, mara, "preview")
    id = field_with(fields, "What will come.")
    where = sent(mara, f"{PROPOSE}/preview", {**fields, f"t.{id}": "What comes.", "title": "Sooner", "act": "submit"})
    assert [c["after"] for c in changes(mara, where)] == ["What comes."]


def test_words_typed_for_a_proposal_that_was_decided_meanwhile_stay_on_the_page(visits: Visits) -> None:
    mara, gilda = visits.signed_in("mara"), visits.signed_in("gilda")
    home = "/peps/proposals/3/edit"
    fields = open_form(visits, mara, "mission", home)
    id = field_with(fields, "independent voice")
    fields |= {f"t.{id}": "A voice nobody else has.", "title": "Mine", "act": "submit"}
    verdict = [{"change": 1, "outcome": "rejected", "reason": "No."}]
    assert gilda.post(f"{API}/proposals/3/decisions", json=verdict, headers=OURS).status_code == 201
    page = post(mara, f"{home}/mission", fields, 422)
    assert "decided" in words(page.one("p", id="page.problem"))
    assert fields_of(form_to(page, f"{home}/mission"))[f"t.{id}"] == "A voice nobody else has."
    page = post(mara, f"{home}/mission/preview", fields, 422)
    assert fields_of(form_to(page, f"{home}/mission"))[f"t.{id}"] == "A voice nobody else has."


def test_words_that_rewrite_a_decided_paragraph_stay_on_the_page(visits: Visits) -> None:
    mara, gilda = visits.signed_in("mara"), visits.signed_in("gilda")
    fields = open_form(visits, mara, "definition")
    names = [name for name in fields if name.startswith("t.")]
    first, last = names[0], names[-1]
    typed = {first: "One.", last: "Two.", "title": "Both", "act": "submit"}
    where = sent(mara, f"{PROPOSE}/definition", {**fields, **typed})
    number = where.rpartition("/")[2]
    verdict = [{"change": 1, "outcome": "adopted"}]
    assert gilda.post(f"{API}/proposals/{number}/decisions", json=verdict, headers=OURS).status_code == 201
    home = f"{where}/edit"
    fields = open_form(visits, mara, "definition", home)
    page = post(mara, f"{home}/definition", {**fields, first: "One, again.", "act": "submit"}, 422)
    assert "is adopted already" in words(page.one("p", id="page.problem"))
    assert fields_of(form_to(page, f"{home}/definition"))[first] == "One, again."
    assert mara.get(f"{API}/proposals/{number}").json()["version"] == 1


def test_a_form_says_what_the_governors_have_spoken_on_and_what_to_do_about_what_they_put_off(visits: Visits) -> None:
    mara, gilda = visits.signed_in("mara"), visits.signed_in("gilda")
    verdict = [{"change": 1, "outcome": "deferred", "reason": "Next month."}]
    assert gilda.post(f"{API}/proposals/3/decisions", json=verdict, headers=OURS).status_code == 201
    home = "/peps/proposals/3/edit"
    for what in ("", "/mission"):
        said = visits.page(f"{home}{what}", mara).one("div", id="page.settled")
        assert "change 3.1, deferred" in words(said)
        assert "say so in a comment on that change, or make a new proposal" in words(said)
    fields = open_form(visits, mara, "mission", home)
    id = field_with(fields, "a unified voice")
    page = post(mara, f"{home}/mission", {**fields, f"t.{id}": "A voice nobody else has.", "act": "submit"}, 422)
    assert "change 3.1 of the same proposal is put off by the governors already" in words(
        page.one("p", id="page.problem")
    )
    assert fields_of(form_to(page, f"{home}/mission"))[f"t.{id}"] == "A voice nobody else has."


def test_words_of_an_amendment_stay_on_the_page_when_what_it_is_for_was_decided(visits: Visits) -> None:
    otto, gilda = visits.signed_in("otto"), visits.signed_in("gilda")
    page = visits.page(f"{PROPOSE}/mission?relation=amendment&to=3", otto)
    form = next(f for f in page.all("form") if f.attrib.get("action", "").startswith(f"{PROPOSE}/mission"))
    fields = fields_of(form)
    id = field_with(fields, "independent voice")
    fields |= {f"t.{id}": "A voice of its own.", "title": "Better", "act": "submit"}
    verdict = [{"change": 1, "outcome": "rejected", "reason": "No."}]
    assert gilda.post(f"{API}/proposals/3/decisions", json=verdict, headers=OURS).status_code == 201
    page = post(otto, f"{PROPOSE}/mission", fields, 422)
    assert "A voice of its own." in page.text


def test_a_change_that_needs_a_decided_one_stays_when_the_proposal_is_edited(visits: Visits) -> None:
    mara, gilda = visits.signed_in("mara"), visits.signed_in("gilda")
    fields = open_form(visits, mara, "definition")
    first = next(name for name in fields if name.startswith("t."))[2:]
    typed = {f"a.{first}": "Added one.\r\n\r\nAdded two.", "title": "Both", "act": "submit"}
    where = sent(mara, f"{PROPOSE}/definition", {**fields, **typed})
    number = where.rpartition("/")[2]
    before = {c["number"]: c["after"] for c in changes(mara, where)}
    assert before == {1: "Added one.", 2: "Added two."}
    verdict = [{"change": 1, "outcome": "adopted"}]
    assert gilda.post(f"{API}/proposals/{number}/decisions", json=verdict, headers=OURS).status_code == 201
    home = f"{where}/edit"
    fields = open_form(visits, mara, "definition", home)
    last = [name for name in fields if name.startswith("t.")][-1]
    sent(mara, f"{home}/definition", {**fields, last: "The last one, otherwise.", "title": "All", "act": "submit"})
    after = sorted(c["after"] for c in changes(mara, where))
    assert after == ["Added one.", "Added two.", "The last one, otherwise."]


@pytest.mark.parametrize("field", ["t", "title", "reason", "after"])
def test_a_character_that_no_text_may_hold_takes_nothing_else_from_the_page(visits: Visits, field: str) -> None:
    mara = visits.signed_in("mara")
    fields = open_form(visits, mara, "vision")
    id = field_with(fields, "equal partners")
    name = {"t": f"t.{id}", "after": f"a.{id}"}.get(field, field)
    fields |= {f"t.{id}": "An hour of work.", "title": "A title", "reason": "A reason", "act": "submit"}
    fields[name] = "Pasted\x0bfrom elsewhere"
    for address in (f"{PROPOSE}/vision/preview", f"{PROPOSE}/vision"):
        page = post(mara, address, fields, 422)
        assert "U+000B" in words(page.one("p", id="page.problem"))
        shown = fields_of(form_to(page, f"{PROPOSE}/vision"))
        assert "Pasted" in shown[name]
        assert "from elsewhere" in shown[name]
        others = {other: value for other, value in fields.items() if other not in (name, "csrf", "act")}
        assert {other: shown[other] for other in others} == others


def test_halves_of_characters_in_a_form_are_refused_on_its_page(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    part = '--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    fields = {"text": "Half \\ud800 of it", "position": "support"}
    body = "".join(part.format(*one) for one in fields.items()) + "--x--\r\n"
    kind = "multipart/form-data; boundary=x; charset=raw_unicode_escape"
    answer = mara.post("/peps/proposals/3/reviews", content=body, headers={**OURS, "Content-Type": kind})
    assert answer.status_code == 422
    assert "of it" in answer.text


@pytest.mark.parametrize(
    ("name", "form", "typed"),
    [
        ("otto", "reviews", {"position": "object", "text": "A page of reasons."}),
        ("gilda", "recommendations", {"change": "1", "outcome": "deferred", "reason": "A page of reasons."}),
        ("gilda", "return", {"reason": "A page of reasons."}),
    ],
)
def test_reasons_written_while_others_decided_stay_on_the_page(
    visits: Visits, name: str, form: str, typed: dict[str, str]
) -> None:
    writer, gilda = visits.signed_in(name), visits.signed_in("gilda")
    verdict = [{"change": 1, "outcome": "rejected", "reason": "No."}]
    assert gilda.post(f"{API}/proposals/3/decisions", json=verdict, headers=OURS).status_code == 201
    page = post(writer, f"/peps/proposals/3/{form}", typed, 409)
    assert "decided" in page.text
    assert "A page of reasons." in [words(field) for field in page.all("textarea")]
