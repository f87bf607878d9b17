"""Print HTML, and what comes out pressed: hostile words, unapproved texts, notes in odd places, lists and goals."""

from datetime import UTC, datetime
from io import BytesIO
from xml.etree.ElementTree import Element

import html5lib
import pytest
from pypdf import PdfReader

from app import resources
from app.render.pdf import render_pdf
from app.render.pdf.sheets import print_html
from app.text.blocks import Block, Kind, ListStyle
from app.text.prepared import PreparedEdition, RevisionFacts
from app.text.preparing import prepare
from app.text.snapshot import Front, Section, SectionKind, Snapshot

ALLOWED = set(
    "html head meta title link body header div section nav main address span h1 h2 h3 h4 h5 p ol ul li a em strong "  # noqa: SIM905
    "code pre blockquote hr br table thead tbody tr th td contents entry fnote".split()
)
HOSTILE = (
    '<script>alert(1)</script><img src="http://127.0.0.1/x"> &lt;b&gt; {{ 7 * 7 }} {% raw %} <!-- x --> ]]> '
    '"><svg onload=x> [go](javascript:alert%281%29) `</code><script>` url(file:///etc/passwd)'
)


def paragraph(text: str, depth: int = 0) -> Block:
    return Block(Kind.PARAGRAPH, text, depth)


def points(style: ListStyle, start: int, *texts: str) -> tuple[Block, ...]:
    return tuple(Block(Kind.ITEM, text, style=style, start=start) for text in texts)


def note(label: str, text: str) -> Block:
    return Block(Kind.NOTE, text, label=label)


def section(
    *blocks: Block, kind: SectionKind = SectionKind.TEXT, heading: str = "Rules", key: str = "rules"
) -> Section:
    return Section(f"s-{key}", key, kind, heading, blocks)


def text(*sections: Section, front: Front | None = None) -> PreparedEdition:
    snapshot = Snapshot(front or Front("Charter", "The Group"), sections)
    return prepare(snapshot, charter="group", revision=RevisionFacts(7, datetime(2026, 1, 2, tzinfo=UTC)))


def tree(prepared: PreparedEdition, *, approved: bool = False) -> Element:
    html = print_html(prepared, approved=approved, fonts=resources.fonts())
    return html5lib.parse(html, namespaceHTMLElements=False)  # type: ignore[no-any-return]


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def pressed(prepared: PreparedEdition, *, approved: bool = False) -> list[str]:
    reader = PdfReader(BytesIO(render_pdf(prepared, approved=approved).bytes))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


ACCENTS = "Çà et là, naïve Ærø, Łódź, Dvořák; Ελληνικά με τόνους ΐ; съёжившийся – “quoted” … ½ €"


@pytest.fixture(scope="module")
def odd() -> list[str]:
    """The pages of an approved text with everything in odd places."""
    body = section(
        paragraph(ACCENTS),
        Block(Kind.TABLE, "| One[^table] |\n| Two |"),
        *points(ListStyle.LOWER_ROMAN, 4, "Fourth[^list]", "Fifth"),
        heading="Rules[^heading]",
    )
    goals = section(Block(Kind.HEADING, "Aim[^goal]", level=3), paragraph("Do."), kind=SectionKind.GOALS, key="goals")
    notes = section(
        note("heading", "In a heading."),
        note("table", "In a table."),
        note("list", "In a list; see[^deep]."),
        paragraph("More.", 1),
        *(Block(Kind.ITEM, t, 1, style=ListStyle.LOWER_ALPHA, start=2) for t in ("first", "second")),
        note("goal", "In a goal."),
        note("deep", "Deep."),
        note("lonely", "Lonely."),
        kind=SectionKind.FOOTNOTES,
        key="footnotes",
    )
    return pressed(text(body, goals, notes), approved=True)


@pytest.fixture(scope="module")
def preview() -> list[str]:
    """The pages of the same kind of text before anybody approved it."""
    return pressed(text(*(section(paragraph("Snow ☃ falls."), kind=SectionKind.APPENDIX, key=f"a{n}") for n in "xy")))


def test_hostile_words_are_printed_as_the_characters_they_are_wherever_people_may_write():
    front = Front(HOSTILE, HOSTILE, HOSTILE, HOSTILE, language='en"><script>x</script>')
    everywhere = section(
        paragraph(HOSTILE + "[^x]"),
        Block(Kind.HEADING, HOSTILE, level=2),
        Block(Kind.CODE, HOSTILE),
        Block(Kind.TABLE, "| " + HOSTILE + " |\n| " + HOSTILE + " |"),
        Block(Kind.QUOTE, HOSTILE),
        *points(ListStyle.BULLET, 1, HOSTILE),
        heading=HOSTILE,
    )
    goals = section(
        Block(Kind.HEADING, HOSTILE, level=3), paragraph(HOSTILE), kind=SectionKind.GOALS, heading=HOSTILE, key="goals"
    )
    notes = section(note("x", HOSTILE), note("y", HOSTILE), kind=SectionKind.FOOTNOTES, heading="", key="footnotes")
    page = tree(text(everywhere, goals, notes, front=front))
    found = list(page.iter())
    assert {str(element.tag) for element in found} <= ALLOWED
    assert not [name for element in found for name in element.keys() if name.startswith("on")]  # noqa: SIM118
    assert not [element for element in page.iter("a") if not element.attrib["href"].startswith("#")]
    assert {element.attrib["href"] for element in page.iter("link")} == {"asset:charter.css", "asset:unapproved.css"}
    assert words(page).count("alert(1)") >= 10
    assert "49" not in words(page)


