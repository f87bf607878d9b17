"""Knowing blocks and sections again that came into two texts under different ids, before those texts are merged."""

from collections.abc import Mapping
from dataclasses import replace

from app.text.align import align
from app.text.blocks import Block
from app.text.effort import BLOCK_STEPS, Effort
from app.text.snapshot import Section, Snapshot
from app.text.worddiff import common_runs


def recognised(base: Snapshot, ours: Snapshot, theirs: Snapshot) -> tuple[Snapshot, Snapshot]:
    """The base and their side with the ids that our side has for the same things.

    A folder that is imported again knows nothing of the ids under which proposals brought its words into the text.
    Sections are known by their keys. A block of the base that our side lacks is the one our side has in its place;
    a block that reads the same on both sides, in the same order, is the same block.
    """
    base, theirs = _sections_known(base, ours), _sections_known(theirs, ours)
    names = _rewritten(base, ours)
    base, theirs = _renamed(base, names), _renamed(theirs, names)
    return base, _renamed(theirs, _equal(base, ours, theirs))


def _ids(snapshot: Snapshot) -> set[str]:
    return {block.id or "" for _, _, block in snapshot.placed_blocks()}


def _sections_known(text: Snapshot, ours: Snapshot) -> Snapshot:
    ids = {section.id for section in text.sections}

    def known(section: Section) -> Section:
        other = ours.section(section.key)
        foreign = ours.section_by_id(section.id) is None and other is not None and other.id not in ids
        return replace(section, id=other.id) if foreign and other is not None else section

    return replace(text, sections=tuple(known(section) for section in text.sections))


def _rewritten(base: Snapshot, ours: Snapshot) -> dict[str, str]:
    """For blocks of the base whose ids our side lacks: the ids of those blocks of ours that are new in their place."""
    base_ids, our_ids = _ids(base), _ids(ours)
    found: dict[str, str] = {}
    for section in base.sections:
        other = ours.section_by_id(section.id)
        if other is None or all(block.id in our_ids for block in section.blocks):
            continue
        for pair in align(section.blocks, other.blocks):
            if pair.old is None or pair.new is None:
                continue
            was, now = section.blocks[pair.old].id or "", other.blocks[pair.new].id or ""
            if was not in our_ids and now not in base_ids:
                found[was] = now
    return found


def _equal(base: Snapshot, ours: Snapshot, theirs: Snapshot) -> dict[str, str]:
    """For new blocks that read the same on both sides under two ids: theirs to ours. What the base has is known."""
    known = _ids(base)
    found: dict[str, str] = {}
    for section in theirs.sections:
        other = ours.section_by_id(section.id)
        if other is None:
            continue
        mine, yours = [b.body for b in other.blocks], [b.body for b in section.blocks]
        for i, j, length in common_runs(mine, yours, Effort(BLOCK_STEPS)):
            for one, two in zip(other.blocks[i : i + length], section.blocks[j : j + length], strict=True):
                if one.id != two.id and one.id not in known and two.id not in known:
                    found[two.id or ""] = one.id or ""
    return found


def _renamed(text: Snapshot, names: Mapping[str, str]) -> Snapshot:
    """The text with new ids. Two blocks never share one: who held a name that is given away takes the free one."""
    if not names:
        return text
    held = _ids(text)
    whole = {old: new for old, new in names.items() if old in held}
    for new in list(whole.values()):
        if new in held and new not in whole:
            # Follow the chain of names to the id that nobody bears any more.
            free = next(old for old, given in whole.items() if given == new)
            while free in whole.values():
                free = next(old for old, given in whole.items() if given == free)
            whole[new] = free

    def named(block: Block) -> Block:
        return block.with_id(whole.get(block.id or "", block.id))

    sections = tuple(replace(s, blocks=tuple(named(block) for block in s.blocks)) for s in text.sections)
    return replace(text, sections=sections)
