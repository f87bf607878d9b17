"""What the editor sends: kept while it is typed, told in words, proposed, and never lost."""

import json
from copy import deepcopy

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.db.models.unsent import Unsent
from tests.support.site import API
from tests.web.filling import fields_of, form_to, send
from tests.web.visits import Visits

VISION, MISSION = "/peps/propose/vision", "/peps/propose/mission"
MINE = "/peps/proposals/3/edit/mission"
Sheet = dict[str, list[dict[str, object]]]


def opened(visits: Visits, browser: TestClient, address: str = VISION) -> tuple[dict[str, str], Sheet]:
    """The fields of a form, and the text its editor holds."""
    page = visits.page(address, browser)
    (editor,) = [one for one in page.elements() if one.attrib.get("id") == "page.editor"]
    told = json.loads(editor.attrib["data-manuscript"])
    held = told["sheet"] or {"blocks": told["text"]["blocks"], "notes": told["text"]["notes"]}
    fields = fields_of(form_to(page, address))
    return {name: value for name, value in fields.items() if name.partition(".")[0] not in "taomnw"}, held


def rewritten(sheet: Sheet, old: str, new: str) -> Sheet:
    made = deepcopy(sheet)
    for block in [*made["blocks"], *made["notes"]]:
        for piece in block.get("inline", ()):  # type: ignore[attr-defined]
            if "text" in piece:
                piece["text"] = piece["text"].replace(old, new)
    return made


def live(browser: TestClient, address: str, fields: dict[str, str], sheet: object, **typed: str) -> dict[str, object]:
    answer = send(browser, f"{address}/live", fields, sheet=json.dumps(sheet), **typed)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_what_is_typed_is_kept_for_its_author_alone_and_said_in_words(visits: Visits) -> None:
    mara, otto = visits.signed_in("mara"), visits.signed_in("otto")
    fields, sheet = opened(visits, mara)
    mine = rewritten(sheet, "sustainable", "lasting")
    said = live(mara, VISION, fields, mine, title="Lasting")
    assert said["count"] == 1
    assert [change["text"] for change in said["changes"]] == [
        "Paragraph 1 of Vision: “sustainable” replaced by “lasting”"
    ]
    assert said["kept_at"]
    assert said["problem"] == ""
    again, held = opened(visits, mara)
    assert held == mine
    assert again["title"] == "Lasting"
    assert "You began this on" in visits.page(VISION, mara).text
    for page in ("/peps/proposals", "/peps/awaiting"):
        assert any(a.attrib["href"] == VISION for a in visits.page(page, mara).all("a")), page
        assert "You are writing" not in visits.page(page, otto).text
    assert opened(visits, otto)[1] == sheet
    assert "lasting" not in visits.page(VISION, otto).text


