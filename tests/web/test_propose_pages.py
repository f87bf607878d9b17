"""Proposing other wording with plain forms: what is typed is what is proposed, and nothing typed is ever lost."""

import pytest
from fastapi.testclient import TestClient

from tests.support.site import API
from tests.web.filling import fields_of, form_to
from tests.web.markup import Page, words
from tests.web.visits import Visits

PROPOSE = "/peps/propose"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def open_form(visits: Visits, browser: TestClient, what: str, home: str = PROPOSE) -> dict[str, str]:
    """The fields of the form of one part, as the page has them."""
    page = visits.page(f"{home}/{what}", browser)
    return fields_of(form_to(page, f"{home}/{what}"))


def post(browser: TestClient, address: str, fields: dict[str, str], status: int = 200) -> Page:
    """The page that answers a form."""
    answer = browser.post(address, data=fields, headers=SAME_ORIGIN)
    assert answer.status_code == status, answer.text[:3000]
    return Page(answer.text)


def sent(browser: TestClient, address: str, fields: dict[str, str]) -> str:
    """Where a form leads."""
    answer = browser.post(address, data=fields, headers=SAME_ORIGIN)
    assert answer.status_code == 303, answer.text[:3000]
    return answer.headers["location"]


def field_with(fields: dict[str, str], text: str) -> str:
    """The id of the paragraph in whose field these words stand."""
    return next(name for name, value in fields.items() if name.startswith("t.") and text in value)[2:]


def changes(browser: TestClient, number: str) -> list[dict]:
    """The changes of a proposal, as the interface gives them to its author."""
    answer = browser.get(f"{API}/proposals/{number.rpartition('/')[2]}")
    assert answer.status_code == 200
    return answer.json()["changes"]


