"""The editor in a browser: opening it, putting the cursor somewhere, and what it shows."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import delete

from app.db.models.unsent import Unsent
from tests.support.browser import Served, Watched

EDITOR = "[contenteditable=true]"


@contextmanager
def writing(
    chromium: Browser, served: Served, path: str, *, width: int = 1280, name: str = "otto", failing: bool = False
) -> Iterator[Page]:
    """The editor of a section, in the browser of somebody who has signed in; nothing may be complained about.

    Unless requests are ``failing`` on purpose: the browser tells of these, and rightly so.
    """
    with served.database.writing() as session:
        session.execute(delete(Unsent))
    watched = Watched(chromium, served, width=width)
    watched.sign_in(name)
    page = opened(watched, path)
    yield page
    if failing:
        watched.complaints.clear()
    watched.close()


def opened(watched: Watched, path: str) -> Page:
    page = watched.open(path)
    page.locator("#page\\.editor[data-ready]").wait_for()
    return page


def blocks(page: Page) -> list[str]:
    """The words of each block, without what is struck out or drawn."""
    return page.evaluate(
        """() => [...document.querySelector('[contenteditable=true]').querySelectorAll('[data-id], .is-new')]
          .filter(e => !e.closest('.gone-blocks'))
          .map(e => { const c = e.cloneNode(true); c.querySelectorAll('del, .sign').forEach(x => x.remove());
                      return c.textContent; })"""
    )


def marks(page: Page) -> tuple[list[str], list[str]]:
    """The words that are underlined, and those that are struck out."""
    added = page.locator(f"{EDITOR} ins").all_inner_texts()
    return [words for words in added if words], page.locator(f"{EDITOR} del").all_inner_texts()


def put_cursor(page: Page, after: str) -> None:
    """Put the cursor behind some words of the text, and go on when the editor has seen it there.

    The editor puts a cursor that it has not seen yet back to where it was when it took the focus: no hand is so fast
    as to press a key before, but a script on a busy machine is.
    """
    page.evaluate(
        """async words => { const sheet = document.querySelector('[contenteditable=true]');
          const walk = document.createTreeWalker(sheet, NodeFilter.SHOW_TEXT);
          for (let n; (n = walk.nextNode());) { const at = n.data.indexOf(words);
            if (at < 0 || n.parentElement.closest('del')) continue;
            const seen = new Promise(done => document.addEventListener('selectionchange', done, { once: true }));
            sheet.focus();
            getSelection().removeAllRanges();
            getSelection().collapse(n, at + words.length);
            return seen.then(() => {}); }
          throw Error('not there: ' + words) }""",
        after,
    )


def choose(page: Page, words: str) -> None:
    """Select some words of the text, as with the mouse."""
    put_cursor(page, words)
    page.evaluate(
        "length => { const s = getSelection(); s.setBaseAndExtent(s.anchorNode, s.anchorOffset - length,"
        " s.anchorNode, s.anchorOffset) }",
        len(words),
    )


def phrases(page: Page, count: int) -> list[str]:
    """The changes in words, once there are so many."""
    expect(page.locator("#page\\.changes [data-count]")).to_have_text(str(count))
    return page.locator("[data-changes] li > span:first-child").all_inner_texts()


def paste(page: Page, html: str, text: str = "") -> None:
    page.evaluate(
        """([html, text]) => { const data = new DataTransfer(); if (html) data.setData('text/html', html);
          data.setData('text/plain', text);
          document.querySelector('[contenteditable=true]').dispatchEvent(
            new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})) }""",
        [html, text],
    )
