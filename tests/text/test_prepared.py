"""The prepared edition: numbers, references, goals, outline and faults are settled once for all writers."""

from datetime import UTC, date, datetime

import pytest

from app.text.blocks import Align, Block, Kind, ListStyle
from app.text.prepared import (
    EditionFacts,
    Fault,
    PreparedBlock,
    PreparedEdition,
    PreparedListing,
    PreparedQuotation,
    RevisionFacts,
    RunKind,
    plain,
)
from app.text.preparing import prepare
from app.text.snapshot import Annexe, Front, Section, SectionKind, Snapshot

MAY = EditionFacts("2025-05", "May 2025", date(2025, 5, 1), "approved")
ANNEXES = (Annexe("money", "Money", url="https://example.org/money"), Annexe("plan", "Plan"))
FRONT = Front("Charter", "The Group", annexes=ANNEXES)


def section(key: str, *blocks: Block, kind: SectionKind = SectionKind.TEXT, heading: str | None = None) -> Section:
    return Section(f"s-{key}", key, kind, key.capitalize() if heading is None else heading, blocks)


def notes(*pairs: tuple[str, str]) -> Section:
    blocks = tuple(Block(Kind.NOTE, text, label=label, id=f"n-{label}") for label, text in pairs)
    return section("footnotes", *blocks, kind=SectionKind.FOOTNOTES, heading="")


def prepared(*sections: Section) -> PreparedEdition:
    return prepare(Snapshot(FRONT, sections), charter="group", edition=MAY)


def paragraph(text: str, id: str | None = None, depth: int = 0) -> Block:
    return Block(Kind.PARAGRAPH, text, depth, id)


def heading(text: str, level: int = 3) -> Block:
    return Block(Kind.HEADING, text, level=level, id=f"h-{text}")


def citations(text: PreparedEdition) -> list[tuple[int | None, bool]]:
    return [
        (r.number, r.first) for b in text.sections for p in b.blocks() for r in p.runs if r.kind is RunKind.CITATION
    ]


def test_a_note_bears_the_number_of_its_first_citation_and_keeps_it():
    text = prepared(
        section("a", paragraph("One[^z] two[^a] again[^z].")),
        section("b", paragraph("And[^z] new[^m].")),
        notes(("a", "A."), ("m", "M."), ("z", "Z.")),
    )
    assert [(n.number, n.label) for n in text.notes] == [(1, "z"), (2, "a"), (3, "m")]
    assert citations(text) == [(1, True), (2, True), (1, False), (1, False), (3, True)]
    assert not text.findings


def test_a_note_cited_in_a_note_alone_comes_after_those_the_text_cites():
    text = prepared(
        section("a", paragraph("One[^x] two[^y].")), notes(("deep", "Deep."), ("x", "See[^deep]."), ("y", "Y."))
    )
    assert [(n.number, n.label) for n in text.notes] == [(1, "x"), (2, "y"), (3, "deep")]
    assert [(r.number, r.first) for r in text.note(1).body.runs if r.kind is RunKind.CITATION] == [(3, True)]


def test_notes_are_set_where_they_are_cited_and_have_no_section_of_their_own():
    text = prepared(section("a", paragraph("One[^x].")), notes(("x", "X.")))
    assert [s.key for s in text.sections] == ["a"]


def test_what_else_stands_in_the_section_of_the_notes_is_not_lost():
    footnotes = section("footnotes", paragraph("Kept."), Block(Kind.NOTE, "X.", label="x"), kind=SectionKind.FOOTNOTES)
    text = prepared(section("a", paragraph("One[^x].")), footnotes)
    assert [plain(b.runs) for s in text.sections for b in s.blocks()] == ["One.", "Kept."]


def test_a_note_that_nothing_cites_is_kept_without_number_and_reported():
    text = prepared(section("a", paragraph("Nothing.")), notes(("x", "Lonely.")))
    assert [(n.number, plain(n.body.runs)) for n in text.unused_notes] == [(None, "Lonely.")]
    assert [(f.fault, f.target, f.fault.forbids_freezing) for f in text.findings] == [(Fault.UNUSED_NOTE, "x", False)]


def test_a_citation_without_its_note_stays_as_written_and_forbids_freezing():
    text = prepared(section("a", paragraph("One[^gone].", "p1")))
    assert plain(text.sections[0].parts[0].runs) == "One[^gone]."  # type: ignore[union-attr]
    (finding,) = text.findings
    assert (finding.fault, finding.section, finding.block, finding.target) == (Fault.DANGLING_NOTE, "a", "p1", "gone")
    assert finding.fault.forbids_freezing


@pytest.mark.parametrize(
    ("written", "url", "anchor", "fault"),
    [
        ("[x](https://example.org/)", "https://example.org/", None, None),
        ("[x](#b)", None, "b", None),
        ("[x](#b-p2)", None, "b-p2", None),
        ("[x](#nowhere)", None, None, Fault.DANGLING_REFERENCE),
        ("[x](annexe:money)", "https://example.org/money", None, None),
        ("[x](annexe:plan)", None, None, None),
        ("[x](annexe:lost)", None, None, Fault.UNDECLARED_ANNEXE),
    ],
)
def test_a_reference_leads_to_one_place_or_stays_words(
    written: str, url: str | None, anchor: str | None, fault: Fault | None
):
    text = prepared(section("a", paragraph(written)), section("b", paragraph("There.", "p2")))
    (run,) = text.sections[0].parts[0].runs  # type: ignore[union-attr]
    assert (run.text, run.url, run.anchor) == ("x", url, anchor)
    assert [f.fault for f in text.findings] == ([] if fault is None else [fault])


