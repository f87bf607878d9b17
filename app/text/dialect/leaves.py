"""The one-line leaves: what a heading's line says, and whether two lines begin a table."""

from app.text.dialect.openings import columns, is_delimiter_row
from app.text.dialect.tables import cells_of


def heading_text(rest: str) -> str:
    """The words of a heading after its hashes, without the hashes that may close it."""
    text = rest.strip(" ")
    bare = text.rstrip("#")
    return bare.rstrip(" ") if not bare or bare.endswith(" ") else text


def last_row_columns(header: str, line: str) -> tuple[str, ...] | None:
    """How the columns of a table are set that has this header over this row of dashes; None if it is no table."""
    if "|" not in header or not is_delimiter_row(line):
        return None
    align = columns(line)
    return align if align is not None and len(cells_of(header)) == len(align) else None
