"""Cutting, copying and pasting in the editor, within the text, over the walls of tables, and from elsewhere."""

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import delete

from app.db.models.unsent import Unsent
from tests.support.browser import Served, Watched
from tests.support.editing import EDITOR, blocks, choose, marks, opened, paste, put_cursor, writing

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_what_is_cut_and_put_back_is_what_it_was(chromium: Browser, served: Served) -> None:
    watched = Watched(chromium, served)
    watched.sign_in("otto")
    for key in ("mission", "goals", "footnotes"):
        with served.database.writing() as session:
            session.execute(delete(Unsent))
        page = opened(watched, f"/peps/propose/{key}")
        before = page.locator(f"{EDITOR} .sheet-body").inner_html()
        page.locator(EDITOR).focus()
        page.keyboard.press("Control+a")
        page.keyboard.press("Control+x")
        assert page.locator(f"{EDITOR} .sheet-body .gone").count()
        page.keyboard.press("Control+v")
        assert page.locator(f"{EDITOR} .sheet-body").inner_html() == before
        assert page.locator(f"{EDITOR} .is-changed").count() == 0
    page = opened(watched, "/peps/propose/mission")
    # A copy is new, a citation in it is one more, and an item stays an item.
    choose(page, "current and future practice")
    page.keyboard.press("Control+c")
    put_cursor(page, "life sciences industry.")
    page.keyboard.press("Control+v")
    assert marks(page) == (["current and future practice"], [])
    watched.close()


PDF = """A paragraph that was copied out of a printed page has every line of it broken where the line
ended in the print, though whoever reads it takes it for what it is: one para-
graph. It ends here with a full stop.
Another one follows on it and it is long enough that the line is broken before it comes to
its end."""


def test_what_is_pasted_from_anywhere_comes_in_as_it_was_meant(chromium: Browser, served: Served) -> None:
    with writing(chromium, served, "/peps/propose/+section") as page:
        page.locator(EDITOR).focus()
        paste(page, "", PDF)
        first, second = blocks(page)
        assert "the line ended in the print" in first
        assert first.endswith("one para-graph. It ends here with a full stop.")
        assert second.endswith("it comes to its end.")
        # A cell that takes the room of several leaves the others in their columns.
        put_cursor(page, "its end.")
        page.keyboard.press("Enter")
        paste(
            page,
            "<table><tr><td colspan=2>wide</td><td>z</td></tr><tr><td rowspan=2>tall</td><td>b</td><td>c</td></tr>"
            "<tr><td>d</td><td>e</td></tr></table>",
        )
        assert page.locator(f"{EDITOR} td").all_text_contents() == ["wide", "", "z", "tall", "b", "c", "", "d", "e"]
        # Comments and buttons are no words of the text; what is struck out in Word is gone.
        put_cursor(page, "its end.")
        paste(
            page,
            "<p>We <del>shall</del><ins> meet</ins><span class=MsoCommentReference><a href='#_msocom_1'>[A1]</a></span>"
            "<select><option>none</option></select><button>Press</button></p>",
        )
        assert page.locator(f"{EDITOR} p").nth(1).inner_text().endswith("its end.We meet")
        # What turns the words around it without being seen is told.
        paste(page, "", " safe\u202eevil\u202c")
        assert page.locator(f"{EDITOR} .unseen").evaluate_all("all => all.map(e => e.dataset.code)") == [
            "U+202E",
            "U+202C",
        ]


def cells(page: Page) -> list[str]:
    return page.locator(f"{EDITOR} td").evaluate_all(
        "all => all.map(e => { const c = e.cloneNode(true); c.querySelectorAll('del').forEach(x => x.remove());"
        " return c.textContent })"
    )


def choose_between(page: Page, first: str, last: str) -> None:
    """Select from behind some words to behind others."""
    put_cursor(page, last)
    page.evaluate("() => { window.far = [getSelection().anchorNode, getSelection().anchorOffset] }")
    put_cursor(page, first)
    page.evaluate("() => getSelection().extend(...window.far)")


TABLE = """<p>before all</p><table><tr><td>north</td><td>east</td></tr><tr><td>south</td><td>west</td></tr></table>
<p>below us</p>"""


def test_what_is_taken_out_of_several_cells_leaves_the_table_as_it_is(chromium: Browser, served: Served) -> None:
    with writing(chromium, served, "/peps/propose/+section") as page:
        page.locator(EDITOR).focus()
        paste(page, TABLE)
        choose_between(page, "north", "south")
        page.keyboard.press("Delete")
        assert cells(page) == ["north", "", "", "west"]
        page.keyboard.type(" again")
        assert cells(page) == ["north again", "", "", "west"]
        # From a cell into the paragraph below, and from the one above over the whole table.
        choose_between(page, "wes", "below")
        page.keyboard.type("x")
        assert cells(page) == ["north again", "", "", "wesx"]
        assert blocks(page)[-1] == " us"
        choose_between(page, "before", " u")
        page.keyboard.press("Backspace")
        assert cells(page) == []
        assert [words for words in blocks(page) if words] == ["befores"]


def test_cells_that_are_cut_go_back_into_cells(chromium: Browser, served: Served) -> None:
    with writing(chromium, served, "/peps/propose/+section") as page:
        page.locator(EDITOR).focus()
        paste(page, TABLE)
        choose_between(page, "nor", "eas")
        page.keyboard.press("Control+x")
        assert cells(page) == ["nor", "t", "south", "west"]
        page.keyboard.press("Control+v")
        assert cells(page) == ["north", "east", "south", "west"]
        # Cells of a spreadsheet fill the cells from the cursor on, where there is room.
        put_cursor(page, "east")
        paste(page, "<table><tr><td>+</td></tr><tr><td>-</td></tr></table>")
        assert cells(page) == ["north", "east+", "south", "-west"]


def test_what_is_typed_before_a_new_line_break_or_citation_is_in_the_text(chromium: Browser, served: Served) -> None:
    with writing(chromium, served, "/peps/propose/mission") as page:
        choose(page, "strong patient")
        # What is typed over the words goes in italics, and begins with a new line.
        page.keyboard.press("Control+i")
        for key in ("Backspace", "Control+i", "Shift+Enter", "x", "ArrowLeft", "ArrowLeft"):
            page.keyboard.press(key)
        page.keyboard.type("typed")
        assert any("typed" in words for words in blocks(page))
        page.get_by_role("button", name="Footnote").first.click()
        page.keyboard.type("a note")
        page.keyboard.press("Escape")
        page.keyboard.press("ArrowLeft")
        page.keyboard.type("before it")
        assert any("typedbefore it" in words for words in blocks(page))
