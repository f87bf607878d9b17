"""The redline of a table: rows are paired first, then cells."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.text.align import align
from app.text.blocks import Block, Kind
from app.text.effort import BLOCK_STEPS, Effort
from app.text.readings import Fate, Shown, compared, reading, shown
from app.text.rows import cells


@dataclass(frozen=True, slots=True)
class TableLine:
    """A row of a table, with what became of the words of each cell. ``number`` counts from 1 below the header (0).

    ``fate`` is that of the whole row: it came, it went, or it was there before.
    """

    cells: tuple[tuple[Shown, ...], ...]
    number: int
    fate: Fate = Fate.KEPT

    @property
    def header(self) -> bool:
        """Whether the row names the columns."""
        return self.number == 0


def table_lines(old: Block | None, new: Block | None) -> list[TableLine]:
    """The rows of a table that came (old is None), went (new is None) or was changed, in reading order."""
    return _lines(_rows(old), _rows(new))


def _rows(block: Block | None) -> list[list[str]]:
    return [cells(row) for row in block.text.split("\n")] if block is not None else []


def _lines(old: Sequence[list[str]], new: Sequence[list[str]]) -> list[TableLine]:
    effort = Effort(BLOCK_STEPS)
    lines: list[TableLine] = []
    gone: list[int] = []
    pairs = align([_as_block(row) for row in old], [_as_block(row) for row in new])
    for pair in pairs:
        i, j = (None if pair.moved else pair.old), pair.new
        if pair.moved and pair.old is not None:
            gone.append(pair.old)
        if i is None and j is not None:
            lines.append(TableLine(_whole(new[j], Fate.INSERTED), j, Fate.INSERTED))
        elif j is None and i is not None:
            lines.append(TableLine(_whole(old[i], Fate.DELETED), i, Fate.DELETED))
        elif i is not None and j is not None:
            lines.append(TableLine(_changed_cells(old[i], new[j], effort), j))
    # A row that moved is shown twice: where it stands, and at the end as taken out of its old place.
    lines.extend(
        TableLine(tuple(shown(reading(cell), Fate.DELETED) for cell in old[i]), max(1, i), Fate.DELETED) for i in gone
    )
    return lines


def _whole(row: Sequence[str], fate: Fate) -> tuple[tuple[Shown, ...], ...]:
    return tuple(shown(reading(cell), fate) for cell in row)


def _changed_cells(old: Sequence[str], new: Sequence[str], effort: Effort) -> tuple[tuple[Shown, ...], ...]:
    if len(old) == len(new):
        return tuple(compared(reading(before), reading(after), effort) for before, after in zip(old, new, strict=True))
    found: list[tuple[Shown, ...]] = []
    left = set(range(len(old)))
    for pair in align([_as_block([cell]) for cell in old], [_as_block([cell]) for cell in new]):
        if pair.old is not None and pair.new is not None and not pair.moved:
            found.append(compared(reading(old[pair.old]), reading(new[pair.new]), effort))
            left.discard(pair.old)
        elif pair.new is not None:
            found.append(shown(reading(new[pair.new]), Fate.INSERTED))
        elif pair.old is not None:
            found.append(shown(reading(old[pair.old]), Fate.DELETED))
            left.discard(pair.old)
    found.extend(shown(reading(old[i]), Fate.DELETED) for i in sorted(left))
    return tuple(found)


def _as_block(row: Sequence[str]) -> Block:
    return Block(Kind.PARAGRAPH, " ".join(row))