def test_goals_are_labelled_by_their_order_and_titled_by_their_headings():
    text = prepared(
        section(
            "goals",
            paragraph("We aim at:"),
            heading("Shape"),
            paragraph("Shape it."),
            heading("Show"),
            heading("How", 4),
            paragraph("Show it."),
            kind=SectionKind.GOALS,
        )
    )
    (goals,) = text.sections
    assert [plain(p.runs) for p in goals.parts] == ["We aim at:"]  # type: ignore[union-attr]
    assert [(g.label, plain(g.title.runs), len(g.parts)) for g in goals.goals] == [
        ("Goal 1", "Shape", 1),
        ("Goal 2", "Show", 2),
    ]
    assert [(e.level, e.name) for e in text.outline] == [
        (1, "Goals"),
        (2, "Goal 1: Shape"),
        (2, "Goal 2: Show"),
        (4, "How"),
    ]


@pytest.mark.parametrize(
    "last",
    [
        (paragraph("The [plan](annexe:plan) says more."),),
        (Block(Kind.RULE), paragraph("The plan says more.")),
    ],
)
def test_what_closes_a_goals_section_does_not_belong_to_the_last_goal(last: tuple[Block, ...]):
    text = prepared(section("goals", heading("One"), paragraph("Do it."), *last, kind=SectionKind.GOALS))
    (goals,) = text.sections
    assert len(goals.goals[0].parts) == 1
    assert plain(goals.closing[0].runs) in {"The plan says more."}  # type: ignore[union-attr]


def test_a_goals_section_without_headings_is_plain_text():
    text = prepared(section("goals", paragraph("One."), paragraph("Two."), kind=SectionKind.GOALS))
    assert (len(text.sections[0].parts), text.sections[0].goals) == (2, ())


def test_lists_and_quotations_are_grouped_with_what_stands_inside():
    items = (
        Block(Kind.ITEM, "A", style=ListStyle.UPPER_ALPHA, start=3),
        paragraph("More of A.", depth=1),
        Block(Kind.ITEM, "deep", depth=1, style=ListStyle.BULLET, start=1),
        Block(Kind.ITEM, "B", style=ListStyle.UPPER_ALPHA, start=3),
        Block(Kind.QUOTE, "Said."),
        Block(Kind.QUOTE, "Said again."),
        Block(Kind.CODE, "x", depth=1),
    )
    listing, quotation = prepared(section("a", *items)).sections[0].parts
    assert isinstance(listing, PreparedListing)
    assert (listing.style, listing.start, listing.loose, len(listing.items)) == ("upper-alpha", 3, True, 2)
    assert [type(p) for p in listing.items[0].inside] == [PreparedBlock, PreparedListing]
    assert isinstance(quotation, PreparedQuotation)
    assert [len(q.inside) for q in quotation.quotes] == [0, 1]


def test_a_table_has_its_cells_and_code_its_characters():
    table = Block(Kind.TABLE, "| a | *b* |\n| c \\| d | e |", align=(Align.NONE, Align.RIGHT), id="t")
    code = Block(Kind.CODE, "[^x] **y**", id="c")
    first, second = prepared(section("a", table, code)).sections[0].blocks()
    assert [[plain(cell) for cell in row] for row in first.rows] == [["a", "b"], ["c | d", "e"]]
    assert (second.runs, second.block.text) == ((), "[^x] **y**")


def test_every_block_is_prepared_exactly_once():
    blocks = (
        heading("H", 2),
        Block(Kind.ITEM, "one", style=ListStyle.DECIMAL, start=1, id="i1"),
        paragraph("inside", "p1", 1),
        Block(Kind.QUOTE, "q", id="q1"),
        Block(Kind.RULE, id="r1"),
        paragraph("end", "p2"),
    )
    for kind in (SectionKind.TEXT, SectionKind.APPENDIX, SectionKind.NOTICE):
        text = prepared(section("a", *blocks, kind=kind))
        assert [b.block.id for b in text.sections[0].blocks()] == [b.id for b in blocks]


def test_a_section_without_heading_has_a_name_all_the_same():
    text = prepared(section("n", paragraph("Open."), kind=SectionKind.NOTICE, heading=""))
    assert (text.sections[0].heading, text.sections[0].name) == ((), "Notice")


def test_a_text_is_dated_by_its_edition_or_by_its_revision_and_never_by_the_clock():
    snapshot = Snapshot(FRONT, (section("a", paragraph("x")),))
    revision = RevisionFacts(12, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    edition = prepare(snapshot, charter="group", edition=MAY, revision=revision)
    working = prepare(snapshot, charter="group", revision=revision)
    assert (edition.label, edition.moment) == ("Edition: May 2025", datetime(2025, 5, 1, tzinfo=UTC))
    assert (working.label, working.moment) == ("Working text, revision 12", revision.made_at)


def test_a_reference_to_the_footnotes_leads_nowhere_because_they_are_shown_where_they_are_cited() -> None:
    words = section("text", paragraph("A [note](#footnotes)[^a]."))
    hidden = prepared(words, notes(("a", "Here.")))
    assert [(f.fault, f.target) for f in hidden.findings] == [(Fault.DANGLING_REFERENCE, "#footnotes")]
    more = (*notes(("a", "Here.")).blocks, paragraph("More words."))
    assert prepared(words, section("footnotes", *more, kind=SectionKind.FOOTNOTES)).findings == ()
