"""Taking one's own wording over where the text was rewritten meanwhile: one press, the result before it is sent."""

import json

import pytest
from fastapi.testclient import TestClient

from tests.support.site import API
from tests.web.desk_acts import adopt, filled, programmed, propose, send, text_of
from tests.web.markup import Page, words
from tests.web.visits import Visits


def form_of(page: Page, action: str) -> dict[str, str]:
    """What a browser sends of the form of a section; where it stands is not touched."""
    return {name: value for name, value in filled(page, action).items() if name != "place"}


class Overtaken:
    """Proposals of somebody whose places others have rewritten since: nora's words met those of omar."""

    def __init__(self, visits: Visits) -> None:
        nora, omar = programmed(visits, "nora"), programmed(visits, "omar")
        self.visits, self.gilda = visits, visits.signed_in("gilda")
        self.vision, self.mission = text_of(visits, "vision"), text_of(visits, "mission")
        base = nora.get(f"{API}/revisions/head").json()["number"]
        sections = [
            {"key": "vision", "markdown": self.vision.replace("equal partners", "full partners")},
            {
                "key": "mission",
                "markdown": f"{self.mission.rstrip()}\nE. Listening first\n".replace("first global", "one"),
            },
        ]
        body = {"title": "Ours", "rationale": "Why.", "base_revision": base, "submit": True, "sections": sections}
        self.number = int(nora.post(f"{API}/proposals", json=body).json()["number"])
        self.put_in(omar, "vision", self.vision.replace("equal partners", "true partners"))
        self.put_in(omar, "mission", f"{self.mission.rstrip()}\nE. Acting at once\n")
        self.put_in(omar, "mission", text_of(visits, "mission").replace("first global", "only"))
        self.nora, self.edit = visits.signed_in("nora"), f"/peps/proposals/{self.number}/edit"
        self.api = nora

    def put_in(self, by: TestClient, key: str, markdown: str) -> None:
        number = propose(by, key, markdown)
        adopt(self.visits, self.gilda, number)
        merge = filled(self.visits.page("/peps/desk/merge?all=ready", self.gilda), "/peps/desk/merge")
        done = send(self.gilda, "/peps/desk/merge", {**merge, "act": "merge", "message": "Omar's"})
        assert getattr(done, "status_code", 0) == 303

    def refs(self) -> list[str]:
        changes = self.api.get(f"{API}/proposals/{self.number}").json()["changes"]
        return [change["ref"] for change in changes if change["class"] == "conflict"]


@pytest.fixture
def overtaken(visits: Visits) -> Overtaken:
    return Overtaken(visits)


def test_one_press_puts_the_wording_over_and_shows_what_comes_of_it_before_it_is_sent(overtaken: Overtaken) -> None:
    visits, nora, edit = overtaken.visits, overtaken.nora, overtaken.edit
    refs = overtaken.refs()
    vision = refs[0]
    parts = visits.page(edit, nora)
    assert f"{edit}/vision?over={vision}" in parts.links
    assert f"Take my wording of {vision} over" in parts.text
    page = visits.page(f"{edit}/vision?over={vision}", nora)
    told = page.one("section", id="page.over.in")
    assert "deletion: true end of deletion" in words(told)
    assert "full" in words(told)
    assert "Nothing is sent yet." in words(told)
    fields = form_of(page, f"{edit}/vision")
    assert fields["over"] == vision
    assert any("full partners" in value for name, value in fields.items() if name.startswith("t."))
    shown = json.loads(page.one("div", id="page.editor").attrib["data-manuscript"])
    assert "full partners" in json.dumps(shown["text"])
    assert "true partners" in json.dumps(shown["base"])
    seen = Page(send(nora, f"{edit}/vision/preview", fields).text)  # type: ignore[attr-defined]
    assert f"Taken over: your wording of {vision}" in seen.text
    assert "deletion: true end of deletion" in seen.text
    sending = filled(seen, f"{edit}/vision")
    assert send(nora, f"{edit}/vision", {**sending, "act": "submit"}).status_code == 303  # type: ignore[attr-defined]
    changes = overtaken.api.get(f"{API}/proposals/{overtaken.number}").json()["changes"]
    change = next(one for one in changes if "full partners" in one["after"])
    assert change["class"] == "applies"
    assert "true partners" in change["before"]


def test_all_wordings_go_over_at_once_and_what_is_new_stands_beside_what_others_put_in(overtaken: Overtaken) -> None:
    visits, nora, edit = overtaken.visits, overtaken.nora, overtaken.edit
    refs = overtaken.refs()
    assert len(refs) == 3
    address = f"{edit}/vision?over={'+'.join(refs)}"
    assert address in visits.page(edit, nora).links
    fields = form_of(visits.page(address, nora), f"{edit}/vision")
    sent = send(nora, f"{edit}/vision", {**fields, "act": "submit"})
    assert getattr(sent, "status_code", 0) == 303
    changes = overtaken.api.get(f"{API}/proposals/{overtaken.number}").json()["changes"]
    assert [change["class"] for change in changes] == ["applies"] * 3
    redline = overtaken.api.get(f"{API}/proposals/{overtaken.number}/redline?format=json").text
    assert "Acting at once" in redline
    assert "Listening first" in redline


def test_what_was_typed_in_the_same_place_stays_and_the_wording_stands_beside_it(overtaken: Overtaken) -> None:
    visits, nora, edit = overtaken.visits, overtaken.nora, overtaken.edit
    ref = overtaken.refs()[0]
    page = visits.page(f"{edit}/vision", nora)
    assert words(next(b for b in page.all("button") if b.attrib.get("value") == f"over {ref}")).startswith("Take my")
    fields = form_of(page, f"{edit}/vision")
    typed = next(name for name, value in fields.items() if name.startswith("t.") and "true partners" in value)
    mine = fields[typed].replace("true partners", "good partners")
    answer = send(nora, f"{edit}/vision", {**fields, typed: mine, "reason": "Mine.", "act": f"over {ref}"})
    shown = Page(answer.text)  # type: ignore[attr-defined]
    again = filled(shown, f"{edit}/vision")
    assert (again[typed], again["reason"]) == (mine, "Mine.")
    assert "full partners" in words(shown.one("section", **{"aria-labelledby": "page.beside"}))
    # Where nobody has typed, the field now holds the wording that was taken over.
    answer = send(nora, f"{edit}/vision", {**fields, "reason": "Mine.", "act": f"over {ref}"})
    again = filled(Page(answer.text), f"{edit}/vision")  # type: ignore[attr-defined]
    assert "full partners" in again[typed]
    assert again["reason"] == "Mine."


def test_names_of_other_changes_and_nonsense_put_nothing_over(overtaken: Overtaken) -> None:
    visits, nora, edit = overtaken.visits, overtaken.nora, overtaken.edit
    for said in ("99.1", "1.1", "x", "9" * 500, "%00", "<b>"):
        page = visits.page(f"{edit}/vision?over={said}", nora)
        assert "over" not in form_of(page, f"{edit}/vision")
