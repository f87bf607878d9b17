"""A Word document of ours that comes back: untouched it brings nothing, edited it brings exactly the edit."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import count

import pytest

from app import resources
from app.render.word import Who, render_word
from app.text.align import assign_ids
from app.text.blocks import Kind
from app.text.change import ChangeKind
from app.text.derive import derive
from app.text.dialect import canonical_blocks, parse
from app.text.dialect import clean as clean_text
from app.text.notes import ordered
from app.text.preparing import prepare
from app.text.snapshot import Section, Snapshot
from app.text.source import read_source
from app.text.wordfile import Brought, bring, open_word
from tests.render.test_word_redline import NOW, SCENARIOS, clean, read, redlined, text
from tests.support.word_edits import much_changed, random_pairs
from tests.support.word_texts import rich_snapshot, with_ids
from tests.text.test_redline_scenarios import Scenario


def rewritten(octets: bytes, changes: Mapping[str, str], parts: Sequence[str] = ("document", "footnotes")) -> bytes:
    """A Word file with patterns replaced in its parts."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(octets)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.removeprefix("word/").removesuffix(".xml") in parts:
                told = content.decode()
                for pattern, wanted in changes.items():
                    told = re.sub(pattern, wanted, told)
                content = told.encode()
            new.writestr(name, content)
    return made.getvalue()


def by_vera(octets: bytes) -> bytes:
    """A redline of ours, as if somebody else had made the changes later."""
    later = {r'w:author="[^"]*" w:date="[^"]*"': 'w:author="Vera" w:date="2027-01-01T10:00:00Z"'}
    return rewritten(octets, later)


def written(text: Snapshot) -> bytes:
    return render_word(prepare(text, charter="c"), approved=True)


def brought(octets: bytes, base: Snapshot) -> Brought:
    return bring(open_word(octets), base)


def applied(base: Snapshot, found: Brought, n: int = 0) -> Snapshot:
    """The base with what the suggestion does."""
    ids = (f"x{n}" for n in count())
    return derive(base, found.suggestions[n].submission, lambda: next(ids)).wanted


def assert_nothing(found: Brought) -> None:
    assert [one.author for one in found.suggestions] == []
    assert found.left == ()
    assert found.remarks == ()


def assert_reads_alike(made: Snapshot, wanted: Snapshot) -> None:
    lines, notes = read(clean(made))
    wanted_lines, wanted_notes = read(clean(wanted))
    assert lines == wanted_lines
    assert notes == wanted_notes


def as_seen(old: Snapshot, new: Snapshot) -> Snapshot:
    """The newer text with what no Word file tells as it was: the cover, the kinds of sections."""
    kinds = {section.id: section.kind for section in old.sections}
    sections = tuple(
        replace(one, kind=kinds.get(one.id, one.kind), blocks=canonical_blocks(one.blocks)) for one in new.sections
    )
    return ordered(Snapshot(old.front, sections))


def assert_round(old: Snapshot, new: Snapshot) -> None:
    """The redline of the two is known while it is ours, and the suggestion of whoever made it later."""
    made = redlined(old, new)
    assert_nothing(brought(made, old))
    assert_nothing(brought(made, new))
    found = brought(by_vera(made), old)
    lines, notes = read(clean(old))
    if (lines, notes) == read(clean(new)):
        assert found.suggestions == ()
        return
    assert [one.author for one in found.suggestions] == ["Vera"]
    assert_reads_alike(applied(old, found), new)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_an_edit_comes_back_as_it_was_made(scenario: Scenario):
    ids = (f"i{n}" for n in count())
    old, new = scenario.blocks
    old = assign_ids((), old, lambda: next(ids))
    assert_round(text(old), text(assign_ids(old, new, lambda: next(ids))))


def test_a_charter_that_holds_everything_brings_nothing():
    assert_nothing(brought(written(rich_snapshot()), rich_snapshot()))


def test_a_charter_changed_in_many_ways_comes_back_so():
    old, new = much_changed()
    assert_round(old, as_seen(old, new))


def seed_charter(name: str) -> Snapshot:
    """One of the charters that come with the product."""
    folder = resources.charter_sources() / name
    source = read_source({file.name: file.read_bytes() for file in folder.iterdir()}, reserved=())
    ids = (f"k{n}" for n in count(1))
    return Snapshot(
        source.front,
        tuple(Section(next(ids), s.key, s.kind, s.heading, with_ids(s.blocks, ids)) for s in source.sections),
    )


