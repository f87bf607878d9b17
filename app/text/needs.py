"""Which changes of one proposal make no sense without which others."""

from collections.abc import Iterable, Sequence

from app.text.blocks import Kind
from app.text.change import Change, ChangeKind
from app.text.dialect import citations
from app.text.notes import cited_by, numbers
from app.text.snapshot import Snapshot


def with_needs(base: Snapshot, target: Snapshot, changes: Sequence[Change]) -> tuple[Change, ...]:
    """The same changes, each with the numbers of those it needs.

    - What stands after an inserted block, or in or after an added section, needs that one.
    - What cites a new note, or a note under its new label, needs the note. The note needs the change that cites it
      if that is the only one, for nobody would find it; of several each would do, so then it needs none.
    - Taking a note away needs every change that takes away a citation of it, or the text would point nowhere.
    - Removing a section needs the moves that take blocks out of it, or those blocks would go too.
    """
    return _Ties(base, target, changes).tied()


class _Ties:
    def __init__(self, base: Snapshot, target: Snapshot, changes: Sequence[Change]) -> None:
        self.base, self.target, self.changes = base, target, changes
        self.needs: dict[int, set[int]] = {change.number: set() for change in changes}
        # Who cites a label after the change, and who no longer does.
        self.citing: dict[str, list[int]] = {}
        self.ceasing: dict[str, list[int]] = {}
        for change in changes:
            before, after = set(_cites(change, new=False)), set(_cites(change, new=True))
            for label in sorted(after):
                self.citing.setdefault(label, []).append(change.number)
            for label in sorted(before - after):
                self.ceasing.setdefault(label, []).append(change.number)

    def tied(self) -> tuple[Change, ...]:
        """Find every tie and put it on the changes."""
        self._tie_places()
        self._tie_new_notes()
        self._tie_lost_notes()
        self._tie_removals()
        return tuple(c.with_number(c.number, tuple(sorted(self.needs[c.number]))) for c in self.changes)

    def _need(self, change: Change, numbers: Iterable[int]) -> None:
        self.needs[change.number].update(n for n in numbers if n != change.number)

    def _tie_places(self) -> None:
        made = {c.block: c.number for c in self.changes if c.kind is ChangeKind.INSERT}
        made |= {c.section: c.number for c in self.changes if c.kind is ChangeKind.ADD_SECTION}
        for change in self.changes:
            if change.place is not None:
                around = (change.place.section, change.place.after)
                self._need(change, [made[id] for id in around if id is not None and id in made])

    def _tie_new_notes(self) -> None:
        for note in self.changes:
            if note.new is None or note.new.kind is not Kind.NOTE or note.kind is ChangeKind.MOVE:
                continue
            if note.old is not None and note.old.label == note.new.label:
                continue
            label = note.new.label or ""
            citing = [n for n in self.citing.get(label, ()) if n != note.number]
            for number in citing:
                self.needs[number].add(note.number)
            if len(citing) == 1:
                self._need(note, citing)

    def _tie_lost_notes(self) -> None:
        dangling = set(numbers(self.target).dangling)
        removed = {c.section: c for c in self.changes if c.kind is ChangeKind.REMOVE_SECTION}
        for change in self.changes:
            for label in self._labels_lost(change):
                if label in dangling:
                    continue
                takers = list(self.ceasing.get(label, ()))
                takers += [
                    removed[section.id].number
                    for section in self.base.sections
                    if section.id in removed and section.id != change.section
                    if any(label in cited_by(b) for b in section.blocks) or label in citations(section.heading)
                ]
                self._need(change, takers)

    def _labels_lost(self, change: Change) -> list[str]:
        """The labels under which no note can be found once this change is made."""
        old, new = change.old, change.new
        if change.kind is ChangeKind.REMOVE_SECTION:
            section = self.base.section_by_id(change.section or "")
            kept = {block.id for _, _, block in self.target.placed_blocks()}
            blocks = section.blocks if section is not None else ()
            return [b.label or "" for b in blocks if b.kind is Kind.NOTE and b.id not in kept]
        if old is None or old.kind is not Kind.NOTE or change.kind is ChangeKind.MOVE:
            return []
        return [] if new is not None and new.label == old.label else [old.label or ""]

    def _tie_removals(self) -> None:
        leaving: dict[str | None, list[int]] = {}
        for change in self.changes:
            if change.kind is ChangeKind.MOVE and change.place is not None and change.place.section != change.section:
                leaving.setdefault(change.section, []).append(change.number)
        for change in self.changes:
            if change.kind is ChangeKind.REMOVE_SECTION:
                self._need(change, leaving.get(change.section, ()))


def _cites(change: Change, *, new: bool) -> tuple[str, ...]:
    """What a change's block or heading cites, after it or before it."""
    if change.kind in (ChangeKind.MOVE, ChangeKind.MOVE_SECTION):
        return ()
    head = change.head_new if new else change.head_old
    block = change.new if new else change.old
    return (*(cited_by(block) if block is not None else ()), *(citations(head.heading) if head is not None else ()))
