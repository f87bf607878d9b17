"""Reading and signing in with a real browser: nothing from elsewhere, no complaint, no sideways scroll, no mouse."""

import pytest
from playwright.sync_api import Browser

from tests.support.browser import Served, Watched
from tests.web.visits import link

pytestmark = pytest.mark.browser

PATHS = [
    "/",
    "/peps",
    "/peps/working",
    "/peps/editions",
    "/peps/editions/2025-05",
    "/peps/compare/2025-05...working",
    "/peps/compare/1...3?whole=yes",
    "/peps/proposals",
    "/peps/proposals/2",
    "/peps/proposals/3",
    "/peps/history",
    "/isop-pateg",
    "/isop-pateg/editions",
    "/sign-in",
]


@pytest.mark.long
def test_no_page_complains_or_asks_anybody_else(chromium: Browser, served: Served) -> None:
    watched = Watched(chromium, served)
    for path in PATHS:
        page = watched.open(path)
        assert page.evaluate("document.styleSheets.length") == 2, path
    watched.close()


@pytest.mark.long
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (360, "dark"), (768, "light")])
def test_no_page_scrolls_sideways(chromium: Browser, served: Served, width: int, scheme: str) -> None:
    watched = Watched(chromium, served, width=width, scheme=scheme)
    for path in PATHS:
        page = watched.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    watched.close()


def test_the_typefaces_of_the_product_are_used(chromium: Browser, served: Served) -> None:
    watched = Watched(chromium, served)
    page = watched.open("/peps")
    page.evaluate("document.fonts.ready.then(() => true)")
    loaded = page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
    assert {family.strip('"') for family in loaded} == {"Source Serif 4", "Source Sans 3"}
    watched.close()


@pytest.mark.long
def test_notes_stand_beside_the_text_on_a_wide_screen_and_below_it_on_a_phone(
    chromium: Browser, served: Served
) -> None:
    for width, beside in ((1280, True), (360, False)):
        watched = Watched(chromium, served, width=width)
        page = watched.open("/peps")
        words = page.locator("#definition p.words").first.bounding_box()
        last = page.locator("#definition p.words").last.bounding_box()
        note = page.locator('[id="note.2"]').bounding_box()
        assert words is not None
        assert last is not None
        assert note is not None
        if beside:
            assert note["x"] >= words["x"] + words["width"]
            assert note["y"] < words["y"] + words["height"]
        else:
            assert note["y"] >= last["y"] + last["height"]
        watched.close()


def test_the_sign_in_button_signs_in_and_out(chromium: Browser, served: Served) -> None:
    watched = Watched(chromium, served, width=360)
    page = watched.open(f"/sign-in/{link(served.database, 'gilda')}")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()
    assert page.url == f"{served.address}/"
    watched.open("/peps/proposals")
    assert page.get_by_role("heading", name="Waiting for you").is_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in").wait_for()
    watched.close()


def test_the_keyboard_alone_leads_to_the_text_and_its_notes(chromium: Browser, served: Served) -> None:
    watched = Watched(chromium, served)
    page = watched.open("/peps")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the text")
    assert skip.evaluate("link => link === document.activeElement")
    box = skip.bounding_box()
    assert box is not None
    assert box["y"] >= 0
    page.keyboard.press("Enter")
    page.wait_for_url("**/peps#page.main")
    page.locator("a.ref").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/peps#note.1")
    # The way back begins at the note that was reached.
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/peps#ref.1")
    watched.close()


@pytest.mark.long
def test_two_texts_are_chosen_and_compared_in_a_form(chromium: Browser, served: Served) -> None:
    watched = Watched(chromium, served)
    page = watched.open("/peps/compare/1...2")
    page.get_by_label("From").select_option("2025-05")
    page.get_by_label("To").select_option("working")
    page.get_by_role("button", name="Compare").click()
    page.wait_for_url("**/peps/compare/2025-05...working")
    assert page.locator("ins", has_text="equal").is_visible()
    watched.close()


@pytest.mark.long
def test_every_page_can_be_read_without_scripts_in_the_dark(chromium: Browser, served: Served) -> None:
    context = chromium.new_context(java_script_enabled=False, color_scheme="dark")
    page = context.new_page()
    page.goto(f"{served.address}/peps")
    assert page.get_by_role("heading", name="Draft Charter").is_visible()
    assert page.get_by_role("link", name="Download the charter").is_visible()
    context.close()
