"""How far a new text differs from the one before it: in which sections, blocks and fields of the front."""

from dataclasses import dataclass

from app.text.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Extent:
    """What one revision touched, by permanent ids; ``outline`` if sections came, went, moved or got another key."""

    sections: frozenset[str]
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
    return Extent(frozenset(sections), frozenset(blocks), outlines[0] != outlines[1], before.front != after.front)
