"""What one change is in words and as a redline, for pages and for paper: where it is, what it does, how it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from app.text.block_redline import redline
from app.text.blocks import Block, Kind
from app.text.dialect import plain
from app.text.places import Place, ordinals, places, section_name
from app.text.redline import Redline
from app.text.snapshot import SectionKind, Snapshot

_KEPT_LENGTH = 8_000
OUTCOMES: Mapping[str, str] = {
    "pending": "Not decided yet",
    "adopted": "Adopted",
    "adopted_amended": "Adopted, amended",
    "rejected": "Rejected",
    "deferred": "Deferred",
}
ACTS: Mapping[str, str] = {
    "insert": "new",
    "delete": "to be taken out",
    "move": "to be moved",
    "retype": "to become something else",
    "rename": "another heading",
    "add_section": "a new section",
    "remove_section": "a section to be taken out",
    "move_section": "a section to be moved",
    "front": "before the text",
}
CHOICES: Mapping[str, str] = {
    "adopted": "Adopt",
    "adopted_amended": "Adopt amended",
    "rejected": "Reject",
    "deferred": "Defer",
}
WITHOUT_WORDS = frozenset({"delete", "move", "add_section", "remove_section", "move_section", "front"})
"""Changes that have no wording of their own to amend."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a change stands against the text of today: a badge where somebody has to look, and a sentence."""

    badge: str | None
    words: str


CLASSES: Mapping[str, Standing] = {
    "applies": Standing(None, "Applies to the text of today: nobody else has changed this."),
    "moved": Standing(None, "Applies to the text of today; what it changes stands elsewhere now."),
    "already": Standing(None, "The text of today says this already."),
    "combined": Standing("Combined: read it", "Others changed other words of the same paragraph, and the two fit."),
    "conflict": Standing("Conflicts", "Others rewrote the same words; somebody has to choose between them."),
    "orphaned": Standing(
        "Needs its author", "What it changes is no longer in the text. Its last wording is kept here."
    ),
}
_CONFIRM = "Others changed the same sentence. The two fit, but nobody wrote that sentence as a whole: read it."


def standing_of(cls: str | None, *, confirm: bool) -> Standing | None:
    """How a change of that class stands; None for one that is settled."""
    if cls is None:
        return None
    found = CLASSES[cls]
    return replace(found, words=_CONFIRM) if cls == "combined" and confirm else found


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a change is, in the words of a meeting ("Mission, item D"); the number of the item, if it is one.

    ``within`` is the place of the block in its section, None for a section as such.
    """

    name: str
    number: int | None = None
    within: Place | None = None


def spot(section_id: str | None, block_id: str | None, text: Snapshot, note_numbers: Mapping[str, int]) -> Spot | None:
    """Where that block of that section stands in a text; None if it does not."""
    section = text.section_by_id(section_id) if section_id else None
    if section is None:
        return None
    name = section_name(section, plain(section.heading))
    name = name[:1].upper() + name[1:]
    if block_id is None:
        return Spot(name)
    for at, block in enumerate(section.blocks):
        if block.id == block_id:
            found = places(section.blocks, note_numbers, goals=section.kind is SectionKind.GOALS)[at]
            return Spot(f"{name}, {found}", ordinals(section.blocks)[at], found)
    return None


def field_name(field: str | None) -> str:
    """What a field of the cover is called; of what names none the section is gone."""
    return "A section that is no longer there" if field is None else field.replace("_", " ").capitalize()


def line_block(text: str | None) -> Block | None:
    """Words that are no block of their own, such as a heading, as one."""
    return None if text is None else Block(Kind.PARAGRAPH, text)


def redline_of(old: Block | None, new: Block | None, number: int | None) -> Redline:
    """The redline of one block, as it can stand by itself: not inside another one, an item under its own number."""
    before, after = (None if block is None else _alone(block, number) for block in (old, new))
    length = sum(len(block.text) for block in (before, after) if block is not None)
    return (_compared if length <= _KEPT_LENGTH else _compared.__wrapped__)(before, after)


@lru_cache(maxsize=1024)
def _compared(old: Block | None, new: Block | None) -> Redline:
    """Pages show the same open changes again and again; very long ones are not kept."""
    return redline([old] if old else [], [new] if new else [])


def _alone(block: Block, number: int | None) -> Block:
    return replace(block, depth=0, start=block.start if number is None else number)
