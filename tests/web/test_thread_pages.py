"""Comments as pages: written, answered, settled and hung elsewhere by plain forms, and shown beside their words."""

import pytest
from fastapi.testclient import TestClient

from tests.support.acts import by_hand, counted, propose
from tests.support.acts import words as said
from tests.support.site import add_person, client_of
from tests.web.markup import Page, words
from tests.web.visits import Visits

SCRIPT = "<script>alert('in')</script>"


def fields(page: Page, action: str) -> dict[str, str]:
    """What a form of the page would send as it is, by the end of its address."""
    form = next(f for f in page.all("form") if f.attrib.get("action", "").partition("#")[0].endswith(action))
    found = {
        i.attrib["name"]: i.attrib.get("value", "") for i in form.iter("input") if i.attrib.get("type") == "hidden"
    }
    checked = [i for i in form.iter("input") if "checked" in i.attrib]
    found |= {i.attrib["name"]: i.attrib["value"] for i in checked}
    return found | {t.attrib["name"]: (t.text or "").removeprefix("\n") for t in form.iter("textarea")}


def remarks(page: Page, section: str) -> list[str]:
    """Where the ways to comment lead that stand in a section: first on the section, then on its blocks."""
    links = [a.attrib["href"] for a in page.one("section", id=section).iter("a")]
    return [link for link in links if "/threads/new" in link]


def comment(visits: Visits, browser: TestClient, text: str = "Why?", section: str = "vision", **more: str) -> str:
    """A comment on the first block of a section, as somebody would write it from the working text; its address."""
    form = visits.page(remarks(visits.page("/peps/working", browser), section)[1], browser)
    answer = browser.post("/peps/threads", data={**fields(form, "/threads"), "text": text, **more})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def act(visits: Visits, browser: TestClient, address: str, name: str, **more: str) -> str:
    """A form of a thread's page, sent; where it leads."""
    answer = browser.post(f"{address}/{name}", data={**fields(visits.page(address, browser), name), **more})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_every_paragraph_leads_a_member_to_commenting_and_nobody_else(visits: Visits) -> None:
    page = visits.page("/peps/working", visits.signed_in("mara"))
    on_section, on_block = remarks(page, "vision")
    assert on_section == "/peps/threads/new?revision=3&section=vision"
    assert on_block.startswith("/peps/threads/new?revision=3&block=")
    assert len(remarks(page, "goals")) == 5
    assert "/threads/new" not in visits.page("/peps/working").html
    assert "/threads/new" not in visits.page("/peps/editions/2025-05", visits.signed_in("mara")).html


