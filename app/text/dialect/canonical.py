"""Blocks that somebody made, as they come out when they are written and read again."""

from collections.abc import Sequence

from app.errors import BadInput
from app.text.blocks import Block, Kind
from app.text.dialect.parsing import parse
from app.text.dialect.serialising import serialise
from app.text.dialect.soundness import check


def canonical_blocks(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """What these blocks become when they are written and read again, with their ids.

    Canonical blocks come back as they are. BadInput, in words, for blocks that cannot be written as they are meant.
    """
    given = tuple(blocks)
    for number, block in enumerate(given, start=1):
        check(block, given[number - 2] if number > 1 else None, number)
    made = parse(serialise(given))
    bodies = tuple(block.body for block in given)
    if made == bodies:
        return given
    return _with_ids(given, made)


def _with_ids(given: Sequence[Block], made: Sequence[Block]) -> tuple[Block, ...]:
    """Carry the ids over one to one: notes by their label, since reading orders them, and the rest in order."""
    notes, body = _apart(given)
    made_notes, made_body = _apart(made)
    if len(made) != len(given) or len(made_body) != len(body):
        raise BadInput("A block holds what would be read as several blocks, or as none: one block is one paragraph.")
    kept = [new.with_id(old.id) for old, new in zip(body, made_body, strict=True)]
    places = {group[0].label: group for group in notes}
    for group in made_notes:
        old_group = places.get(group[0].label, group)
        if len(old_group) != len(group):
            raise BadInput(f"The note “{group[0].label}” holds what would be read as several blocks, or as none.")
        kept.extend(new.with_id(old.id) for old, new in zip(old_group, group, strict=True))
    return tuple(kept)


def _apart(blocks: Sequence[Block]) -> tuple[list[list[Block]], list[Block]]:
    notes: list[list[Block]] = []
    body: list[Block] = []
    within = False
    for block in blocks:
        if block.kind is Kind.NOTE:
            notes.append([block])
            within = True
        elif within and block.depth > 0:
            notes[-1].append(block)
        else:
            within = False
            body.append(block)
    return notes, body
