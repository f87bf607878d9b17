"""Safe HTML of blocks and of redlines, with lists, quotations and tables rebuilt; no text ever vanishes in it."""

from collections.abc import Sequence
from html import escape

from app.text.block_html import BlockHtml
from app.text.blocks import Block
from app.text.entries import entries_of_blocks, entries_of_redline
from app.text.inline_html import HtmlFrame, InlineHtml
from app.text.readings import compared, reading
from app.text.redline import Redline, SectionRow, SectionState, SnapshotRedline

__all__ = ["HtmlFrame", "blocks_html", "inline_html", "redline_html", "section_heading_html", "snapshot_redline_html"]

_PLAIN_FRAME = HtmlFrame()


def inline_html(text: str, frame: HtmlFrame = _PLAIN_FRAME) -> str:
    """An inline text as HTML: a heading, a cell, one paragraph without its ``p``."""
    return InlineHtml(frame).text(text)


def blocks_html(blocks: Sequence[Block], frame: HtmlFrame = _PLAIN_FRAME) -> str:
    """Blocks as HTML. A block with an id has the anchor ``b-<id>``, a numbered note ``note-<number>``."""
    return BlockHtml(frame).page(entries_of_blocks(blocks))


def redline_html(shown: Redline, frame: HtmlFrame = _PLAIN_FRAME) -> str:
    """A redline as HTML: ``ins`` and ``del`` only around words, with "insertion: … end of insertion" for ears.

    Changed blocks have the class ``bar``. A moved block stands twice: ``moved-here`` where it is, with its anchor, and
    ``moved-away`` where it was.
    """
    return BlockHtml(frame).page(entries_of_redline(shown))


def snapshot_redline_html(shown: SnapshotRedline, frame: HtmlFrame = _PLAIN_FRAME) -> str:
    """The sections of a redline as HTML, each a ``section`` with its heading; the front is in the list of changes."""
    # One writer for the whole page: it remembers which notes were cited, and an id may stand only once on a page.
    page = BlockHtml(frame)
    return "".join(_section_html(row, frame, page) for row in shown.sections)


def section_heading_html(row: SectionRow, page: BlockHtml) -> str:
    """What a section is called, as it was and is, with a label if it came, went or moved; without an element."""
    before = reading(row.old.heading if row.old else "")
    after = reading(row.new.heading if row.new else "")
    label = ""
    if row.moved:
        label = '<span class="moved-here">section moved here</span>'
    if row.state is SectionState.ADDED:
        label = '<span class="added">section added</span>'
    elif row.state is SectionState.REMOVED:
        label = '<span class="removed">section removed</span>'
    return " ".join(filter(None, (label, page.inline.pieces(compared(before, after)))))


def _section_html(row: SectionRow, frame: HtmlFrame, page: BlockHtml) -> str:
    heading = section_heading_html(row, page)
    level = min(6, 2 + frame.heading_shift)
    bar = ' class="bar"' if row.moved or row.state is not SectionState.KEPT or row.renamed else ""
    head = f"<h{level}{bar}>{heading}</h{level}>\n" if heading else ""
    anchor = ""
    if frame.anchors and row.new is not None:
        anchor = f' id="{escape(frame.prefix + row.section.key)}"'
    return f"<section{anchor}>\n{head}{page.page(entries_of_redline(row.blocks))}</section>\n"
