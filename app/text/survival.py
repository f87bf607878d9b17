"""What became of the words of one text in the next one: what anchors and provenance are carried along."""

from functools import cached_property

from app.text.blocks import Block
from app.text.difference import moved_between
from app.text.keeping import Kept, kept_words, left_out
from app.text.snapshot import Section, Snapshot
from app.text.splits import kinships

Family = tuple[tuple[Block, ...], tuple[Block, ...]]
"""Old blocks and the new blocks that are made of them."""


class Survival:
    """What became of the words of one text in the next one, found by permanent ids.

    A block under the same id is the same block; words of another block are followed only into its neighbours, where a
    block with a kept id was split or joined. A block that merely reads alike proves nothing. Every block is compared
    at most once and only when asked for, so that the cost is that of the blocks which were touched.
    """

    def __init__(self, old: Snapshot, new: Snapshot) -> None:
        self.old, self.new = old, new
        self._old = {block.id or "": (section, block) for section, _, block in old.placed_blocks()}
        self._new = {block.id or "": (section, block) for section, _, block in new.placed_blocks()}
        self._from: dict[str, tuple[Kept, ...]] = {}
        self._into: dict[str, tuple[Kept, ...]] = {}
        self._families: dict[str, dict[str, Family]] = {}

    def old_block(self, id: str) -> tuple[Section, Block] | None:
        """A block of the old text with its section, or None."""
        return self._old.get(id)

    def new_block(self, id: str) -> tuple[Section, Block] | None:
        """A block of the new text with its section, or None."""
        return self._new.get(id)

    def words_from(self, id: str) -> tuple[Kept, ...]:
        """Where the words of an old block stand now, in their old order."""
        if id not in self._from:
            self._compare(id)
        return self._from.get(id, ())

    def words_into(self, id: str) -> tuple[Kept, ...]:
        """Where the words of a new block stood before, in their new order."""
        if id not in self._into:
            self._compare(id)
        return self._into.get(id, ())

    def has_moved(self, id: str) -> bool:
        """Whether a block of both texts stands elsewhere now: in another section, or in another order."""
        there, here = self._old.get(id), self._new.get(id)
        if there is None or here is None:
            return False
        if there[0].id == here[0].id and here[0].id in self._in_order:
            return False
        return id in self._moved

    @cached_property
    def written(self) -> tuple[tuple[Block, tuple[tuple[int, int], ...]], ...]:
        """The blocks that are new or were changed, each with the ranges of its words that stood nowhere before."""
        found: list[tuple[Block, tuple[tuple[int, int], ...]]] = []
        for id, (_, block) in self._new.items():
            before = self._old.get(id)
            if before is None or before[1].text != block.text:
                ranges = left_out(len(block.text), [(kept.at, kept.until) for kept in self.words_into(id)])
                found.append((block, tuple(ranges)))
        return tuple(found)

    @cached_property
    def _moved(self) -> frozenset[str]:
        return moved_between(self.old, self.new)

    @cached_property
    def _in_order(self) -> frozenset[str]:
        """The sections whose kept blocks follow each other as before."""
        found: set[str] = set()
        for section in self.new.sections:
            before = self.old.section_by_id(section.id)
            if before is None:
                continue
            if before.blocks is section.blocks or before.blocks == section.blocks:
                found.add(section.id)
                continue
            was, now = ({b.id: None for b in one.blocks} for one in (before, section))
            if [id for id in was if id in now] == [id for id in now if id in was]:
                found.add(section.id)
        return frozenset(found)

    def _compare(self, id: str) -> None:
        olds, news = self._family(id)
        found = kept_words(olds, news)
        for block in olds:
            self._from[block.id or ""] = tuple(kept for kept in found if kept.old == block.id)
        for block in news:
            mine = [kept for kept in found if kept.new == block.id]
            self._into[block.id or ""] = tuple(sorted(mine, key=lambda kept: kept.at))

    def _family(self, id: str) -> Family:
        """The old and the new blocks that a block is compared with: itself, and what it was split into or joined."""
        there, here = self._old.get(id), self._new.get(id)
        if there is not None and here is not None and there[1].text == here[1].text:
            return (there[1],), (here[1],)
        section = (here or there or (None, None))[0]
        if section is not None:
            families = self._families_of(section.id)
            if id in families:
                return families[id]
        return (there[1],) if there is not None else (), (here[1],) if here is not None else ()

    def _families_of(self, section: str) -> dict[str, Family]:
        """The blocks of one section that were split or joined, by the ids of all that took part."""
        if section not in self._families:
            found: dict[str, Family] = {}
            self._families[section] = found
            before, after = self.old.section_by_id(section), self.new.section_by_id(section)
            if before is None or after is None:
                return found
            # What came from or went to another section has its partner there.
            was = {block.id for block in before.blocks}
            now = {block.id for block in after.blocks}
            olds = [block for block in before.blocks if block.id in now or block.id not in self._new]
            news = [block for block in after.blocks if block.id in was or block.id not in self._old]
            if len(olds) == len(news) and all(block.id in now for block in olds):
                return found
            for kinship in kinships(olds, news):
                family = tuple(olds[i] for i in kinship.old), tuple(news[j] for j in kinship.new)
                if len(family[0]) + len(family[1]) > 2 and _known(family):
                    found.update((block.id or "", family) for side in family for block in side)
        return self._families[section]


def _known(family: Family) -> bool:
    """Whether a kept id proves that these are one block and its parts."""
    return bool({block.id for block in family[0]} & {block.id for block in family[1]})
