"""Merging whole charters, as when a source folder is imported again into a text that has moved on."""

from dataclasses import replace
from itertools import count

from app.text.align import assign_ids
from app.text.dialect import parse
from app.text.merge import merge_snapshots
from app.text.snapshot import Annexe, Front, Section, SectionKind, Snapshot

VISION = "Patients are key partners in care.\n\nTheir view counts in every decision.\n\nWe act on evidence."


def charter(side: str, base: Snapshot | None = None, front: Front | None = None, **texts: str) -> Snapshot:
    """A charter as an import reads it: sections known by key, blocks by likeness to the base, new ids for the rest."""
    numbers = count(1)
    sections = []
    for key, markdown in texts.items():
        earlier = base.section(key) if base is not None else None
        blocks = assign_ids(earlier.blocks if earlier else (), parse(markdown), lambda: f"{side}{next(numbers)}")
        kind = SectionKind.FOOTNOTES if key == "footnotes" else SectionKind.TEXT
        sections.append(Section(earlier.id if earlier else f"{side}-{key}", key, kind, key.title(), blocks))
    return Snapshot(front or Front("Charter", "PEPs"), tuple(sections))


BASE = charter("b", vision=VISION, mission="We listen to all patients.")


def reading(text: Snapshot) -> list[tuple[str, str, list[str]]]:
    return [(section.key, section.heading, [block.text for block in section.blocks]) for section in text.sections]


def test_edits_of_different_sections_headings_and_fields_all_come_together() -> None:
    ours = charter("o", BASE, vision=VISION.replace("key", "equal"), mission="We listen to all patients.")
    ours = replace(ours, sections=(replace(ours.sections[0], heading="Our vision"), ours.sections[1]))
    theirs = charter("t", BASE, vision=VISION, mission="We listen to most patients.", funding="Members pay.")
    theirs = replace(theirs, front=replace(theirs.front, title="The Charter", annexes=(Annexe("a", "A"),)))
    merged = merge_snapshots(BASE, ours, theirs)
    assert not merged.conflicts
    assert merged.snapshot.front.title == "The Charter"
    assert reading(merged.snapshot) == [
        ("vision", "Our vision", VISION.replace("key", "equal").split("\n\n")),
        ("mission", "Mission", ["We listen to most patients."]),
        ("funding", "Funding", ["Members pay."]),
    ]


def test_an_edit_of_what_the_text_took_out_is_a_conflict_with_both_readings() -> None:
    ours = charter(
        "o", BASE, vision=VISION.replace("\n\nWe act on evidence.", ""), mission="We listen to all patients."
    )
    theirs = charter("t", BASE, vision=VISION.replace("evidence", "facts"), mission="We listen to all patients.")
    (conflict,) = merge_snapshots(BASE, ours, theirs).conflicts
    assert (conflict.base, conflict.standing, conflict.proposed) == ("We act on evidence.", "", "We act on facts.")


def test_a_text_that_went_out_and_comes_back_changes_nothing_however_far_it_has_moved() -> None:
    words = (
        "Nothing of the old words is left in this one at all.\n\nPatients are key partners in care.\n\n"
        "Something that proposals put in here.\n\nTheir view counts in every decision."
    )
    ours = charter(
        "o", charter("x", vision=words), vision=words, mission="We listen to all patients.", rules="One rule."
    )
    ours = replace(ours, sections=(replace(ours.sections[0], id=BASE.sections[0].id), *ours.sections[1:]))
    theirs = charter("t", BASE, vision=words, mission="We listen to all patients.", rules="One rule.")
    merged = merge_snapshots(BASE, ours, theirs)
    assert not merged.conflicts
    assert merged.snapshot == ours


def test_what_came_in_under_another_id_can_be_edited_by_the_next_import() -> None:
    grown = f"{VISION}\n\nNobody is left out of this."
    ours = charter("o", BASE, vision=grown, mission="We listen to all patients.", rules="One rule for all.")
    imported = charter("t", BASE, vision=grown, mission="We listen to all patients.", rules="One rule for all.")
    again = charter(
        "n", imported, vision=grown.replace("out of", "behind in"), mission="We listen.", rules="One rule for most."
    )
    merged = merge_snapshots(imported, ours, again)
    assert not merged.conflicts
    assert reading(merged.snapshot) == reading(again)
    assert merged.snapshot.sections[0].blocks[3].id == ours.sections[0].blocks[3].id
    assert merged.snapshot.sections[2].id == ours.sections[2].id


def test_a_note_taken_out_under_new_words_that_cite_it_is_a_conflict() -> None:
    base = charter("b", vision="We hear[^n] them.\n\nWe act at once.", footnotes="[^n]: Heard.")
    ours = charter("o", base, vision="We hear them.\n\nWe act at once.", footnotes="")
    theirs = charter("t", base, vision="We hear[^n] them.\n\nWe act at once[^n].", footnotes="[^n]: Heard.")
    merged = merge_snapshots(base, ours, theirs)
    (conflict,) = merged.conflicts
    assert conflict.why == "[^n] is cited, but its note is not in the text."


def test_a_note_that_nobody_cites_any_more_may_stand_anywhere_among_such_notes() -> None:
    notes = "[^a]: Patients lead.\n\n[^b]: See there[^a].\n\n[^c]: See there too[^a]."
    base = charter("b", vision="We listen.", footnotes=notes)
    footnotes = base.sections[1]
    renamed = replace(footnotes.blocks[0], label="z")
    theirs = replace(base, sections=(base.sections[0], replace(footnotes, blocks=(*footnotes.blocks[1:], renamed))))
    ours = charter("o", base, vision="We listen well.", footnotes=notes)
    merged = merge_snapshots(base, ours, theirs)
    assert not merged.conflicts
    assert reading(merged.snapshot)[0] == ("vision", "Vision", ["We listen well."])
    assert sorted(block.label or "" for block in merged.snapshot.sections[1].blocks) == ["b", "c", "z"]
