"""Notes written beside the words that cite them become changes of the footnotes section."""

from collections.abc import Callable
from itertools import count

from app.text.blocks import Kind
from app.text.change import Change, ChangeKind
from app.text.derive import Derived, Submission, SubmittedSection, derive
from app.text.dialect import parse
from app.text.snapshot import Front, Section, SectionKind, Snapshot
from app.text.weave import Proposed, weave

VISION = "A world where patients are key[^key] partners."
MISSION = "We foster better organisations[^org]."
NOTES = "[^key]: Not only asked, but heard.\n\n[^org]: For profit and not.\n"


def fresh_ids() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"new{next(numbers)}"


def section(key: str, markdown: str, kind: SectionKind = SectionKind.TEXT) -> Section:
    blocks = tuple(block.with_id(f"{key}{n}") for n, block in enumerate(parse(markdown)))
    return Section(f"s-{key}", key, kind, key.title(), blocks)


def charter(vision: str = VISION, mission: str = MISSION, notes: str | None = NOTES) -> Snapshot:
    sections = (section("vision", vision), section("mission", mission))
    footnotes = () if notes is None else (section("footnotes", notes, SectionKind.FOOTNOTES),)
    return Snapshot(Front("Charter", "PEPs"), (*sections, *footnotes))


def derived(base: Snapshot, **texts: str) -> Derived:
    sections = tuple(SubmittedSection(key, blocks=parse(markdown)) for key, markdown in texts.items())
    return derive(base, Submission(sections), fresh_ids())


def acts(found: Derived) -> list[tuple[ChangeKind, str | None]]:
    return [(change.kind, change.after) for change in found.changes]


def merged(base: Snapshot, changes: tuple[Change, ...]) -> Snapshot:
    woven = weave(base, [Proposed(f"1.{change.number}", change, base) for change in changes])
    assert not woven.problems
    return woven.snapshot


def test_a_new_note_and_what_cites_it_are_two_changes_that_need_each_other() -> None:
    found = derived(charter(), vision="A world[^all] where patients are key[^key] partners.\n\n[^all]: Everybody.\n")
    words, note = found.changes
    assert (words.kind, note.kind) == (ChangeKind.REPLACE, ChangeKind.INSERT)
    assert (words.needs, note.needs) == ((note.number,), (words.number,))
    assert note.new is not None
    assert (note.new.kind, note.new.label) == (Kind.NOTE, "all")
    assert [block.label for block in merged(charter(), found.changes).sections[2].blocks] == ["all", "key", "org"]


def test_a_new_note_that_several_changes_cite_needs_none_of_them() -> None:
    found = derived(
        charter(), vision=VISION.replace("world", "world[^all]"), mission=f"{MISSION} All[^all].\n\n[^all]: All."
    )
    note = next(change for change in found.changes if change.kind is ChangeKind.INSERT)
    assert note.needs == ()
    assert all(change.needs == (note.number,) for change in found.changes if change is not note)


def test_the_footnotes_section_is_made_at_the_end_where_there_is_none() -> None:
    base = charter("A world.", "A mission.", None)
    found = derived(base, vision="A world[^a].\n\n[^a]: Ours.\n")
    words, add, note = found.changes
    assert add.kind is ChangeKind.ADD_SECTION
    assert add.head_new is not None
    assert (add.head_new.key, add.head_new.kind) == ("footnotes", SectionKind.FOOTNOTES)
    assert set(note.needs) == {add.number, words.number}
    assert merged(base, found.changes).sections[-1].kind is SectionKind.FOOTNOTES


def test_a_definition_that_is_there_already_changes_nothing() -> None:
    found = derived(charter(), vision=f"{VISION}\n\n[^key]: Not only asked, but heard.\n")
    assert acts(found) == []


def test_leaving_a_definition_out_deletes_nothing() -> None:
    assert acts(derived(charter(), vision=VISION, mission=MISSION)) == []


def test_another_definition_of_a_note_the_section_cites_is_an_edit_of_that_note() -> None:
    (change,) = derived(charter(), vision=f"{VISION}\n\n[^key]: Asked and heard.\n").changes
    assert (change.kind, change.block, change.after) == (ChangeKind.REPLACE, "footnotes0", "Asked and heard.")


def test_a_label_that_another_section_uses_is_renamed_where_it_is_defined_and_cited_and_reported() -> None:
    found = derived(charter(), vision=f"{VISION} More[^org].\n\n[^org]: Quite another note.\n")
    words, note = found.changes
    assert words.after == f"{VISION} More[^org-2]."
    assert note.new is not None
    assert (note.new.label, note.new.text) == ("org-2", "Quite another note.")
    assert found.reports == ("There is another note called org, so the new one is now called org-2.",)


def test_two_sections_that_define_one_new_label_differently_get_two_notes() -> None:
    found = derived(
        charter(), vision=f"{VISION} One[^n].\n\n[^n]: First.", mission=f"{MISSION} Two[^n].\n\n[^n]: Second."
    )
    notes = {c.new.label: c.new.text for c in found.changes if c.new is not None and c.new.kind is Kind.NOTE}
    assert notes == {"n": "First.", "n-2": "Second."}
    assert len(found.reports) == 1


def test_two_sections_that_define_one_new_note_alike_get_one() -> None:
    found = derived(charter(), vision=f"{VISION} One[^n].\n\n[^n]: Same.", mission=f"{MISSION} Two[^n].\n\n[^n]: Same.")
    assert sum(change.kind is ChangeKind.INSERT for change in found.changes) == 1
    assert found.reports == ()


def test_a_note_with_a_second_paragraph_comes_whole() -> None:
    found = derived(charter(), vision=f"{VISION} One[^n].\n\n[^n]: First.\n\n    Second paragraph.\n")
    blocks = merged(charter(), found.changes).sections[2].blocks
    assert [(block.text, block.depth) for block in blocks[2:] if block.label != "org"] == [("Second paragraph.", 1)]
    assert [block.text for block in blocks][1:3] == ["First.", "Second paragraph."]


def test_a_citation_without_a_note_is_reported() -> None:
    found = derived(charter(), vision=f"{VISION} None[^gone].")
    assert found.reports == ("[^gone] is cited, but no note is called that.",)


def test_deleting_a_note_needs_the_changes_that_take_its_citations_away() -> None:
    found = derived(
        charter(), vision="A world where patients are key partners.", footnotes="[^org]: For profit and not.\n"
    )
    words, note = found.changes
    assert note.kind is ChangeKind.DELETE
    assert (words.needs, note.needs) == ((), (words.number,))


def test_the_order_of_the_notes_is_never_a_move() -> None:
    found = derived(charter(), footnotes="[^org]: For profit and not.\n\n[^key]: Not only asked, but heard.\n")
    assert found.changes == ()
    found = derived(charter(), vision=f"{VISION} Also[^org].", mission="We foster better organisations.")
    assert {change.kind for change in found.changes} == {ChangeKind.REPLACE}


def test_a_note_under_another_label_keeps_its_id() -> None:
    found = derived(
        charter(), vision=VISION.replace("[^key]", "[^heard]"), footnotes=NOTES.replace("[^key]", "[^heard]")
    )
    kinds = {(change.kind, change.block) for change in found.changes}
    assert kinds == {(ChangeKind.REPLACE, "vision0"), (ChangeKind.RETYPE, "footnotes0")}
    assert found.reports == ()
