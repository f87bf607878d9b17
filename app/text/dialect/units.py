"""Blocks as the nested things that are written: a quotation, a list item, a note, a leaf."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.text.blocks import Block, Kind, ListStyle


@dataclass(slots=True)
class Unit:
    """A leaf, or a container whose first words are its first child."""

    block: Block
    kind: Kind
    children: list["Unit"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words of a leaf."""
        return self.block.text

    @property
    def style(self) -> ListStyle:
        """The style of an item; one without is taken for a bullet."""
        return self.block.style or ListStyle.BULLET


_NESTING = frozenset({Kind.QUOTE, Kind.ITEM, Kind.NOTE})


def units_of(blocks: Sequence[Block]) -> list[Unit]:
    """The units of the outermost depth, each holding what is deeper."""
    top: list[Unit] = []
    around: list[Unit] = []
    for block in blocks:
        while around and around[-1].block.depth >= block.depth:
            around.pop()
        here = around[-1].children if around else top
        if block.kind not in _NESTING:
            here.append(Unit(block, block.kind))
            continue
        if block.kind is Kind.QUOTE and here and here[-1].kind is Kind.QUOTE:
            unit = here[-1]
        else:
            unit = Unit(block, block.kind)
            here.append(unit)
        if block.text:
            unit.children.append(Unit(block, Kind.PARAGRAPH))
        around.append(unit)
    return top
