"""Two charters compared line by line: each block with its place, and which of the changes in words it is."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.text.blocks import Block, Kind
from app.text.dialect import plain
from app.text.entries import Entry, entries_of_redline
from app.text.notes import numbers
from app.text.phrases import Phrase, phrases
from app.text.places import Place, ordinals, places, section_name
from app.text.readings import Fate, Shown
from app.text.redline import (
    FrontChange,
    SectionRow,
    SectionState,
    SnapshotRedline,
    State,
    accept_all,
    redline_snapshots,
    reject_all,
)
from app.text.snapshot import SectionKind, Snapshot


@dataclass(frozen=True, slots=True)
class Line:
    """One block of a comparison.

    ``number`` is its change in words, None for what is not told as one (the place a block moved away from, a list
    that only counts on). ``place`` is where it stands now, of a block that is gone where it stood. ``label`` is that
    of the goal it belongs to, "" outside goals.
    """

    entry: Entry
    place: Place
    number: int | None = None
    old_number: int | None = None
    goal: str = ""

    @property
    def touched(self) -> bool:
        """Whether anything about it is different."""
        return self.entry.touched


@dataclass(frozen=True, slots=True)
class Part:
    """One section of a comparison; ``numbers`` are the changes in words that are about it as a whole."""

    row: SectionRow
    name: str
    lines: tuple[Line, ...]
    numbers: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        """Its address."""
        return self.row.section.key

    @property
    def touched(self) -> bool:
        """Whether anything in it, or about it, is different."""
        return bool(self.numbers) or self.row.state is not SectionState.KEPT or any(line.touched for line in self.lines)

    @property
    def count(self) -> int:
        """How many of the changes in words are in it or about it."""
        return len(self.numbers) + sum(line.number is not None for line in self.lines)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two charters compared. The changes in words are numbered from 1; the first ones are those of the cover."""

    shown: SnapshotRedline
    phrases: tuple[Phrase, ...]
    parts: tuple[Part, ...]
    note_numbers: dict[str, int]
    old_note_numbers: dict[str, int]

    @property
    def front(self) -> tuple[FrontChange, ...]:
        """What is different on the cover."""
        return self.shown.front

    @property
    def coarse(self) -> bool:
        """Whether some words were too different to be compared one by one."""
        return self.shown.coarse


def compare(old: Snapshot, new: Snapshot) -> Comparison:
    """Everything that differs between two charters, and all that does not, in the order of the newer text."""
    shown = redline_snapshots(old, new)
    told = phrases(shown)
    given, was_given = numbers(new).numbers, numbers(old).numbers
    about: dict[str, list[tuple[int, Phrase]]] = {}
    for n, phrase in enumerate(told, 1):
        about.setdefault(phrase.section or "", []).append((n, phrase))
    parts = tuple(_part(row, about.get(row.section.key, ()), given, was_given) for row in shown.sections)
    return Comparison(shown, told, parts, dict(given), dict(was_given))


def _part(
    row: SectionRow, told: Sequence[tuple[int, Phrase]], given: Mapping[str, int], was_given: Mapping[str, int]
) -> Part:
    own = tuple(n for n, phrase in told if phrase.block is None)
    waiting = [(n, phrase.block) for n, phrase in told if phrase.block is not None]
    lines: list[Line] = []
    for line in _lines(row, given, was_given):
        takes = waiting and line.touched and line.entry.state is not State.MOVED_AWAY
        if takes and waiting[0][1] == line.entry.block.id:
            line = replace(line, number=waiting.pop(0)[0])
        lines.append(line)
    # Blocks without an id cannot be told apart by it: their changes are about the section.
    return Part(row, _name(row), tuple(lines), (*own, *(n for n, _ in waiting)))


def _name(row: SectionRow) -> str:
    name = section_name(row.section, plain(row.section.heading))
    return name[:1].upper() + name[1:]


