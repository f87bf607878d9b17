"""Making the text of a section canonical again after changes were put in, without touching a word."""

from collections.abc import Sequence
from dataclasses import replace

from app.text.blocks import Block, Kind
from app.text.dialect import canonical_blocks
from app.text.notes import groups

_CONTAINERS = frozenset({Kind.ITEM, Kind.QUOTE, Kind.NOTE})


def repaired(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The same words in the same order, at depths and in lists that stand: every block keeps its id.

    What was inside an item, a quote or a note that is gone moves out to what is left around it; items that became
    neighbours of one list count on from its first number; a list of one lettered item becomes a paragraph; what
    would now be read as a marker is escaped. BadInput for blocks that cannot be written as they are meant.
    """
    return _canonical(tuple(_lists(_depths(blocks))))


def _canonical(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The canonical form; notes each for itself, since their order hangs on citations in other sections."""
    whole = list(groups(blocks))
    made = list(canonical_blocks([group[0] for group in whole if group[0].kind is not Kind.NOTE]))
    for group in whole:
        if group[0].kind is Kind.NOTE:
            made += canonical_blocks(group)
    return tuple(made)


def _depths(blocks: Sequence[Block]) -> list[Block]:
    made: list[Block] = []
    for block in blocks:
        deepest = 0
        if made:
            last = made[-1]
            deepest = last.depth + (1 if last.kind in _CONTAINERS else 0)
        depth = 0 if block.kind is Kind.NOTE else min(block.depth, deepest)
        made.append(block if depth == block.depth else replace(block, depth=depth))
    return made


def _lists(blocks: Sequence[Block]) -> list[Block]:
    """Items of one list bear the first number of that list."""
    made: list[Block] = []
    first: dict[int, Block] = {}
    for block in blocks:
        for depth in [depth for depth in first if depth > block.depth]:
            del first[depth]
        if block.kind is not Kind.ITEM:
            first.pop(block.depth, None)
            made.append(block)
            continue
        leader = first.get(block.depth)
        if leader is None or leader.style != block.style:
            first[block.depth] = block
        elif block.start != leader.start:
            block = replace(block, start=leader.start)
        made.append(block)
    return made
