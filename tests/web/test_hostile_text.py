"""Hostile text in a charter and a proposal: shown as the characters it is, on every page, and inert."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app import clock
from app.db.engine import Database
from app.main import create_app
from app.services.imports import import_source
from app.settings import Settings
from app.text.dialect import parse
from app.text.snapshot import Annexe, Front, Section, SectionKind
from tests.support.site import add_person, shipped_source
from tests.web.markup import Page

SCRIPT = "<script>alert('in')</script>"
FAKE_CITATION = '<a class="ref" role="doc-noteref" href="#note-1"><span class="vh">note </span>1</a>'
HOSTILE = f"""\
{SCRIPT} and <img src=x onerror=alert(1)> and [click](javascript:alert(2)) and {{{{ 7 * 7 }}}} and {FAKE_CITATION}

## Heading {SCRIPT}[^n]

- item "onmouseover="alert(3) x="
- [data](data:text/html,<script>alert(4)</script>) and [good](https://example.org/?a="><script>)

| cell <b>bold</b> | ' onload=' |
| --- | --- |
| </td></table> | &lt;i&gt; |

> quote </blockquote>

```html
</code></pre><script>alert(5)</script>
```

right-to-left \u202eoverride\u202c, zero\u200bwidth, Iv\u00e1n \U0001f468\u200d\U0001f469\u200d\U0001f467

[^n]: Note {SCRIPT} with [^n] itself.
"""
PAGES = ["", "/working", "/editions", "/history", "/proposals", "/proposals/1", "/compare/1...2?whole=yes"]


@pytest.fixture(scope="module")
def browser(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A charter that says hostile things in every place, with a proposal and a revision that do so too.

    It is made once, since it is only read.
    """
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copy(sqlite_template, folder / "engross.sqlite3")
    database = Database(f"sqlite:///{folder / 'engross.sqlite3'}")
    front = Front(
        title=f"Charter {SCRIPT}",
        organisation=f'"><b>Group</b>{SCRIPT}',
        address=SCRIPT,
        contact="javascript:alert(6)",
        annexes=(Annexe("a", f"Annexe {SCRIPT}", None, "https://example.org/"),),
    )
    sections = (
        Section("", "text", SectionKind.TEXT, f"Section {SCRIPT}", parse(HOSTILE)),
        Section("", "goals", SectionKind.GOALS, "", parse(f"### Goal {SCRIPT}\n\nIt <i>is</i>.\n")),
    )
    source = replace(shipped_source("isop-pateg"), front=front, sections=sections, edition=None)
    with database.writing() as session:
        import_source(session, source, key="hostile", now=clock.now())
    tokens = {role: add_person(database, role, role, "hostile") for role in ("member", "governor")}
    app = create_app(Settings(data_dir=folder, public_url="http://testserver"), database)
    made = TestClient(app, raise_server_exceptions=False)
    base = "/api/v1/charters/hostile"

    def act(role: str, path: str, body: object) -> None:
        answer = made.post(base + path, json=body, headers={"Authorization": f"Bearer {tokens[role]}"})
        assert answer.status_code < 300, answer.text

    proposed = f"### Goal {SCRIPT}\n\nIt <i>was</i> {SCRIPT}.\n"
    sections_body = [{"key": "goals", "markdown": proposed}]
    act(
        "member",
        "/proposals",
        {
            "title": SCRIPT,
            "rationale": f"{SCRIPT}\n\n<b>two</b>",
            "base_revision": 1,
            "sections": sections_body,
            "submit": True,
        },
    )
    act("member", "/proposals/1/reviews", {"position": "object", "text": SCRIPT})
    act("governor", "/proposals/1/decisions", [{"change": 1, "outcome": "adopted", "reason": SCRIPT}])
    act("governor", "/merge", {"changes": ["1.1"], "base_revision": 1, "message": SCRIPT})
    yield made
    database.close()


@pytest.mark.parametrize("place", PAGES)
def test_hostile_text_makes_no_element_and_no_attribute(browser: TestClient, place: str) -> None:
    answer = browser.get(f"/hostile{place}")
    assert answer.status_code == 200
    page = Page(answer.text)
    assert not page.inline_scripts()
    for element in page.elements():
        assert element.tag not in {"img", "iframe", "style", "i"} or (element.tag == "i" and "cover" in answer.text)
        assert not any(name.lower().startswith("on") for name in element.attrib)
    for link in page.links:
        assert link.startswith(("/", "#", "https://example.org/")), link
    assert len(page.ids) == len(set(page.ids))


@pytest.mark.parametrize("place", ["", "/working", "/compare/1...2?whole=yes"])
def test_every_character_of_hostile_text_is_shown(browser: TestClient, place: str) -> None:
    text = Page(browser.get(f"/hostile{place}").text).text
    for words in (
        f"{SCRIPT} and <img src=x onerror=alert(1)> and",
        "{{ 7 * 7 }}",
        FAKE_CITATION,
        'item "onmouseover="alert(3) x="',
        "cell <b>bold</b>",
        "</td></table>",
        "quote </blockquote>",
        "</code></pre><script>alert(5)</script>",
        "click",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        f"Note {SCRIPT} with",
    ):
        assert words in text, words


def test_what_acts_without_being_seen_is_made_visible_and_stays(browser: TestClient) -> None:
    page = Page(browser.get("/hostile").text)
    signs = [e.attrib["data-code"] for e in page.all("span", class_="unseen")]
    assert signs == ["U+202E", "U+202C", "U+200B"]
    assert "\u202e" in page.text
