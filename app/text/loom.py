"""The growing text of a merge: sections and blocks that are put in, replaced, taken out and moved by their ids."""

from collections.abc import Iterator, Sequence

from app.text.blocks import Block
from app.text.change import Head
from app.text.difference import head_of
from app.text.snapshot import Section, Snapshot


class Loom:
    """A charter text that is being worked on; ids are unique, and every block has one."""

    def __init__(self, head: Snapshot) -> None:
        self.front = head.front
        self.order = [section.id for section in head.sections]
        self.heads = {section.id: head_of(section) for section in head.sections}
        self._blocks = {section.id: list(section.blocks) for section in head.sections}
        self._home = {block.id or "": section.id for section, _, block in head.placed_blocks()}

    def snapshot(self) -> Snapshot:
        """The text as it stands now."""
        return Snapshot(
            self.front,
            tuple(
                Section(head.id, head.key, head.kind, head.heading, tuple(self._blocks[id]))
                for id, head in ((id, self.heads[id]) for id in self.order)
            ),
        )

    def section_of(self, id: str) -> str | None:
        """The section a block stands in, or None if it is not in the text."""
        return self._home.get(id)

    def block(self, id: str) -> Block | None:
        """The block with that id, or None."""
        home = self._home.get(id)
        return None if home is None else self._blocks[home][self._index(id)]

    def blocks(self, section: str) -> tuple[Block, ...]:
        """The blocks of a section, in order."""
        return tuple(self._blocks[section])

    def before(self, id: str) -> Iterator[Block]:
        """The blocks of the same section before a block, nearest first."""
        home = self._home[id]
        return iter(self._blocks[home][: self._index(id)][::-1])

    def after(self, section: str, id: str | None) -> tuple[Block, ...]:
        """The blocks of a section after one of its blocks, or all of them if that is None."""
        return tuple(self._blocks[section][0 if id is None else self._index(id) + 1 :])

    def put(self, blocks: Sequence[Block], section: str, after: str | None) -> None:
        """Put new blocks into a section after one of its blocks, or first."""
        place = 0 if after is None else self._index(after) + 1
        for block in blocks:
            assert block.id is not None
            assert block.id not in self._home
            self._home[block.id] = section
        self._blocks[section][place:place] = blocks

    def take(self, id: str) -> Block:
        """Take a block out."""
        block = self._blocks[self._home[id]].pop(self._index(id))
        del self._home[id]
        return block

    def replace(self, block: Block) -> None:
        """Put a block in the place of the one with its id."""
        assert block.id is not None
        self._blocks[self._home[block.id]][self._index(block.id)] = block

    def rearrange(self, section: str, blocks: tuple[Block, ...]) -> None:
        """Give a section other blocks altogether."""
        for block in self._blocks[section]:
            self._home.pop(block.id or "", None)
        self._blocks[section] = list(blocks)
        self._home.update((block.id or "", section) for block in blocks)

    def add_section(self, head: Head, after: str | None) -> None:
        """Put in an empty section after another one, or first."""
        self.heads[head.id] = head
        self._blocks[head.id] = []
        self.place_section(head.id, after)

    def place_section(self, id: str, after: str | None) -> None:
        """Let a section stand after another one, or first."""
        if id in self.order:
            self.order.remove(id)
        self.order.insert(0 if after is None else self.order.index(after) + 1, id)

    def remove_section(self, id: str) -> None:
        """Take out a section with all its blocks."""
        for block in self._blocks.pop(id):
            del self._home[block.id or ""]
        self.order.remove(id)
        del self.heads[id]

    def _index(self, id: str) -> int:
        return next(n for n, block in enumerate(self._blocks[self._home[id]]) if block.id == id)
