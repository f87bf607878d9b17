"""Tables as HTML, alone and as a redline."""

from collections.abc import Sequence

from app.text.blocks import Align, Block
from app.text.inline_html import InlineHtml
from app.text.tables import TableLine, table_lines

_CLASSES = {Align.LEFT: "al-left", Align.CENTER: "al-center", Align.RIGHT: "al-right"}


def table_html(old: Block | None, new: Block | None, inline: InlineHtml, attributes: str) -> str:
    """A table as it stands (the same block twice), as it came, went or was changed."""
    lines = table_lines(old, new)
    block = new or old
    aligns = (block.align if block else None) or ()
    head = "".join(_row_html(line, "th", aligns, inline) for line in lines if line.header)
    body = "".join(_row_html(line, "td", aligns, inline) for line in lines if not line.header)
    inside = (f"<thead>\n{head}</thead>\n" if head else "") + (f"<tbody>\n{body}</tbody>\n" if body else "")
    return f"<table{attributes}>\n{inside}</table>\n"


def _row_html(line: TableLine, tag: str, aligns: Sequence[Align], inline: InlineHtml) -> str:
    scope = ' scope="col"' if tag == "th" else ""
    written: list[str] = []
    for n, cell in enumerate(line.cells):
        name = _CLASSES.get(aligns[n]) if n < len(aligns) else None
        side = f' class="{name}"' if name else ""
        written.append(f"<{tag}{scope}{side}>{inline.pieces(cell)}</{tag}>")
    return f"<tr>{''.join(written)}</tr>\n"
