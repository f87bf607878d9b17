"""Editions by form: a draft, what hinders it, the steps to the public, and what is told when others were faster."""

import re

import pytest
from fastapi.testclient import TestClient

from app.queries.verification import verify
from app.web import approving
from tests.support.acts import by_hand
from tests.support.site import API, add_person
from tests.web.filling import fields_of, form_to, send
from tests.web.markup import Page, words
from tests.web.test_desk_pages import programmed, propose, text_of
from tests.web.visits import Visits

KEY = "2026-11"
AT = f"/peps/editions/{KEY}"
NEW = {"revision": "3", "day": "21", "month": "11", "year": "2026", "label": "", "effective": ""}


def steps(visits: Visits, browser: TestClient, key: str = KEY) -> Page:
    return visits.page(f"/peps/editions/{key}/steps", browser)


def press(visits: Visits, browser: TestClient, act: str, key: str = KEY, **typed: str) -> object:
    """Fill in the form of that act as the page has it, and send it."""
    address = f"/peps/editions/{key}/{act}"
    return send(browser, address, fields_of(form_to(steps(visits, browser, key), address)), **typed)


def draft(visits: Visits, browser: TestClient, **typed: str) -> object:
    form = form_to(visits.page("/peps/editions/new", browser), "/peps/editions")
    return send(browser, "/peps/editions", {**fields_of(form), **NEW, **typed})


def now(page: Page) -> str:
    """The step that comes next."""
    return words(page.one("li", id="page.now").find(".//{*}h2") or page.one("li", id="page.now")).split()[0]


def text_that_points_nowhere(visits: Visits, browser: TestClient) -> int:
    """A revision whose text cites a note and a section that are not there."""
    nora = programmed(visits, "nora")
    number = propose(nora, "vision", text_of(visits, "vision").rstrip() + " Look [there](#nowhere).\n", "Pointing")
    same = {"Sec-Fetch-Site": "same-origin"}
    for path, body in (
        (f"proposals/{number}/decisions", [{"change": 1, "outcome": "adopted"}]),
        ("merge", {"changes": [f"{number}.1"], "base_revision": 3}),
    ):
        answer = browser.post(f"{API}/{path}", json=body, headers=same)
        assert answer.status_code == 201, answer.text
    return 4


def test_an_edition_goes_from_a_draft_to_the_public_by_forms(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    made = draft(visits, gilda)
    assert made.status_code == 303, made.text
    assert made.headers["location"] == "/peps/editions/2026-11-21/steps?done=draft#page.done"
    page = visits.page(made.headers["location"].partition("#")[0], gilda)
    assert words(page.one("p", id="page.done")).startswith("The draft is made.")
    key = "2026-11-21"
    for act, typed in (("freeze", {}), ("sign-off", {"read": "yes"}), ("approve", {}), ("publish", {})):
        assert visits.page("/peps", visits.browser()).has("time", datetime="2025-05"), "not public yet"
        done = press(visits, gilda, act, key, **typed)
        assert (done.status_code, done.headers["location"]) == (
            303,
            f"/peps/editions/{key}/steps?done={act}#page.done",
        ), done.text
    page = steps(visits, gilda, key)
    assert "Gilda, you, signed off" in page.text
    assert "Not approved" not in page.text
    public = visits.page("/peps")
    assert public.has("time", datetime=key)
    assert visits.reader.get(f"/peps/editions/{key}.pdf").content.startswith(b"%PDF-")
    # The one before says where to go.
    assert f"/peps/editions/{key}" in visits.page("/peps/editions/2025-05").links
    assert "Superseded." in visits.page("/peps/editions/2025-05").text
    withdrawn = press(visits, gilda, "withdraw", key, reason="Sent out\r\ntoo early.")
    assert withdrawn.status_code == 303
    assert "This edition no longer holds." in visits.page(f"/peps/editions/{key}").text
    with visits.database.reading() as session:
        assert verify(session).faults == ()


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"day": "31"}, "date", "There is no 2026-11-31 in the calendar."),
        ({"year": "26"}, "date", "write the year in four digits"),
        ({"day": ""}, "date", "There is an edition of 2026-11 already."),
        ({"revision": "4"}, "revision", "Choose a revision from 1 to 3."),
        ({"revision": "٣"}, "revision", "Choose a revision"),
        ({"effective": "soon"}, "effective", "A day is written like"),
        ({"label": "x" * 101}, "label", "A label of 1 to 100 characters"),
    ],
)
def test_what_is_wrong_with_a_draft_stands_beside_its_field(
    visits: Visits, typed: dict[str, str], field: str, says: str
) -> None:
    answer = draft(visits, visits.signed_in("gilda"), **{"label": "Winter <b>", **typed})
    assert answer.status_code in (409, 422)
    page = Page(answer.text)
    assert says in words(page.one("p", id=f"page.problem.{field}"))
    kept = fields_of(form_to(page, "/peps/editions"))
    wanted = {**NEW, "label": "Winter <b>", **typed}
    del wanted["revision"]  # what cannot be chosen is not among the choices
    assert {name: kept[name] for name in wanted} == wanted


