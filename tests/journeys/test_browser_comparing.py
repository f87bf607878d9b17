"""Comparing in a real browser: from change to change with keys, buttons and links, on a phone, and taken away."""

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser import Served, Watched

pytestmark = pytest.mark.browser

PAIR = "/peps/compare/2025-05...working"


@pytest.mark.long
def test_a_reader_compares_goes_through_the_changes_and_takes_them_away(chromium: Browser, served: Served) -> None:
    watched = Watched(chromium, served)
    page = watched.open("/peps")
    page.get_by_role("link", name="See the changes since May 2025").click()
    page.wait_for_url(f"**{PAIR}")
    bar = page.get_by_role("toolbar", name="Changes, one by one")
    bar.get_by_role("button", name="Next").click()
    first, second = page.locator("[id='change.1']"), page.locator("[id='change.2']")
    expect(first).to_be_focused()
    expect(first).to_be_in_viewport()
    expect(bar).to_contain_text("1 of 2")
    page.keyboard.press("n")
    expect(second).to_be_focused()
    page.keyboard.press("p")
    expect(first).to_be_focused()
    page.get_by_role("link", name="Side by side").click()
    page.wait_for_url("**view=side**")
    expect(page.get_by_role("columnheader")).to_have_text(["May 2025", "Working text"])
    answer = page.request.get(
        served.address + (page.get_by_role("link", name="Redline as PDF").get_attribute("href") or "")
    )
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")
    watched.close()


@pytest.mark.long
def test_without_scripts_links_lead_from_change_to_change(chromium: Browser, served: Served) -> None:
    watched = Watched(chromium, served, scripts=False)
    page = watched.open(PAIR)
    page.get_by_role("link", name="To the first change").click()
    expect(page.locator("[id='change.1']")).to_be_in_viewport()
    page.get_by_role("link", name="Next change, 2").click()
    expect(page.locator("[id='change.2']")).to_be_in_viewport()
    fold = page.locator("details.fold").first
    fold.locator("summary").click()
    expect(fold).to_contain_text("PEPs is the first global community")
    assert page.get_by_role("toolbar").count() == 0
    watched.close()


@pytest.mark.long
def test_single_letters_do_nothing_outside_the_compared_text(chromium: Browser, served: Served) -> None:
    watched = Watched(chromium, served)
    page = watched.open(PAIR)
    page.get_by_label("From").focus()
    page.keyboard.press("n")
    expect(page.get_by_label("From")).to_be_focused()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("n")
    assert "#change" not in page.url
    watched.close()


@pytest.mark.long
@pytest.mark.parametrize("width", [320, 360, 768])
def test_both_views_fit_a_phone(chromium: Browser, served: Served, width: int) -> None:
    watched = Watched(chromium, served, width=width)
    for view in ("", "?view=side", "?view=side&whole=yes"):
        page = watched.open(PAIR + view)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, view
    if width < 700:
        left, right = (page.locator("table.sides td[data-label]").nth(n).bounding_box() for n in (0, 1))
        assert left is not None
        assert right is not None
        assert right["y"] >= left["y"] + left["height"] - 1, "side by side falls into one column"
    watched.close()


@pytest.mark.long
def test_a_change_named_in_the_address_is_shown_and_read_out(chromium: Browser, served: Served) -> None:
    watched = Watched(chromium, served)
    page = watched.open(f"{PAIR}?view=side#change.2")
    expect(page.locator("[id='change.2']")).to_be_focused()
    name = page.locator("[id='change.2']").get_attribute("aria-label")
    assert name == "Change 2 of 2: paragraph 1"
    page.get_by_role("link", name="Vision 1").click()
    page.wait_for_url("**section=vision**")
    expect(page.locator("ins").filter(has_text="equal").first).to_be_visible()
    watched.close()
