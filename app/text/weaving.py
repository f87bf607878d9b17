"""The putting in itself: chosen changes worked into a growing text, and how each of them fits it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.text.change import ChangeKind
from app.text.dialect import clean
from app.text.ground import Ground
from app.text.loom import Loom
from app.text.outlining import Outlining
from app.text.placing import Placing
from app.text.renaming import with_free_labels
from app.text.rewording import Edit, combined_of, reword
from app.text.woven import Class, Combined, Fit, Proposed, Resolution, Verdicts

_EDITS = frozenset({ChangeKind.REPLACE, ChangeKind.RETYPE})


class Weaving:
    """Changes at work on a text. Words come first, then sections, then insertions and moves, and deletions last."""

    def __init__(
        self, ground: Ground, loom: Loom, chosen: Sequence[Proposed], resolutions: Mapping[str, Resolution]
    ) -> None:
        self.loom = loom
        self.chosen, self.notices = with_free_labels(ground, chosen)
        self.verdicts = Verdicts({id: _cleaned(one) for id, one in resolutions.items()})
        self.placing = Placing(loom, ground, self.verdicts, self.chosen)
        self.outlining = Outlining(self.placing, self.chosen)
        self.classes: dict[str, Class] = {}
        self.combined: list[Combined] = []
        self.edits_of: dict[str, list[str]] = {}

    def put_in(self) -> None:
        """Work all the changes into the text."""
        for one in self._of(ChangeKind.FRONT):
            self.outlining.set_front(one)
        self._reword_headings()
        self._reword_blocks()
        self._draw_in()
        self.outlining.place_all(self.chosen)
        self.placing.place_all(self.chosen)
        self._take_out()

    def fits(self) -> dict[str, Fit]:
        """How each change fits, once all are in."""
        classes = {**self.outlining.classes, **self.placing.classes, **self.classes}
        to_read = {ref for one in self.still_combined() for ref in one.refs}
        return {
            one.ref: Fit(classes[one.ref], classes[one.ref] is Class.COMBINED and one.ref in to_read)
            for one in self.chosen
        }

    def still_combined(self) -> tuple[Combined, ...]:
        """The combined sentences that are still in the text, and not those a later change took out."""
        return tuple(
            one
            for one in self.combined
            if (self.loom.block(one.block) is not None if one.block else one.section in self.loom.heads)
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

    def _draw_in(self) -> None:
        """Items that others have put into a list go with it when a change gives that list another style."""
        for one in self._of(ChangeKind.RETYPE):
            block, old = self.loom.block(one.change.block or ""), one.change.old
            if block is None or old is None or block.style in (None, old.style) or old.style is None:
                continue
            section = self.loom.section_of(block.id or "") or ""
            for side in (self.loom.before(block.id or ""), self.loom.after(section, block.id)):
                for other in list(side):
                    if other.depth > block.depth:
                        continue
                    if self.placing.knows(one, other) or other.form != old.form:
                        break
                    self.loom.replace(replace(other, style=block.style, start=block.start))

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


def _cleaned(resolution: Resolution) -> Resolution:
    return resolution if resolution.text is None else replace(resolution, text=clean(resolution.text))
