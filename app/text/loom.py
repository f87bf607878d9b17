"""The growing text of a merge: sections and blocks that are put in, replaced, taken out and moved by their ids."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from app.text.blocks import Block
from app.text.change import Head
from app.text.difference import head_of
from app.text.snapshot import Section, Snapshot


class Loom:
    """A charter text that is being worked on; ids are unique, and every block has one.

    The blocks of a section are a chain, so that putting in, taking out and moving cost the same in any text.
    """

    def __init__(self, head: Snapshot) -> None:
        self.front = head.front
        self.order = [section.id for section in head.sections]
        self.heads = {section.id: head_of(section) for section in head.sections}
        self._block: dict[str, Block] = {}
        self._home: dict[str, str] = {}
        # What stands right after and right before a block; a section's own id is the edge before its first block.
        self._next: dict[str, str | None] = {}
        self._last: dict[str, str | None] = {}
        self._undoing: list[Callable[[], object]] | None = None
        for section in head.sections:
            self._next[section.id] = None
            self.put(section.blocks, section.id, None)

    @contextmanager
    def tried(self) -> Iterator[None]:
        """What is done meanwhile is undone at the end, at the cost of what was done and not of the text."""
        front, order, heads = self.front, list(self.order), dict(self.heads)
        steps: list[Callable[[], object]] = []
        self._undoing = steps
        try:
            yield
        finally:
            self._undoing = None
            for step in reversed(steps):
                step()
            self.front, self.order, self.heads = front, order, heads

    def _to_undo(self, step: Callable[[], object]) -> None:
        if self._undoing is not None:
            self._undoing.append(step)

    def snapshot(self) -> Snapshot:
        """The text as it stands now."""
        return Snapshot(
            self.front,
            tuple(
                Section(head.id, head.key, head.kind, head.heading, self.blocks(id))
                for id, head in ((id, self.heads[id]) for id in self.order)
            ),
        )

    def section_of(self, id: str) -> str | None:
        """The section a block stands in, or None if it is not in the text."""
        return self._home.get(id)

    def block(self, id: str) -> Block | None:
        """The block with that id, or None."""
        return self._block.get(id)

    def blocks(self, section: str) -> tuple[Block, ...]:
        """The blocks of a section, in order."""
        return tuple(self.after(section, None))

    def before(self, id: str) -> Iterator[Block]:
        """The blocks of the same section before a block, nearest first."""
        at = self._last[id]
        while at is not None:
            yield self._block[at]
            at = self._last[at]

    def after(self, section: str, id: str | None) -> Iterator[Block]:
        """The blocks of a section after one of its blocks, or all of them if that is None."""
        at = self._next[section if id is None else id]
        while at is not None:
            yield self._block[at]
            at = self._next[at]

    def put(self, blocks: Sequence[Block], section: str, after: str | None) -> None:
        """Put new blocks into a section after one of its blocks, or first."""
        for block in blocks:
            id = block.id
            assert id is not None
            assert id not in self._home
            following = self._next[section if after is None else after]
            self._block[id], self._home[id] = block, section
            self._last[id], self._next[id] = after, following
            self._next[section if after is None else after] = id
            if following is not None:
                self._last[following] = id
            after = id
            self._to_undo(partial(self.take, id))

    def take(self, id: str) -> Block:
        """Take a block out."""
        last, following, home = self._last.pop(id), self._next.pop(id), self._home.pop(id)
        self._next[home if last is None else last] = following
        if following is not None:
            self._last[following] = last
        block = self._block.pop(id)
        self._to_undo(partial(self.put, (block,), home, last))
        return block

    def replace(self, block: Block) -> None:
        """Put a block in the place of the one with its id."""
        assert block.id in self._block
        self._to_undo(partial(self.replace, self._block[block.id]))
        self._block[block.id] = block

    def rearrange(self, section: str, blocks: Sequence[Block]) -> None:
        """Give a section other blocks altogether."""
        for block in self.blocks(section):
            self.take(block.id or "")
        self.put(blocks, section, None)

    def add_section(self, head: Head, after: str | None) -> None:
        """Put in an empty section after another one, or first."""
        self.heads[head.id] = head
        self._next[head.id] = None
        self._to_undo(partial(self._next.pop, head.id))
        self.place_section(head.id, after)

    def place_section(self, id: str, after: str | None) -> None:
        """Let a section stand after another one, or first."""
        if id in self.order:
            self.order.remove(id)
        self.order.insert(0 if after is None else self.order.index(after) + 1, id)

    def remove_section(self, id: str) -> None:
        """Take out a section with all its blocks."""
        self.rearrange(id, ())
        self.order.remove(id)
        del self.heads[id], self._next[id]
        self._to_undo(partial(self._next.setdefault, id, None))
