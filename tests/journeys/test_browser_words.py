"""Reading the working text in a real browser: words are selected and commented on, marked, linked and printed."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import Served, Watched

pytestmark = pytest.mark.browser

# Selects from the first of some words to the last of others inside one element, as a mouse or a finger would.
SELECT = """([where, from, to]) => {
  const walker = document.createTreeWalker(document.querySelector(where), NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let begun = false, node;
  while ((node = walker.nextNode())) {
    if (!begun && node.data.includes(from)) { range.setStart(node, node.data.indexOf(from)); begun = true; }
    if (begun && node.data.includes(to)) { range.setEnd(node, node.data.indexOf(to) + to.length); break; }
  }
  const selection = document.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}"""


def select(page: Page, where: str, begins: str, ends: str) -> None:
    page.evaluate("document.getSelection().removeAllRanges()")
    page.locator(".pop").wait_for(state="hidden")
    page.evaluate(SELECT, [where, begins, ends])
    page.locator(".pop").wait_for()


@pytest.mark.long
def test_a_member_selects_words_and_comments_on_exactly_these(chromium: Browser, served: Served) -> None:
    watched = Watched(chromium, served)
    watched.sign_in("mara")
    page = watched.open("/peps/working")
    # From one side of two note numbers to the other.
    select(page, "#mission", "better-performing", "by co-designing")
    page.get_by_role("group", name="The selected words").get_by_role("link", name="Comment").click()
    page.wait_for_url("**/threads/new?**")
    words = "better-performing life sciences for-profit organizations by co-designing"
    expect(page.locator("blockquote mark")).to_have_text(words)
    page.get_by_label("Your comment").fill("Which organizations?")
    page.get_by_role("button", name="Comment", exact=True).click()
    page.wait_for_url("**/threads/*")
    expect(page.locator("blockquote mark").first).to_have_text(words)
    # Now the words are marked, and the pin at their end leads to what was said.
    watched.open("/peps/working")
    pin = page.get_by_role("link", name="1 comment on “better-performing")
    pin.click()
    card = page.locator(f"[id='{(pin.get_attribute('href') or '')[1:]}']")
    expect(card).to_contain_text("Which organizations?")
    expect(card).to_be_in_viewport()
    # Selected again, over marks and pins, the words are the same ones.
    select(page, "#mission", "foster", "co-designing")
    page.locator(".pop").get_by_role("link", name="Comment").click()
    expect(page.locator("blockquote mark")).to_have_text(f"foster {words}")
    watched.close()


@pytest.mark.long
def test_selected_words_lead_to_a_proposal_and_to_their_source(chromium: Browser, served: Served) -> None:
    watched = Watched(chromium, served)
    watched.sign_in("mara")
    page = watched.open("/peps/working")
    select(page, "#vision", "sustainable", "care")
    pop = page.locator(".pop")
    block = page.locator("#vision p.words").get_attribute("id")
    assert pop.get_by_role("link", name="Propose").get_attribute("href") == f"/peps/propose/vision#{block}"
    assert pop.get_by_role("link", name="Where from").get_attribute("href") == f"/peps/blocks/{(block or '')[2:]}"
    select(page, "#goals", "Goal 3", "Develop a Community")
    href = pop.get_by_role("link", name="Comment").get_attribute("href") or ""
    assert "quote=Develop+a+Community&" in href, "the label of a goal is ours, not the charter's"
    select(page, "#mission", "Our mission", "PEPs is the first")
    expect(pop).to_contain_text("Select words inside one paragraph")
    expect(pop.get_by_role("link")).to_have_text(["Comment on the section"])
    page.keyboard.press("Escape")
    expect(pop).to_be_hidden()
    select(page, "#mission h2", "Mission", "Mission")
    assert (
        pop.get_by_role("link", name="Comment").get_attribute("href") == "/peps/threads/new?revision=3&section=mission"
    )
    # A note that stands here again belongs to the section where it stood first.
    page.evaluate(SELECT, ["#mission .again", "as in", "as in"])
    expect(pop).to_be_hidden()
    watched.close()


@pytest.mark.long
def test_a_reader_is_offered_what_a_reader_may_do(chromium: Browser, served: Served) -> None:
    watched = Watched(chromium, served)
    page = watched.open("/peps")
    select(page, "#vision", "key", "partners")
    expect(page.locator(".pop").get_by_role("link")).to_have_text(["Where from"])
    expect(page.locator(".pop").get_by_role("button")).to_have_text(["Copy link"])
    # Who may work on the text is led to the same paragraph there.
    watched.sign_in("mara")
    page = watched.open("/peps")
    select(page, "#vision", "key", "partners")
    page.locator(".pop").get_by_role("link", name="In the working text").click()
    page.wait_for_url("**/peps/working#b-*")
    expect(page.locator("#vision p.words")).to_be_in_viewport()
    watched.close()


@pytest.mark.long
def test_with_the_keyboard_selected_words_lead_to_the_form(chromium: Browser, served: Served) -> None:
    watched = Watched(chromium, served)
    watched.sign_in("otto")
    page = watched.open("/peps/working")
    select(page, "#vision", "innovation", "healthcare")
    page.keyboard.press("Tab")
    expect(page.locator(".pop").get_by_role("link", name="Comment")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/threads/new?**")
    expect(page.locator("blockquote mark")).to_have_text("innovation in healthcare")
    watched.close()


@pytest.mark.long
def test_on_a_touch_screen_the_offer_stands_at_the_foot_of_the_screen(chromium: Browser, served: Served) -> None:
    watched = Watched(chromium, served, width=360)
    watched.context.close()
    watched.context = chromium.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    watched.page = watched.context.new_page()
    watched.sign_in("mara")
    page = watched.open("/peps/working")
    select(page, "#vision", "sustainable", "care")
    box = page.locator(".pop").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] > 700
    assert box["width"] <= 360
    page.locator(".pop").get_by_role("link", name="Comment").tap()
    page.wait_for_url("**/threads/new?**")
    expect(page.locator("blockquote mark")).to_have_text("sustainable care")
    watched.close()


@pytest.mark.long
def test_without_scripts_every_paragraph_shows_at_its_address_what_can_be_done(
    chromium: Browser, served: Served
) -> None:
    watched = Watched(chromium, served, scripts=False, width=360)
    watched.sign_in("mara")
    page = watched.open("/peps/working")
    comment = page.locator("#vision .block").get_by_role("link", name="Comment", exact=True)
    expect(comment).to_be_hidden()
    page.get_by_label("Show the number of each paragraph").check()
    place = page.get_by_role("link", name="Vision, paragraph 1")
    expect(place).to_be_visible()
    place.click()
    page.get_by_label("Show the number of each paragraph").uncheck()
    expect(comment).to_be_visible()
    comment.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Comment on Vision, paragraph 1")
    watched.close()


@pytest.mark.long
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_marks_are_told_apart_without_colour_and_nothing_scrolls_sideways(
    chromium: Browser, served: Served, width: int, scheme: str
) -> None:
    watched = Watched(chromium, served, width=width, scheme=scheme)
    page = watched.open("/peps/working")
    proposal = page.locator("mark.marked-prop").first
    assert proposal.evaluate("m => getComputedStyle(m).borderBottomStyle") == "solid"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    watched.close()


@pytest.mark.long
def test_on_paper_the_numbers_of_paragraphs_stand_and_what_can_be_done_does_not(
    chromium: Browser, served: Served
) -> None:
    watched = Watched(chromium, served)
    watched.sign_in("mara")
    page = watched.open("/peps/working")
    page.emulate_media(media="print")
    expect(page.locator("#mission .no-p").first).to_be_visible()
    for hidden in (".nav", ".toc", ".do", ".foot", ".take"):
        assert not any(one.is_visible() for one in page.locator(hidden).all()), hidden
    watched.close()
