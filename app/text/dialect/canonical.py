"""Blocks that somebody made, as they come out when they are written and read again."""

from collections.abc import Sequence
from dataclasses import replace

from app.text.blocks import Block, Kind
from app.text.dialect.inline_canon import canonical_inline
from app.text.dialect.notes_definitions import distinct
from app.text.dialect.parsing import parse
from app.text.dialect.serialising import serialise
from app.text.dialect.soundness import check

# How far ahead a block is looked for whose neighbours joined: no more than a few in a row can.
_NEAR = 50
_WORDLESS = frozenset({Kind.CODE, Kind.TABLE, Kind.RULE})


def canonical_blocks(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """What these blocks become when they are written and read again, with their ids.

    Canonical blocks come back as they are. A paragraph without words goes; an item or note without words takes those
    of the paragraph that follows in it. BadInput, in words, for blocks that are malformed.
    """
    given = tuple(blocks)
    for number, block in enumerate(given, start=1):
        check(block, given[number - 2] if number > 1 else None, number)
    tidied = _tidied(given)
    made = parse(serialise(tidied))
    if made == tuple(block.body for block in tidied):
        return given if len(given) == len(tidied) and given == tidied else tidied
    return _with_ids(tidied, made)


def _tidied(given: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks without blanks that would be read as structure, and without those that say nothing."""
    kept: list[Block] = []
    for block in given:
        text = block.text
        if block.kind not in _WORDLESS and text and (text != text.strip(" \n") or "\n " in text):
            block = block.with_text(canonical_inline(text))
        above = kept[-1] if kept else None
        if block.kind is Kind.PARAGRAPH:
            if not block.text:
                continue
            if above is not None and not above.text and above.depth < block.depth:
                kept[-1] = above.with_text(block.text)
                continue
        elif block.kind is Kind.QUOTE and above is not None and _goes_on(above, block):
            if not block.text:
                continue
            if not above.text:
                kept[-1] = replace(block, id=above.id)
                continue
        kept.append(block)
    return tuple(kept)


def _goes_on(above: Block, block: Block) -> bool:
    """Whether one of two quote blocks that stand together has no words and so says nothing."""
    return above.kind is Kind.QUOTE and above.depth == block.depth and not (above.text and block.text)


def _with_ids(given: Sequence[Block], made: Sequence[Block]) -> tuple[Block, ...]:
    """Carry the ids over one to one: notes by their label, since reading orders them, and the rest in order."""
    notes, body = _apart(given)
    made_notes, made_body = _apart(made)
    kept = _one_to_one(body, made_body)
    groups, _ = distinct(notes, body)
    places = {group[0].label: old for group, old in zip(groups, notes, strict=True)}
    for group in made_notes:
        kept.extend(_one_to_one(places.get(group[0].label, []), group))
    return tuple(kept)


def _one_to_one(old: Sequence[Block], new: Sequence[Block]) -> list[Block]:
    """The new blocks with the ids of the old ones; where some joined their neighbours, words say which is which."""
    if len(old) == len(new):
        return [other.with_id(one.id) for one, other in zip(old, new, strict=True)]
    words = [one.text if one.kind in _WORDLESS else canonical_inline(one.text) for one in old]
    made: list[Block] = []
    at = 0
    for block in new:
        found = next((n for n in range(at, min(len(old), at + _NEAR)) if _says(block.text, words[n])), None)
        made.append(block if found is None else block.with_id(old[found].id))
        at = at if found is None else found + 1
    return made


def _says(text: str, words: str) -> bool:
    """Whether a text is these words, with a marker before them or not."""
    return text == words or (bool(words) and text.endswith(f" {words}"))


def _apart(blocks: Sequence[Block]) -> tuple[list[list[Block]], list[Block]]:
    """The notes, each with what belongs to it, and the rest."""
    notes: list[list[Block]] = []
    body: list[Block] = []
    within = False
    for block in blocks:
        within = block.kind is Kind.NOTE or (within and block.depth > 0)
        if block.kind is Kind.NOTE:
            notes.append([block])
        elif within:
            notes[-1].append(block)
        else:
            body.append(block)
    return notes, body