def test_the_form_shows_the_paragraph_and_asks_for_members_only_unless_told_otherwise(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    page = visits.page(remarks(visits.page("/peps/working", mara), "vision")[1], mara)
    assert words(page.one("h1")) == "Comment on Vision, paragraph 1"
    assert "patients are equal partners" in words(page.one("blockquote"))
    assert fields(page, "/threads")["audience"] == "members"
    for area in page.all("textarea"):
        assert page.one("label", for_=area.attrib["id"])


def test_a_comment_stands_beside_its_paragraph_and_shows_its_words_marked(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    address = comment(visits, mara, "Equal or full?", quote="equal   partners")
    assert address == "/peps/threads/1"
    page = visits.page(address, mara)
    assert words(page.one("mark")) == "equal partners"
    assert words(page.one("blockquote")).startswith("Enabling a world where patients are equal partners in")
    assert "Equal or full?" in words(page.one("li", id="comment.1"))
    assert "Vision, paragraph 1" in page.text
    working = visits.page("/peps/working", visits.signed_in("otto"))
    card = next(li for li in working.all("li") if "Comment 1" in words(li))
    assert words(card) == "Comment 1 Mara Equal or full? 1 comment"
    assert [words(mark) for mark in working.one("section", id="vision").iter("mark")] == ["equal", "partners"]
    pin = working.one("a", class_="pin-thread")
    assert (words(pin), pin.attrib["aria-label"]) == ("1", "1 comment on “equal partners”")
    assert pin.attrib["href"] == f"#{card.attrib['id']}"
    assert "/peps/threads/1" not in visits.page("/peps/working").links


def test_a_comment_on_a_section_stands_under_its_heading_and_more_than_three_are_counted(visits: Visits) -> None:
    otto = visits.signed_in("otto")
    for n in range(5):
        form = visits.page(remarks(visits.page("/peps/working", otto), "vision")[0], otto)
        assert otto.post("/peps/threads", data={**fields(form, "/threads"), "text": f"On it, {n}."}).status_code == 303
        comment(visits, otto, f"In it, {n}.")
    section = visits.page("/peps/working", otto).one("section", id="vision")
    cards = [words(li) for li in section.iter("li")]
    assert cards == [
        *(f"Comment {2 * n + 1} Otto on the whole section On it, {n}. 1 comment" for n in (4, 3, 2)),
        "2 more comments",
        *(f"Comment {2 * n + 2} Otto on the whole paragraph In it, {n}. 1 comment" for n in (4, 3, 2)),
        "2 more comments",
    ]
    more = [a.attrib["href"] for a in section.iter("a") if "more" in words(a)]
    assert [len(visits.page(link, otto).all("h3")) for link in more] == [10, 5]


def test_many_cards_beside_one_paragraph_are_one_line_that_opens(visits: Visits) -> None:
    otto = visits.signed_in("otto")
    for n in range(5):
        comment(visits, otto, f"In it, {n}.")
    nora = client_of(visits.application, add_person(visits.database, "nora", "member"))
    propose(nora, "vision", said(nora, "vision").replace("equal partners", "full partners"))
    section = visits.page("/peps/working", otto).one("section", id="vision")
    fold = next(one for one in section.iter("details") if one.attrib.get("class") == "mfold")
    assert words(next(fold.iter("summary"))) == "1 change proposed, 5 comments"
    assert len(list(fold.iter("li"))) == 5, "all that stood in the margin is in it"


def test_a_note_is_commented_on_from_the_paragraph_that_cites_it(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    page = visits.page(remarks(visits.page("/peps/working", mara), "definition")[1], mara)
    note = next(a for a in page.all("a") if words(a) == "The notes, note 3")
    assert words(visits.page(note.attrib["href"], mara).one("h1")) == "Comment on The notes, note 3"


def test_a_public_comment_is_read_by_everybody_and_answered_by_members(visits: Visits) -> None:
    comment(visits, visits.signed_in("mara"), audience="public")
    page = visits.page("/peps/threads/1")
    assert "Public" in page.text
    assert not page.has("textarea")
    assert "Sign in to answer" in page.text
    assert "/peps/threads/1" in visits.page("/peps/working").links
    assert "/peps/threads/1" in visits.page("/peps/threads").links
    assert visits.reader.post("/peps/threads/1/replies", data={"text": "Hm."}).status_code == 401


def test_a_form_sent_twice_makes_one_comment(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    form = visits.page("/peps/threads/new?section=vision", mara)
    data = {**fields(form, "/threads"), "text": "Once."}
    first, second = (mara.post("/peps/threads", data=data) for _ in range(2))
    assert first.headers["location"] == second.headers["location"] == "/peps/threads/1"
    data = {**fields(visits.page("/peps/threads/1", mara), "/replies"), "text": "Twice?"}
    first, second = (mara.post("/peps/threads/1/replies", data=data) for _ in range(2))
    assert first.headers["location"] == second.headers["location"] == "/peps/threads/1#comment.2"
    assert len(visits.page("/peps/threads/1", mara).one("ol", class_="talk").findall("li")) == 2


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"text": "", "quote": "equal partners"}, "Write something first"),
        ({"text": "Hm.", "quote": "no such words"}, "are not in this paragraph"),
        ({"text": "Hm.", "quote": "ar"}, "stand more than once"),
        ({"text": "x" * 20_001, "quote": ""}, "20,000 characters at most"),
        ({"text": "Hm.\x0b", "quote": "equal"}, "which no text may hold"),
        ({"text": "Hm.", "quote": "", "audience": "all"}, "An audience is one of"),
    ],
)
def test_what_cannot_be_taken_is_shown_again_with_what_was_typed(visits: Visits, typed: dict, told: str) -> None:
    mara = visits.signed_in("mara")
    form = visits.page(remarks(visits.page("/peps/working", mara), "vision")[1], mara)
    before = counted(visits.database)
    answer = mara.post("/peps/threads", data={**fields(form, "/threads"), **typed})
    assert answer.status_code == 422
    page = Page(answer.text)
    assert told in words(page.one("p", role="alert"))
    if "\x0b" not in typed["text"]:
        again = fields(page, "/threads")
        assert (again["text"], again["quote"]) == (typed["text"], typed["quote"])
    assert counted(visits.database) == before


