"""Reading a charter source folder that is good."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from app.text.blocks import Kind, ListStyle
from app.text.dialect import plain
from app.text.snapshot import Annexe, Front, SectionKind
from app.text.source import Source, SourceEdition, read_source

FOLDERS = Path(__file__).resolve().parents[2] / "charter_source"

SMALL = """\
[charter]
key = "tea-club"

[front]
title = "Charter"
organisation = "The Tea Club"

[[section]]
key = "purpose"
kind = "vision"
heading = "Purpose"
"""


def read(outline: str = SMALL, **sections: str) -> Source:
    """The folder with this outline and these section files."""
    files = {f"{key}.md": text.encode() for key, text in sections.items()}
    return read_source({"charter.toml": outline.encode(), **files}, reserved=())


def folder(name: str) -> Mapping[str, bytes]:
    """The files of a folder that comes with the product."""
    return {path.name: path.read_bytes() for path in (FOLDERS / name).iterdir()}


def section(key: str, kind: str, more: str = "") -> str:
    """A section table to go after the small outline."""
    return f'\n[[section]]\nkey = "{key}"\nkind = "{kind}"\n{more}'


def test_the_least_folder_is_a_key_a_title_an_organisation_and_a_section() -> None:
    source = read(purpose="Tea for all.\n")
    assert (source.key, source.open, source.edition, source.warnings) == ("tea-club", False, None, ())
    assert source.front == Front(title="Charter", organisation="The Tea Club")
    (purpose,) = source.sections
    assert (purpose.key, purpose.kind, purpose.heading) == ("purpose", SectionKind.VISION, "Purpose")
    assert [(block.kind, block.text, block.id) for block in purpose.blocks] == [(Kind.PARAGRAPH, "Tea for all.", None)]


def test_everything_that_an_outline_can_say_is_read() -> None:
    outline = """\
