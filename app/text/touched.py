"""Which open changes touch which sentence of the text, for those who have to decide."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.text.blocks import Kind
from app.text.change import Change, ChangeKind
from app.text.rows import line_ranges
from app.text.snapshot import Snapshot
from app.text.wordmerge import touched_ranges
from app.text.words import sentences
from app.text.woven import Proposed


@dataclass(frozen=True, slots=True)
class Touched:
    """One sentence that open changes touch, and which ones do; a heading has no block.

    ``start`` and ``end`` are code points of the block's text (or the heading), a point where whole sentences are put
    in between others, and None where that text does not read so any more.
    """

    section: str
    block: str | None
    start: int | None
    end: int | None
    sentence: str
    refs: tuple[str, ...]

    @property
    def is_collision(self) -> bool:
        """Whether changes of different proposals meet in it."""
        return len({ref.rpartition(".")[0] or ref for ref in self.refs}) > 1


def collision_map(changes: Sequence[Proposed], head: Snapshot | None = None) -> tuple[Touched, ...]:
    """Every sentence that one of the changes rewrites or takes out, with all that do, in the order of the text.

    The ranges are those of the working text if that is given, else those of the first change's own base.
    """
    found: dict[tuple[str, str | None, str, int], tuple[tuple[int, int], list[str]]] = {}
    for one in changes:
        for section, block, sentence, nth, spot in _sentences_of(one.change):
            _, refs = found.setdefault((section, block, sentence, nth), (spot, []))
            if one.ref not in refs:
                refs.append(one.ref)
    made = [
        Touched(section, block, *spot, sentence, tuple(refs))
        for (section, block, sentence, _), (spot, refs) in found.items()
    ]
    if head is None:
        return tuple(made)
    nths = [nth for _, _, _, nth in found]
    return _in_text(made, nths, head)


def _sentences_of(change: Change) -> Iterator[tuple[str, str | None, str, int, tuple[int, int]]]:
    """The sentences a change rewrites or takes out: their section, block, words, which of equal ones, and range."""
    if change.kind is ChangeKind.RENAME and change.head_old is not None and change.head_new is not None:
        old, new, kind = change.head_old.heading, change.head_new.heading, Kind.HEADING
        touched = touched_ranges(old, new, kind)
    elif change.kind is ChangeKind.DELETE and change.old is not None:
        old, kind = change.old.text, change.old.kind
        touched = _ranges(old, kind)
    elif change.kind in (ChangeKind.REPLACE, ChangeKind.RETYPE) and change.old is not None and change.new is not None:
        old, kind = change.old.text, change.old.kind
        touched = _ranges(old, kind) if old == change.new.text else touched_ranges(old, change.new.text, kind)
    else:
        return
    for start, end in touched:
        words = old[start:end].strip()
        end = start + len(old[start:end].rstrip()) if words else end
        yield change.section or "", change.block, words, _nth(old, words, start), (start, end)


def _ranges(text: str, kind: Kind) -> tuple[tuple[int, int], ...]:
    ranges = line_ranges(text) if kind in (Kind.CODE, Kind.TABLE) else sentences(text)
    return tuple(ranges) or ((0, len(text)),)


def _nth(text: str, words: str, start: int) -> int:
    """Which of the equal sentences of a text one is, from 0; for a point between sentences where it lies."""
    return text.count(words, 0, start + 1) if words else start


def _in_text(made: Sequence[Touched], nths: Sequence[int], head: Snapshot) -> tuple[Touched, ...]:
    """The same under the places of the working text, in its order; what is not in it comes last."""
    places = {block.id: (n, section.id, block.text) for n, (section, _, block) in enumerate(head.placed_blocks())}
    first = {section.id: (-1, section.id, section.heading) for section in head.sections}
    order = {section.id: n for n, section in enumerate(head.sections)}
    there: list[tuple[tuple[int, int, int], Touched]] = []
    for one, nth in zip(made, nths, strict=True):
        place = places.get(one.block) if one.block is not None else first.get(one.section)
        if place is None:
            there.append(((len(order), 0, 0), replace(one, start=None, end=None)))
            continue
        n, section, text = place
        start = _found(text, one, nth)
        end = None if start is None else start + len(one.sentence)
        there.append(
            ((order[section], n, -1 if start is None else start), replace(one, section=section, start=start, end=end))
        )
    return tuple(one for _, one in sorted(there, key=lambda pair: pair[0]))


def _found(text: str, one: Touched, nth: int) -> int | None:
    """Where a sentence stands in a text: where it was if it still does, else the one of equal ones that it was."""
    at = one.start or 0
    if not one.sentence:
        return at if at <= len(text) else None
    if text.startswith(one.sentence, at):
        return at
    at = -1
    for _ in range(nth + 1):
        found = text.find(one.sentence, at + 1)
        if found < 0:
            break
        at = found
    return at if at >= 0 else None
