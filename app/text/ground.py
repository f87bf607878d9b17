"""What a merge knows of the texts it stands on: the one before it, and the base of each change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from app.text.blocks import Block
from app.text.difference import Spot, section_spots, spots, staying
from app.text.notes import note_blocks
from app.text.snapshot import Section, Snapshot


@dataclass
class Ground:
    """One text before a merge, prepared once for all changes that are held against it.

    Of their bases only the sections are looked at in which something is asked for, each once for all bases that
    share it.
    """

    head: Snapshot
    _sections: dict[int, Mapping[str, Section]] = field(default_factory=dict)
    _spots: dict[int, tuple[Section, Mapping[str, Spot]]] = field(default_factory=dict)
    _stayed: dict[tuple[int, str | None], frozenset[str]] = field(default_factory=dict)
    _bases: dict[int, Snapshot] = field(default_factory=dict)

    @cached_property
    def notes(self) -> Mapping[str, tuple[Block, ...]]:
        """The notes of the text by their labels."""
        return note_blocks(self.head)

    @cached_property
    def _head_spots(self) -> Mapping[str, Spot]:
        return spots(self.head)

    def spot(self, base: Snapshot, id: str | None) -> Spot | None:
        """Where a block stands in a base, or None if that does not have it."""
        if id is None:
            return None
        sections = self._sections_of(base)
        now = self._head_spots.get(id)
        # Nearly always a block is still in the section it was in.
        first = sections.get(now.section) if now is not None else None
        if first is not None and (found := self._spots_in(first).get(id)) is not None:
            return found
        return next((spot for s in sections.values() if (spot := self._spots_in(s).get(id)) is not None), None)

    def has_moved(self, base: Snapshot, id: str) -> bool:
        """Whether a block of a base stands elsewhere now: in another section, in another note, or in another order."""
        was, now = self.spot(base, id), self._head_spots.get(id)
        if was is None or now is None or base is self.head:
            return False
        if was.container is None or was.container != now.container:
            # The order of notes themselves is not anybody's choice.
            return was.container is not now.container or was.section != now.section
        return id not in self._staying(self._sections_of(base)[was.section], was.container[1])

    def _staying(self, section: Section, note: str | None) -> frozenset[str]:
        """The blocks of a base's section, or of one note in it, that keep their order."""
        key = id(section), note
        if key not in self._stayed:
            here, head = (section.id, note), self.head.section_by_id(section.id)
            old = [id for id, spot in self._spots_in(section).items() if spot.container == here]
            there = {} if head is None else self._spots_in(head)
            new = {id: len(spot.block.text) for id, spot in there.items() if spot.container == here}
            self._stayed[key] = staying(old, list(new), new)
        return self._stayed[key]

    def _sections_of(self, base: Snapshot) -> Mapping[str, Section]:
        if id(base) not in self._sections:
            self._bases[id(base)] = base
            self._sections[id(base)] = {section.id: section for section in base.sections}
        return self._sections[id(base)]

    def _spots_in(self, section: Section) -> Mapping[str, Spot]:
        if id(section) not in self._spots:
            self._spots[id(section)] = section, section_spots(section)
        return self._spots[id(section)][1]
