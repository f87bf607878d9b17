"""Whether a block somebody made is one that can be written: what each kind needs and may not hold."""

import re

from app.errors import BadInput
from app.text.blocks import Block, Kind
from app.text.dialect.entry import clean
from app.text.dialect.inline import CITATION
from app.text.dialect.lines import DEEPEST
from app.text.dialect.markers import HIGHEST, LETTERED
from app.text.dialect.tables import cells_of

_NESTING = frozenset({Kind.ITEM, Kind.QUOTE, Kind.NOTE})
_LONE_BREAK = re.compile(r"(?<!\\)(?:\\\\)*\n")


def check(block: Block, before: Block | None, number: int) -> None:
    """BadInput, naming the block by its number, if it cannot stand where and as it is."""
    wrong = _place(block, before) or _words(block) or _fields(block)
    if wrong:
        raise BadInput(f"Block {number} {wrong}.", details={"number": number, "block": block.id})


def _place(block: Block, before: Block | None) -> str:
    if not 0 <= block.depth <= DEEPEST:
        return f"has the depth {block.depth}; depths go from 0 to {DEEPEST}"
    above = -1 if before is None else before.depth
    holds = before is not None and before.kind in _NESTING
    if block.depth > above + 1 or (block.depth == above + 1 and block.depth > 0 and not holds):
        return f"has the depth {block.depth}, but there is no item, quote or note before it that it could belong to"
    if block.kind is Kind.NOTE and block.depth:
        return "is a note inside something else; notes stand on their own"
    return ""


def _words(block: Block) -> str:
    if block.kind is Kind.RULE:
        return "is a rule and has words; a rule has none" if block.text else ""
    if clean(block.text) != block.text:
        return "holds characters that no stored text holds (carriage returns, tabs, or letters not in Unicode's NFC)"
    if block.kind is Kind.CODE:
        return ""
    if block.kind is Kind.TABLE:
        return _rows(block)
    if block.kind is Kind.HEADING and "\n" in block.text:
        return "is a heading of several lines; a heading is one line"
    if _LONE_BREAK.search(block.text):
        return "has a line break that is not a hard break (a backslash at the end of the line)"
    return ""


def _rows(block: Block) -> str:
    if not block.align:
        return "is a table that does not say how its columns are set"
    for number, row in enumerate(block.text.split("\n"), start=1):
        if not row.startswith("|") or not row.endswith("|") or row.endswith("\\|") or len(row) < 2:
            return f"is a table whose row {number} does not begin and end with a bar"
        found = len(cells_of(row))
        if found != len(block.align):
            return f"is a table with {len(block.align)} columns, but its row {number} has {found} cells"
    return ""


def _fields(block: Block) -> str:
    if block.kind is Kind.HEADING:
        if block.level is None or not 1 <= block.level <= 6:
            return "is a heading without a level from 1 to 6"
    elif block.kind is Kind.ITEM:
        return _list(block)
    elif block.kind is Kind.NOTE:
        if block.label is None or CITATION.fullmatch(f"[^{block.label}]") is None:
            return "is a note without a label that can be cited: up to 64 characters, no spaces or brackets"
    elif block.kind is Kind.CODE and block.lang is not None and (block.lang != block.lang.strip(" ") or not block.lang):
        return "is code whose language is empty or begins or ends with a space"
    elif block.kind is Kind.CODE and block.lang is not None and "\n" in block.lang:
        return "is code whose language is more than one line"
    return _foreign(block)


def _list(block: Block) -> str:
    if block.style is None:
        return "is a list item without a list style"
    highest = HIGHEST[block.style] - (1 if block.style in LETTERED else 0)
    lowest = 1 if block.style in LETTERED else 0
    if highest and (block.start is None or not lowest <= block.start <= highest):
        return f"is an item of a list whose first number is not between {lowest} and {highest:,}"
    return _foreign(block)


_OWNERS = {"level": Kind.HEADING, "style": Kind.ITEM, "label": Kind.NOTE, "align": Kind.TABLE, "lang": Kind.CODE}


def _foreign(block: Block) -> str:
    for name, owner in _OWNERS.items():
        if block.kind is not owner and getattr(block, name) is not None:
            return f"is a {block.kind} and has a {name}, which only a {owner} has"
    return ""