[charter]
key = "tea-club"
open = true
[front]
title = "Draft Charter"
organisation = "The Tea Club"
address = "1 Kettle Row"
contact = "club@tea.example"
logo = "logo.png"
language = "en-GB"
[edition]
date = "2026-11-21"
label = "Second edition"
effective = "2027-01-01"
[[section]]
key = "purpose"
kind = "text"
heading = "*Our* purpose"
file = "why.md"
[[annexe]]
key = "fees"
title = "Fees"
file = "fees.pdf"
[[annexe]]
key = "map"
title = "Map"
url = "https://tea.example/map"
"""
    files = {"charter.toml": outline.encode(), "why.md": b"Tea.\n", "fees.pdf": b"%PDF", "logo.png": b"\x89PNG"}
    source = read_source(files, reserved=())
    assert source.open
    assert source.front == Front(
        title="Draft Charter",
        organisation="The Tea Club",
        address="1 Kettle Row",
        contact="club@tea.example",
        logo="logo.png",
        language="en-GB",
        annexes=(Annexe("fees", "Fees", file="fees.pdf"), Annexe("map", "Map", url="https://tea.example/map")),
    )
    assert source.edition == SourceEdition("2026-11-21", "Second edition", date(2027, 1, 1))
    assert source.sections[0].heading == "*Our* purpose"
    assert source.warnings == ()


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ('"""\nOur  *own*\npurpose\u00a0first """', "Our *own* purpose\u00a0first"),
        ('"__Our__ purpose"', "**Our** purpose"),
        ('"- why"', "- why"),
        ('"  "', ""),
        ('" \ufeff"', ""),
        ('" \ufeff\ufeffOur purpose"', "Our purpose"),
    ],
)
def test_a_heading_is_kept_on_one_line_in_canonical_form(written: str, kept: str) -> None:
    assert read(SMALL.replace('"Purpose"', written), purpose="Tea.\n").sections[0].heading == kept


def test_no_sign_of_a_heading_is_lost_though_markdown_would_read_it_as_something_else() -> None:
    source = read(SMALL.replace('"Purpose"', '"Purpose #1 #"'), purpose="Tea.\n")
    assert plain(source.sections[0].heading) == "Purpose #1 #"


def test_dates_may_be_written_without_quotation_marks() -> None:
    source = read(SMALL + "\n[edition]\ndate = 2026-11-21\neffective = 2027-01-01\n", purpose="Tea.\n")
    assert source.edition == SourceEdition("2026-11-21", None, date(2027, 1, 1))


def test_a_month_is_a_date_and_leaves_label_and_effective_day_to_the_product() -> None:
    assert read(SMALL + '\n[edition]\ndate = "2025-05"\n', purpose="Tea.\n").edition == SourceEdition("2025-05")


def test_the_peps_charter_is_read_with_its_lists_and_notes_and_without_a_warning() -> None:
    source = read_source(folder("peps"), reserved=())
    assert (source.key, source.open, source.warnings) == ("peps", True, ())
    sections = {one.key: one for one in source.sections}
    assert source.sections[0].key == "notice"
    points = [block for block in sections["mission"].blocks if block.kind is Kind.ITEM]
    assert [point.style for point in points] == [ListStyle.UPPER_ALPHA] * 4
    assert [block.kind for block in sections["goals"].blocks] == [Kind.HEADING, Kind.PARAGRAPH] * 3 + [Kind.PARAGRAPH]
    reasons = [block for block in sections["appendix"].blocks if block.kind is Kind.ITEM]
    assert [reason.style for reason in reasons] == [ListStyle.DECIMAL] * 4
    assert [block.label for block in sections["footnotes"].blocks] == [
        "survey",
        "membership",
        "in-or-for",
        "organization",
        "role",
        "relation-based",
        "performing",
    ]


def test_the_isop_pateg_charter_is_read_without_a_warning() -> None:
    source = read_source(folder("isop-pateg"), reserved=())
    assert (source.edition, source.warnings) == (None, ())
    assert [one.key for one in source.sections] == ["need", "mission", "goals", "membership", "leadership"]


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    plain = folder("peps")
    windows = {name: b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n") for name, text in plain.items()}
    assert read_source(windows, reserved=()) == read_source(plain, reserved=())


def test_notes_come_in_order_of_first_citation_whatever_their_order_in_the_file() -> None:
    outline = SMALL + section("notes", "footnotes")
    source = read(outline, purpose="Tea[^b] and milk[^a].\n", notes="[^a]: Cold.\n\n[^c]: Spare.\n\n[^b]: Black.\n")
    assert [block.label for block in source.sections[1].blocks] == ["b", "a", "c"]


def test_a_note_in_a_section_file_moves_to_the_footnotes_with_all_its_paragraphs() -> None:
    outline = SMALL + section("notes", "footnotes")
    source = read(outline, purpose="Tea[^b].\n\n[^b]: Black.\n\n    Or green.\n", notes="")
    assert [block.text for block in source.sections[0].blocks] == ["Tea[^b]."]
    assert [(block.kind, block.text) for block in source.sections[1].blocks] == [
        (Kind.NOTE, "Black."),
        (Kind.PARAGRAPH, "Or green."),
    ]


def test_a_footnotes_section_is_made_if_there_is_none() -> None:
    source = read(purpose="Tea[^b].\n\n[^b]: Black.\n")
    assert [(one.key, one.kind, one.heading) for one in source.sections[1:]] == [
        ("footnotes", SectionKind.FOOTNOTES, "")
    ]


def test_a_note_may_be_cited_by_a_heading_and_by_another_note() -> None:
    outline = SMALL.replace('"Purpose"', '"Purpose[^z]"') + section("notes", "footnotes")
    source = read(outline, purpose="Tea.\n", notes="[^a]: Cold.\n\n[^z]: See[^a].\n")
    assert [block.label for block in source.sections[1].blocks] == ["z", "a"]
    assert source.warnings == ()


def test_an_unused_note_is_a_warning_that_names_it() -> None:
    source = read(SMALL + section("notes", "footnotes"), purpose="Tea.\n", notes="[^spare]: Not needed.\n")
    assert source.warnings == ('The note "spare" is not cited anywhere.',)


def test_a_citation_inside_code_is_only_characters() -> None:
    source = read(purpose="```\nx[^nowhere]\n```\n\nAnd `y[^nowhere]`.\n")
    assert source.warnings == ()


def test_pointing_to_an_annexe_or_a_section_that_is_not_there_is_a_warning() -> None:
    source = read(purpose="See [fees](annexe:fees), [below](#purpose) and [there](#elsewhere).\n")
    assert source.warnings == (
        'Section "purpose" points to annexe:fees, which charter.toml does not declare.',
        'Section "purpose" points to #elsewhere, but there is no such section.',
    )


def test_a_heading_of_a_level_that_sections_do_not_have_is_a_warning() -> None:
    source = read(purpose="## Fine\n\n# High\n\n##### Low\n")
    rule = 'Section "purpose": inside a section a heading has two to four #, not'
    assert source.warnings == (f'{rule} "# High".', f'{rule} "##### Low".')


def test_a_named_file_that_is_missing_and_a_file_that_nothing_names_are_warnings() -> None:
    outline = SMALL.replace("organisation", 'logo = "logo.png"\norganisation')
    files = {"charter.toml": outline.encode(), "purpose.md": b"Tea.\n", "old.txt": b"\xff", ".DS_Store": b"\x00"}
    assert read_source(files, reserved=()).warnings == (
        "charter.toml: the file logo.png is named, but it is not in the folder.",
        "old.txt: charter.toml does not name this file, so it is not read.",
    )


def test_what_normalising_rewrote_is_said_with_its_file() -> None:
    (warning,) = read(purpose="A. one\n\n   - x\n").warnings
    assert warning.startswith("purpose.md: ")


@pytest.mark.parametrize("size", [0, 1, 199_999])
def test_a_section_up_to_the_limit_is_read(size: int) -> None:
    lines = ("tea " * 9_999 + "x\n\n") * 6
    assert len(read(purpose=lines[:size]).sections[0].blocks) == -(-size // 39_999)
