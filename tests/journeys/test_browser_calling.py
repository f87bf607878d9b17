"""Calling somebody in a comment: names are offered after an @, and taken by key or by finger."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.support.axe import violations
from tests.support.browser import Served, Watched

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_names_are_offered_after_an_at_and_taken_by_key_or_finger(served: Served, chromium: Browser) -> None:
    visit = Watched(chromium, served)
    visit.sign_in("mara")
    page = visit.open("/peps/threads/new?section=vision")
    field, names = page.get_by_label(re.compile("Your comment")), page.get_by_role("listbox")
    field.click()
    page.keyboard.type("See a@b. Dear @")
    expect(names.get_by_role("option")).to_have_text(["Gilda", "Otto"])
    assert violations(page) == []
    page.keyboard.press("ArrowDown")
    expect(names.get_by_role("option", name="Otto")).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == names.get_by_role("option", name="Otto").get_attribute("id")
    page.keyboard.press("Enter")
    expect(field).to_have_value("See a@b. Dear @Otto ")
    expect(names).to_be_hidden()
    page.keyboard.type("and @gil")
    names.get_by_role("option", name="Gilda").click()
    expect(field).to_have_value("See a@b. Dear @Otto and @Gilda ")
    # Whoever does not want the list goes on typing.
    page.keyboard.type("@o")
    expect(names).to_be_visible()
    page.keyboard.press("Escape")
    expect(names).to_be_hidden()
    page.keyboard.type("ld words\n@zebra")
    expect(names).to_be_hidden()
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="told of it")).to_contain_text("Gilda and Otto are told of it.")
    expect(page.get_by_role("status").filter(has_text="told of it")).to_contain_text("“@zebra” is nobody")
    visit.close()
