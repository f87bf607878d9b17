"""A whole charter at one moment: front, sections in order, and the blocks in them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from app.text.blocks import Block


class SectionKind(StrEnum):
    """What a section is for; it decides how the section is shown, never what may be written in it."""

    NOTICE = "notice"
    DEFINITION = "definition"
    VISION = "vision"
    MISSION = "mission"
    GOALS = "goals"
    APPENDIX = "appendix"
    FOOTNOTES = "footnotes"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Annexe:
    """A separate file or link that belongs to a charter; declared in the front and cited, not drafted here."""

    key: str
    title: str
    file: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Front:
    """What stands before the text. ``title`` is the title on the cover ("Draft Charter"), ``language`` a BCP 47 tag."""

    title: str
    organisation: str
    address: str = ""
    contact: str = ""
    logo: str | None = None
    language: str = "en"
    annexes: tuple[Annexe, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """An addressable part of a charter. ``id`` is permanent, ``key`` is its address, ``heading`` is inline Markdown.

    The heading may be empty (a notice often has none); pages then show a name made from the kind.
    """

    id: str
    key: str
    kind: SectionKind
    heading: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A whole charter text: what a revision stores and what the engine merges."""

    front: Front
    sections: tuple[Section, ...] = field(default=())

    def section(self, key: str) -> Section | None:
        """The section with that key, or None."""
        return next((s for s in self.sections if s.key == key), None)

    def section_by_id(self, id: str) -> Section | None:
        """The section with that permanent id, or None."""
        return next((s for s in self.sections if s.id == id), None)

    def placed_blocks(self) -> Iterator[tuple[Section, int, Block]]:
        """Every block with its section and its position in it, in reading order."""
        for section in self.sections:
            for position, block in enumerate(section.blocks):
                yield section, position, block