def test_a_text_that_nobody_approved_says_so_on_every_page_and_an_approved_one_nowhere(
    odd: list[str], preview: list[str]
):
    assert len(preview) == 4
    assert all("Not an approved text" in page for page in preview)
    assert not [page for page in odd if "approved" in page]


def test_the_mark_comes_from_the_state_and_never_from_the_title():
    front = Front("Draft Charter", "The Group")
    assert "Not an approved text" not in words(tree(text(section(paragraph("x")), front=front), approved=True))


def test_a_preview_prints_the_code_of_a_character_that_no_typeface_holds(preview: list[str]):
    assert "Snow U+2603 falls." in preview[-1]


def test_characters_that_act_unseen_are_made_visible_and_joiners_are_left_alone():
    page = tree(text(section(paragraph("a\u202eb\u200bc\u2066d नि\u200dष e\u00adf"))))
    assert "aU+202EbU+200BcU+2066d" in words(page)
    assert "\u200d" in words(page)
    assert "e\u00adf" in words(page)


def test_accents_greek_and_cyrillic_are_printed_as_they_are_written(odd: list[str]):
    assert ACCENTS in odd[-1]


def test_notes_in_headings_tables_lists_and_goals_stand_at_the_foot_of_their_page(odd: list[str]):
    for number, words_of_note in enumerate(("heading.", "table.", "list; see5.", "goal."), start=1):
        assert f"{number} In a {words_of_note}" in odd[-1]


def test_a_note_that_only_a_note_cites_is_set_after_it(odd: list[str]):
    order = ["see5.", "More.", "b. first", "c. second", "5 Deep."]
    assert sorted(order, key=odd[-1].index) == order


def test_what_nothing_cites_is_printed_all_the_same(odd: list[str]):
    assert "Notes that the text does not cite Lonely." in odd[-1]


@pytest.mark.long
def test_a_note_longer_than_a_page_moves_all_notes_behind_the_text_and_loses_no_word():
    notes = section(
        note("x", "word " * 900 + "end"), note("y", "Short."), kind=SectionKind.FOOTNOTES, heading="", key="footnotes"
    )
    whole = " ".join(pressed(text(section(paragraph("Text[^x] and[^y] again[^x].")), notes), approved=True))
    assert whole.count("word") == 900
    assert whole.index("Text1 and2 again1.") < whole.index("Notes 1") < whole.index("end") < whole.index("2 Short.")


@pytest.mark.long
def test_a_word_wider_than_the_page_is_broken_and_not_cut_off():
    kinds = (Kind.PARAGRAPH, Kind.HEADING, Kind.QUOTE, Kind.CODE, Kind.ITEM)
    long = section(*(Block(kind, "Q" * 300, level=2) for kind in kinds), heading="Q" * 300)
    whole = " ".join(pressed(text(long, front=Front("Q" * 300, "Q" * 300, "Q" * 300)), approved=True))
    # The heading of the section stands in the contents too.
    assert whole.count("Q") >= 300 * (len(kinds) + 2 + 3)


@pytest.mark.parametrize(("columns", "crowded"), [(3, False), (30, True)])
def test_a_table_with_more_columns_than_there_is_room_breaks_its_words(columns: int, crowded: bool):
    row = "| " + " | ".join(["Seats"] * columns) + " |"
    (table,) = tree(text(section(Block(Kind.TABLE, f"{row}\n{row}")))).iter("table")
    assert ("crowded" in table.attrib["class"].split()) == crowded


@pytest.mark.parametrize(
    ("goals", "letters", "columns"), [(1, 9, 0), (2, 800, 2), (3, 350, 3), (4, 350, 4), (5, 9, 0), (3, 700, 0)]
)
def test_two_to_four_short_goals_stand_side_by_side(goals: int, letters: int, columns: int):
    blocks = [b for n in range(goals) for b in (Block(Kind.HEADING, f"Aim {n}", level=3), paragraph("x" * letters))]
    page = tree(text(section(*blocks, kind=SectionKind.GOALS)))
    assert len(list(page.iter("th"))) == columns
    assert [words(s) for s in page.iter("span") if s.attrib.get("class") == "label"] == [
        f"Goal {n}" for n in range(1, goals + 1)
    ]


@pytest.mark.parametrize(
    ("kind", "items", "smaller"),
    [
        (SectionKind.APPENDIX, ["reason " * 70] * 4, True),
        (SectionKind.APPENDIX, ["reason " * 70] * 3, False),
        (SectionKind.APPENDIX, ["reason"] * 9, False),
        (SectionKind.TEXT, ["reason " * 70] * 4, False),
    ],
)
def test_long_reasons_of_an_appendix_are_set_smaller(kind: SectionKind, items: list[str], smaller: bool):
    page = tree(text(section(*points(ListStyle.DECIMAL, 1, *items), kind=kind)))
    lists = [ol.attrib["class"].split() for ol in page.iter("ol") if "decimal" in ol.attrib["class"]]
    assert ["reasons" in names for names in lists] == [smaller]


def test_a_list_keeps_its_style_and_first_number(odd: list[str]):
    assert "iv. Fourth3 v. Fifth" in odd[-1]


def test_a_link_to_a_file_that_is_not_there_yet_stays_words():
    page = tree(text(section(paragraph("Annexe available [here](annexe:money)."))))
    (printed,) = (p for p in page.iter("p") if "Annexe" in words(p))
    assert (words(printed), len(list(printed))) == ("Annexe available here.", 0)


def test_without_address_and_contact_there_is_no_imprint():
    assert [
        len(list(tree(text(section(paragraph("x")), front=f)).iter("address")))
        for f in (Front("Charter", "The Group"), Front("Charter", "The Group", contact="a@example.org"))
    ] == [0, 1]
