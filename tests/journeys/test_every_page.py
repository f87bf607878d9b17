"""Every page as axe sees it, and as those come to it who use a keyboard, a magnifier or a screen reader."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.support import axe
from tests.support.browser import Served, Watched
from tests.support.every_page import PAGES, REFUSED, SENT_BACK, Furnished, furnish

MAIN = (
    ("", "/peps"),
    ("gilda", "/peps/desk"),
)
"""The pages that every run of the tests looks at."""

EVERY = [(who, path) for shown in PAGES.values() for who, path in shown]
ANSWERS: dict[BrowserContext, dict[str, int]] = {}
"""What each person got where links lead."""

_SEND = """([address, typed]) => {
  const form = [...document.forms].find(f => new URL(f.action).pathname === address);
  for (const [name, value] of Object.entries(typed)) {
    for (const there of form.querySelectorAll(`[name="${name}"]`)) there.remove();
    const field = document.createElement('input');
    [field.type, field.name, field.value] = ['hidden', name, value];
    form.append(field);
  }
  HTMLFormElement.prototype.submit.call(form);
}"""

ZOOMED = 320
"""A window of 1280 pixels at 400 per cent."""


@pytest.fixture(scope="module")
def furnished(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    return furnish(served, tmp_path_factory.mktemp("mails"))


@pytest.fixture(scope="module")
def people(chromium: Browser, served: Served, furnished: Furnished) -> Iterator[dict[str, Watched]]:
    """A browser of everybody who looks at pages, in which they are signed in."""
    assert furnished.names
    made = {}
    for name in ("", "mara", "otto", "gilda", "ada"):
        made[name] = Watched(chromium, served)
        if name:
            made[name].sign_in(name)
    yield made
    for watched in made.values():
        watched.context.close()


def looked_at(watched: Watched, path: str, status: int = 200) -> list[str]:
    """Everything that is wrong with a page, light and dark, wide and narrow."""
    watched.complaints.clear()
    watched.strangers.clear()
    answer = watched.page.goto(watched.address + path, wait_until="load")
    assert answer is not None
    assert answer.status == status
    known = ANSWERS.setdefault(watched.context, {})
    return faults(watched) + [f"leads nowhere: {link}" for link in axe.dead_links(watched.page, watched.address, known)]


def faults(watched: Watched) -> list[str]:
    """Everything that is wrong with the page that is shown."""
    page = watched.page
    found: list[str] = []
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
            found += [f"{width} {scheme}: {told}" for told in axe.violations(page)]
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": ZOOMED, "height": 256})
    found += axe.sideways(page)
    found += axe.silent_redlines(page)
    found += axe.unseen_focus(page)
    # What is opened must not reach beyond the window either.
    found += axe.sideways(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    found += [told for told in watched.complaints if "the server responded with a status of 4" not in told]
    return found + [f"asks another site: {url}" for url in watched.strangers]


@pytest.mark.browser
@pytest.mark.axe
@pytest.mark.parametrize(("who", "path"), MAIN)
def test_nothing_is_wrong_with_the_pages_most_people_see(
    people: dict[str, Watched], furnished: Furnished, who: str, path: str
) -> None:
    assert looked_at(people[who], furnished.address(path)) == []


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.axe
@pytest.mark.parametrize(("who", "path"), EVERY)
def test_nothing_is_wrong_with_any_page(people: dict[str, Watched], furnished: Furnished, who: str, path: str) -> None:
    assert looked_at(people[who], furnished.address(path)) == []


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.axe
@pytest.mark.parametrize(("who", "path", "status"), REFUSED)
def test_nothing_is_wrong_with_pages_that_say_no(people: dict[str, Watched], who: str, path: str, status: int) -> None:
    assert looked_at(people[who], path, status) == []


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.axe
@pytest.mark.parametrize(("who", "path", "form", "typed"), SENT_BACK)
def test_nothing_is_wrong_with_forms_that_are_shown_again(
    people: dict[str, Watched], furnished: Furnished, who: str, path: str, form: str, typed: dict[str, str]
) -> None:
    watched = people[who]
    watched.complaints.clear()
    watched.strangers.clear()
    page = watched.open(furnished.address(path))
    with page.expect_navigation() as going:
        page.evaluate(_SEND, [form, typed])
    assert going.value is not None
    assert going.value.status in (200, 409, 422)
    assert faults(watched) == []


@pytest.mark.browser
@pytest.mark.axe
def test_what_is_wrong_is_found(chromium: Browser, served: Served) -> None:
    watched = Watched(chromium, served, width=ZOOMED)
    page = watched.open("/peps")
    assert axe.violations(page) + axe.sideways(page) + axe.silent_redlines(page) + axe.unseen_focus(page) == []
    page.evaluate(
        """() => {
          const add = (name, inside) => { const e = document.createElement(name); e.append(inside);
            document.querySelector('main').append(e); return e; };
          add('button', '').style.width = '44px';
          add('p', 'pale').style.color = '#eee';
          add('p', 'wide').style.width = '900px';
          add('ins', 'added');
          const link = add('a', 'somewhere');
          link.href = '/';
          link.style.outline = link.style.boxShadow = 'none';
        }"""
    )
    told = " ".join(axe.violations(page))
    assert "button-name" in told
    assert "color-contrast" in told
    assert len(axe.sideways(page)) >= 1
    assert axe.silent_redlines(page) == ["<ins>added</ins>"]
    assert any("somewhere" in one for one in axe.unseen_focus(page))
    watched.close()
