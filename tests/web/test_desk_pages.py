"""The governors' desk as pages: decide on many changes in one form, preview the merge, settle and read, merge."""

import pytest
import sqlalchemy

from tests.support.acts import by_hand
from tests.support.site import API, add_person
from tests.web.desk_acts import SAME, adopt, decide, filled, programmed, propose, rivals, send, text_of
from tests.web.filling import fields_of, form_to
from tests.web.markup import Page, words
from tests.web.visits import Visits


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


def test_what_was_written_for_a_change_that_left_the_desk_meanwhile_is_shown(visits: Visits) -> None:
    one, two, *_ = rivals(visits)
    gilda = visits.signed_in("gilda")
    fields = filled(visits.page("/peps/desk", gilda), "/peps/desk")
    assert decide(gilda, fields, f"{one}.1", "rejected").status_code == 303
    late = fields | {"once": "late", f"reason.{one}.1": "My <b>long</b> reason", f"text.{one}.1": "My own words."}
    for answer in (
        decide(gilda, late, f"{one}.1", "adopted_amended", "My <b>long</b> reason"),
        # The act went well, and yet what was written beside it has no field left.
        decide(gilda, late | {"once": "other"}, f"{two}.1", "rejected"),
    ):
        told = words(Page(answer.text).one("section", **{"aria-labelledby": "page.strays"}))
        assert f"{one}.1: My <b>long</b> reason" in told
        assert "My own words." in told
        assert f"{two}.1:" not in told
    # What the form had offered by itself is nobody's writing.
    answer = decide(gilda, fields | {"once": "third"}, f"{one}.1", "adopted", "")
    assert answer.status_code == 409
    assert not Page(answer.text).all("section", **{"aria-labelledby": "page.strays"})


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
