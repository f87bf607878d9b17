"""Every kind of block as a page shows it, with nothing left out: lists in lists, tables, quotations, notes in notes."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from app import clock
from app.db.engine import Database
from app.render.leaf import Leaf, MarginCard, lay_out
from app.services.imports import import_source
from app.text.blocks import Block
from app.text.dialect import parse
from app.text.prepared import PreparedEdition, PreparedListing
from app.text.preparing import prepare
from app.text.snapshot import Front, Section, SectionKind, Snapshot
from tests.support.site import client, shipped_source
from tests.web.markup import Page, words

TRICKY = """\
First paragraph with a hard\\
break, *emphasis*, **strong**, `code` and a note[^one].

### A third-level heading

1. One
   - inner bullet
     further words of it

   A second paragraph of one.

   > A quotation inside
2. Two with a note[^two] and [a reference](#more)

c. see
d. dee

| Left | Right |
| :--- | ---: |
| a[^one] | **b** |

> Quoted
>
> - in a quotation

```python
if a < b:
    pass
```

---

[^one]: Note one cites another[^deep].

    Its second paragraph.

[^two]: Note two.

[^deep]: Only notes cite this.

[^nobody]: Nobody cites this.
"""


def snapshot() -> Snapshot:
    """A text with one of everything."""
    return Snapshot(
        Front("Charter", "Group"),
        (
            Section("s1", "tricky", SectionKind.TEXT, "Tricky *things*[^two]", _with_ids(parse(TRICKY), "a")),
            Section("s2", "more", SectionKind.TEXT, "More", _with_ids(parse("Again[^one].\n"), "c")),
        ),
    )


def _with_ids(blocks: tuple[Block, ...], letter: str) -> tuple[Block, ...]:
    return tuple(block.with_id(f"{letter}{n}") for n, block in enumerate(blocks))


def prepared() -> PreparedEdition:
    """The same, made ready."""
    return prepare(snapshot(), charter="tricky")


def numbers(leaf: Leaf) -> list[list[tuple[int | None, str | None]]]:
    """Which notes stand where: for each section, for each margin that has some."""
    return [
        [(n.note.number, n.home) for margin in _margins(section) for n in margin.notes] for section in leaf.sections
    ]


def _margins(section: object) -> list[object]:
    found = [section.heading_margin]  # type: ignore[attr-defined]
    for part in section.parts:  # type: ignore[attr-defined]
        found.extend([part.margin, *(item.margin for item in part.items)])
    return found


def test_each_note_stands_once_in_a_section_and_those_it_cites_follow_it() -> None:
    laid = lay_out(prepared())
    assert numbers(laid) == [[(1, None), (2, None), (3, None)], [(2, "Tricky things"), (3, "Tricky things")]]
    assert [note.part.block.label for note in laid.unused] == ["nobody"]


def test_cards_stand_beside_the_block_they_are_about_once() -> None:
    card = MarginCard("/x/proposals/1", "Proposal 1", "Words")
    laid = lay_out(prepared(), {"a0": [card, card], "c0": [card], "gone": [card]})
    beside = [[part.margin.cards for part in section.parts if part.margin.cards] for section in laid.sections]
    assert beside == [[(card,)], [(card,)]]


def test_list_markers_are_written_as_in_the_text() -> None:
    written = [
        [item.marker for item in part.items]
        for part in lay_out(prepared()).sections[0].parts
        if isinstance(part.part, PreparedListing)
    ]
    assert written == [["1.", "2."], ["c.", "d."]]


@pytest.fixture
def page(sqlite_database: Database, tmp_path: Path) -> Page:
    """The text on its page."""
    text = snapshot()
    source = replace(shipped_source("isop-pateg"), front=text.front, sections=text.sections, edition=None)
    with sqlite_database.writing() as session:
        import_source(session, source, key="tricky", now=clock.now())
    answer = client(sqlite_database, tmp_path).get("/tricky")
    assert answer.status_code == 200
    return Page(answer.text)


def test_every_word_of_every_block_is_on_the_page(page: Page) -> None:
    shown = page.text
    for expected in (
        "First paragraph with a hard break, emphasis, strong, code and a note",
        "A third-level heading",
        "One",
        "inner bullet further words of it",
        "A second paragraph of one.",
        "A quotation inside",
        "Two with a note",
        "see",
        "Left",
        "Quoted",
        "in a quotation",
        "if a < b: pass",
        "Note one cites another",
        "Its second paragraph.",
        "Only notes cite this.",
        "Nobody cites this.",
        "Notes that the text does not cite",
    ):
        assert expected in shown, expected


def test_headings_go_down_one_level_at_a_time(page: Page) -> None:
    levels = [int(e.tag[1]) for e in page.elements() if e.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_keep_their_heads_and_sides(page: Page) -> None:
    table = page.one("table")
    heads = [(words(e), e.attrib.get("class"), e.attrib["scope"]) for e in table.iter("th")]
    assert heads == [("Left", "al-left", "col"), ("Right", "al-right", "col")]
    assert [words(e) for e in table.iter("td")] == ["anote 2", "b"]


def test_code_keeps_its_lines_and_blanks(page: Page) -> None:
    code = page.one("pre")
    assert "".join(code.itertext()) == "if a < b:\n    pass"


def test_a_reference_leads_to_its_section_and_an_inner_list_stays_inner(page: Page) -> None:
    assert page.has("a", href="#more")
    outer = page.all("ol", class_="list")[0]
    assert [words(e) for e in outer.iter("ul")] == ["• inner bullet further words of it"]


def test_ids_are_given_once(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
