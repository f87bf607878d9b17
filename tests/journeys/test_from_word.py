"""Somebody with a phone and no scripts brings back what went around by mail as a Word document."""

import pytest
from playwright.sync_api import Browser, expect

from tests.support.axe import sideways, silent_redlines, violations
from tests.support.browser import Served, Watched
from tests.support.word_hands import commented, replaced

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_a_document_that_went_around_becomes_a_draft_and_a_comment(chromium: Browser, served: Served) -> None:
    hers = Watched(chromium, served, width=360, scripts=False)
    hers.sign_in("mara")
    page = hers.open("/peps/working")
    with page.expect_download() as saving:
        page.get_by_role("link", name="Take this text along in Word").click()
    octets = saving.value.path().read_bytes()
    octets = replaced(octets, "levels of experience", "stages of a career", "Ann Onymous")
    octets = commented(octets, "Leveraging collective", "Is this English?", "Ann Onymous")
    page.get_by_role("link", name="Bring it back from Word").click()
    page.get_by_label("The document").set_input_files(
        {"name": "charter.docx", "mimeType": "application/octet-stream", "buffer": octets}
    )
    page.get_by_role("button", name="See what is in it").click()
    expect(page.get_by_role("heading", name="What Ann Onymous changed")).to_be_visible()
    expect(page.locator("ins").first).to_contain_text("stages")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_label("Title of the draft").fill("Stages of a career")
    page.get_by_role("button", name="Take over what is ticked").click()
    expect(page.get_by_text("It is taken over")).to_be_visible()
    page.get_by_role("link", name="Stages of a career").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Stages of a career")
    assert hers.complaints == []
    hers.close()


def test_the_page_of_a_document_is_for_everybody(chromium: Browser, served: Served) -> None:
    mine = Watched(chromium, served)
    mine.sign_in("mara")
    page = mine.open("/peps/from-word")
    octets = mine.context.request.get(f"{served.address}/peps/working.docx").body()
    octets = replaced(octets, "levels of experience", "stages of a career", "Ann Onymous")
    octets = commented(octets, "Leveraging collective", "Is this English?", "Ann Onymous")
    page.get_by_label("The document").set_input_files(
        {"name": "charter.docx", "mimeType": "application/octet-stream", "buffer": octets}
    )
    page.get_by_role("button", name="See what is in it").click()
    expect(page.get_by_role("heading", name="1 comment")).to_be_visible()
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 256})
    assert sideways(page) == []
    assert silent_redlines(page) == []
    mine.close()