def test_a_draft_names_what_hinders_it_and_takes_the_revision_that_mends_it(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    bad = text_that_points_nowhere(visits, gilda)
    assert draft(visits, gilda, revision=str(bad)).status_code == 303
    page = steps(visits, gilda, "2026-11-21")
    assert "refers to “#nowhere”, which is nowhere in the text." in page.text
    assert any(re.fullmatch(r"/peps/editions/2026-11-21#b-[a-z0-9]+", link) for link in page.links)
    assert "/peps/propose/vision" in page.links
    assert "Something hinders it" in visits.page("/peps/editions/2026-11-21/steps?done=draft", gilda).text
    assert "no sign-off is invented for it here" in steps(visits, gilda, "2025-05").text
    assert not [b for b in page.all("button") if words(b).startswith("Freeze")]
    refused = press(visits, gilda, "freeze", "2026-11-21")
    assert refused.status_code == 409
    assert "cannot be frozen" in words(Page(refused.text).one("p", id="page.problem"))
    changed = press(visits, gilda, "redraft", "2026-11-21", revision="3", label="Winter 2026")
    assert changed.status_code == 303, changed.text
    page = steps(visits, gilda, "2026-11-21")
    assert "Every note and every reference finds its place" in page.text
    assert "The working text is 1 revision further than this edition." in page.text
    assert "Winter 2026" in page.text
    assert press(visits, gilda, "freeze", "2026-11-21").status_code == 303
    with visits.database.reading() as session:
        assert verify(session).faults == ()


def test_a_draft_that_nobody_signed_can_be_taken_back(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    draft(visits, gilda)
    unsure = press(visits, gilda, "discard", "2026-11-21")
    assert unsure.status_code == 422
    gone = press(visits, gilda, "discard", "2026-11-21", sure="yes")
    assert (gone.status_code, gone.headers["location"]) == (303, "/peps/editions?discarded=yes")
    assert gilda.get("/peps/editions/2026-11-21/steps").status_code == 404
    assert draft(visits, gilda, revision="1").status_code == 303, "the date is free again"
    with visits.database.reading() as session:
        assert verify(session).faults == ()
    # One with sign-offs in the record stays.
    press(visits, gilda, "sign-off", read="yes")
    press(visits, gilda, "thaw", reason="A slip.")
    assert "was signed off before" in press(visits, gilda, "discard", sure="yes").text
    with visits.database.reading() as session:
        assert verify(session).faults == ()


def test_who_signs_says_that_they_have_read_it(visits: Visits) -> None:
    add_person(visits.database, "hans", "governor")
    gilda = visits.signed_in("gilda")
    unread = press(visits, gilda, "sign-off")
    assert unread.status_code == 422
    assert "Read the text first" in unread.text
    assert press(visits, gilda, "sign-off", read="yes").status_code == 303
    page = steps(visits, gilda)
    assert "Gilda, you, signed off" in page.text
    assert re.search(r"Hans\s*not yet", page.text)
    assert not [f for f in page.all("form") if f.attrib["action"].endswith("/sign-off")]


def test_governors_hear_of_a_candidate_and_everybody_of_a_withdrawal(visits: Visits) -> None:
    add_person(visits.database, "hans", "governor")
    gilda = visits.signed_in("gilda")

    def heard(name: str) -> list[str]:
        return [n["words"] for n in visits.signed_in(name).get("/api/v1/me/notices").json()]

    for act in ("thaw", "freeze"):
        press(visits, gilda, act)
    assert [words for words in heard("hans") if "waits for sign-offs" in words]
    assert not [words for name in ("mara", "gilda") for words in heard(name) if "waits for sign-offs" in words]
    press(visits, gilda, "withdraw", "2025-05", reason="A page was missing.")
    for name in ("hans", "mara", "otto"):
        assert any("May 2025” of the charter was withdrawn" in words for words in heard(name)), name


def test_a_step_that_is_locked_says_why(visits: Visits) -> None:
    by_hand(visits.database, "UPDATE charters SET signoffs_required = 3")
    page = steps(visits, visits.signed_in("gilda"))
    assert "Not possible before 3 more governors have signed off." in page.text
    assert "There is only 1 governor, and 3 sign-offs are needed." in page.text


def test_whoever_was_slower_reads_what_happened_meanwhile(visits: Visits) -> None:
    add_person(visits.database, "hans", "governor")
    gilda, hans = visits.signed_in("gilda"), visits.signed_in("hans")
    before = fields_of(form_to(steps(visits, hans), f"{AT}/sign-off"))
    assert press(visits, gilda, "thaw").status_code == 303
    late = send(hans, f"{AT}/sign-off", before, read="yes")
    assert late.status_code == 409
    assert "Gilda thawed this edition: it is a draft again" in words(Page(late.text).one("p", id="page.problem"))
    assert press(visits, hans, "freeze").status_code == 303
    late = send(hans, f"{AT}/approve", before)
    assert late.status_code == 409
    assert "Hans froze this edition" in late.text
    assert gilda.get(f"{API}/editions/{KEY}").json()["signoffs"] == []


@pytest.mark.long
def test_a_second_press_does_the_same_thing_once(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    form = fields_of(form_to(steps(visits, gilda), f"{AT}/sign-off"))
    first, second = (send(gilda, f"{AT}/sign-off", form, read="yes") for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    form = fields_of(form_to(steps(visits, gilda), f"{AT}/approve"))
    first, second = (send(gilda, f"{AT}/approve", form) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    with visits.database.reading() as session:
        assert verify(session).faults == ()
    records = gilda.get(f"{API}/records?limit=100").json()
    acts = [r["act"] for r in records if r["object"] == f"edition {KEY}"]
    assert acts == ["approve edition", "sign off edition", "freeze edition", "draft edition"]


@pytest.mark.long
def test_while_the_pdf_is_set_the_page_says_so_and_looks_again(visits: Visits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approving, "PATIENCE", 0.0)
    gilda = visits.signed_in("gilda")
    press(visits, gilda, "sign-off", read="yes")
    form = fields_of(form_to(steps(visits, gilda), f"{AT}/approve"))
    answer = send(gilda, f"{AT}/approve", form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{AT}/steps?waiting=yes#page.now")
    page = steps(visits, gilda)
    assert "The PDF is being set" in page.text
    # The address differs each time: a link to the page one is on loads nothing.
    assert any(re.fullmatch(rf"{AT}/steps\?waiting=yes&again=[\w-]+#page\.now", link) for link in page.links)
    assert "refresh" in page.html
    assert not [f for f in page.all("form") if f.attrib["action"].endswith("/approve")]
    work = approving.work_on(visits.database, "peps", KEY)
    assert work is not None
    assert work.done.wait(120)
    page = visits.page(f"{AT}/steps?waiting=yes", gilda)
    assert now(page) == "Publish"
    assert words(page.one("p", id="page.done")).startswith("Approved.")


def test_an_approval_that_fails_says_why_and_leaves_a_candidate(visits: Visits) -> None:
    by_hand(visits.database, "UPDATE editions SET label = 'Winter 𒀀' WHERE key = :key", key=KEY)
    gilda = visits.signed_in("gilda")
    press(visits, gilda, "sign-off", read="yes")
    failed = press(visits, gilda, "approve")
    assert failed.status_code == 409
    assert "U+12000" in failed.text
    page = steps(visits, gilda)
    assert now(page) == "Approve"
    assert "The last try did not succeed." in page.text


def test_members_see_how_far_it_is_and_readers_do_not(visits: Visits) -> None:
    page = steps(visits, visits.signed_in("mara"))
    assert "The governors of this charter take these steps." in page.text
    assert not [f for f in page.all("form") if "/editions" in f.attrib["action"]]
    for key in (KEY, "2025-05"):
        assert visits.reader.get(f"/peps/editions/{key}/steps").status_code == 404
    assert visits.signed_in("mara").get("/peps/editions/new").status_code == 403
    assert visits.reader.get("/peps/editions/new").status_code == 401


def test_many_drafts_are_all_named_in_the_list(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    for day in range(1, 10):
        assert draft(visits, gilda, day=str(day), once=f"once{day}").status_code == 303
    page = visits.page("/peps/editions", gilda)
    assert len(page.all("article")) == 6
    for day in range(1, 10):
        assert any(link.startswith(f"/peps/editions/2026-11-{day:02}/steps") for link in page.links), day


def test_the_list_leads_to_the_next_step_and_the_text_to_what_changes(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    page = visits.page("/peps/editions", gilda)
    assert f"{AT}/steps#page.now" in page.links
    assert "/peps/editions/new" in page.links
    assert "Go on: sign it off" in page.text
    text = visits.page(AT, gilda)
    assert f"/peps/compare/2025-05...{KEY}" in text.links
    assert "this is the text as it will be" in text.text
    empty = visits.page("/isop-pateg/editions", gilda)
    assert "/isop-pateg/editions/new" not in empty.links, "she governs another charter"