def test_a_member_proposes_a_word_on_three_pages(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields = open_form(visits, mara, "vision")
    id = field_with(fields, "equal partners")
    fields[f"t.{id}"] = fields[f"t.{id}"].replace("equal partners", "real partners")
    fields |= {"title": "Real partners", "reason": "They are."}
    page = post(mara, f"{PROPOSE}/vision/preview", fields)
    assert "This is what your proposal changes: 1 change." in page.text
    assert "“equal” replaced by “real”" in page.text
    where = sent(mara, f"{PROPOSE}/vision", {**fields_of(form_to(page, f"{PROPOSE}/vision")), "act": "submit"})
    (change,) = changes(mara, where)
    assert change["kind"] == "replace"
    assert "real partners" in change["after"]
    assert "Real partners" in visits.page(where).text


def test_a_form_nobody_touched_proposes_nothing_and_says_so(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    for section in ("notice", "definition", "vision", "mission", "goals", "appendix", "footnotes"):
        fields = open_form(visits, mara, section)
        page = post(mara, f"{PROPOSE}/{section}/preview", {**fields, "title": "Nothing"}, 422)
        assert "This is the text as it stands" in words(page.one("p", id="page.problem"))


def test_a_draft_is_kept_for_its_author_alone(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields = open_form(visits, mara, "vision")
    id = field_with(fields, "equal partners")
    fields |= {f"t.{id}": "Something else.", "title": "Mine", "act": "draft"}
    where = sent(mara, f"{PROPOSE}/vision", fields)
    assert "Mine" in visits.page(where, mara).text
    visits.page(where, visits.signed_in("otto"), 404)


def test_an_empty_line_makes_a_new_paragraph_and_an_emptied_field_takes_one_out(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields = open_form(visits, mara, "definition")
    names = [name for name in fields if name.startswith("t.")]
    first, last = names[0], names[-1]
    fields[first] += "\r\n\r\nAnother paragraph."
    fields |= {"title": "More and less", "act": "submit"}
    where = sent(mara, f"{PROPOSE}/definition", fields)
    assert [(c["kind"], c["after"]) for c in changes(mara, where)] == [("insert", "Another paragraph.")]
    fields[first] = ""
    kinds = {c["kind"] for c in changes(mara, sent(mara, f"{PROPOSE}/definition", {**fields, "title": "Less"}))}
    assert "delete" in kinds
    assert last in names


def test_items_are_added_taken_out_and_moved_by_the_place_they_are_called_by(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields = open_form(visits, mara, "mission")
    ids = [name[2:] for name in fields if name.startswith("m.")]
    fields |= {f"a.{ids[-1]}": "A fifth point.", "title": "Five", "act": "submit"}
    (change,) = changes(mara, sent(mara, f"{PROPOSE}/mission", fields))
    assert (change["kind"], change["new"]["kind"], change["new"]["text"]) == ("insert", "item", "A fifth point.")
    fields = open_form(visits, mara, "mission")
    fields |= {f"m.{ids[-1]}": str(len(ids) - 2), "title": "Order", "act": "submit"}
    assert [c["kind"] for c in changes(mara, sent(mara, f"{PROPOSE}/mission", fields))] == ["move"]
    for place in ("Item  a", "the beginning"):
        fields = open_form(visits, mara, "mission") | {f"m.{ids[-1]}": place, "title": place, "act": "submit"}
        assert "move" in [c["kind"] for c in changes(mara, sent(mara, f"{PROPOSE}/mission", fields))], place
    fields = open_form(visits, mara, "mission")
    fields |= {f"o.{ids[-1]}": "yes", "title": "Three", "act": "submit"}
    assert [c["kind"] for c in changes(mara, sent(mara, f"{PROPOSE}/mission", fields))] == ["delete"]


def test_a_number_that_is_no_paragraph_is_refused_beside_it_with_all_that_was_typed(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields = open_form(visits, mara, "mission")
    id = next(name[2:] for name in fields if name.startswith("t."))
    fields |= {f"m.{id}": "seventeen", f"t.{id}": "Typed by hand.", "title": "Order", "reason": "Because."}
    page = post(mara, f"{PROPOSE}/mission/preview", fields, 422)
    assert "Write behind which paragraph it goes" in words(page.one("p", id=f"problem.{id}"))
    again = fields_of(form_to(page, f"{PROPOSE}/mission"))
    assert (again[f"t.{id}"], again[f"m.{id}"], again["reason"]) == ("Typed by hand.", "seventeen", "Because.")


def test_a_new_footnote_comes_with_its_place_in_the_text(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields = open_form(visits, mara, "vision")
    id = field_with(fields, "equal partners")
    fields |= {f"n.{id}": "As patients ask.", f"w.{id}": "equal partners", "title": "A note", "act": "submit"}
    told = changes(mara, sent(mara, f"{PROPOSE}/vision", fields))
    assert {c["kind"] for c in told} == {"replace", "insert"}
    assert any("equal partners[^" in (c["after"] or "") for c in told)
    assert any(c["after"] == "As patients ask." and c["new"]["kind"] == "note" for c in told)


def test_the_place_of_a_footnote_is_shown_by_its_number_and_moves_with_its_words(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields = open_form(visits, mara, "mission")
    id = field_with(fields, "[note 7]")
    assert "[^" not in fields[f"t.{id}"]
    fields[f"t.{id}"] = fields[f"t.{id}"].replace("better-performing[note 7] life", "better-performing life[note 7]")
    fields |= {"title": "The note goes on", "act": "submit"}
    (change,) = changes(mara, sent(mara, f"{PROPOSE}/mission", fields))
    assert "better-performing[^performing] life" in change["before"]
    assert "better-performing life[^performing]" in change["after"]


def test_the_place_of_a_footnote_that_there_is_not_is_refused_beside_it(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields = open_form(visits, mara, "mission")
    id = field_with(fields, "[note 7]")
    fields[f"t.{id}"] = fields[f"t.{id}"].replace("[note 7]", "[note 99]")
    page = post(mara, f"{PROPOSE}/mission/preview", {**fields, "title": "No such note"}, 422)
    assert "There is no note 99 in this charter." in words(page.one("p", id=f"problem.{id}"))


def test_a_footnote_after_words_that_are_not_there_is_refused_in_words(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields = open_form(visits, mara, "vision")
    id = field_with(fields, "equal partners")
    fields |= {f"n.{id}": "As patients ask.", f"w.{id}": "no such words", "title": "A note"}
    page = post(mara, f"{PROPOSE}/vision/preview", fields, 422)
    assert "these words are not in it" in words(page.one("p", id=f"problem.{id}"))


def test_a_footnote_of_the_section_can_be_reworded_beside_it(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields = open_form(visits, mara, "definition")
    page = visits.page(f"{PROPOSE}/definition", mara)
    notes = page.one("section", aria_labelledby="page.notes")
    area = notes.find(".//textarea")
    assert area is not None
    fields |= {area.attrib["name"]: "Another note.", "title": "Reworded", "act": "submit"}
    (change,) = changes(mara, sent(mara, f"{PROPOSE}/definition", fields))
    assert (change["section"], change["after"]) == ("footnotes", "Another note.")


def test_whoever_else_changes_the_same_sentence_is_named_before_anything_is_sent(visits: Visits) -> None:
    otto = visits.signed_in("otto")
    fields = open_form(visits, otto, "mission")
    id = field_with(fields, "a unified voice")
    fields[f"t.{id}"] = fields[f"t.{id}"].replace("a unified voice", "one strong voice")
    page = post(otto, f"{PROPOSE}/mission/preview", {**fields, "title": "Strong"})
    met = words(page.one("section", aria_labelledby="page.meetings"))
    assert "Mara proposes in proposal 3.1, “An independent voice”" in met
    assert "an independent voice" in met


def test_whoever_proposes_what_is_proposed_already_is_led_there(visits: Visits) -> None:
    otto = visits.signed_in("otto")
    fields = open_form(visits, otto, "mission")
    id = field_with(fields, "a unified voice")
    fields[f"t.{id}"] = fields[f"t.{id}"].replace("a unified voice", "an independent voice")
    page = post(otto, f"{PROPOSE}/mission/preview", {**fields, "title": "Again"})
    said = words(page.one("section", aria_labelledby="page.same"))
    assert "Mara wants exactly the same in proposal 3, “An independent voice”" in said
    assert not page.all("section", aria_labelledby="page.meetings")


def test_back_from_the_preview_keeps_every_word(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields = open_form(visits, mara, "vision")
    id = field_with(fields, "equal partners")
    fields |= {f"t.{id}": "One.\r\n\r\nTwo.", "top": "First of all.", "title": "Words", "reason": "Why\r\nnot"}
    page = post(mara, f"{PROPOSE}/vision/preview", fields)
    kept = fields_of(form_to(page, f"{PROPOSE}/vision"))
    page = post(mara, f"{PROPOSE}/vision", {**kept, "act": "back"})
    again = fields_of(form_to(page, f"{PROPOSE}/vision"))
    assert {name: again[name] for name in (f"t.{id}", "top", "title", "reason")} == {
        name: fields[name] for name in (f"t.{id}", "top", "title", "reason")
    }


def test_a_form_sent_twice_makes_one_proposal_and_another_wording_makes_another(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields = open_form(visits, mara, "vision")
    id = field_with(fields, "equal partners")
    fields |= {f"t.{id}": "Other words.", "title": "Once", "act": "submit"}
    first = sent(mara, f"{PROPOSE}/vision", fields)
    assert sent(mara, f"{PROPOSE}/vision", fields) == first
    assert sent(mara, f"{PROPOSE}/vision", {**fields, f"t.{id}": "Yet other words."}) != first


def test_a_refused_form_writes_nothing(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields = open_form(visits, mara, "vision")
    id = field_with(fields, "equal partners")
    fields |= {f"t.{id}": "Other words.", "title": "", "act": "submit"}
    page = post(mara, f"{PROPOSE}/vision", fields, 422)
    assert "A proposal needs a title" in words(page.one("p", id="page.problem"))
    assert max(p["number"] for p in mara.get(f"{API}/proposals").json()) == 5


def test_a_new_section_a_renamed_one_and_one_taken_out(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields = open_form(visits, mara, "+section")
    fields |= {"heading": "Membership", "words": "Anybody.\r\n\r\n- One\r\n- Two", "place": "goals", "title": "Members"}
    page = post(mara, f"{PROPOSE}/+section/preview", fields)
    assert "Membership" in page.text
    kept = fields_of(form_to(page, f"{PROPOSE}/+section"))
    told = changes(mara, sent(mara, f"{PROPOSE}/+section", {**kept, "act": "submit"}))
    assert told[0]["kind"] == "add_section"
    assert [c["after"] for c in told[1:]] == ["Anybody.", "One", "Two"]
    fields = open_form(visits, mara, "vision")
    fields |= {"heading": "What we see", "title": "Heading", "act": "submit"}
    assert [c["kind"] for c in changes(mara, sent(mara, f"{PROPOSE}/vision", fields))] == ["rename"]
    fields = open_form(visits, mara, "appendix")
    fields |= {"remove": "yes", "title": "Shorter", "act": "submit"}
    assert "remove_section" in {c["kind"] for c in changes(mara, sent(mara, f"{PROPOSE}/appendix", fields))}


def test_a_section_is_moved(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields = open_form(visits, mara, "vision")
    fields |= {"place": "mission", "title": "Mission first", "act": "submit"}
    assert {c["kind"] for c in changes(mara, sent(mara, f"{PROPOSE}/vision", fields))} == {"move_section"}


def test_the_cover_can_be_proposed_anew(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields = open_form(visits, mara, "+cover")
    fields |= {"f.title": "Charter", "title": "No draft any more", "act": "submit"}
    (change,) = changes(mara, sent(mara, f"{PROPOSE}/+cover", fields))
    assert (change["kind"], change["field"], change["after"]) == ("front", "title", "Charter")


def test_a_draft_goes_on_in_another_section_and_keeps_the_first(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields = open_form(visits, mara, "vision")
    id = field_with(fields, "equal partners")
    fields |= {f"t.{id}": "Other words.", "title": "Two parts", "act": "draft"}
    where = sent(mara, f"{PROPOSE}/vision", fields)
    parts = visits.page(f"{where}/edit", mara)
    assert "Changed in this proposal" in parts.text
    fields = open_form(visits, mara, "mission", f"{where}/edit")
    last = [name[2:] for name in fields if name.startswith("m.")][-1]
    fields |= {f"t.{last}": "A new last point.", "act": "submit"}
    assert sent(mara, f"{where}/edit/mission", fields) == where
    told = changes(mara, where)
    assert {(c["section"], c["after"]) for c in told} == {
        ("vision", "Other words."),
        ("mission", "A new last point."),
    }
    assert mara.get(f"{API}/proposals/{where.rpartition('/')[2]}").json()["state"] == "open"


def test_what_was_rewritten_by_others_is_shown_to_its_author_with_both_wordings(visits: Visits) -> None:
    mara, gilda = visits.signed_in("mara"), visits.signed_in("gilda")
    fields = open_form(visits, mara, "vision")
    id = field_with(fields, "equal partners")
    old = fields[f"t.{id}"]
    mine = sent(
        mara,
        f"{PROPOSE}/vision",
        {**fields, f"t.{id}": old.replace("equal", "my"), "title": "Mine", "act": "submit"},
    )
    theirs = sent(
        gilda,
        f"{PROPOSE}/vision",
        {**fields, f"t.{id}": old.replace("equal", "our"), "title": "Theirs", "act": "submit"},
    )
    number = theirs.rpartition("/")[2]
    api = {"headers": SAME_ORIGIN}
    assert gilda.post(f"{API}/proposals/{number}/decisions", json=[{"change": 1, "outcome": "adopted"}], **api)
    merged = gilda.post(f"{API}/merge", json={"changes": [f"{number}.1"], "base_revision": 3}, **api)
    assert merged.status_code == 201, merged.text
    page = visits.page(f"{mine}/edit/vision", mara)
    left = words(page.one("section", aria_labelledby="page.left"))
    assert "Your words without marks" in left
    assert "my partners" in left
    assert "insertion: our end of insertion partners" in left
    assert "insertion: my end of insertion" in left, "both are marked against what was"
    parts_of = visits.page(f"{mine}/edit", mara)
    assert f"{mine}/edit/vision" in parts_of.links
    assert "needs you" in parts_of.text
    elsewhere = visits.page(f"{mine}/edit/mission", mara)
    assert "In other parts" in elsewhere.text
    assert "my partners" not in elsewhere.text, "what concerns another part is named, not told"
    fields = fields_of(form_to(page, f"{mine}/edit/vision"))
    fields[f"t.{id}"] = fields[f"t.{id}"].replace("our", "our own")
    assert sent(mara, f"{mine}/edit/vision", {**fields, "act": "submit"}) == mine
    (change,) = changes(mara, mine)
    assert change["class"] == "applies"
    assert "our own partners" in change["after"]


def test_an_amendment_begins_with_the_words_of_the_other_proposal(visits: Visits) -> None:
    otto = visits.signed_in("otto")
    related = "?relation=amendment&to=3"
    assert f"{PROPOSE}/mission{related}" in visits.page(f"{PROPOSE}{related}", otto).links
    page = visits.page(f"{PROPOSE}/mission{related}", otto)
    fields = fields_of(form_to(page, f"{PROPOSE}/mission"))
    id = field_with(fields, "an independent voice")
    fields[f"t.{id}"] = fields[f"t.{id}"].replace("an independent voice", "an independent, strong voice")
    kept = fields_of(
        form_to(post(otto, f"{PROPOSE}/mission/preview", fields | {"title": "Strong"}), f"{PROPOSE}/mission")
    )
    where = sent(otto, f"{PROPOSE}/mission", {**kept, "act": "submit"})
    told = otto.get(f"{API}/proposals/{where.rpartition('/')[2]}").json()
    assert told["relation"] == {"kind": "amendment", "to": 3}
    assert [c["after"] for c in told["changes"]] == ["Speaking as an independent, strong voice of the PE profession"]


def test_a_text_that_moved_meanwhile_loses_nothing(visits: Visits) -> None:
    mara, gilda = visits.signed_in("mara"), visits.signed_in("gilda")
    fields = open_form(visits, mara, "vision")
    id = field_with(fields, "equal partners")
    assert gilda.post(
        f"{API}/proposals/3/decisions",
        json=[{"change": 1, "outcome": "adopted", "reason": "Yes."}],
        headers=SAME_ORIGIN,
    )
    merged = gilda.post(f"{API}/merge", json={"changes": ["3.1"], "base_revision": 3}, headers=SAME_ORIGIN)
    assert merged.status_code == 201, merged.text
    fields |= {f"t.{id}": "Other words.", "title": "Late"}
    page = post(mara, f"{PROPOSE}/vision/preview", fields)
    assert "The text has moved since you began, from revision 3 to 4." in page.text
    kept = fields_of(form_to(page, f"{PROPOSE}/vision"))
    (change,) = changes(mara, sent(mara, f"{PROPOSE}/vision", {**kept, "act": "submit"}))
    assert change["class"] == "applies"


@pytest.mark.parametrize("path", ["", "/vision", "/+section", "/+cover"])
def test_who_may_propose_sees_the_form_and_nobody_else(visits: Visits, path: str) -> None:
    visits.page(f"{PROPOSE}{path}", visits.signed_in("otto"))
    assert visits.reader.get(f"{PROPOSE}{path}").status_code == 401
    visits.page(f"/peps/proposals/3/edit{path}", visits.signed_in("mara"))
    assert visits.signed_in("otto").get(f"/peps/proposals/3/edit{path}").status_code == 403
    visits.page("/closed/propose/vision", visits.signed_in("otto"), 404)


def test_a_form_from_elsewhere_is_not_carried_out(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    answer = mara.post(
        f"{PROPOSE}/vision", data={"title": "x", "act": "submit"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403


def test_a_section_that_is_not_there_has_no_form(visits: Visits) -> None:
    visits.page(f"{PROPOSE}/nowhere", visits.signed_in("mara"), 404)
