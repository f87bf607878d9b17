"""How far a new text differs from the one before it: in which sections, blocks and fields of the front."""

from dataclasses import dataclass

from app.text.snapshot import Section, Snapshot


@dataclass(frozen=True, slots=True)
class Extent:
    """What one revision touched, by permanent ids; ``outline`` if sections came, went, moved or got another key.

    ``reordered`` are the touched sections in which more happened than that words changed and blocks came in: there
    also blocks that read as before may stand elsewhere.
    """

    sections: frozenset[str]
    reordered: frozenset[str]
    blocks: frozenset[str]
    outline: bool
    front: bool

    @property
    def is_empty(self) -> bool:
        """Whether the two texts are the same."""
        return not (self.sections or self.blocks or self.outline or self.front)


def extent(before: Snapshot, after: Snapshot) -> Extent:
    """What differs between two texts. A block that moved counts, and so do both sections of one that changed places."""
    old = {section.id: section for section in before.sections}
    new = {section.id: section for section in after.sections}
    sections = {id for id in old.keys() | new.keys() if old.get(id) != new.get(id)}
    was = {block.id: (id, block) for id in sections if id in old for block in old[id].blocks}
    now = {block.id: (id, block) for id in sections if id in new for block in new[id].blocks}
    blocks = {id for id in was.keys() | now.keys() if id is not None and was.get(id) != now.get(id)}
    outlines = [[(section.id, section.key) for section in text.sections] for text in (before, after)]
    reordered = {id for id in sections if id not in old or id not in new or not _is_in_order(old[id], new[id])}
    return Extent(
        sections=frozenset(sections),
        reordered=frozenset(reordered),
        blocks=frozenset(blocks),
        outline=outlines[0] != outlines[1],
        front=before.front != after.front,
    )


def _is_in_order(old: Section, new: Section) -> bool:
    """Whether all blocks of the old section stand in the new one, in the same order and form."""
    forms = [(block.id, block.form) for block in old.blocks]
    ids = {block.id for block in old.blocks}
    return forms == [(block.id, block.form) for block in new.blocks if block.id in ids]