def test_a_row_of_a_table_in_a_footnote_that_was_changed_is_named():
    told = "Words[^a].\n\n[^a]: Fees:\n\n    | What | How much |\n    | --- | --- |\n    | Members | seven |\n"
    base = text(with_ids(parse(clean_text(told)), (f"n{n}" for n in count())))
    made = written(base)
    assert_nothing(brought(made, base))
    found = brought(rewritten(made, {"seven": "eight", "Fees:": "All fees:"}), base)
    assert [(one.what, one.where) for one in found.left] == [
        ("A change to a table in a footnote was left out.", "Members · eight"),
        ("A change to a table in a footnote was left out.", "Members · seven"),
    ]
    assert [block.text for _, _, block in applied(base, found).placed_blocks()][1] == "All fees:"


@pytest.mark.parametrize("name", ["peps", "isop-pateg"])
def test_a_document_from_another_installation_of_the_same_charter_brings_nothing(name: str):
    here = seed_charter(name)
    ids = (f"elsewhere{n}" for n in count())
    there = tuple(
        replace(one, id=next(ids), blocks=tuple(block.with_id(next(ids)) for block in one.blocks))
        for one in here.sections
    )
    assert_nothing(brought(written(replace(here, sections=there)), here))


@pytest.mark.parametrize("name", ["peps", "isop-pateg"])
def test_the_charters_that_come_with_the_product_bring_nothing(name: str):
    base = seed_charter(name)
    found = brought(written(base), base)
    assert_nothing(found)
    assert (found.known, found.known_remarks) == (0, 0)


def test_every_paragraph_of_a_charter_can_be_changed():
    """Word by word: one paragraph after the other, each comes back alone and as it was written."""
    base = seed_charter("peps")
    for section, n, block in base.placed_blocks():
        if block.kind in (Kind.RULE, Kind.TABLE) or " " not in block.text:
            continue
        first, _, rest = block.text.partition(" ")
        blocks = (*section.blocks[:n], block.with_text(f"{first} indeed {rest}"), *section.blocks[n + 1 :])
        changed = replace(section, blocks=blocks)
        new = replace(base, sections=tuple(changed if one is section else one for one in base.sections))
        found = brought(by_vera(redlined(base, new)), base)
        assert applied(base, found) == new


def test_each_person_of_many_suggests_what_is_theirs():
    for old, whole in random_pairs(5, 25):
        new = as_seen(old, whole)
        ids = [block.id for text in (old, new) for _, _, block in text.placed_blocks() if block.id is not None]
        names = {id: ("Vera", "Omar")[n % 2] for n, id in enumerate(dict.fromkeys(ids))}
        signed = redlined(old, new, **{id: Who(name, NOW) for id, name in names.items()})
        found = brought(rewritten(signed, {r'w:date="[^"]*"': 'w:date="2027-01-01T10:00:00Z"'}), old)
        for one in found.suggestions:
            fresh = (f"x{n}" for n in count())
            for change in derive(old, one.submission, lambda fresh=fresh: next(fresh)).changes:  # type: ignore[misc]
                if change.kind is ChangeKind.REPLACE and change.block in names:
                    assert names[change.block] == one.author


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 8))])
def test_edits_at_random_come_back(seed: int):
    for old, new in random_pairs(seed, 20 if seed == 1 else 80):
        assert_nothing(brought(written(old), old))
        assert_round(old, as_seen(old, new))


def test_a_file_from_before_anything_was_written_down_is_told_by_its_dates():
    old, new = much_changed()
    made = redlined(old, new)
    knows = {r'<property [^>]*name="Engross knows[^>]*><vt:lpwstr>[^<]*</vt:lpwstr></property>': ""}
    made = rewritten(made, {r"1970-01-01T00:00:00Z": "2026-03-01T00:00:00Z"}, ("docProps/core",))
    assert_nothing(brought(rewritten(made, knows, ("docProps/custom",)), old))
    found = brought(rewritten(by_vera(made), knows, ("docProps/custom",)), old)
    assert [one.author for one in found.suggestions] == ["Vera"]


def test_whoever_lives_west_of_greenwich_is_not_taken_for_known():
    old, new = much_changed()
    made = rewritten(
        redlined(old, new), {r'w:author="[^"]*" w:date="[^"]*"': 'w:author="Vera" w:date="1969-12-31T20:00:00Z"'}
    )
    assert [one.author for one in brought(made, old).suggestions] == ["Vera"]
