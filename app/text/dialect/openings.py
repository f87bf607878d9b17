"""How the first characters of a line make it the beginning of something: shared by the reader and the writer."""

import re

from app.text.dialect.inline import CITATION

HEADING = re.compile(r"#{1,6}(?= |$)")
FENCE = re.compile(r"`{3,}(?=[^`]*$)|~{3,}")
_RULE = re.compile(r"([-_*])(?: *\1){2,}+ *\Z")
UNDERLINE = re.compile(r"(?:=+|-+) *$")
# The label of a note is what a citation of it can hold.
NOTE = re.compile(CITATION.pattern + ":")
# Brackets with a colon after them, as a link is defined; an unescaped bracket cannot be inside.
DEFINITION = re.compile(r"\[((?:[^\[\]\\]|\\[\s\S])*)\]:")


def is_rule(line: str, at: int = 0) -> bool:
    """Whether the rest of the line is a thematic break."""
    return _RULE.match(line, at) is not None


def is_delimiter_row(line: str) -> bool:
    """Whether the line can be the row of dashes under a table's header."""
    return bool(line) and set(line) <= _DELIMITERS and columns(line) is not None


_DELIMITERS = frozenset("|-: ")
_COLUMN = re.compile(r" *(:?)-+(:?) *")
_ALIGN = {(True, True): "center", (True, False): "left", (False, True): "right", (False, False): "none"}


def columns(line: str) -> tuple[str, ...] | None:
    """How the columns are set that a row of dashes declares; None if the line is no such row."""
    parts = line.strip(" ").split("|")
    if not parts[0]:
        parts = parts[1:]
    if parts and not parts[-1]:
        parts = parts[:-1]
    found: list[str] = []
    for part in parts:
        matched = _COLUMN.fullmatch(part)
        if matched is None:
            return None
        found.append(_ALIGN[bool(matched[1]), bool(matched[2])])
    return tuple(found) or None
