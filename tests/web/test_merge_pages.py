"""Merging and reverting by forms: conflicts chosen, sentences read, and what comes back."""

from fastapi.testclient import TestClient

from app.queries.verification import verify
from tests.web.desk_acts import adopt, filled, programmed, propose, rivals, send, text_of
from tests.web.markup import Page, words
from tests.web.visits import Visits


def a_conflict(visits: Visits) -> tuple[TestClient, int, int, dict[str, str], str]:
    """A governor before a merge of two adopted proposals that meet: their numbers, the form, and the conflict's id."""
    one, two, _, _ = rivals(visits)
    gilda = visits.signed_in("gilda")
    adopt(visits, gilda, one, two)
    fields = filled(visits.page(f"/peps/desk/merge?take={one}.1&take={two}.1", gilda), "/peps/desk/merge")
    return gilda, one, two, fields, next(name.removeprefix("text.") for name in fields if name.startswith("text."))


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
    gilda, one, two, fields, conflict = a_conflict(visits)
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
    gilda, _, _, fields, conflict = a_conflict(visits)
    for choice, own, told in (("all", "", "is not on offer here"), ("text", " ", "Write the words")):
        wrong = {**fields, f"choice.{conflict}": choice, f"text.{conflict}": own, "act": "preview"}
        page = Page(send(gilda, "/peps/desk/merge", wrong).text)
        assert told in words(page.one("p", id=f"page.conflict.{conflict}.problem"))
