"""The sections of a reading put together: with the notes as they are in it, and keys for new ones."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace

from app.text.align import assign_ids
from app.text.blocks import Block, Kind
from app.text.definitions import FOOTNOTES_KEY
from app.text.dialect import plain
from app.text.labels import free_label
from app.text.notes import groups
from app.text.snapshot import Section, SectionKind
from app.text.wordfile.notes_read import NotesRead

_LONGEST_KEY = 60


def with_notes(made: Sequence[Section], read: NotesRead, gone: set[str], fresh: Callable[[], str]) -> list[Section]:
    """The sections with the notes as they are now."""
    if not read.changed and not gone:
        return list(made)
    left = dict(read.changed)
    found: list[Section] = []
    for section in made:
        blocks: list[Block] = []
        for group in groups(section.blocks):
            label = group[0].label if group[0].kind is Kind.NOTE else None
            if label is not None and label in left:
                blocks += assign_ids(group, left.pop(label), fresh)
            elif label is None or label not in gone:
                blocks += group
        same = tuple(blocks) == section.blocks
        found.append(section if same else replace(section, blocks=tuple(blocks)))
    if left:
        new = tuple(assign_ids((), [block for group in left.values() for block in group], fresh))
        place = next((n for n, one in enumerate(found) if one.kind is SectionKind.FOOTNOTES), None)
        if place is None:
            key = free_label(FOOTNOTES_KEY, {section.key for section in found})
            return [*found, Section(fresh(), key, SectionKind.FOOTNOTES, "", new)]
        found[place] = replace(found[place], blocks=(*found[place].blocks, *new))
    return found


def free_key(heading: str, taken: set[str]) -> str:
    """The key of a new section of that name, none of those that are taken."""
    folded = unicodedata.normalize("NFKD", plain(heading)).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "-", folded)[:_LONGEST_KEY].strip("-") or "section"
    return free_label(key, taken)
