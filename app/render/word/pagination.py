"""On which page each entry of the contents will about be, until Word counts the pages itself."""

from collections.abc import Sequence

from app.render.word.shapes import Item, Para

# In points: what a page holds, and what stands on it.
_PAGE = 680.0
_FIRST = 3
_LETTERS = 84
_STYLES = {
    "Heading1": (53.0, 50, 22.0),
    "Heading2": (37.0, 66, 16.0),
    "GoalTitle": (37.0, 66, 16.0),
    "TableText": (4.0, 30, 12.5),
    "FootnoteText": (2.5, 104, 11.5),
}
_USUAL = (6.5, _LETTERS, 15.6)


def pages_of(text: Sequence[Item]) -> list[int]:
    """A page for every paragraph of the text that stands in the contents, in order."""
    found: list[int] = []
    page, used = _FIRST, 0.0
    for item in text:
        height = _height(item)
        held = 60.0 if isinstance(item, Para) and item.level else 0.0
        if used and used + min(height, _PAGE) + held > _PAGE + 14:
            spare = max(0.0, _PAGE - used)
            if held or height > _PAGE:
                page, used = page + 1, 0.0
            else:
                page, used = page + 1, -spare if height - spare > 30 else 0.0
        if isinstance(item, Para) and item.level:
            found.append(page)
        used += height
        while used > _PAGE:
            page, used = page + 1, used - _PAGE
    return found


def _height(item: Item) -> float:
    if isinstance(item, Para):
        return _lines(item)
    return sum(max(map(_lines, row.cells), default=12.0) for row in item.rows)


def _lines(para: Para) -> float:
    around, letters, leading = _STYLES.get(para.form.style, _USUAL)
    room = max(10, letters - para.form.left // 110)
    length = sum(len(piece.text) for piece in para.pieces)
    notes = sum(piece.cited is not None and piece.cited.first for piece in para.pieces)
    broken = sum(piece.text.count("\n") for piece in para.pieces)
    return around + leading * max(1, -(-length // room) + broken) + 22.0 * notes
