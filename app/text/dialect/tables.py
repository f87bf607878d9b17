"""Pipe tables: cutting rows into cells, and writing cells as rows."""

from collections.abc import Sequence

from app.text.blocks import Align

# Padding of short rows is limited, or a wide header over many short rows would be millions of empty cells.
MOST_EMPTY_CELLS = 65_536
_DASHES = {Align.NONE: "---", Align.LEFT: ":--", Align.CENTER: ":-:", Align.RIGHT: "--:"}


def cells_of(row: str) -> list[str]:
    r"""The cells of a row as inline text: trimmed, ``\|`` read as a bar."""
    cells: list[str] = []
    cell = ""
    parts = row.strip(" ").split("|")
    for part in parts[:-1]:
        if part.endswith("\\"):
            cell += part[:-1] + "|"
        else:
            cells.append(cell + part)
            cell = ""
    cells.append(cell + parts[-1])
    if not cells[0]:
        del cells[0]
    if cells and not cells[-1]:
        del cells[-1]
    return [cell.strip(" ") for cell in cells]


def fitted(cells: list[str], width: int) -> list[str]:
    """As many cells as there are columns: missing ones are empty, surplus ones join the last with a bar."""
    if len(cells) > width:
        return [*cells[: width - 1], " | ".join(cells[width - 1 :])]
    return cells + [""] * (width - len(cells))


def row_of(cells: Sequence[str]) -> str:
    """The cells as a canonical row."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def delimiter_row(align: Sequence[Align]) -> str:
    """The row of dashes that stands under the header."""
    return "| " + " | ".join(_DASHES[one] for one in align) + " |"
