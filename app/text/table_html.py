"""Tables as HTML, alone and as a redline: rows are paired first, then cells."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.text.align import align
from app.text.blocks import Align, Block, Kind
from app.text.effort import BLOCK_STEPS, Effort
from app.text.inline_html import InlineHtml
from app.text.readings import Fate, Shown, compared, reading, shown
from app.text.rows import cells

_CLASSES = {Align.LEFT: "al-left", Align.CENTER: "al-center", Align.RIGHT: "al-right"}


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the table, with what became of the words of each cell."""

    cells: tuple[tuple[Shown, ...], ...]
    header: bool


def table_html(old: Block | None, new: Block | None, inline: InlineHtml, attributes: str) -> str:
    """A table as it stands (the same block twice), as it came, went or was changed."""
    lines = _lines(_rows(old), _rows(new))
    block = new or old
    aligns = (block.align if block else None) or ()
    head = "".join(_row_html(line, "th", aligns, inline) for line in lines if line.header)
    body = "".join(_row_html(line, "td", aligns, inline) for line in lines if not line.header)
    inside = (f"<thead>\n{head}</thead>\n" if head else "") + (f"<tbody>\n{body}</tbody>\n" if body else "")
    return f"<table{attributes}>\n{inside}</table>\n"


def _row_html(line: _Line, tag: str, aligns: Sequence[Align], inline: InlineHtml) -> str:
    scope = ' scope="col"' if tag == "th" else ""
    written: list[str] = []
    for n, cell in enumerate(line.cells):
        name = _CLASSES.get(aligns[n]) if n < len(aligns) else None
        side = f' class="{name}"' if name else ""
        written.append(f"<{tag}{scope}{side}>{inline.pieces(cell)}</{tag}>")
    return f"<tr>{''.join(written)}</tr>\n"


def _rows(block: Block | None) -> list[list[str]]:
    return [cells(row) for row in block.text.split("\n")] if block is not None else []


def _lines(old: Sequence[list[str]], new: Sequence[list[str]]) -> list[_Line]:
    effort = Effort(BLOCK_STEPS)
    lines: list[_Line] = []
    gone: list[int] = []
    pairs = align([_as_block(row) for row in old], [_as_block(row) for row in new])
    for pair in pairs:
        i, j = (None if pair.moved else pair.old), pair.new
        if pair.moved and pair.old is not None:
            gone.append(pair.old)
        if i is None and j is not None:
            lines.append(_Line(tuple(shown(reading(cell), Fate.INSERTED) for cell in new[j]), j == 0))
        elif j is None and i is not None:
            lines.append(_Line(tuple(shown(reading(cell), Fate.DELETED) for cell in old[i]), i == 0))
        elif i is not None and j is not None:
            lines.append(_Line(_changed_cells(old[i], new[j], effort), j == 0))
    # A row that moved is shown twice: where it stands, and at the end as taken out of its old place.
    lines.extend(_Line(tuple(shown(reading(cell), Fate.DELETED) for cell in old[i]), False) for i in gone)
    return lines


def _changed_cells(old: Sequence[str], new: Sequence[str], effort: Effort) -> tuple[tuple[Shown, ...], ...]:
    if len(old) == len(new):
        return tuple(
            compared(reading(before), reading(after), effort) for before, after in zip(old, new, strict=True)
        )
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