def _lines(row: SectionRow, given: Mapping[str, int], was_given: Mapping[str, int]) -> Iterator[Line]:
    goals = row.section.kind is SectionKind.GOALS
    new, old = accept_all(row.blocks), reject_all(row.blocks)
    now, was = places(new, given, goals=goals), places(old, was_given, goals=goals)
    old_numbers = ordinals(old)
    for entry in entries_of_redline(row.blocks):
        first = entry.rows[0]
        at = first.old_at if entry.gone else first.new_at
        place = Place("") if at is None else (was if entry.gone else now)[at]
        number = None if first.old_at is None else old_numbers[first.old_at]
        yield Line(entry, place, None, number, _goal(place) if goals else "")


def _goal(place: Place) -> str:
    outermost = place
    while outermost.within is not None:
        outermost = outermost.within
    return outermost.name[:1].upper() + outermost.name[1:] if outermost.name.startswith("goal ") else ""


def old_side(line: Line) -> tuple[Entry, ...]:
    """The line as it stood in the older text, with what was taken out of it marked; empty if it did not stand there.

    Of blocks that were joined each stands for itself. A later part of a block that was split continues it. Of a table
    the older one stands alone: what became of it is shown in the newer one.
    """
    entry = line.entry
    if entry.state in (State.INSERTED, State.MOVED_HERE):
        return ()
    if entry.gone:
        return (entry,)
    state = State.SAME if entry.state is State.SAME else State.CHANGED
    block = entry.old or entry.block
    first = replace(
        entry,
        block=block,
        pieces=_as_before(entry.pieces),
        state=state,
        number=line.old_number,
        label="continues" if entry.state is State.SPLIT else "",
        label_class="retyped" if entry.state is State.SPLIT else "",
        joined=(),
        old=block,
        section=None,
    )
    joined = (
        replace(first, block=row.old, pieces=_as_before(share), number=None, old=row.old)
        for row, share in zip(entry.rows[1:], entry.joined, strict=False)
        if row.old is not None
    )
    return (first, *joined)


def new_side(line: Line) -> Entry | None:
    """The line as it stands in the newer text, with what was put into it marked; None if it does not stand there.

    Where the older one does not stand beside it, as of what was moved, it shows what was taken out as well.
    """
    entry = line.entry
    if entry.gone:
        return None
    if entry.state is State.MOVED_HERE or entry.block.kind is Kind.TABLE:
        return entry
    shares = tuple(_without_deleted(share) for share in entry.joined)
    return replace(entry, pieces=_without_deleted(entry.pieces), joined=shares)


def _without_deleted(pieces: Sequence[Shown]) -> tuple[Shown, ...]:
    return tuple(piece for piece in pieces if piece.fate is not Fate.DELETED)


def _as_before(pieces: Sequence[Shown]) -> tuple[Shown, ...]:
    return tuple(
        Shown(Fate.KEPT, piece.text, piece.was) if piece.fate is Fate.REFORMATTED and piece.was is not None else piece
        for piece in pieces
        if piece.fate is not Fate.INSERTED
    )


def folded(lines: Sequence[Line]) -> Iterator[tuple[bool, tuple[Line, ...]]]:
    """The lines in runs: those that say something new one by one (False), and those between them together (True)."""
    run: list[Line] = []
    for line in lines:
        if line.touched:
            if run:
                yield True, tuple(run)
                run = []
            yield False, (line,)
        else:
            run.append(line)
    if run:
        yield True, tuple(run)


def counted_blocks(lines: Sequence[Line]) -> str:
    """How many of what there are: 7 paragraphs, 2 items, 1 heading."""
    kinds = Counter(_kind(line.entry.block) for line in lines)
    return ", ".join(f"{count} {name}{'s' if count != 1 else ''}" for name, count in kinds.items())


def _kind(block: Block) -> str:
    return {
        Kind.PARAGRAPH: "paragraph",
        Kind.HEADING: "heading",
        Kind.ITEM: "item",
        Kind.QUOTE: "quotation",
        Kind.TABLE: "table",
        Kind.CODE: "block",
        Kind.NOTE: "note",
        Kind.RULE: "line",
    }[block.kind]
