"""Putting chosen changes of several proposals into a text: the merge itself, its classes and what it asks."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.errors import BadInput
from app.text.blocks import Block
from app.text.change import ChangeKind
from app.text.collisions import collisions
from app.text.dialect import clean, plain
from app.text.loom import Loom
from app.text.notes import note_blocks, numbers, ordered
from app.text.outlining import Outlining
from app.text.placing import Ground, Placing
from app.text.renaming import with_free_labels
from app.text.repair import repaired
from app.text.rewording import Edit, combined_of, reword
from app.text.snapshot import Snapshot
from app.text.tidings import tidings
from app.text.woven import (
    Choice,
    Class,
    Combined,
    Conflict,
    Fit,
    Proposed,
    Resolution,
    Verdicts,
    Weave,
)

__all__ = [
    "Choice",
    "Class",
    "Combined",
    "Conflict",
    "Fit",
    "Proposed",
    "Resolution",
    "Weave",
    "classify",
    "collisions",
    "weave",
]

_EDITS = frozenset({ChangeKind.REPLACE, ChangeKind.RETYPE})


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


def classify(head: Snapshot, proposed: Proposed) -> Fit:
    """How one change fits the text by itself."""
    return weave(head, [proposed]).classes[proposed.ref]


class _Weaving:
    def __init__(self, head: Snapshot, chosen: Sequence[Proposed], resolutions: Mapping[str, Resolution]) -> None:
        self.head = head
        self.chosen, self.notices = with_free_labels(head, chosen)
        self.loom = Loom(head)
        self.verdicts = Verdicts({id: _cleaned(one) for id, one in resolutions.items()})
        self.placing = Placing(self.loom, Ground(head), self.verdicts, self.chosen)
        self.outlining = Outlining(self.placing, self.chosen)
        self.classes: dict[str, Class] = {}
        self.combined: list[Combined] = []
        self.edits_of: dict[str, list[str]] = {}
        self.broken: list[str] = []
        self.retyped: list[str] = []

    def woven(self, repair: bool) -> Weave:
        """Do it, and say what came of it."""
        for one in self._of(ChangeKind.FRONT):
            self.outlining.set_front(one)
        self._reword_headings()
        self._reword_blocks()
        self.outlining.place_all(self.chosen)
        self.placing.place_all(self.chosen)
        self._take_out()
        if repair:
            self._repair()
        snapshot = ordered(self.loom.snapshot())
        classes = {**self.outlining.classes, **self.placing.classes, **self.classes}
        combined = self._still_there(snapshot)
        to_read = {ref for one in combined for ref in one.refs}
        return Weave(
            snapshot,
            {
                one.ref: Fit(classes[one.ref], classes[one.ref] is Class.COMBINED and one.ref in to_read)
                for one in self.chosen
            },
            self.verdicts.open,
            self.verdicts.settled,
            combined,
            self._problems(snapshot),
            tuple(dict.fromkeys((*self.notices, *self.retyped, *tidings(self.head, self.chosen, snapshot)))),
            self.verdicts.outdated,
        )

    def _of(self, *kinds: ChangeKind) -> list[Proposed]:
        return [one for one in self.chosen if one.change.kind in kinds]

    def _reword_headings(self) -> None:
        by_section: dict[str, list[Proposed]] = {}
        for one in self._of(ChangeKind.RENAME):
            by_section.setdefault(one.change.section or "", []).append(one)
        for id, changes in by_section.items():
            self.edits_of[id] = [one.ref for one in changes]
            result = self.outlining.rename(id, changes)
            if result is not None:
                self.combined += combined_of(result, id, None)

    def _reword_blocks(self) -> None:
        by_block: dict[str, list[Proposed]] = {}
        for one in self._of(*_EDITS):
            by_block.setdefault(one.change.block or "", []).append(one)
        for id, changes in by_block.items():
            block = self.loom.block(id)
            if block is None:
                self.classes.update((one.ref, Class.ORPHANED) for one in changes)
                continue
            edits = [
                Edit(one.ref, one.change.old, one.change.new)
                for one in changes
                if one.change.old is not None and one.change.new is not None
            ]
            section = self.loom.section_of(id)
            result = reword(block, edits, self.verdicts, section, id)
            self.loom.replace(result.block)
            self.combined += combined_of(result, section, id)
            self.edits_of[id] = [edit.ref for edit in edits]
            for one in changes:
                cls = result.classes[one.ref]
                moved = cls is Class.APPLIES and self.placing.has_moved(one)
                self.classes[one.ref] = Class.MOVED if moved else cls

    def _take_out(self) -> None:
        for one in self._of(ChangeKind.DELETE):
            met_before = len(self.verdicts.met)
            self.classes[one.ref] = self.placing.delete(one, self.edits_of.get(one.change.block or "", []))
            self._mark_rivals(met_before)
        for one in self._of(ChangeKind.REMOVE_SECTION):
            met_before = len(self.verdicts.met)
            self.classes[one.ref] = self.outlining.remove(one, self.edits_of)
            self._mark_rivals(met_before)

    def _mark_rivals(self, met_before: int) -> None:
        """Editing what another chosen change takes away is a conflict for both of them."""
        rivals = {ref for conflict, _ in self.verdicts.met[met_before:] for ref in conflict.refs}
        for classes in (self.classes, self.placing.classes, self.outlining.classes):
            classes.update((ref, Class.CONFLICT) for ref in rivals & classes.keys())

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

    def _still_there(self, snapshot: Snapshot) -> tuple[Combined, ...]:
        """The combined sentences that are still in the text, and not those a later change took out."""
        there = {block.id for _, _, block in snapshot.placed_blocks()}
        sections = {section.id for section in snapshot.sections}
        return tuple(one for one in self.combined if (one.block in there if one.block else one.section in sections))

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


def _cleaned(resolution: Resolution) -> Resolution:
    return resolution if resolution.text is None else replace(resolution, text=clean(resolution.text))


def _twice(snapshot: Snapshot) -> list[str]:
    labels = [block.label for _, _, block in snapshot.placed_blocks() if block.label is not None]
    return [label for label in note_blocks(snapshot) if labels.count(label) > 1]
