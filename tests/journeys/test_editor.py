"""Typing into a section as in a word processor: what is marked, what is sent, and what no slip can lose."""

import json

import pytest
from playwright.sync_api import Browser, expect

from app.text.manuscript import manuscript, read_manuscript
from app.text.snapshot import Section, Snapshot
from tests.support.browser import Served, Watched
from tests.support.editing import EDITOR, blocks, choose, marks, opened, paste, phrases, put_cursor, writing
from tests.text.test_manuscript import charter, whole
from tests.text.test_redline_scenarios import ALL

pytestmark = pytest.mark.browser


def test_a_member_proposes_a_wording_in_three_screens(chromium: Browser, served: Served) -> None:
    with writing(chromium, served, "/peps/propose/vision") as page:
        choose(page, "sustainable")
        page.keyboard.type("lasting")
        assert marks(page) == (["lasting"], ["sustainable"])
        assert phrases(page, 1) == ["Paragraph 1 of Vision: “sustainable” replaced by “lasting”"]
        expect(page.locator("[data-kept]")).to_contain_text("Only you can see it")
        page.fill("#page\\.title", "Lasting healthcare")
        page.get_by_role("button", name="Send to the task force").click()
        page.wait_for_url("**/proposals/*")
        assert page.get_by_role("heading", name="Lasting healthcare").is_visible()
        assert page.locator("ins", has_text="lasting").first.is_visible()


def test_taking_back_what_was_typed_leaves_no_mark_and_nothing_to_send(chromium: Browser, served: Served) -> None:
    with writing(chromium, served, "/peps/propose/mission") as page:
        put_cursor(page, "strong patient")
        page.keyboard.type(" and able")
        assert marks(page)[0] == [" and able"]
        for _ in " and able":
            page.keyboard.press("Backspace")
        assert marks(page) == ([], [])
        choose(page, "first global")
        page.keyboard.press("Control+b")
        assert page.locator(f"{EDITOR} .reformatted").inner_text() == "first global"
        page.keyboard.press("Control+b")
        page.keyboard.press("Control+z")
        page.keyboard.press("Control+z")
        assert page.locator(f"{EDITOR} .reformatted").count() == 0
        expect(page.locator("#page\\.changes [data-none]")).to_be_visible()
        phrases(page, 0)


@pytest.mark.long
def test_paragraphs_are_cut_joined_moved_and_taken_out(chromium: Browser, served: Served) -> None:
    with writing(chromium, served, "/peps/propose/mission") as page:
        before = blocks(page)
        put_cursor(page, "experience and specialty.")
        page.keyboard.press("Enter")
        assert marks(page) == (["¶"], [])
        assert "split, a new paragraph begins" in " ".join(phrases(page, 2))
        page.keyboard.press("Backspace")
        assert blocks(page) == before
        assert marks(page) == ([], [])
        put_cursor(page, "Speaking as")
        page.keyboard.press("Alt+Shift+ArrowUp")
        assert "moved" in phrases(page, 1)[0]
        assert page.locator(f"{EDITOR} .is-moved").count() == 1
        page.keyboard.press("Alt+Shift+ArrowDown")
        assert blocks(page) == before
        phrases(page, 0)
        grip = page.locator(".grip")
        box = page.locator(f"{EDITOR} p").nth(1).bounding_box()
        page.locator(f"{EDITOR} p").nth(0).hover()
        assert box is not None
        grip.hover()
        page.mouse.down()
        page.mouse.move(box["x"] + 5, box["y"] + box["height"] - 2)
        page.mouse.up()
        assert blocks(page)[:2] == [before[1], before[0]]
        phrases(page, 1)
        page.keyboard.press("Control+z")
        assert blocks(page) == before


@pytest.mark.long
def test_footnotes_are_typed_where_they_stand_and_counted_live(chromium: Browser, served: Served) -> None:
    with writing(chromium, served, "/peps/propose/definition") as page:
        numbers = f"{EDITOR} .sheet-body sup.cite"
        before = page.locator(numbers).evaluate_all("all => all.map(e => e.dataset.number)")
        put_cursor(page, "Patient Engagement Industry Professional")
        page.keyboard.press("Control+Alt+f")
        page.keyboard.type("Of any company.")
        page.keyboard.press("Enter")
        page.keyboard.type(" now")
        after = page.locator(numbers).evaluate_all("all => all.map(e => e.dataset.number)")
        assert after == [before[0], *(str(int(number) + 1) for number in before)]
        notes = page.locator(f"{EDITOR} .sheet-notes .note-words")
        assert notes.first.inner_text() == "Of any company."
        assert notes.first.get_attribute("data-marker") == before[0]
        said = phrases(page, 2)
        assert f"Note {before[0]} added: “Of any company.”" in said
        # Nothing can take a note of the charter out here, whatever is selected.
        count = notes.count()
        page.keyboard.press("Control+a")
        page.keyboard.press("Control+a")
        page.keyboard.press("Delete")
        assert notes.count() >= count - 1
        page.keyboard.press("Control+z")
        assert notes.count() == count