def test_two_windows_of_one_person_do_not_overwrite_each_other_unseen(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields, sheet = opened(visits, mara)
    mine, other = rewritten(sheet, "sustainable", "lasting"), rewritten(sheet, "sustainable", "fair")
    kept_at = str(live(mara, VISION, fields, mine)["kept_at"])
    # The second window knows nothing of what the first one kept.
    said = live(mara, VISION, fields, other)
    assert (said["elsewhere"], said["kept_at"], said["count"]) == (kept_at, None, 1)
    assert live(mara, VISION, fields, sheet)["elsewhere"] == kept_at
    assert opened(visits, mara)[1] == mine
    # The first one goes on, and the second one may say that its words are the ones.
    again = rewritten(mine, "patients", "people")
    later = str(live(mara, VISION, fields, again, kept=kept_at)["kept_at"])
    assert later > kept_at
    assert live(mara, VISION, fields, other, instead="yes")["kept_at"]
    assert opened(visits, mara)[1] == other


def test_a_form_in_which_nothing_is_changed_is_not_kept(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields, sheet = opened(visits, mara)
    said = live(mara, VISION, fields, rewritten(sheet, "sustainable", "lasting"))
    said = live(mara, VISION, fields, sheet, kept=str(said["kept_at"]))
    assert (said["count"], said["kept_at"]) == (0, None)
    assert "You began this on" not in visits.page(VISION, mara).text


def test_what_is_only_asked_is_not_kept(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields, sheet = opened(visits, mara)
    said = live(mara, VISION, fields, rewritten(sheet, "sustainable", "lasting"), ask="yes")
    assert (said["count"], said["kept_at"]) == (1, None)
    assert opened(visits, mara)[1] == sheet


def test_what_cannot_be_taken_is_kept_all_the_same_and_said(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields, sheet = opened(visits, mara)
    odd = deepcopy(sheet)
    odd["blocks"][0]["inline"] = [{"text": "there", "link": "ftp://example.org"}]
    said = live(mara, VISION, fields, odd)
    assert "A link cannot lead to “ftp://example.org”" in str(said["problem"])
    assert opened(visits, mara)[1] == odd


def test_whoever_wants_to_change_the_same_sentence_is_named_with_their_words(visits: Visits) -> None:
    otto = visits.signed_in("otto")
    fields, sheet = opened(visits, otto, MISSION)
    said = live(otto, MISSION, fields, rewritten(sheet, "PE profession", "whole profession"))
    (met,) = said["meetings"]
    assert (met["ref"], met["author"], met["yours"]) == ("3.1", "Mara", False)
    assert met["block"] == sheet["blocks"][-1]["id"]
    assert ["inserted", "an independent"] in met["pieces"]
    same = live(otto, MISSION, fields, rewritten(sheet, "a unified voice", "an independent voice"))
    assert [one["number"] for one in same["same"]] == [3]


def test_sending_makes_the_proposal_and_what_was_kept_goes(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields, sheet = opened(visits, mara)
    mine = rewritten(sheet, "sustainable", "lasting")
    live(mara, VISION, fields, mine)
    answer = send(mara, VISION, fields, sheet=json.dumps(mine), title="Lasting", reason="Plainer.", act="submit")
    assert answer.status_code == 303
    number = int(answer.headers["location"].rpartition("/")[2])
    (change,) = mara.get(f"{API}/proposals/{number}").json()["changes"]
    assert change["kind"] == "replace"
    assert change["after"] == change["before"].replace("sustainable", "lasting")
    with visits.database.reading() as session:
        assert session.scalars(select(Unsent)).all() == []


def test_a_refused_form_shows_the_editor_with_everything_in_it(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields, sheet = opened(visits, mara)
    mine = rewritten(sheet, "sustainable", "lasting")
    answer = send(mara, VISION, fields, sheet=json.dumps(mine), title="", act="submit")
    assert answer.status_code == 422
    assert json.dumps("lasting")[1:-1] in answer.text
    assert "lasting" in answer.text


def test_a_section_that_is_too_long_is_kept_all_the_same_and_shown_again(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields, sheet = opened(visits, mara)
    endless = rewritten(sheet, "sustainable", "word " * 20_001)
    said = live(mara, VISION, fields, endless, title="Long")
    assert "20,000 words" in str(said["problem"])
    assert said["kept_at"]
    for act in ("submit", "draft"):
        answer = send(mara, VISION, fields, sheet=json.dumps(endless), title="Long", act=act)
        assert answer.status_code == 422
        assert "20,000 words" in answer.text
        assert "word word word" in answer.text
    assert send(mara, f"{VISION}/preview", fields, sheet=json.dumps(endless), title="Long").status_code == 422


def test_what_was_begun_is_thrown_away_at_once_when_its_author_wants_that(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields, sheet = opened(visits, mara)
    live(mara, VISION, fields, rewritten(sheet, "sustainable", "lasting"))
    page = visits.page(VISION, mara)
    answer = send(mara, f"{VISION}/anew", fields_of(form_to(page, f"{VISION}/anew")))
    assert (answer.status_code, answer.headers["location"]) == (303, VISION)
    assert opened(visits, mara)[1] == sheet


def test_the_text_moving_on_meanwhile_changes_nothing_that_was_typed(visits: Visits) -> None:
    mara, gilda = visits.signed_in("mara"), visits.signed_in("gilda")
    fields, sheet = opened(visits, mara)
    mine = rewritten(sheet, "sustainable", "lasting")
    live(mara, VISION, fields, mine)
    body = {
        "title": "Health",
        "base_revision": 3,
        "submit": True,
        "sections": [{"key": "vision", "markdown": "Another vision altogether.\n"}],
    }
    tag = {"Sec-Fetch-Site": "same-origin"}
    number = gilda.post(f"{API}/proposals", json=body, headers=tag).json()["number"]
    verdict = [{"change": 1, "outcome": "adopted", "reason": "Yes."}]
    assert gilda.post(f"{API}/proposals/{number}/decisions", json=verdict, headers=tag).status_code == 201
    merge = {"changes": [f"{number}.1"], "base_revision": 3, "message": "Another"}
    assert gilda.post(f"{API}/merge", json=merge, headers=tag).status_code == 201
    again, held = opened(visits, mara)
    assert held == mine
    assert again["base"] == "3"
    assert "The text has moved since you began" in visits.page(VISION, mara).text
    said = live(mara, VISION, again, held)
    assert said["moved_on"] == 1
    assert [change["text"] for change in said["changes"]] == [
        "Paragraph 1 of Vision: “sustainable” replaced by “lasting”"
    ]


def test_a_newer_version_stored_elsewhere_is_put_together_with_what_the_editor_holds(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    fields, sheet = opened(visits, mara, MINE)
    mine = rewritten(sheet, "first global community", "first worldwide community")
    other = rewritten(sheet, "health strategies", "care strategies")
    assert send(mara, MINE, fields, sheet=json.dumps(other), act="submit").status_code == 303
    said = live(mara, MINE, fields, mine)
    assert "was stored meanwhile" in str(said["problem"])
    answer = send(mara, MINE, fields, sheet=json.dumps(mine), act="submit")
    assert answer.status_code == 422
    assert "Meanwhile version 1 of this proposal" not in answer.text
    assert "from another window or device" in answer.text
    assert "care strategies" in answer.text
    assert "first worldwide community" in answer.text


def test_a_new_section_is_written_in_the_editor_too(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    address = "/peps/propose/+section"
    fields, sheet = opened(visits, mara, address)
    assert sheet == {"blocks": [], "notes": []}
    sheet["blocks"] = [
        {"kind": "paragraph", "depth": 0, "inline": [{"text": "We meet twice a year"}, {"note": "n1"}, {"text": "."}]},
        {"kind": "item", "depth": 0, "list": {"style": "bullet", "start": None}, "inline": [{"text": "in spring"}]},
    ]
    sheet["notes"] = [{"id": None, "kind": "note", "depth": 0, "label": "n1", "inline": [{"text": "At least."}]}]
    typed = {"heading": "Meetings", "title": "Meet", "act": "submit", "sheet": json.dumps(sheet)}
    answer = send(mara, address, fields, **typed)
    assert answer.status_code == 303, answer.text
    number = int(answer.headers["location"].rpartition("/")[2])
    kinds = [change["kind"] for change in mara.get(f"{API}/proposals/{number}").json()["changes"]]
    assert kinds == ["add_section", "insert", "insert", "insert"]


@pytest.mark.parametrize("sheet", ["{", "[]", "7", '{"blocks": 7}', '{"blocks": [{"kind": "x"}]}', "[" * 50_000])
def test_what_is_no_text_of_an_editor_is_refused_in_words(visits: Visits, sheet: str) -> None:
    mara = visits.signed_in("mara")
    fields, _ = opened(visits, mara)
    answer = send(mara, VISION, fields, sheet=sheet, title="A", act="submit")
    assert answer.status_code == 422
    assert "could not be read" in answer.text
    assert send(mara, f"{VISION}/live", fields, sheet=sheet).status_code == 200
    assert visits.page(VISION, mara)
