"""A governor in a real browser types own words, in the cell of a table and in a paragraph, and meets no sign."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, expect

from app.main import create_app
from app.settings import Settings
from tests.support.axe import violations
from tests.support.browser import Served, Watched
from tests.support.editing import put_cursor
from tests.support.site import API, add_person

pytestmark = [pytest.mark.browser, pytest.mark.long]

TABLE = "\n| Role | Term |\n| --- | --- |\n| Chair[^membership] | *two* years |\n"


class People:
    """Those who prepare what the page shows, through the interface."""

    def __init__(self, served: Served) -> None:
        app = create_app(Settings(public_url="http://testserver"), served.database)

        def programmed(name: str, role: str) -> TestClient:
            token = add_person(served.database, name, role)
            return TestClient(app, headers={"Authorization": f"Bearer {token}"})

        self.uma, self.vito, self.gus = (
            programmed(*one) for one in (("uma", "member"), ("vito", "member"), ("gus", "governor"))
        )

    def text(self, key: str) -> str:
        sections = self.gus.get(f"{API}/revisions/head").json()["sections"]
        return str(next(s["markdown"] for s in sections if s["key"] == key))

    def propose(self, by: TestClient, key: str, markdown: str) -> int:
        base = self.gus.get(f"{API}/revisions/head").json()["number"]
        body = {"title": "Other words", "rationale": "", "base_revision": base, "submit": True}
        made = _done(by.post(f"{API}/proposals", json={**body, "sections": [{"key": key, "markdown": markdown}]}))
        return int(made["number"])

    def adopt(self, number: int) -> None:
        verdict = [{"change": 1, "outcome": "adopted", "reason": "Yes."}]
        _done(self.gus.post(f"{API}/proposals/{number}/decisions", json=verdict))

    def merge(self, number: int) -> None:
        base = self.gus.get(f"{API}/revisions/head").json()["number"]
        merge = {"changes": [f"{number}.1"], "base_revision": base, "message": "Terms"}
        _done(self.gus.post(f"{API}/merge", json=merge))


def _done(answer: Any) -> Any:
    assert answer.status_code < 300, answer.text
    return answer.json()


def typed_behind(page: Page, words: str, new: str) -> None:
    """Type behind some words of the one surface of a page."""
    put_cursor(page, words)
    page.keyboard.type(new)


@pytest.fixture(scope="module")
def people(served: Served) -> People:
    return People(served)


@pytest.mark.parametrize(("width", "years"), [(1280, "four"), (360, "six")])
def test_own_words_for_a_row_of_a_table_are_typed_into_its_cells(
    chromium: Browser, served: Served, people: People, width: int, years: str
) -> None:
    if "| Role |" not in people.text("vision"):
        first = people.propose(people.uma, "vision", people.text("vision") + TABLE)
        people.adopt(first)
        people.merge(first)
    text = people.text("vision")
    row = next(line for line in text.split("\n") if line.startswith("| Chair"))
    one = people.propose(people.uma, "vision", text.replace(row, "| Chair[^membership] | one year |"))
    two = people.propose(people.vito, "vision", text.replace(row, f"| Chair[^membership] | *{years}* years |"))
    people.adopt(one)
    people.adopt(two)
    watched = Watched(chromium, served, width=width)
    watched.sign_in("gus")
    page = watched.open(f"/peps/desk/merge?take={one}.1&take={two}.1")
    surface = ".own-words [contenteditable=true]"
    expect(page.locator(surface)).to_have_count(1)
    assert "|" not in page.locator(surface).inner_text()
    assert "[^" not in page.locator("main").inner_text()
    typed_behind(page, years, " and a half")
    own = page.get_by_role("radio", name="Own words")
    expect(own).to_be_checked()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    # The page comes back with an answer, and what was typed stands in it.
    page.get_by_role("button", name="Show it again with my choices").click()
    expect(page.locator("[aria-labelledby='page.after'] .redline")).to_contain_text("and a half")
    expect(page.locator(surface)).to_contain_text("and a half")
    expect(page.get_by_role("radio", name="Own words")).to_be_checked()
    page.get_by_label("What this merge is").fill("Half a year more")
    page.get_by_role("button", name="Merge 2 into revision").click()
    page.wait_for_url("**/desk/merged/*")
    assert f"[^membership] | *{years} and a half* years |" in people.text("vision")
    watched.close()


def test_a_proposal_is_adopted_in_other_words_typed_as_they_will_read(
    chromium: Browser, served: Served, people: People
) -> None:
    text = people.text("mission")
    number = people.propose(people.uma, "mission", text.replace("better-performing", "*well*-performing"))
    ref = f"{number}.1"
    watched = Watched(chromium, served)
    watched.sign_in("gus")
    page = watched.open(f"/peps/desk?proposal={number}")
    page.locator("details.amend summary").click()
    surface = "details.amend [contenteditable=true]"
    assert "[note" not in page.locator(surface).inner_text()
    typed_behind(page, "well", " and nobly")
    page.keyboard.press("Enter")
    expect(page.locator(".own-told")).to_contain_text("one paragraph")
    # A page that is loaded again has lost nothing.
    page.reload()
    expect(page.locator(surface)).to_contain_text("nobly-performing")
    page.get_by_role("button", name=f"Adopt {ref} in these words").click()
    expect(page.locator("#page\\.back")).to_contain_text("Adopted, amended")
    decided = people.gus.get(f"{API}/proposals/{number}").json()["changes"][0]
    assert "*well and nobly*-performing[^performing] life" in json.dumps(decided)
    watched.close()
