"""The notes of one reading: which are cited in it, and what they say there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.text.align import align
from app.text.blocks import Block, Kind
from app.text.dialect import canonical_blocks
from app.text.readings import PLAIN
from app.text.wordfile.building import Builder
from app.text.wordfile.expecting import Expected
from app.text.wordfile.lines import Form, Line, Runs, tidy
from app.text.wordfile.matching import id_of, is_same
from app.text.wordfile.reading import Accepts, Reading
from app.text.wordfile.story import Item
from app.text.wordfile.wording import Writer

Group = tuple[Block, ...]


@dataclass(slots=True)
class NotesRead:
    """The notes of a reading by label: those of the base as they are now, and new ones; ``there`` are all it has.

    ``lost`` are the rows of tables in notes that read otherwise: such a table stays as it was.
    """

    changed: dict[str, Group]
    there: set[str]
    lost: list[str]


def notes_read(
    reading: Reading,
    stories: Mapping[str, Sequence[Item]],
    cited: Iterable[str],
    accepts: Accepts,
    expected: Expected,
    writer: Writer,
) -> NotesRead:
    """What the notes of these keys say, and those that they cite themselves."""
    changed: dict[str, Group] = {}
    there: set[str] = set()
    lost: list[str] = []
    waiting = list(dict.fromkeys(cited))
    seen = set(waiting)
    for key in waiting:
        label = reading.labels.get(key)
        if label is None or key not in stories:
            continue
        lines = [line for line in reading.lines(stories[key], accepts) if not line.blank or line.form.kind in _SILENT]
        more = [other for line in lines for other in dict.fromkeys(line.keys) if other not in seen]
        waiting += dict.fromkeys(more)
        seen.update(more)
        if label in there:
            continue
        there.add(label)
        base = expected.notes.get(label, ())
        if not _is_as_it_was(lines, base, expected):
            changed[label] = _group(lines, label, base, expected, writer, lost)
    return NotesRead(changed, there, lost)


_SILENT = frozenset({Kind.RULE, Kind.ITEM, Kind.CODE})


def _told(base: Sequence[Block], expected: Expected) -> list[tuple[str, Line]]:
    """The lines a note is in a file; a table in it is a line for each row."""
    found: list[tuple[str, Line]] = []
    for block in base:
        line = None if block.id is None else expected.line(block.id)
        if block.id is None or line is None:
            continue
        if line.grid:
            found += [(block.id, Line(Form(Kind.PARAGRAPH), _joined(row))) for row in line.grid]
        else:
            found.append((block.id, line))
    return found


def _joined(row: Sequence[Runs]) -> Runs:
    runs = [run for n, cell in enumerate(row) for run in (*([(" · ", PLAIN)] if n else []), *cell)]
    return tidy(runs)


def _is_as_it_was(lines: Sequence[Line], base: Sequence[Block], expected: Expected) -> bool:
    told = [line for _, line in _told(base, expected)]
    return bool(base) and len(told) == len(lines) and all(map(is_same, lines, told))


def _group(
    lines: Sequence[Line], label: str, base: Sequence[Block], expected: Expected, writer: Writer, lost: list[str]
) -> Group:
    """A note with other words. A table in it stays as it was: its rows are read as lines there.

    Rows that were changed or taken out are added to what is ``lost``.
    """
    told = _told(base, expected)
    ids: dict[int, str] = {}
    before: dict[str, Line] = {}
    tables = {block.id for block in base if block.kind is Kind.TABLE}
    if lines and told:
        pairs = align([_as_block(line) for _, line in told[1:]], [_as_block(line) for line in lines[1:]])
        ids[id_of(lines[0])] = told[0][0]
        for pair in pairs:
            if pair.old is not None and pair.new is not None:
                ids[id_of(lines[1 + pair.new])] = told[1 + pair.old][0]
    kept = [line for line in lines if ids.get(id_of(line)) not in tables]
    rows = [line for line in lines if ids.get(id_of(line)) in tables]
    lost += _otherwise(rows, [line for id, line in told if id in tables])
    builder = Builder(expected, writer, before, ids, note=True)
    shown = [block for block in base if block.id not in tables]
    made = list(builder.blocks(kept, shown)) or [Block(Kind.NOTE)]
    head = made[0]
    if head.kind is not Kind.NOTE:
        head = Block(Kind.NOTE, head.text, id=head.id)
    made[0] = replace(head, label=label, text=head.text or "…")
    for n, block in enumerate(base):
        if block.id in tables:
            above = [one.id for one in made]
            at = next((above.index(one.id) + 1 for one in reversed(base[:n]) if one.id in above), len(made))
            made.insert(at, block)
    return canonical_blocks(made)


def _otherwise(rows: Sequence[Line], told: Sequence[Line]) -> list[str]:
    """The words of rows that do not read as they did, and of those that are gone."""
    new = [row.text for row in rows if not any(is_same(row, one) for one in told)]
    return new + [one.text for one in told if not any(is_same(row, one) for row in rows)]


def _as_block(line: Line) -> Block:
    return Block(line.form.kind, line.text, level=line.form.level)