def test_a_thread_is_answered_resolved_and_reopened_by_forms(visits: Visits) -> None:
    mara, gilda = visits.signed_in("mara"), visits.signed_in("gilda")
    address = comment(visits, mara)
    assert act(visits, gilda, address, "replies", text="Because.\n\n@Mara knows.") == f"{address}?said=2#comment.2"
    act(visits, gilda, address, "resolve")
    page = visits.page(address, mara)
    assert "Resolved" in page.text
    assert "resolved by Gilda" in page.text
    assert "does not open it again" in page.text
    act(visits, mara, address, "reopen")
    assert "resolved by" not in visits.page(address, mara).text
    empty = mara.post(f"{address}/replies", data={**fields(visits.page(address, mara), "/replies"), "text": " "})
    assert empty.status_code == 422
    assert "Write something first" in words(Page(empty.text).one("p", role="alert"))
    assert mara.get(f"{address}/replies").headers["location"] == address


def test_whoever_calls_somebody_reads_at_once_who_was_called_and_who_was_not(visits: Visits) -> None:
    mara, gilda = visits.signed_in("mara"), visits.signed_in("gilda")
    address = comment(visits, mara)
    said = "@Gilda Could you look? @Otto Meier and @Zoe know.\n\nSo says @otto, and\n@Mara <b>too</b>."
    led = act(visits, mara, address, "replies", text=said).partition("#")[0]
    page = visits.page(led, mara)
    told = words(next(e for e in page.all("div", role="status")))
    assert "Gilda and Otto are told of it." in told
    assert "“@Otto Meier” is nobody in this charter: nobody was called. If you mean Otto, write that name" in told
    assert "“@Zoe” is nobody in this charter: nobody was called." in told
    for browser in (gilda, visits.reader):
        assert not visits.page(led, browser).all("div", role="status") if browser is gilda else True
    seen = visits.page(address, gilda)
    assert [words(e) for e in seen.all("span") if e.attrib.get("class") == "called"] == ["@Gilda", "@otto", "@Mara"]
    assert "<b>" not in seen.html.split('id="comment.2"')[1].split("</li>")[0]
    assert [o.attrib["value"] for o in seen.one("datalist", id="page.people").iter("option")] == ["Mara", "Otto"]


def test_only_who_opened_a_thread_and_governors_see_the_buttons_and_may_press_them(visits: Visits) -> None:
    address = comment(visits, visits.signed_in("mara"))
    otto = visits.signed_in("otto")
    page = visits.page(address, otto)
    assert not [f for f in page.all("form") if f.attrib["action"].endswith(("/resolve", "/reattach"))]
    csrf = fields(page, "/replies")["csrf"]
    for name in ("resolve", "reopen", "reattach"):
        assert otto.post(f"{address}/{name}", data={"csrf": csrf}).status_code == 403


