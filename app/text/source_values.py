"""What a charter source folder says: front, sections without permanent ids, and the edition it stands for."""

import datetime
from dataclasses import dataclass, field

from app.text.blocks import Block
from app.text.snapshot import Front, SectionKind


@dataclass(frozen=True, slots=True)
class SourceSection:
    """A section as a folder holds it: no permanent id yet, and neither have its blocks."""

    key: str
    kind: SectionKind
    heading: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceEdition:
    """The dated edition a folder stands for: ``date`` is ``YYYY-MM`` or ``YYYY-MM-DD`` and is in the calendar.

    Without ``label`` and ``effective`` the product's own apply: the date in words, and its first day.
    """

    date: str
    label: str | None = None
    effective: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the folder that belongs to an annexe, by the key of that, or is the logo (``annexe`` is None)."""

    annexe: str | None
    name: str
    octets: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Source:
    """A charter source folder, read and found good. ``warnings`` are whole sentences for whoever imports it.

    All notes stand in the section of kind footnotes, in order of first citation, the unused ones last.
    """

    key: str
    open: bool
    front: Front
    sections: tuple[SourceSection, ...]
    edition: SourceEdition | None = None
    warnings: tuple[str, ...] = ()
    files: tuple[SourceFile, ...] = ()
    logo_alt: str = ""