@pytest.mark.long
def test_lists_and_tables_are_made_by_typing(chromium: Browser, served: Served) -> None:
    with writing(chromium, served, "/peps/propose/+section") as page:
        page.fill("#page\\.heading", "Meetings")
        page.locator(EDITOR).click()
        for line in ("We meet twice a year:", "- in spring", "in autumn", "", "Always with:"):
            page.keyboard.type(line)
            page.keyboard.press("Enter")
        page.keyboard.type("1. a chair")
        page.keyboard.press("Enter")
        page.keyboard.type("and a deputy")
        page.keyboard.press("Alt+Shift+ArrowRight")
        page.keyboard.press("Enter")
        # An empty item leads out of the list, one level at a time.
        page.keyboard.press("Enter")
        page.keyboard.type("a secretary")
        page.locator(".tool-more summary").click()
        page.get_by_role("button", name="Put in a table").click()
        for words in ("Who", "When", "Chair", "2026"):
            page.keyboard.type(words)
            page.keyboard.press("Tab" if words != "2026" else "Escape")
        markers = page.locator(f"{EDITOR} .list-line").evaluate_all("all => all.map(e => e.dataset.marker)")
        assert markers == ["•", "•", "1.", "1.", "2."]
        phrases(page, 9)
        page.fill("#page\\.title", "Meetings")
        page.get_by_role("button", name="Send to the task force").click()
        page.wait_for_url("**/proposals/*")
        number = int(page.url.rpartition("/")[2].partition("#")[0])
        answer = page.request.get(f"{served.address}/api/v1/charters/peps/proposals/{number}").json()
        written = [(c["new"]["kind"], c["new"]["depth"], c["new"]["text"]) for c in answer["changes"] if c["new"]]
        assert written == [
            ("paragraph", 0, "We meet twice a year:"),
            ("item", 0, "in spring"),
            ("item", 0, "in autumn"),
            ("paragraph", 0, "Always with:"),
            ("item", 0, "a chair"),
            ("item", 1, "and a deputy"),
            ("item", 0, "a secretary"),
            ("table", 0, "| Who | When |\n| Chair | 2026 |"),
        ]


WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p {color: red}</style></head><body>
<!--StartFragment--><h1>A heading</h1>
<p class=MsoNormal>Plain <b>bold</b> and <i>italic</i> with a <a href="https://example.org/">link</a>, a
<a href="javascript:alert(1)" onclick="window.hit=1">bad one</a><a style='mso-footnote-id:ftn1' href="#_ftn1"
name="_ftnref1" title=""><span class=MsoFootnoteReference><span>[1]</span></span></a>.<img src="http://x.invalid/a.png"
onerror="window.hit=1"></p><script>window.hit=1</script>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>1.<span>&nbsp;&nbsp; </span></span><![endif]>First</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>a)<span>&nbsp;
</span></span>Deeper</p>
<table><tr><td><p>A</p></td><td><p>B</p></td></tr><tr><td><p>1</p></td><td><p>2</p></td></tr></table>
<!--EndFragment--><div style='mso-element:footnote-list'><div style='mso-element:footnote' id=ftn1>
<p class=MsoFootnoteText><a style='mso-footnote-id:ftn1' href="#_ftnref1" name="_ftn1" title=""><span>[1]</span></a> The
words of the note.</p></div></div></body></html>"""


@pytest.mark.long
def test_what_is_pasted_from_a_word_processor_keeps_what_the_charter_can_hold_and_nothing_else(
    chromium: Browser, served: Served
) -> None:
    with writing(chromium, served, "/peps/propose/vision") as page:
        put_cursor(page, "decision-making processes.")
        page.keyboard.press("Enter")
        paste(page, WORD)
        expect(page.locator("[data-kept]")).to_contain_text("1 pictures")
        sent = page.evaluate("() => document.querySelector('[contenteditable=true]').innerHTML")
        assert "javascript" not in sent
        assert "onerror" not in sent
        assert page.evaluate("window.hit") is None
        said = " | ".join(phrases(page, 6))
        for words in ("A heading", "Plain bold and italic", "“First”", "Deeper”"):
            assert words in said
        assert "The words of the note." in said
        assert page.locator(f"{EDITOR} strong").inner_text() == "bold"
        assert page.locator(f"{EDITOR} .linked").get_attribute("title") == "https://example.org/"
        assert page.locator(f"{EDITOR} .list-line").evaluate_all("all => all.map(e => e.dataset.marker)") == [
            "1.",
            "a.",
        ]
        assert page.locator(f"{EDITOR} td").all_inner_texts() == ["A", "B", "1", "2"]


@pytest.mark.long
def test_plain_text_is_pasted_as_paragraphs(chromium: Browser, served: Served) -> None:
    with writing(chromium, served, "/peps/propose/vision") as page:
        put_cursor(page, "decision-making processes.")
        page.keyboard.press("Enter")
        paste(page, "", "One\r\nTwo\r\n• Three")
        assert blocks(page)[1:] == ["One", "Two", "Three"]
        # Within a paragraph words stay words of it.
        put_cursor(page, "One")
        paste(page, "<meta charset=utf-8><b>&nbsp;and a half</b>")
        assert blocks(page)[1] == "One and a half"


@pytest.mark.long
def test_a_composed_character_is_marked_when_it_is_finished(chromium: Browser, served: Served) -> None:
    with writing(chromium, served, "/peps/propose/vision") as page:
        put_cursor(page, "patients are")
        session = page.context.new_cdp_session(page)
        for composing in (" ca", " caf", " café"):
            session.send("Input.imeSetComposition", {"selectionStart": 5, "selectionEnd": 5, "text": composing})
        session.send("Input.insertText", {"text": " café"})
        expect(page.locator(f"{EDITOR} ins")).to_have_text(" café")
        assert "are café" in " ".join(blocks(page))


@pytest.mark.long
def test_others_who_want_to_change_the_sentence_are_shown_at_it(chromium: Browser, served: Served) -> None:
    with writing(chromium, served, "/peps/propose/mission") as page:
        put_cursor(page, "of the PE profession")
        page.keyboard.type(" everywhere")
        island = page.locator(f"{EDITOR} .island")
        expect(island).to_contain_text("Mara wants to change this sentence too")
        assert marks(page) == ([" everywhere"], [])
        assert island.get_by_role("button", name="Support 3 and take mine out").is_visible()
        island.get_by_role("button", name="Go on with mine").click()
        expect(island).to_have_count(0)
        assert blocks(page)[-3].endswith("profession everywhere")


@pytest.mark.long
def test_somebody_elses_wording_is_supported_instead_with_one_press(chromium: Browser, served: Served) -> None:
    with writing(chromium, served, "/peps/propose/mission", name="gilda") as page:
        put_cursor(page, "of the PE profession")
        page.keyboard.type(" everywhere")
        page.get_by_role("button", name="Support 3 and take mine out").click()
        expect(page.locator("[data-kept]")).to_contain_text("You support proposal 3")
        assert marks(page) == ([], [])
        reviews = page.request.get(f"{served.address}/api/v1/charters/peps/proposals/3").json()["reviews"]
        assert ("Gilda", "support") in [(one["person"], one["position"]) for one in reviews]


def test_nothing_is_lost_when_the_page_is_left_or_the_server_cannot_be_reached(
    chromium: Browser, served: Served
) -> None:
    with writing(chromium, served, "/peps/propose/vision", failing=True) as page:
        put_cursor(page, "patients are")
        page.keyboard.type(" truly")
        expect(page.locator("[data-kept]")).to_contain_text("Kept at")
        page.reload()
        page.locator("#page\\.editor[data-ready]").wait_for()
        assert marks(page)[0] == [" truly"]
        page.context.set_offline(True)
        put_cursor(page, "equal partners")
        page.keyboard.type(" always")
        expect(page.locator("[data-unkept]")).to_contain_text("What you typed stays in this window")
        page.context.set_offline(False)
        expect(page.locator("[data-unkept]")).to_be_hidden(timeout=15_000)
        page.reload()
        page.locator("#page\\.editor[data-ready]").wait_for()
        assert marks(page)[0] == [" truly", " always"]
        page.get_by_role("button", name="Throw it away and begin anew").click()
        page.locator("#page\\.editor[data-ready]").wait_for()
        assert marks(page) == ([], [])


@pytest.mark.long
def test_words_that_never_reached_the_server_are_put_back(chromium: Browser, served: Served) -> None:
    with writing(chromium, served, "/peps/propose/vision", failing=True) as page:
        page.on("dialog", lambda dialog: dialog.accept())
        page.route("**/live", lambda route: route.fulfill(status=503, body="down"))
        put_cursor(page, "patients are")
        page.keyboard.type(" truly")
        expect(page.locator("[data-unkept]")).to_be_visible()
        page.unroute("**/live")
        page.reload()
        page.locator("#page\\.editor[data-ready]").wait_for()
        assert marks(page) == ([], [])
        page.get_by_role("button", name="Put them back").click()
        assert marks(page)[0] == [" truly"]
        expect(page.locator("[data-kept]")).to_contain_text("Kept at")


@pytest.mark.long
def test_everything_is_done_with_the_keyboard_alone(chromium: Browser, served: Served) -> None:
    with writing(chromium, served, "/peps/propose/vision") as page:
        page.locator("#page\\.heading").focus()
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.isContentEditable"):
                break
        assert page.evaluate("document.activeElement.isContentEditable")
        page.keyboard.press("Control+End")
        page.keyboard.press("Control+Home")
        page.keyboard.type("Soon: ")
        assert marks(page)[0] == ["Soon: "]
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.id") == "page.title"
        page.keyboard.type("Soon")
        page.keyboard.press("Tab")
        page.keyboard.type("It is time.")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Send to the task force"
        page.keyboard.press("Enter")
        page.wait_for_url("**/proposals/*")
        assert page.get_by_role("heading", name="Soon").first.is_visible()


@pytest.mark.parametrize("width", [320, pytest.param(360, marks=pytest.mark.long)])
def test_on_a_phone_the_text_is_written_without_scrolling_sideways(
    chromium: Browser, served: Served, width: int
) -> None:
    with writing(chromium, served, "/peps/propose/mission", width=width) as page:
        put_cursor(page, "strong patient")
        page.keyboard.type(" care")
        phrases(page, 1)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_role("link", name="1 change: give a reason and send").click()
        assert page.locator("#page\\.changes").is_visible()


def test_every_text_we_have_comes_back_from_the_browser_to_the_byte(chromium: Browser, served: Served) -> None:
    cases: list[tuple[Snapshot, Section]] = [
        (charter(name), section) for name in ("peps", "isop-pateg") for section in charter(name).sections
    ]
    for scenario in ALL:
        cases += [whole(scenario.parts["old"]), whole(scenario.parts["new"])]
    watched = Watched(chromium, served)
    watched.sign_in("otto")
    page = opened(watched, "/peps/propose/vision")
    script = page.locator("script[src*='/editor-']").get_attribute("src")
    sent = json.loads(
        page.evaluate(
            "async ([src, all]) => { const m = await import(src);"
            " return JSON.stringify(JSON.parse(all).map(m.again)) }",
            [script, json.dumps([manuscript(text, section) for text, section in cases])],
        )
    )
    for (text, section), value in zip(cases, sent, strict=True):
        read = read_manuscript(text, section, value)
        assert (read.blocks, read.others) == (section.blocks, ())
    watched.close()


@pytest.mark.long
def test_what_no_section_can_hold_stays_on_the_page(chromium: Browser, served: Served) -> None:
    with writing(chromium, served, "/peps/propose/vision", failing=True) as page:
        page.on("dialog", lambda dialog: dialog.accept())
        # In the wide window the way to send is in sight however much stands above it.
        expect(page.get_by_role("button", name="Send to the task force")).to_be_in_viewport()
        put_cursor(page, "decision-making processes.")
        page.keyboard.press("Enter")
        paste(page, "", "word " * 450_000)
        expect(page.locator("[data-unkept]")).to_contain_text("more than one section can hold", timeout=15_000)
        page.fill("#page\\.title", "Too much")
        page.get_by_role("button", name="Send to the task force").click()
        assert page.url.endswith("/peps/propose/vision")
        page.locator(EDITOR).focus()
        page.keyboard.press("Control+z")
        expect(page.locator("[data-unkept]")).to_be_hidden(timeout=15_000)


@pytest.mark.long
def test_the_cursor_goes_past_a_citation_and_typing_there_leaves_it(chromium: Browser, served: Served) -> None:
    with writing(chromium, served, "/peps/propose/definition") as page:
        count = page.locator(f"{EDITOR} .sheet-body sup.cite").count()
        put_cursor(page, "is a person")
        page.keyboard.press("ArrowRight")
        page.keyboard.type(" really")
        assert marks(page) == ([" really"], [])
        assert page.locator(f"{EDITOR} .sheet-body sup.cite").count() == count
        for _ in " really":
            page.keyboard.press("Backspace")
        assert marks(page) == ([], [])
        page.keyboard.press("Backspace")
        assert page.locator(f"{EDITOR} .sheet-body > p > sup.cite").count() == count - 1
        assert page.locator(f"{EDITOR} del sup.cite").count() == 1


@pytest.mark.long
def test_an_accent_is_typed_right_behind_a_citation(chromium: Browser, served: Served) -> None:
    with writing(chromium, served, "/peps/propose/definition") as page:
        put_cursor(page, "is a person")
        page.keyboard.press("ArrowRight")
        session = page.context.new_cdp_session(page)
        session.send("Input.imeSetComposition", {"selectionStart": 1, "selectionEnd": 1, "text": "´"})
        session.send("Input.insertText", {"text": "é"})
        expect(page.locator(f"{EDITOR} ins")).to_have_text("é")