def test_a_form_of_somebody_else_changes_nothing(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    address = comment(visits, mara)
    before = counted(visits.database)
    for path in ("/peps/threads", *(f"{address}/{n}" for n in ("replies", "resolve", "reattach", "following"))):
        data = {"text": "Hm.", "audience": "members", "section": "vision", "mode": "muted", "csrf": "wrong"}
        assert mara.post(path, data=data).status_code == 403, path
    assert counted(visits.database) == before


def test_following_is_changed_by_a_button(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    address = comment(visits, mara)
    assert "You hear of what happens in it." in visits.page(address, mara).text
    act(visits, mara, address, "following")
    assert "You have muted it" in visits.page(address, mara).text
    act(visits, mara, address, "following")
    assert "You hear of what happens in it." in visits.page(address, mara).text
    assert act(visits, mara, "/peps/proposals/3", "following").startswith("/peps/proposals/3#")
    assert "You have muted it" in visits.page("/peps/proposals/3", mara).text


def test_a_discussion_stands_on_the_page_of_its_proposal(visits: Visits) -> None:
    otto = visits.signed_in("otto")
    form = fields(visits.page("/peps/proposals/3", otto), "/peps/threads")
    made = otto.post("/peps/threads", data={**form, "text": "I like it.", "audience": "public"})
    assert made.headers["location"] == "/peps/threads/1"
    page = visits.page("/peps/proposals/3")
    assert "I like it." in page.text
    assert "/peps/threads/1" in page.links
    assert "Begin a new comment" not in page.text
    assert "/peps/proposals/3" in visits.page("/peps/threads/1").links


def test_what_was_orphaned_says_so_with_its_last_words_and_is_hung_elsewhere_by_one_click(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    address = comment(visits, mara, quote="equal partners")
    statement = "UPDATE threads SET anchor = replace(anchor, :old, :new), anchor_state = 'orphaned'"
    by_hand(visits.database, statement, old='"orphaned":false', new='"orphaned":true')
    page = visits.page(address, mara)
    assert "no longer in the text" in page.text
    assert words(page.all("mark")[0]) == "equal partners"
    assert "exactly these words" in page.text
    assert "equal partners" in words(visits.page("/peps/threads?show=orphaned", mara).one("ul", class_="rows"))
    assert not [
        f for f in visits.page(address, visits.signed_in("otto")).all("form") if "reattach" in f.attrib["action"]
    ]
    act(visits, mara, address, "reattach")
    assert "Vision, paragraph 1" in visits.page(address, mara).text


def test_words_are_hung_elsewhere_by_hand_and_a_slip_is_told_beside_the_form(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    address = comment(visits, mara)
    page = visits.page(address, mara)
    option = next(o for o in page.all("option") if "unified voice" in words(o))
    data = {**fields(page, "/reattach"), "block": option.attrib["value"]}
    wrong = mara.post(f"{address}/reattach", data={**data, "quote": "another voice"})
    assert wrong.status_code == 422
    assert "not in this paragraph" in words(Page(wrong.text).one("p", role="alert"))
    assert fields(Page(wrong.text), "/reattach")["quote"] == "another voice"
    nowhere = mara.post(f"{address}/reattach", data={**data, "block": ""})
    assert "Choose the paragraph first" in words(Page(nowhere.text).one("p", role="alert"))
    assert mara.post(f"{address}/reattach", data={**data, "quote": "unified voice"}).status_code == 303
    page = visits.page(address, mara)
    assert "Mission, item D" in page.text
    assert words(page.one("mark")) == "unified voice"
    assert "The comment was begun on other words" in page.text


def test_the_list_is_narrowed_by_tab_and_section(visits: Visits) -> None:
    mara, otto = visits.signed_in("mara"), visits.signed_in("otto")
    comment(visits, mara, "On the vision.")
    comment(visits, otto, "On the mission.", section="mission")
    comment(visits, otto, "Settled.", section="mission")
    act(visits, otto, "/peps/threads/3", "resolve")

    def shown(query: str) -> list[str]:
        return [a.attrib["href"][-1] for h in visits.page(f"/peps/threads{query}", mara).all("h3") for a in h.iter("a")]

    assert shown("") == ["2", "1"]
    assert shown("?show=resolved") == ["3"]
    assert shown("?show=mine") == ["1"]
    assert shown("?section=mission") == ["2"]
    assert shown("?show=%3Cscript%3E") == ["2", "1"]
    assert "No comment has lost its words." in visits.page("/peps/threads?show=orphaned", mara).text
    assert not visits.page("/peps/threads").has("ul", class_="rows")


def test_a_wrong_thread_and_one_that_is_not_for_somebody_are_told_alike(visits: Visits) -> None:
    comment(visits, visits.signed_in("mara"))
    for browser in (visits.reader, visits.browser()):
        closed, wrong = browser.get("/peps/threads/1"), browser.get("/peps/threads/2")
        assert closed.status_code == wrong.status_code == 404
        assert closed.text.replace("thread 1", "thread 2") == wrong.text
    assert visits.reader.get("/closed/threads").text == visits.reader.get("/no-such-charter/threads").text
    assert visits.reader.get("/peps/threads/new?section=vision").status_code == 401
    assert visits.signed_in("mara").get("/peps/threads/new").status_code == 404
    assert visits.signed_in("mara").get("/peps/threads/new?proposal=3&change=9").status_code == 404


def test_hostile_words_are_shown_as_the_characters_they_are(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    text = f'{SCRIPT} " onmouseover="alert(1)\u202e {{{{ 7 * 7 }}}} @<b>Otto</b>'
    address = comment(visits, mara, text, quote="equal partners")
    wrong = mara.post(
        "/peps/threads",
        data={**fields(visits.page("/peps/threads/new?section=vision", mara), "/threads"), "quote": text, "text": ""},
    )
    assert wrong.status_code == 422
    for page in (visits.page(address, mara), visits.page("/peps/threads", mara), visits.page("/peps/working", mara)):
        assert SCRIPT in page.text
        assert "{{ 7 * 7 }}" in page.text
        assert not page.inline_scripts()
        assert not any(name.startswith("on") for element in page.elements() for name in element.attrib)
        assert len(page.ids) == len(set(page.ids))
