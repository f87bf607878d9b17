"""Where a thread hangs, as its pages show it: in the words of a meeting, and marked in the paragraph of today."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.text.anchors import Anchor, Reach
from app.text.blocks import Block, Kind
from app.text.dialect import plain
from app.text.marking import Marked, marked
from app.text.notes import numbers
from app.text.places import places
from app.text.snapshot import Section, SectionKind, Snapshot
from app.web.sections import name_of


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block somebody can comment on: its id, where it stands ("paragraph 2"), and how it reads."""

    block: str
    place: str
    text: str


def paragraphs_of(text: Snapshot, section: Section) -> Sequence[Paragraph]:
    """The blocks of a section that have words, in reading order."""
    named = places(section.blocks, numbers(text).numbers, goals=section.kind is SectionKind.GOALS)
    return [
        Paragraph(block.id or "", str(place), as_read(block))
        for block, place in zip(section.blocks, named, strict=True)
        if block.kind is not Kind.RULE
    ]


def find_block(text: Snapshot, id: str) -> tuple[Section, Block] | None:
    """A block with its section, or None if it is not in this text."""
    return next(((s, block) for s, _, block in text.placed_blocks() if block.id == id), None)


def place_name(text: Snapshot, section: Section, id: str | None) -> str:
    """Vision, paragraph 1; the section alone where no block of that id stands in it."""
    for paragraph in paragraphs_of(text, section) if id is not None else ():
        if paragraph.block == id:
            return f"{name_of(section)}, {paragraph.place}"
    return name_of(section)


def as_read(block: Block) -> str:
    """The words of a block without marks."""
    return block.text if block.kind is Kind.CODE else plain(block.text)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an anchor is now: its name, its address in the working text, and its words unless a section is meant."""

    name: str
    address: str
    marked: Marked | None


def last_place(anchor: Anchor, text: Snapshot) -> Marked | None:
    """The words of an orphan in the paragraph as it last stood, in the text of the anchor's revision."""
    found = find_block(text, anchor.block or "")
    if anchor.reach is Reach.SECTION or found is None or anchor.end > len(found[1].text):
        return None
    return marked(found[1], anchor.start, anchor.end)


def place_of(anchor: Anchor, text: Snapshot, home: str) -> Place | None:
    """The place of an anchor in the working text; None for an orphan."""
    if anchor.orphaned:
        return None
    if anchor.reach is Reach.SECTION:
        section = text.section_by_id(anchor.section)
        return None if section is None else Place(name_of(section), f"{home}/working#{section.key}", None)
    found = find_block(text, anchor.block or "")
    if found is None:
        return None
    section, block = found
    return Place(
        place_name(text, section, block.id),
        f"{home}/working#b-{block.id}",
        marked(block, anchor.start, anchor.end),
    )


def paragraph_choices(text: Snapshot) -> Sequence[tuple[str, Sequence[Paragraph]]]:
    """Every section with its blocks, for choosing one of them."""
    return [(name_of(section), paragraphs_of(text, section)) for section in text.sections if section.blocks]
