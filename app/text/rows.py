"""The rows and cells of a table as the sentences and words of a merge."""

import re

from app.text.align import align
from app.text.blocks import Block, Kind
from app.text.worddiff import Hunk

# A row begins with its line break, so that a row put in at the end leaves the one before it as it was.
_CELL = re.compile(r"\n?\||(?:\\.|[^|\\\n])+|\\|\n", re.DOTALL)
_ROW = re.compile(r"(?=\n)")


def line_ranges(text: str) -> tuple[tuple[int, int], ...]:
    """The lines of a text as ranges of code points that cover it."""
    ranges, at = [], 0
    for line in text.splitlines(keepends=True):
        ranges.append((at, at + len(line)))
        at += len(line)
    return tuple(ranges)


def cells(row: str) -> list[str]:
    """The cells of one written row, trimmed; an escaped bar belongs to its cell."""
    return [token.strip() for token in _CELL.findall(row.strip()) if token not in ("|", "\n|")]


def cell_ranges(text: str) -> list[list[tuple[int, int]]]:
    """Where the cells of a table stand, row by row, in code points of its text; of an empty cell the place."""
    found: list[list[tuple[int, int]]] = []
    at = 0
    for row in text.split("\n"):
        ranges: list[tuple[int, int]] = []
        offset = at + len(row) - len(row.lstrip())
        for token in _CELL.findall(row.strip()):
            if token not in ("|", "\n|"):
                start = offset + len(token) - len(token.lstrip())
                ranges.append((start, start + len(token.strip())))
            offset += len(token)
        found.append(ranges)
        at += len(row) + 1
    return found


def column_counts(text: str) -> frozenset[int]:
    """How many columns the rows of a table have; one number if the table is regular."""
    return frozenset(len(cells(row)) for row in text.split("\n"))


def row_tokens(text: str) -> list[str]:
    """A table cut into bars and cells; joined they give it back."""
    return [token for row in _rows(text) for token in _row_tokens(row)]


def row_hunks(old: str, new: str) -> tuple[Hunk, ...]:
    """The edits of a table in cells: whole rows come and go, cells of kept rows are replaced."""
    old_rows, new_rows = ([_row_tokens(row) for row in _rows(text)] for text in (old, new))
    found: list[Hunk] = []

    def put(start: int, end: int, new_tokens: list[str]) -> None:
        if found and found[-1].end == start:
            found[-1] = Hunk(found[-1].start, end, (*found[-1].new_tokens, *new_tokens))
        elif start < end or new_tokens:
            found.append(Hunk(start, end, tuple(new_tokens)))

    at = i = j = 0
    for stop_i, stop_j in [*_kept_rows(old_rows, new_rows), (len(old_rows), len(new_rows))]:
        gone = sum(map(len, old_rows[i:stop_i]))
        put(at, at + gone, [token for row in new_rows[j:stop_j] for token in row])
        at += gone
        if stop_i < len(old_rows):
            for token, other in zip(old_rows[stop_i], new_rows[stop_j], strict=True):
                if token != other:
                    put(at, at + 1, [other])
                at += 1
        i, j = stop_i + 1, stop_j + 1
    return tuple(found)


def _kept_rows(old: list[list[str]], new: list[list[str]]) -> list[tuple[int, int]]:
    """The rows that are the same row on both sides, in order; a row that moved or changed its width is another row."""
    pairs = align(
        [Block(Kind.PARAGRAPH, " ".join(cells("".join(row)))) for row in old],
        [Block(Kind.PARAGRAPH, " ".join(cells("".join(row)))) for row in new],
    )
    return [
        (pair.old, pair.new)
        for pair in pairs
        if pair.old is not None and pair.new is not None and not pair.moved
        if len(old[pair.old]) == len(new[pair.new])
    ]


def _rows(text: str) -> list[str]:
    return _ROW.split(text) if text else []


def _row_tokens(row: str) -> list[str]:
    return _CELL.findall(row)
