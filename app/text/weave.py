"""Putting chosen changes of several proposals into a text: the merge itself, its classes and what it asks."""

from collections.abc import Mapping, Sequence

from app.errors import BadInput
from app.text.blocks import Block
from app.text.classifying import classify, classify_all
from app.text.collisions import collisions
from app.text.dialect import plain
from app.text.ground import Ground
from app.text.loom import Loom
from app.text.notes import note_blocks, numbers, ordered
from app.text.repair import repaired
from app.text.snapshot import Snapshot
from app.text.tidings import tidings
from app.text.touched import Touched, collision_map
from app.text.weaving import Weaving
from app.text.woven import Choice, Class, Combined, Conflict, Fit, Proposed, Resolution, Weave

__all__ = [
    "Choice",
    "Class",
    "Combined",
    "Conflict",
    "Fit",
    "Proposed",
    "Resolution",
    "Touched",
    "Weave",
    "classify",
    "classify_all",
    "collision_map",
    "collisions",
    "weave",
]


def weave(
    head: Snapshot,
    chosen: Sequence[Proposed],
    resolutions: Mapping[str, Resolution] | None = None,
    *,
    repair: bool = True,
) -> Weave:
    """Put the changes into the text, in proposal order, each merged three ways against its own base.

    Words come first, then sections, then insertions and moves, and what is taken out last, so that an edit of
    something that another change takes away is always seen. The result is canonical, its notes in order; only a
    proof does without the ``repair`` that makes it so.
    """
    if not chosen:
        return Weave(head, {}, outdated=tuple(sorted(resolutions or ())))
    return _Weaving(head, chosen, resolutions or {}).woven(repair)


class _Weaving:
    def __init__(self, head: Snapshot, chosen: Sequence[Proposed], resolutions: Mapping[str, Resolution]) -> None:
        self.head = head
        self.loom = Loom(head)
        self.work = Weaving(Ground(head), self.loom, chosen, resolutions)
        self.broken: list[str] = []
        self.retyped: list[str] = []

    def woven(self, repair: bool) -> Weave:
        """Do it, and say what came of it."""
        work = self.work
        work.put_in()
        if repair:
            self._repair()
        snapshot = ordered(self.loom.snapshot())
        return Weave(
            snapshot,
            work.fits(),
            work.verdicts.open,
            work.verdicts.settled,
            work.still_combined(),
            self._problems(snapshot),
            tuple(
                dict.fromkeys(
                    (*work.notices, *work.outlining.notices, *self.retyped, *tidings(self.head, work.chosen, snapshot))
                )
            ),
            work.verdicts.outdated,
        )

    def _repair(self) -> None:
        for id in self.loom.order:
            blocks, before = self.loom.blocks(id), self.head.section_by_id(id)
            if before is None or blocks != before.blocks:
                self._repair_section(id, blocks)

    def _repair_section(self, id: str, blocks: Sequence[Block]) -> None:
        try:
            made = repaired(blocks)
        except BadInput as refusal:
            self.broken.append(f"The section {self.loom.heads[id].key} cannot be written: {refusal.message}")
            return
        self.loom.rearrange(id, made)
        kinds = {block.id: block.kind for block in blocks}
        self.retyped += [
            f"“{plain(block.text)}” is a {block.kind} now, since it cannot be a lone {kinds[block.id]}."
            for block in made
            if block.kind is not kinds[block.id]
        ]

    def _problems(self, snapshot: Snapshot) -> tuple[str, ...]:
        """What keeps the result from holding together and was not so before."""
        before, after = numbers(self.head), numbers(snapshot)
        found = [
            f"[^{label}] is cited, but its note is not in the text."
            for label in after.dangling
            if label not in before.dangling
        ]
        found += [f"Two notes are called {label}." for label in _twice(snapshot) if label not in _twice(self.head)]
        return (*self.broken, *found)


def _twice(snapshot: Snapshot) -> list[str]:
    labels = [block.label for _, _, block in snapshot.placed_blocks() if block.label is not None]
    return [label for label in note_blocks(snapshot) if labels.count(label) > 1]
