"""A governor in a real browser: from open changes to a published edition, and the public that downloads it."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app import clock
from app.queries.verification import verify
from app.services.imports import publish_source_edition
from app.web import approving
from tests.journeys.test_task_force import VERDICTS, Meeting
from tests.support.browser import Served, Watched, serving
from tests.support.site import shipped_source
from tests.support.task_force import WISHES
from tests.web.life import live

pytestmark = pytest.mark.browser


@contextmanager
def meeting(sqlite_template: Path, folder: Path, *, quorum: int = 2) -> Iterator[tuple[Served, Meeting]]:
    """A served charter on which a task force has written forty proposals, reviewed and recommended."""
    shutil.copy(sqlite_template, folder / "engross.sqlite3")
    with serving(folder) as served:
        held = Meeting(served.database, folder, WISHES)
        source = shipped_source("peps")
        assert source.edition is not None
        publish_source_edition(served.database, "peps", source.edition, 1, clock.now())
        held.settings(rule="no_objection", quorum=quorum)
        held.write()
        held.discuss()
        held.advise()
        held.take_amendment()
        yield served, held


def shown(page: Page) -> list[str]:
    """The changes on the page, in its order."""
    ids = page.locator("article.change").evaluate_all("cards => cards.map(card => card.id)")
    return [id.removeprefix("change.") for id in ids]


def verdicts(held: Meeting) -> dict[str, tuple[str, str]]:
    """What the meeting decides on each change, by its name, and why."""
    found = {}
    for wish in held.wishes:
        proposal = held.proposal(wish.title, held.governor)
        outcome, reason = VERDICTS.get(wish.title, ("adopted", "We heard the objection, and want it all the same."))
        for change in proposal["changes"]:
            button = {"adopted": "Adopt", "adopted_amended": "Adopt", "rejected": "Reject", "deferred": "Defer"}
            found[change["ref"]] = (button[outcome], reason)
    return found


def press(page: Page, ref: str, button: str) -> None:
    page.locator(f'[id="change.{ref}"]').get_by_role("button", name=f"{button} {ref}", exact=True).click()


def decide_all(page: Page, wanted: dict[str, tuple[str, str]]) -> int:
    """Decide from the top, always on the change that the page leads to; the answer is how many were decided."""
    done = 0
    passed: set[str] = set()
    while left := [ref for ref in shown(page) if ref not in passed]:
        ref = left[0]
        button, reason = wanted[ref]
        page.locator(f'[id="page.reason.{ref}"]').fill(reason)
        press(page, ref, button)
        expect(page.locator('[id="page.back"]')).to_contain_text(f"{ref}:")
        passed.add(ref)
        done += 1
    return done


def merge_all(page: Page) -> None:
    """Preview what is adopted, settle each conflict in the way that is offered first, read what is combined, merge."""
    page.get_by_role("link", name=re.compile("preview the merge", re.IGNORECASE)).first.click()
    while page.get_by_role("heading", name=re.compile(r"^Settle \d")).is_visible():
        for conflict in page.locator("fieldset.conflict:not(.is-settled)").all():
            conflict.get_by_role("radio").first.check()
        page.get_by_role("button", name="Show it again with my choices").click()
    for sentence in page.get_by_role("checkbox", name=re.compile("I have read this sentence")).all():
        sentence.check()
    page.get_by_label("What this merge is").fill("Decisions of the meeting")
    page.get_by_role("button", name=re.compile(r"^Merge \d+ into revision")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("In the text since revision")


def publish(page: Page, *, day: str = "") -> None:
    """From the merged text to a published edition, step by step as the page leads."""
    page.get_by_role("link", name=re.compile("Make an edition of revision")).click()
    if day:
        page.get_by_label("Day", exact=True).select_option(day)
    page.get_by_role("button", name="Make the draft").click()
    page.get_by_role("button", name=re.compile("^Freeze revision")).click()
    expect(page.locator('[id="page.done"]')).to_contain_text("Frozen.")
    page.get_by_role("button", name="Sign off", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("Read the text first")
    page.get_by_role("checkbox", name=re.compile("I have read revision")).check()
    page.get_by_role("button", name="Sign off", exact=True).click()
    expect(page.locator('[id="page.done"]')).to_contain_text("You have signed off.")
    page.get_by_role("button", name=re.compile("^Approve")).click()
    expect(page.locator('[id="page.done"]')).to_contain_text("Approved.", timeout=120_000)
    page.get_by_role("button", name=re.compile("^Publish")).click()
    expect(page.locator('[id="page.done"]')).to_contain_text("Published.")


def assert_the_public_has_it(chromium: Browser, served: Served, words: str) -> None:
    reader = Watched(chromium, served, width=360)
    page = reader.open("/peps")
    # In the text itself: the changes since the edition before are named on the page too, folded.
    assert page.locator(".sec").get_by_text(words).first.is_visible()
    link = page.get_by_role("link", name=re.compile("Download the charter")).get_attribute("href")
    file = page.request.get(f"{served.address}{link}")
    assert file.ok
    assert file.body().startswith(b"%PDF-")
    reader.close()
    with served.database.reading() as session:
        assert verify(session).faults == ()


def test_a_governor_decides_merges_and_publishes_and_the_public_downloads(chromium: Browser, served: Served) -> None:
    watched = Watched(chromium, served)
    watched.sign_in("gilda")
    page = watched.open("/peps/desk")
    assert shown(page) == ["3.1"]
    page.get_by_text("Adopt amended…").click()
    page.get_by_role("textbox", name="The words of 3.1 as they shall be adopted").fill(" ")
    page.get_by_role("button", name="Adopt 3.1 in these words").click()
    expect(page.locator('[id="page.wrong.3.1"]')).to_contain_text("write the words in which it is adopted")
    watched.complaints.clear()  # Chromium notes each answer that is not a 200
    page.locator('[id="page.reason.3.1"]').fill("Of patients, and nobody else.")
    # What is written outlives a reload.
    page.reload()
    expect(page.locator('[id="page.reason.3.1"]')).to_have_value("Of patients, and nobody else.")
    press(page, "3.1", "Adopt")
    expect(page.locator('[id="page.back"]')).to_contain_text("3.1: Adopted. ")
    expect(page.locator('[id="page.back"]')).to_contain_text("Nothing is left to decide.")
    merge_all(page)
    publish(page, day="28")
    watched.complaints.clear()
    watched.close()
    assert_the_public_has_it(chromium, served, "an independent voice")


@pytest.mark.long
@pytest.mark.parametrize(("width", "scripts"), [(360, True), (1280, False)])
def test_forty_changes_are_decided_in_one_sitting(
    chromium: Browser, sqlite_template: Path, tmp_path: Path, width: int, scripts: bool
) -> None:
    with meeting(sqlite_template, tmp_path) as (served, held):
        wanted = verdicts(held)
        watched = Watched(chromium, served, width=width, scripts=scripts)
        watched.sign_in("gilda")
        page = watched.open("/peps/desk")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert decide_all(page, wanted) == 41
        page = watched.open("/peps/desk")
        merge_all(page)
        publish(page)
        watched.complaints.clear()
        watched.close()
        assert_the_public_has_it(chromium, served, "lasting and measured")


@pytest.mark.long
def test_the_keyboard_alone_decides_and_publishes(chromium: Browser, served_anew: Served) -> None:
    watched = Watched(chromium, served_anew)
    watched.sign_in("gilda")
    page = watched.open("/peps/desk")
    page.keyboard.press("j")
    page.keyboard.press("r")
    page.keyboard.type("Of patients, and nobody else. jkt")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Adopt 3.1", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator('[id="page.back"]')).to_contain_text("3.1: Adopted.")
    expect(page.locator('[id="page.back"]')).to_be_focused()
    page.keyboard.press("Tab")
    walk(page, "Preview the merge of what is adopted")
    walk(page, "What this merge is", press="")
    page.keyboard.type("By keys")
    walk(page, "Merge 1 into revision 4")
    walk(page, "Make an edition of revision 4")
    walk(page, "Day", press="")
    page.keyboard.type("27")
    walk(page, "Make the draft")
    walk(page, "Freeze revision 4")
    walk(page, "I have read revision 4 as it will be printed", press="Space")
    walk(page, "Sign off")
    walk(page, re.compile("^Approve"))
    expect(page.locator('[id="page.done"]')).to_contain_text("Approved.", timeout=120_000)
    walk(page, re.compile("^Publish"))
    expect(page.locator('[id="page.done"]')).to_contain_text("Published.")
    watched.close()


def walk(page: Page, name: str | re.Pattern[str], *, press: str = "Enter") -> None:
    """Go on by the tabulator until the focus is on what bears that name, and press it."""
    for _ in range(150):
        named = page.evaluate(
            "(e => [e.labels?.[0]?.firstChild?.textContent, e.getAttribute('aria-label'), e.textContent,"
            " e.labels?.[0]?.textContent].map(t => (t ?? '').replace(/\\s+/g, ' ').trim()))(document.activeElement)"
        )
        if any(said == name if isinstance(name, str) else name.search(said) for said in named):
            if press == "Enter":
                with page.expect_navigation():
                    page.keyboard.press(press)
            elif press:
                page.keyboard.press(press)
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not lead to {name}")


@pytest.mark.long
def test_what_is_written_for_others_stays_without_scripts(
    chromium: Browser, sqlite_template: Path, tmp_path: Path
) -> None:
    with meeting(sqlite_template, tmp_path, quorum=8) as (served, _):
        watched = Watched(chromium, served, scripts=False)
        watched.sign_in("gilda")
        page = watched.open("/peps/desk?section=vision")
        first, second, *_ = shown(page)
        page.locator(f'[id="page.reason.{second}"]').fill("Half a reason")
        page.locator(f'[id="page.reason.{first}"]').fill("Whole.")
        press(page, first, "Reject")
        expect(page.locator(f'[id="page.reason.{second}"]')).to_have_value("Half a reason")
        back = page.locator('[id="page.back"]')
        box = back.bounding_box()
        assert box is not None
        assert 0 <= box["y"] < 800, "the page comes back to where it goes on"
        # Below the quorum every verdict goes against the rule; the page says what is missing where it is missing.
        page.locator(f'[id="page.reason.{second}"]').fill("")
        press(page, second, "Adopt")
        expect(page.locator(f'[id="page.wrong.{second}"]')).to_be_in_viewport()
        watched.complaints.clear()
        watched.close()


@pytest.mark.long
@pytest.mark.parametrize("scripts", [True, False])
def test_a_pdf_that_takes_long_shows_that_it_is_being_set(
    chromium: Browser, served_anew: Served, monkeypatch: pytest.MonkeyPatch, scripts: bool
) -> None:
    monkeypatch.setattr(approving, "PATIENCE", 0.0)
    watched = Watched(chromium, served_anew, scripts=scripts)
    watched.sign_in("gilda")
    page = watched.open("/peps/editions/2026-11/steps")
    page.get_by_role("checkbox", name=re.compile("I have read revision")).check()
    page.get_by_role("button", name="Sign off", exact=True).click()
    page.get_by_role("button", name=re.compile("^Approve")).click()
    expect(page.get_by_text("The PDF is being set").first).to_be_visible()
    publishing = page.get_by_role("button", name=re.compile("^Publish"))
    if scripts:
        # The page looks by itself, and says so when it is done.
        expect(publishing).to_be_visible(timeout=120_000)
    else:
        work = approving.work_on(served_anew.database, "peps", "2026-11")
        assert work is not None
        work.done.wait(120)
        page.get_by_role("link", name="Look again").click()
        expect(publishing).to_be_visible()
    expect(page.locator('[id="page.done"]')).to_contain_text("Approved.")
    watched.close()


@pytest.fixture
def served_anew(sqlite_template: Path, tmp_path: Path) -> Iterator[Served]:
    """The life of a charter, served for one test alone."""
    shutil.copy(sqlite_template, tmp_path / "engross.sqlite3")
    with serving(tmp_path) as served:
        live(served.database, tmp_path)
        yield served
