"""The governors' desk as pages: decide on many changes in one form, preview the merge, settle and read, merge."""

from collections.abc import Mapping

import pytest
import sqlalchemy
from fastapi.testclient import TestClient

from app.queries.verification import verify
from tests.support.acts import by_hand
from tests.support.site import API, add_person
from tests.web.filling import fields_of, form_to
from tests.web.markup import Page, words
from tests.web.visits import Visits

SAME = {"Sec-Fetch-Site": "same-origin"}


def programmed(visits: Visits, name: str, role: str = "member") -> TestClient:
    """A client of the interface for somebody new, to prepare what the pages show."""
    token = add_person(visits.database, name, role)
    return TestClient(visits.application, headers={"Authorization": f"Bearer {token}"})


def text_of(visits: Visits, key: str) -> str:
    """The Markdown of a section as it stands."""
    answer = visits.signed_in("gilda").get(f"{API}/revisions/head").json()
    return next(s["markdown"] for s in answer["sections"] if s["key"] == key)


def propose(by: TestClient, key: str, markdown: str, title: str = "Other words") -> int:
    base = by.get(f"{API}/revisions/head").json()["number"]
    section = {"key": key, "markdown": markdown}
    body = {"title": title, "rationale": "Because.", "base_revision": base, "submit": True, "sections": [section]}
    answer = by.post(f"{API}/proposals", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["number"]


def filled(page: Page, action: str) -> dict[str, str]:
    """What a browser sends of a form as it stands: also of fields outside it that name it."""
    form = next(f for f in page.all("form") if f.attrib.get("action", "").partition("#")[0] == action)
    inside = set(form.iter())
    sent: dict[str, str] = {}
    for field in page.elements():
        named = field.attrib.get("name")
        if named is None or field.tag not in ("input", "textarea", "select"):
            continue
        if field.attrib.get("form", form.attrib.get("id") if field in inside else None) != form.attrib.get("id"):
            continue
        if "form" not in field.attrib and field not in inside:
            continue
        kind = field.attrib.get("type", "text")
        if kind in ("radio", "checkbox") and "checked" not in field.attrib:
            continue
        value = (
            "".join(field.itertext()).removeprefix("\n") if field.tag == "textarea" else field.attrib.get("value", "")
        )
        sent[named] = value
    return sent


def send(browser: TestClient, address: str, fields: Mapping[str, str]) -> object:
    return browser.post(address, data=dict(fields), headers=SAME)


def rivals(visits: Visits) -> tuple[int, int, int, str]:
    """Two proposals that want the same words otherwise and a third in the same sentence; the sentence."""
    nora, omar = programmed(visits, "nora"), programmed(visits, "omar")
    text = text_of(visits, "vision")
    one = propose(nora, "vision", text.replace("equal partners", "full partners"), "Full partners")
    two = propose(omar, "vision", text.replace("equal partners", "true partners"), "True partners")
    three = propose(omar, "vision", text.replace("sustainable", "affordable"), "Affordable care")
    return one, two, three, text


def test_the_desk_shows_what_is_open_by_section_with_those_that_meet_together(visits: Visits) -> None:
    one, two, three, _ = rivals(visits)
    page = visits.page("/peps/desk", visits.signed_in("gilda"))
    assert [words(e) for e in page.one("div", class_="desk").iter("h2")] == [
        "Sections",
        "Vision 3 changes, 1 collision",
        "Mission 1 change",
    ]
    group = page.one("div", class_="clash")
    assert f"{one}.1, {two}.1 and {three}.1 touch the same sentence" in words(group)
    assert "Enabling a world" in words(group)
    card = page.one("article", id=f"change.{one}.1")
    assert "deletion: equal end of deletion" in words(card)
    assert "Because." in words(card)
    assert "Rule met" in words(card)
    objection = words(page.one("article", id="change.3.1"))
    assert "Otto objects:" in objection
    assert "Of whom?" in objection
    assert len(page.ids) == len(set(page.ids))
    assert page.has("a", href="/peps/desk", aria_current="page")


def test_new_words_stand_where_they_will_come_and_not_before_everything(visits: Visits) -> None:
    nora = programmed(visits, "nora")
    mission = text_of(visits, "mission").rstrip()
    number = propose(nora, "mission", f"{mission}\n\nA first new paragraph.\n\nAnd a second one.\n")
    page = visits.page("/peps/desk?section=mission", visits.signed_in("gilda"))
    shown = [e.attrib["id"].removeprefix("change.") for e in page.all("article")]
    assert shown == ["3.1", f"{number}.1", f"{number}.2"]


def test_filters_narrow_the_desk(visits: Visits) -> None:
    one, *_ = rivals(visits)
    gilda = visits.signed_in("gilda")

    def shown(query: str) -> list[str]:
        page = visits.page(f"/peps/desk?{query}", gilda)
        return [e.attrib["id"].removeprefix("change.") for e in page.all("article")]

    assert shown("show=objections") == ["3.1"]
    assert shown("section=mission") == ["3.1"]
    assert shown(f"proposal={one}") == [f"{one}.1"]
    assert shown("show=ready") == shown("show=needs-author") == []
    assert len(shown("show=undecided")) == len(shown("show=nonsense&section=none&page=99")) == 4


def decide(browser: TestClient, fields: Mapping[str, str], ref: str, outcome: str, reason: str = "") -> object:
    """Press the button of one outcome beside a change."""
    said = {**fields, **({f"reason.{ref}": reason} if reason else {})}
    return send(browser, "/peps/desk", {**said, "decide": f"{ref} {outcome}"})


def adopt(visits: Visits, browser: TestClient, *numbers: int) -> None:
    """Tick the first changes of these proposals and adopt them together."""
    fields = filled(visits.page("/peps/desk?show=all", browser), "/peps/desk")
    ticks = {f"take.{n}.1": "yes" for n in numbers}
    answer = send(browser, "/peps/desk", {**fields, **ticks, "ticked": "adopted", "common": "So we agreed."})
    assert answer.status_code == 303, answer.text


def test_one_press_decides_one_change_and_leads_to_the_next(visits: Visits) -> None:
    one, two, three, _ = rivals(visits)
    gilda = visits.signed_in("gilda")
    fields = filled(visits.page("/peps/desk", gilda), "/peps/desk")
    assert fields["order"].split(",") == [f"{one}.1", f"{two}.1", f"{three}.1", "3.1"]
    answer = decide(gilda, fields, f"{two}.1", "rejected", "One is enough.")
    assert answer.status_code == 303, answer.text
    address, _, place = answer.headers["location"].partition("#")
    assert place == "page.back"
    page = visits.page(address, gilda)
    told = page.one("div", id="page.back")
    assert words(told).startswith(f"{two}.1: Rejected.")
    assert f"Next is {three}.1, one of 3 changes still to decide." in words(told)
    assert page.html.index('id="page.back"') < page.html.index(f'id="change.{three}.1"')
    assert f"{two}.1 (rejected)" not in page.text, "what is rejected stands in nobody's way"
    assert page.html.index(f'id="change.{one}.1"') < page.html.index('id="page.back"')
    shown = gilda.get(f"{API}/proposals/{two}").json()["changes"][0]
    assert shown["outcome"] == "rejected"
    assert shown["decision"]["reason"] == "One is enough."


def test_what_was_written_for_other_changes_comes_back_also_when_the_page_is_loaded_again(visits: Visits) -> None:
    one, two, three, text = rivals(visits)
    gilda = visits.signed_in("gilda")
    fields = filled(visits.page("/peps/desk?section=vision", gilda), "/peps/desk")
    written = {f"reason.{two}.1": "Half a <b>reason", f"take.{three}.1": "yes"}
    other = text.replace("equal", "whole")
    fields |= written | {f"text.{three}.1": other}
    for _ in range(2):
        answer = decide(gilda, fields, f"{one}.1", "adopted")
        assert answer.status_code == 200
        page = Page(answer.text)
        kept = filled(page, "/peps/desk")
        assert {name: kept[name] for name in written} == written
        assert kept[f"text.{three}.1"] == other
        assert (kept["section"], kept["show"]) == ("vision", "undecided")
        assert words(page.one("div", id="page.back")).startswith(f"{one}.1: Adopted.")
    assert len(gilda.get(f"{API}/decisions").json()) == 4, "three before, and this one once"


def test_a_note_that_a_proposal_brings_has_its_number_on_the_desk(visits: Visits) -> None:
    text = text_of(visits, "vision").strip()
    number = propose(programmed(visits, "nora"), "vision", f"{text}[^mine]\n\n[^mine]: As we mean it.\n", "A note")
    page = visits.page(f"/peps/desk?proposal={number}", visits.signed_in("gilda"))
    marked = [words(one) for one in page.all("div", class_="redline")]
    assert len(marked) == 2
    assert not [one for one in marked if "mine" in one]
    assert "As we mean it." in marked[1]


def test_ticked_changes_are_decided_on_together(visits: Visits) -> None:
    one, two, three, _ = rivals(visits)
    gilda = visits.signed_in("gilda")
    fields = filled(visits.page("/peps/desk", gilda), "/peps/desk")
    fields |= {f"take.{one}.1": "yes", f"take.{two}.1": "yes", f"reason.{two}.1": "One is enough."}
    answer = send(gilda, "/peps/desk", {**fields, "ticked": "deferred", "common": "The meeting said so."})
    assert answer.status_code == 303, answer.text
    page = visits.page(answer.headers["location"].partition("#")[0], gilda)
    assert f"{one}.1: Deferred; {two}.1: Deferred" in words(page.one("div", id="page.back"))
    shown = {n: gilda.get(f"{API}/proposals/{n}").json()["changes"][0] for n in (one, two, three)}
    assert [shown[n]["outcome"] for n in shown] == ["deferred", "deferred", "pending"]
    assert shown[one]["decision"]["reason"] == "The meeting said so."
    assert shown[two]["decision"]["reason"] == "One is enough."
    adopt(visits, gilda, one)
    fields = filled(visits.page("/peps/desk?show=all", gilda), "/peps/desk")
    again = send(gilda, "/peps/desk", {**fields, f"take.{one}.1": "yes", "ticked": "rejected"})
    assert again.status_code == 422
    assert "All that you ticked is decided already." in again.text


def test_changes_that_need_a_reason_are_named_together_beside_the_field_for_all(visits: Visits) -> None:
    one, two, *_ = rivals(visits)
    by_hand(visits.database, "UPDATE charters SET rule = 'majority', quorum = 2")
    gilda = visits.signed_in("gilda")
    fields = filled(visits.page("/peps/desk", gilda), "/peps/desk")
    fields |= {f"take.{one}.1": "yes", f"take.{two}.1": "yes", "ticked": "adopted"}
    answer = send(gilda, "/peps/desk", fields)
    assert answer.status_code == 422
    page = Page(answer.text)
    assert f"For changes {one}.1 and {two}.1 this goes against" in words(page.one("p", id="page.common.problem"))
    assert page.one("details", class_="together").attrib.get("open") is not None
    for ref in (f"{one}.1", f"{two}.1"):
        assert "needs a reason" in words(page.one("p", id=f"page.wrong.{ref}"))


def test_a_refusal_decides_nothing_and_keeps_all_that_was_typed(visits: Visits) -> None:
    one, two, _, _ = rivals(visits)
    gilda = visits.signed_in("gilda")
    fields = filled(visits.page("/peps/desk", gilda), "/peps/desk")
    fields |= {f"reason.{one}.1": "First <b>reason</b>", f"text.{two}.1": " ", "common": "All", f"take.{one}.1": "yes"}
    answer = decide(gilda, fields, f"{two}.1", "adopted_amended")
    assert answer.status_code == 422
    page = Page(answer.text)
    assert f"Change {two}.1: write the words in which it is adopted." in words(page.one("p", role="alert"))
    assert "write the words" in words(page.one("p", id=f"page.wrong.{two}.1"))
    assert filled(page, "/peps/desk") == fields
    assert gilda.get(f"{API}/proposals/{two}").json()["changes"][0]["outcome"] == "pending"
    for nothing in ({"common": "Why not"}, {"ticked": "adopted"}, {"decide": "1.1 merged"}):
        refused = send(gilda, "/peps/desk", nothing)
        assert refused.status_code == 422
        assert "ick" in words(Page(refused.text).one("p", role="alert"))


def test_a_decision_is_superseded_on_the_desk_unless_somebody_was_faster(visits: Visits) -> None:
    one, *_ = rivals(visits)
    gilda = visits.signed_in("gilda")
    fields = filled(visits.page("/peps/desk", gilda), "/peps/desk")
    assert decide(gilda, fields, f"{one}.1", "adopted").status_code == 303
    late = decide(gilda, {**fields, "once": "late"}, f"{one}.1", "rejected", "No.")
    assert late.status_code == 409
    assert "was decided already" in words(Page(late.text).one("p", role="alert"))
    before = filled(visits.page("/peps/desk?show=ready", gilda), "/peps/desk")
    before = {name: value for name, value in before.items() if not name.startswith("take.")}
    assert decide(gilda, before, f"{one}.1", "rejected", "We erred.").status_code == 303
    assert gilda.get(f"{API}/proposals/{one}").json()["changes"][0]["outcome"] == "rejected"
    late = decide(gilda, {**before, "once": "another"}, f"{one}.1", "deferred", "Later.")
    assert late.status_code == 409
    assert "was decided again meanwhile" in words(Page(late.text).one("p", role="alert"))


def test_without_a_choice_the_desk_shows_what_comes_next(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    assert visits.page("/peps/desk", gilda).has("a", href="/peps/desk?show=undecided", aria_current="true")
    fields = filled(visits.page("/peps/desk", gilda), "/peps/desk")
    answer = decide(gilda, fields, "3.1", "adopted", "All the same.")
    assert "Preview the merge" in visits.page(answer.headers["location"].partition("#")[0], gilda).text
    page = visits.page("/peps/desk", gilda)
    assert page.has("a", href="/peps/desk?show=ready", aria_current="true")
    assert filled(page, "/peps/desk")["take.3.1"] == "yes"
    assert "/peps/editions/2026-11/steps#page.now" in page.links


def test_the_enter_key_decides_nothing(visits: Visits) -> None:
    page = visits.page("/peps/desk", visits.signed_in("gilda"))
    buttons = [b for b in page.all("button") if b.attrib.get("type") == "submit" and "sign" not in words(b).lower()]
    assert "disabled" in buttons[0].attrib, "browsers press the first button of a form for it"


def test_the_agenda_has_every_change_with_room_for_the_decision(visits: Visits) -> None:
    one, two, three, _ = rivals(visits)
    gilda = visits.signed_in("gilda")
    page = visits.page("/peps/desk/agenda", gilda)
    assert [words(h).split()[0] for h in page.all("h3")] == [f"{one}.1", f"{two}.1", f"{three}.1", "3.1"]
    assert "deletion: equal end of deletion" in page.text
    assert "Otto objects:" in page.text
    assert "meet: decide on them together." in page.text
    assert page.text.count("□ adopt amended") == 4
    assert [f for f in page.all("form") if "/desk" in f.attrib.get("action", "")] == []
    assert "nothing to put on an agenda" in visits.page("/peps/desk/agenda?show=ready", gilda).text
    assert visits.signed_in("mara").get("/peps/desk/agenda").status_code == 403


def test_six_decisions_a_conflict_a_sentence_to_read_and_one_merge(visits: Visits) -> None:
    one, two, three, text = rivals(visits)
    gilda = visits.signed_in("gilda")
    adopt(visits, gilda, one, two, three)
    page = visits.page("/peps/desk/merge?all=ready", gilda)
    assert "Settle 1 conflict" in page.text
    fields = filled(page, "/peps/desk/merge")
    assert {name for name in fields if name.startswith("take.")} == {f"take.{n}.1" for n in (one, two, three)}
    refused = send(gilda, "/peps/desk/merge", {**fields, "act": "merge", "message": "The meeting"})
    assert refused.status_code == 409
    shown = Page(refused.text)
    assert "somebody has to choose" in words(shown.one("p", role="alert"))
    assert filled(shown, "/peps/desk/merge")["message"] == "The meeting"
    assert "Still fitting, as far as they did before: all other open changes." in page.text
    conflict = next(name.removeprefix("text.") for name in fields if name.startswith("text."))
    own = text.replace("equal partners", "full and true partners").strip()
    fields |= {f"choice.{conflict}": "text", f"text.{conflict}": own, "message": "The meeting", "act": "preview"}
    tried = send(gilda, "/peps/desk/merge", fields)
    assert tried.status_code == 200, tried.text
    page = Page(tried.text)
    assert "full and true" in page.text
    fields = filled(page, "/peps/desk/merge")
    assert fields[f"choice.{conflict}"] == "text"
    assert fields[f"text.{conflict}"] == own
    unread = [e.attrib["name"] for e in page.all("input", type_="checkbox") if e.attrib["name"].startswith("read.")]
    assert unread, "nobody has written that sentence as a whole"
    assert send(gilda, "/peps/desk/merge", {**fields, "act": "merge"}).status_code == 409
    done = send(gilda, "/peps/desk/merge", {**fields, "act": "merge", **dict.fromkeys(unread, "yes")})
    assert done.status_code == 303, done.text
    assert done.headers["location"] == "/peps/desk/merged/4"
    page = visits.page("/peps/desk/merged/4", gilda)
    assert words(page.one("h1")) == "In the text since revision 4"
    assert "/peps/compare/3...4" in page.links
    assert "full and true partners" in text_of(visits, "vision")
    assert "affordable" in text_of(visits, "vision")
    with visits.database.reading() as session:
        assert verify(session).faults == ()


def test_what_a_settled_conflict_left_out_is_not_said_to_be_in_the_text(visits: Visits) -> None:
    one, two, _, _ = rivals(visits)
    gilda = visits.signed_in("gilda")
    adopt(visits, gilda, one, two)
    page = visits.page(f"/peps/desk/merge?take={one}.1&take={two}.1", gilda)
    fields = filled(page, "/peps/desk/merge")
    conflict = next(name.removeprefix("text.") for name in fields if name.startswith("text."))
    fields |= {f"choice.{conflict}": "proposed", "act": "merge"}
    assert send(gilda, "/peps/desk/merge", fields).status_code == 303
    assert "true partners" in text_of(visits, "vision")
    went_in, otherwise = visits.page("/peps/desk/merged/4", gilda).all("ul", class_="taken")[:2]
    assert (f"{two}.1" in words(went_in), f"{one}.1" in words(went_in)) == (True, False)
    assert (f"{two}.1" in words(otherwise), f"{one}.1" in words(otherwise)) == (False, True)
    for who in (visits.reader, gilda):
        page = visits.page(f"/peps/proposals/{one}", who)
        assert "In the text since" not in page.text
        assert "where it met other words, those were chosen" in page.text
        assert "Other words chosen in revision 4" in visits.page("/peps/proposals", who).text
    assert "other words were chosen in revision 4" in visits.page("/peps/decisions").text
    nora = visits.signed_in("nora")
    told = "\n".join(words(line) for line in visits.page("/notices", nora).all("li"))
    assert f"{one}.1 of" in told
    assert "is settled in revision 4, where it met other words, those were taken." in told
    with visits.database.reading() as session:
        assert verify(session).faults == ()


def test_whoever_merges_after_somebody_else_sees_the_page_again_with_all_choices(visits: Visits) -> None:
    one, two, three, _ = rivals(visits)
    gilda = visits.signed_in("gilda")
    adopt(visits, gilda, one, two, three)
    first = filled(visits.page(f"/peps/desk/merge?take={one}.1&take={two}.1", gilda), "/peps/desk/merge")
    page = visits.page(f"/peps/desk/merge?take={one}.1", gilda)
    assert f"{two}.1 rewrites the same words" in words(page.one("section", aria_labelledby="page.others"))
    second = filled(page, "/peps/desk/merge")
    assert send(gilda, "/peps/desk/merge", {**second, "act": "merge"}).status_code == 303
    answer = send(gilda, "/peps/desk/merge", {**first, "act": "merge", "message": "Mine"})
    assert answer.status_code == 409
    page = Page(answer.text)
    assert "The text has moved" in words(page.one("p", role="alert"))
    assert "In the text already" in page.text
    again = filled(page, "/peps/desk/merge")
    assert (again["base"], again["message"]) == ("4", "Mine")
    assert f"take.{two}.1" in again


def test_a_merge_is_reverted_by_a_form_and_can_be_merged_again(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    page = visits.page("/peps/revisions/3/revert", gilda)
    assert "2.1 With patients" in page.text
    fields = filled(page, "/peps/revisions/3/revert")
    done = send(gilda, "/peps/revisions/3/revert", fields)
    assert (done.status_code, done.headers["location"]) == (303, "/peps/desk/merged/3")
    assert "Revision 4 took this back" in visits.page("/peps/desk/merged/3", gilda).text
    assert "people WITH" not in text_of(visits, "mission")
    assert gilda.get("/peps/revisions/3/revert").status_code == 409
    assert "2.1" in visits.page("/peps/desk?show=taken-out", gilda).text
    assert gilda.get("/peps/revisions/1/revert").status_code == 409
    assert gilda.get("/peps/revisions/99/revert").status_code == 404


def test_what_was_taken_out_of_the_text_comes_back_only_if_somebody_chooses_it(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    form = "/peps/revisions/3/revert"
    send(gilda, form, filled(visits.page(form, gilda), form))
    said = "It was in the text since revision 3, and revision 4 took it out again"
    assert "2.1" not in visits.page("/peps/desk/merge?all=ready", gilda).text
    assert "2.1" not in visits.page("/peps/desk?show=ready", gilda).text
    assert "merged once and taken out again" in visits.page("/peps/desk", gilda).text
    page = visits.page("/peps/desk?show=taken-out", gilda)
    assert said in page.text
    assert "take.2.1" not in filled(page, "/peps/desk"), "nothing is ticked that nobody ticked"
    assert "taken out again in revision 4" in visits.page("/peps/proposals/2").text
    again = visits.page("/peps/desk/merge?take=2.1", gilda)
    assert "revision 4 took it out again" in again.text
    merged = send(gilda, "/peps/desk/merge", {**filled(again, "/peps/desk/merge"), "act": "merge"})
    assert merged.headers["location"] == "/peps/desk/merged/5"
    assert "people WITH" in text_of(visits, "mission")
    assert "not among what is ready" not in visits.page("/peps/desk/merged/3", gilda).text


def test_later_words_on_what_a_merge_brought_are_settled_on_the_page_that_reverts_it(visits: Visits) -> None:
    nora, gilda = programmed(visits, "nora"), visits.signed_in("gilda")
    text = text_of(visits, "vision")
    number = propose(nora, "vision", text.replace("equal partners", "full partners"), "Full partners")
    adopt(visits, gilda, number)
    page = visits.page(f"/peps/desk/merge?take={number}.1", gilda)
    assert send(gilda, "/peps/desk/merge", {**filled(page, "/peps/desk/merge"), "act": "merge"}).status_code == 303
    form = "/peps/revisions/2/revert"
    page = visits.page(form, gilda)
    assert "Settle 1 conflict" in page.text
    fields = filled(page, form) | {"message": "Back to key", "act": "revert"}
    conflict = next(e.attrib["name"] for e in page.all("input", type_="radio"))
    refused = send(gilda, form, fields)
    assert refused.status_code == 409
    assert "somebody has to choose" in words(Page(refused.text).one("p", role="alert"))
    refused = Page(send(gilda, form, {**fields, conflict: "nonsense"}).text)
    assert "is not on offer here" in refused.text
    assert filled(refused, form)["message"] == "Back to key"
    shown = Page(send(gilda, form, {**fields, conflict: "proposed", "act": "preview"}).text)
    assert "Settled as you chose" in shown.text
    done = send(gilda, form, {**filled(shown, form), "act": "revert"})
    assert done.status_code == 303, done.text
    assert "key partners" in text_of(visits, "vision")
    with visits.database.reading() as session:
        assert verify(session).faults == ()


def test_a_choice_that_is_not_on_offer_for_a_conflict_is_named_beside_it(visits: Visits) -> None:
    one, two, _, _ = rivals(visits)
    gilda = visits.signed_in("gilda")
    adopt(visits, gilda, one, two)
    page = visits.page(f"/peps/desk/merge?take={one}.1&take={two}.1", gilda)
    fields = filled(page, "/peps/desk/merge")
    conflict = next(name.removeprefix("text.") for name in fields if name.startswith("text."))
    for choice, own, told in (("all", "", "is not on offer here"), ("text", " ", "Write the words")):
        wrong = {**fields, f"choice.{conflict}": choice, f"text.{conflict}": own, "act": "preview"}
        page = Page(send(gilda, "/peps/desk/merge", wrong).text)
        assert told in words(page.one("p", id=f"page.conflict.{conflict}.problem"))


def test_a_desk_full_of_changes_asks_the_database_as_often_as_one_with_few(visits: Visits) -> None:
    nora = programmed(visits, "nora")
    gilda = visits.signed_in("gilda")

    def questions() -> int:
        asked: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            asked.append(statement)

        sqlalchemy.event.listen(visits.database.engine, "before_cursor_execute", note)
        visits.page("/peps/desk", gilda)
        sqlalchemy.event.remove(visits.database.engine, "before_cursor_execute", note)
        return len(asked)

    mission = text_of(visits, "mission")
    propose(nora, "mission", mission.replace("a unified voice", "one voice"))
    few = questions()
    for number in range(12):
        text = mission.replace("a unified voice", f"a voice of {number}")
        n = propose(nora, "mission", text)
        review = {"position": "object", "text": "No."}
        answer = visits.signed_in("otto").post(f"{API}/proposals/{n}/reviews", json=review, headers=SAME)
        assert answer.status_code == 201
    assert questions() == few


@pytest.mark.parametrize("path", ["/desk", "/desk/merge", "/desk/merged/2", "/revisions/3/revert"])
def test_the_desk_is_for_governors(visits: Visits, path: str) -> None:
    add_person(visits.database, "ada", None, admin=True)
    add_person(visits.database, "stan", None)
    people = {name: visits.signed_in(name) for name in ("mara", "gilda", "ada", "stan")}
    answers = {name: browser.get(f"/peps{path}").status_code for name, browser in people.items()}
    assert answers == {"mara": 403, "gilda": 200, "ada": 403, "stan": 403}
    assert visits.reader.get(f"/peps{path}").status_code == 401
    assert visits.reader.get(f"/closed{path}").status_code == 404
    assert people["gilda"].get(f"/closed{path}").status_code == 404
    if "merged" not in path:
        for name, status in (("mara", 403), ("ada", 403), ("stan", 403)):
            assert send(people[name], f"/peps{path}", {}).status_code == status
        assert people["gilda"].post(f"/peps{path}", data={}).status_code == 403, "not from a page of ours"


def test_a_change_is_decided_on_the_page_of_its_proposal(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    page = visits.page("/peps/proposals/3", gilda)
    form = page.one("form", id="page.decide.3.1")
    inside = {e.attrib["name"]: e.attrib.get("value", "") for e in form.iter("input") if e.attrib["type"] == "hidden"}
    answer = send(gilda, "/peps/desk", {**inside, "decide": "3.1 adopted", "reason.3.1": "It is."})
    assert (answer.status_code, answer.headers["location"]) == (303, "/peps/proposals/3#change.3.1".replace("3.1", "1"))
    assert "Decide again on 3.1" in visits.page("/peps/proposals/3", gilda).text
    assert "Decide again" not in visits.page("/peps/proposals/1", gilda).text, "it is in the text"
    assert "Decide again" not in visits.page("/peps/proposals/3", visits.signed_in("mara")).text


def test_other_words_that_are_the_proposed_ones_are_named_with_their_change(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    form = fields_of(form_to(visits.page("/peps/desk", gilda), "/peps/desk"))
    proposed = visits.page("/peps/desk", gilda).one("textarea", id="page.text.3.1").text or ""
    typed = {"decide": "3.1 adopted_amended", "text.3.1": proposed.strip(), "reason.3.1": "Yes."}
    answer = gilda.post("/peps/desk", data={**form, **typed}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "Change 3.1" in words(page.one("p", id="page.problem"))
    assert "#change.3.1" in page.links


def test_the_packet_for_the_meeting_is_found_at_the_desk_and_among_the_proposals(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    assert "/peps/proposals.pdf" in visits.page("/peps/desk", gilda).links
    assert "/peps/proposals.pdf?section=mission" in visits.page("/peps/desk?section=mission", gilda).links
    # In the vision nothing is open any more.
    assert "/peps/proposals.pdf?section=vision" not in visits.page("/peps/desk?section=vision", gilda).links
    assert "/peps/proposals.pdf" in visits.page("/peps/proposals").links
    assert "/peps/proposals.pdf" not in visits.page("/peps/proposals?state=decided").links
    assert "/isop-pateg/proposals.pdf" not in visits.page("/isop-pateg/proposals").links
