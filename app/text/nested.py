"""Rebuilds the containers of a text: flat blocks with depths become lists, quotations and what stands inside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from app.text.blocks import Block, Kind, ListStyle


@dataclass(frozen=True, slots=True)
class Nested:
    """A block and what stands inside it: nothing but for items, quotes and notes."""

    block: Block
    inside: tuple["Part", ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """Neighbouring items of one style; ``start`` is the first number. Loose lists have air between their items."""

    style: ListStyle
    start: int
    items: tuple[Nested, ...]

    @property
    def loose(self) -> bool:
        """Whether an item holds more than its own words and a list below them."""
        return any(not isinstance(part, Listing) for item in self.items for part in item.inside)


@dataclass(frozen=True, slots=True)
class Quotation:
    """Neighbouring quote blocks of one depth: one quotation."""

    quotes: tuple[Nested, ...]


Part = Nested | Listing | Quotation

_CONTAINERS = frozenset({Kind.ITEM, Kind.QUOTE, Kind.NOTE})


def nested(blocks: Sequence[Block]) -> tuple[Part, ...]:
    """The blocks as a reader sees them grouped, in their order; every block is in the result exactly once."""
    return _grouped(_trees(blocks, 0, len(blocks)))


def _trees(blocks: Sequence[Block], start: int, stop: int) -> list[Nested]:
    trees = []
    while start < stop:
        head, end = blocks[start], start + 1
        if head.kind in _CONTAINERS:
            while end < stop and blocks[end].depth > head.depth:
                end += 1
        trees.append(Nested(head, _grouped(_trees(blocks, start + 1, end))))
        start = end
    return trees


def _grouped(trees: list[Nested]) -> tuple[Part, ...]:
    parts: list[Part] = []
    for (kind, style, _), run in groupby(trees, key=_company):
        if kind is Kind.ITEM:
            items = tuple(run)
            first = items[0].block.start
            parts.append(Listing(style or ListStyle.BULLET, 1 if first is None else first, items))
        elif kind is Kind.QUOTE:
            parts.append(Quotation(tuple(run)))
        else:
            parts.extend(run)
    return tuple(parts)


def _company(tree: Nested) -> tuple[Kind, ListStyle | None, int]:
    block = tree.block
    return block.kind, block.style, block.depth
