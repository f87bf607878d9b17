"""Blocks written as canonical Markdown."""

from collections.abc import Sequence

from app.text.blocks import Block, Kind, ListStyle
from app.text.dialect.escaping import begins_lettered, heading_words, paragraph_lines
from app.text.dialect.lines import NOTE_INDENT
from app.text.dialect.markers import LETTERED, written
from app.text.dialect.openings import is_rule
from app.text.dialect.tables import delimiter_row
from app.text.dialect.units import Unit, units_of


def serialise(blocks: Sequence[Block]) -> str:
    """The canonical Markdown of blocks: one final newline; nothing at all for no blocks."""
    lines = _lines(units_of(blocks), tight=False)
    return "\n".join(lines) + "\n" if lines else ""


def _lines(units: Sequence[Unit], *, tight: bool) -> list[str]:
    """The lines of neighbours, an empty line between each two; a nested list follows a tight item's words at once."""
    made: list[str] = []
    at = 0
    while at < len(units):
        end = at + 1
        if units[at].kind is Kind.ITEM:
            while end < len(units) and units[end].kind is Kind.ITEM and units[end].style is units[at].style:
                end += 1
            lines = _list(units[at:end])
            close = tight and at > 0 and units[at - 1].kind is not Kind.ITEM and _interrupts(units[at:end], lines)
        else:
            lines = _unit(units[at], units[at - 1] if at else None, units[end] if end < len(units) else None)
            close = False
        if made and not close:
            made.append("")
        made.extend(lines)
        at = end
    return made


def _unit(unit: Unit, before: Unit | None, after: Unit | None) -> list[str]:
    match unit.kind:
        case Kind.PARAGRAPH:
            letters = begins_lettered(unit.text) and (_lettered(before) or _lettered(after))
            return paragraph_lines(unit.text, letters=letters)
        case Kind.HEADING:
            words = heading_words(unit.text)
            return [f"{'#' * (unit.block.level or 1)} {words}".rstrip(" ")]
        case Kind.RULE:
            return ["---"]
        case Kind.CODE:
            return _code(unit.block)
        case Kind.TABLE:
            header, *rows = unit.text.split("\n")
            return [header, delimiter_row(unit.block.align or ()), *rows]
        case Kind.QUOTE:
            return [f"> {line}" if line else ">" for line in _lines(unit.children, tight=False) or [""]]
        case _:
            return _marked(f"[^{unit.block.label}]:", NOTE_INDENT, _lines(unit.children, tight=False))


def _lettered(unit: Unit | None) -> bool:
    """Whether this neighbour could make a list with a lettered beginning."""
    if unit is None:
        return False
    if unit.kind is Kind.ITEM:
        return unit.style in LETTERED
    return unit.kind is Kind.PARAGRAPH and begins_lettered(unit.text)


def _list(items: Sequence[Unit]) -> list[str]:
    loose = any(sum(child.kind is not Kind.ITEM for child in item.children) > 1 for item in items)
    style, start = items[0].style, items[0].block.start
    made: list[str] = []
    for number, item in enumerate(items, start=1 if start is None else start):
        marker = written(style, number)
        if loose and made:
            made.append("")
        made.extend(_marked(marker, len(marker) + 1, _lines(item.children, tight=not loose)))
    return made


def _marked(marker: str, indent: int, inner: list[str]) -> list[str]:
    """Lines after a marker, the later ones indented; what would be a rule together with it begins on the next line."""
    if not inner:
        return [marker]
    room = " " * indent
    rest = [room + line if line else "" for line in inner]
    first = f"{marker} {inner[0]}"
    return [marker, *rest] if is_rule(first) else [first, *rest[1:]]


def _interrupts(items: Sequence[Unit], lines: list[str]) -> bool:
    """Whether a list that follows words without an empty line is read as a list, not as more of those words."""
    first = items[0]
    if not first.children or " " not in lines[0]:
        return False
    if first.style is ListStyle.BULLET:
        return True
    if first.block.start != 1:
        return False
    return first.style is ListStyle.DECIMAL or (len(items) > 1 and _no_gap(lines, written(first.style, 2)))


def _no_gap(lines: list[str], marker: str) -> bool:
    """Whether the second marker follows before any empty line."""
    for line in lines:
        if not line.strip(" >"):
            return False
        if line.startswith(marker + " "):
            return True
    return False


def _code(block: Block) -> list[str]:
    sign = "~" if block.lang and "`" in block.lang else "`"
    longest = run = 0
    for character in block.text:
        run = run + 1 if character == sign else 0
        longest = max(longest, run)
    fence = sign * max(3, longest + 1)
    gap = " " if block.lang and block.lang.startswith(sign) else ""
    body = block.text.split("\n") if block.text else []
    return [f"{fence}{gap}{block.lang or ''}", *body, fence]
