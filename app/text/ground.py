"""What a merge knows of the texts it stands on: the one before it, and the base of each change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from app.text.blocks import Block
from app.text.difference import Spot, moved_between, spots
from app.text.notes import note_blocks
from app.text.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class BaseSpots:
    """Where every block of a base stands; sections that are now as they were then are looked up in the text itself."""

    own: Mapping[str, Spot]
    shared: Mapping[str, Spot]
    unchanged: frozenset[str]

    def get(self, id: str | None) -> Spot | None:
        """Where a block stood, or None if the base does not have it."""
        found = self.own.get(id or "")
        if found is not None:
            return found
        found = self.shared.get(id or "")
        return found if found is not None and found.section in self.unchanged else None


@dataclass
class Ground:
    """One text before a merge, prepared once for all changes that are held against it."""

    head: Snapshot
    _spots: dict[int, tuple[Snapshot, BaseSpots]] = field(default_factory=dict)
    _moved: dict[int, tuple[Snapshot, frozenset[str]]] = field(default_factory=dict)

    @cached_property
    def notes(self) -> Mapping[str, tuple[Block, ...]]:
        """The notes of the text by their labels."""
        return note_blocks(self.head)

    @cached_property
    def _head_spots(self) -> Mapping[str, Spot]:
        return spots(self.head)

    def spots(self, base: Snapshot) -> BaseSpots:
        """Where every block of a base stands."""
        if id(base) not in self._spots:
            self._spots[id(base)] = base, self._spots_of(base)
        return self._spots[id(base)][1]

    def _spots_of(self, base: Snapshot) -> BaseSpots:
        now = {section.id: section.blocks for section in self.head.sections}
        changed = tuple(section for section in base.sections if now.get(section.id) != section.blocks)
        kept = frozenset(section.id for section in base.sections) - {section.id for section in changed}
        return BaseSpots(spots(Snapshot(base.front, changed)), self._head_spots, kept)

    def moved_since(self, base: Snapshot) -> frozenset[str]:
        """The blocks that stand elsewhere in the text than in the base."""
        if id(base) not in self._moved:
            self._moved[id(base)] = base, frozenset() if base is self.head else moved_between(base, self.head)
        return self._moved[id(base)][1]
