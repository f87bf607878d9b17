"""The notes of a source folder: gathered into the footnotes section, in order, and checked against what cites them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.errors import SourceRefused
from app.text.blocks import Block, Kind
from app.text.dialect import citations
from app.text.notes import cited_by, groups, numbers, ordered, outside_notes
from app.text.snapshot import Front, Section, SectionKind, Snapshot
from app.text.source_values import SourceSection

FOOTNOTES_KEY = "footnotes"

_DEFINITION = re.compile(r"\[\^([^\s\[\]]{1,64})\]:")


@dataclass(frozen=True, slots=True)
class ReadSection:
    """A section with the file it was read from and the lines to point at; ``text`` is that file as it stands."""

    section: SourceSection
    file: str
    text: str
    outline_file: str
    line: int
    heading_line: int


def gather_notes(read: Sequence[ReadSection]) -> tuple[tuple[SourceSection, ...], tuple[str, ...]]:
    """The sections with every note in the footnotes section, and the labels of notes that nothing cites.

    A footnotes section is made at the end if there are notes without one. A label that two notes bear is refused, and
    so is a citation that no note answers.
    """
    notes = _notes(read)
    _refuse_dangling(read, notes)
    sections = [replace(one.section, blocks=outside_notes(one.section.blocks)) for one in read]
    if notes and not any(map(_holds_notes, sections)):
        _refuse_taken_key(read)
        sections.append(SourceSection(FOOTNOTES_KEY, SectionKind.FOOTNOTES, ""))
    gathered = tuple(block for group in notes.values() for block in group)
    text = _snapshot(sections, gathered)
    in_order = tuple(SourceSection(one.key, one.kind, one.heading, one.blocks) for one in ordered(text).sections)
    return in_order, numbers(text).unused


def _snapshot(sections: Sequence[SourceSection], notes: tuple[Block, ...]) -> Snapshot:
    """The sections as a charter text whose section ids are their keys, only to be numbered."""
    return Snapshot(
        Front("", ""),
        tuple(
            Section(one.key, one.key, one.kind, one.heading, (*one.blocks, *notes) if _holds_notes(one) else one.blocks)
            for one in sections
        ),
    )


def _holds_notes(section: SourceSection) -> bool:
    return section.kind is SectionKind.FOOTNOTES


def refuse_renamed_notes(blocks: Sequence[Block], file: str, text: str) -> None:
    """Refuse a file that defines a label twice. Reading gave the second note another label: one that nobody wrote."""
    definitions = list(_DEFINITION.finditer(text))
    written = {found[1] for found in definitions}
    if all(block.label in written for block in blocks if block.kind is Kind.NOTE):
        return
    seen: set[str] = set()
    for found in definitions:
        if found[1] in seen:
            line = text.count("\n", 0, found.start()) + 1
            raise SourceRefused(f'Two notes are called "{found[1]}".', file=file, line=line)
        seen.add(found[1])


def _notes(read: Sequence[ReadSection]) -> dict[str, tuple[Block, ...]]:
    """Each note with what belongs to it, by label, in the order of the files."""
    notes: dict[str, tuple[Block, ...]] = {}
    for one in read:
        for group in groups(one.section.blocks):
            label = group[0].label
            if group[0].kind is not Kind.NOTE or label is None:
                continue
            if label in notes:
                raise SourceRefused(
                    f'Two notes are called "{label}".', file=one.file, line=line_of(one.text, f"[^{label}]:")
                )
            notes[label] = group
    return notes


def _refuse_dangling(read: Sequence[ReadSection], notes: dict[str, tuple[Block, ...]]) -> None:
    for one in read:
        for label in citations(one.section.heading):
            if label not in notes:
                raise SourceRefused(
                    f"The heading cites [^{label}], but there is no such note.",
                    file=one.outline_file,
                    line=one.heading_line,
                )
        for label in (label for block in one.section.blocks for label in cited_by(block)):
            if label not in notes:
                raise SourceRefused(
                    f"[^{label}] is cited, but there is no such note.", file=one.file, line=_citation(one.text, label)
                )


def line_of(text: str, words: str) -> int:
    """The first line of a file that holds these words, or 1."""
    return next((number for number, line in enumerate(text.split("\n"), start=1) if words in line), 1)


def _citation(text: str, label: str) -> int:
    """The line that cites the label: one where it reads as a citation rather than as the characters of some code."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if f"[^{label}]" in line]
    real = [number for number, line in lines if label in citations(re.sub(r"^\s*\[\^[^\]]*\]:", "", line))]
    return next(iter(real), lines[0][0] if lines else 1)


def _refuse_taken_key(read: Sequence[ReadSection]) -> None:
    for one in read:
        if one.section.key == FOOTNOTES_KEY:
            raise SourceRefused(
                f'There are notes, but the section "{FOOTNOTES_KEY}" is not of kind footnotes.',
                file=one.outline_file,
                line=one.line,
            )
