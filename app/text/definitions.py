"""Notes defined in the sections that cite them: gathered in the footnotes section, clashing labels renamed."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from app.errors import BadInput
from app.text.align import assign_ids
from app.text.blocks import Block, Kind
from app.text.labels import free_label, relabelled
from app.text.notes import cited_by, groups, note_blocks
from app.text.snapshot import Section, SectionKind, Snapshot

FOOTNOTES_KEY = "footnotes"

Group = tuple[Block, ...]


def settle_definitions(
    base: Snapshot,
    wanted: Sequence[tuple[Section, tuple[Group, ...]]],
    fresh: Callable[[], str],
    removed: frozenset[str],
) -> tuple[list[Section], list[str]]:
    """The sections with all notes in the footnotes section, which is made at the end if there is none.

    ``wanted`` pairs each section with the definitions that were written in it. A definition that is there already
    changes nothing; one with the label of a note that its section cited before is an edit of that note; any other
    label that is taken is renamed in the definition and where the section cites it, and reported in words.
    """
    gathering = _Gathering(base, [section for section, _ in wanted], fresh)
    for place, (section, definitions) in enumerate(wanted):
        gathering.take(place, section, definitions)
    return gathering.finish(removed), gathering.reports


class _Gathering:
    """The notes as they come together, by label."""

    def __init__(self, base: Snapshot, sections: list[Section], fresh: Callable[[], str]) -> None:
        self.base, self.sections, self.fresh = base, sections, fresh
        self.base_notes = note_blocks(base)
        self.base_labels = {group[0].id: label for label, group in self.base_notes.items()}
        self.notes = note_blocks(Snapshot(base.front, tuple(sections)))
        self.written: dict[str, Group] = {}
        self.reports: list[str] = []

    def take(self, place: int, section: Section, definitions: Sequence[Group]) -> None:
        """Take in the definitions of one section, renaming what has to be renamed in it."""
        names: dict[str, str] = {}
        kept: list[tuple[str, Group]] = []
        for group in definitions:
            label = group[0].label or ""
            if self._is_clash(section, label, group):
                names[label] = free_label(label, {*self.notes, *self.base_notes, *self.written, *names.values()})
                self.reports.append(
                    f"There is another note called {label}, so the new one is now called {names[label]}."
                )
            kept.append((names.get(label, label), group))
        if names:
            blocks = tuple(relabelled(block, names) for block in section.blocks)
            self.sections[place] = replace(self.sections[place], blocks=blocks)
        for label, group in kept:
            self.written[label] = tuple(relabelled(block, names) for block in group)

    def _is_clash(self, section: Section, label: str, group: Group) -> bool:
        if label in self.written:
            return not _same(self.written[label], group)
        there, before = self.notes.get(label), self.base_notes.get(label)
        known = there or before
        if known is None or _same(known, group):
            return False
        if there is not None and before is not None and not _same(there, before):
            # The footnotes section was sent too and says something else; a definition left as it was is no edit.
            return not _same(before, group)
        if group[0].id is not None and self.base_labels.get(group[0].id) == label:
            return False
        old = self.base.section_by_id(section.id)
        return old is None or not any(label in cited_by(block) for block in old.blocks)

    def finish(self, removed: frozenset[str]) -> list[Section]:
        """Put the definitions in: edits in the place of the notes they edit, new ones at the end."""
        changed: dict[str, Group] = {}
        for label, group in self.written.items():
            there, before = self.notes.get(label), self.base_notes.get(label)
            if there is not None and (_same(there, group) or (before is not None and _same(before, group))):
                continue
            changed[label] = assign_ids(there or before or (), [block.with_id(None) for block in group], self.fresh)
        if not changed:
            return self.sections
        sections = [self._edited(section, changed) for section in self.sections]
        new = [block for label, group in changed.items() if label not in self.notes for block in group]
        if not new:
            return sections
        place = next((n for n, section in enumerate(sections) if section.kind is SectionKind.FOOTNOTES), None)
        if place is None:
            if any(section.kind is SectionKind.FOOTNOTES and section.key in removed for section in self.base.sections):
                raise BadInput("The footnotes section cannot be removed by a text that defines notes.")
            key = free_label(FOOTNOTES_KEY, {section.key for section in sections} | removed)
            return [*sections, Section(self.fresh(), key, SectionKind.FOOTNOTES, "", tuple(new))]
        sections[place] = replace(sections[place], blocks=(*sections[place].blocks, *new))
        return sections

    def _edited(self, section: Section, changed: dict[str, Group]) -> Section:
        blocks: list[Block] = []
        for group in groups(section.blocks):
            label = group[0].label if group[0].kind is Kind.NOTE else None
            blocks += changed[label] if label is not None and label in changed else group
        return replace(section, blocks=tuple(blocks))


def _same(one: Group, other: Group) -> bool:
    return [block.body for block in one] == [block.body for block in other]
