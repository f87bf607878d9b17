"""How the wordings of a conflict are printed: a sentence as one, a row of a table in its table, blocks as blocks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from app.render.changes import line_block
from app.text.block_redline import redline
from app.text.blocks import Block, Kind
from app.text.dialect.normalising import normalise_reported
from app.text.html import HtmlFrame, blocks_html, redline_html
from app.text.snapshot import Snapshot
from app.text.woven import Conflict
from app.web.changes import print_plain
from app.web.own_words import Form, WordsField, numbered
from app.web.redlines import notes_elsewhere

ROW = "row"
BLOCKS = "blocks"


@dataclass(frozen=True, slots=True)
class Wordings:
    """Prints what a conflict is about; ``form`` says whether it is a row of a table, whole blocks, or "" for words.

    ``line``: they are words of a paragraph, or of something else that reads like one.
    """

    frame: HtmlFrame
    form: str = ""
    table: Block | None = None
    line: bool = False

    def plain(self, text: str) -> Markup:
        """One wording with nothing marked."""
        if not self.form:
            return print_plain(text, self.frame)
        return notes_elsewhere(blocks_html(self._blocks(text), self.frame), None)

    def changed(self, old: str, new: str) -> Markup:
        """What a wording makes of another one, marked."""
        before, after = self._blocks(old), self._blocks(new)
        return notes_elsewhere(redline_html(redline(before, after), self.frame), None)

    def field(self, conflict: Conflict) -> WordsField:
        """The field for own words: it offers those of the proposal, or those that stand where the proposal has none."""
        form = {ROW: Form.ROWS, BLOCKS: Form.BLOCKS}.get(self.form, Form.LINE if self.line else Form.PLAIN)
        offered = conflict.proposed.strip() or conflict.standing.strip()
        return WordsField(conflict.id, form, offered, conflict.base.strip(), self.table, numbered(self.frame))

    def _blocks(self, text: str) -> Sequence[Block]:
        if not text.strip():
            return ()
        if self.form == BLOCKS:
            return normalise_reported(text)[0]
        if self.form == ROW and self.table is not None:
            head = self.table.text.split("\n", 1)[0]
            shown = text if text.strip().startswith(head) else f"{head}\n{text.strip()}"
            return (replace(self.table, text=shown),)
        block = line_block(text)
        return () if block is None else (block,)


def wordings_of(conflict: Conflict, before: Snapshot, frame: HtmlFrame) -> Wordings:
    """How to print a conflict that a merge of ``before`` met."""
    readings = [t for t in (conflict.base, conflict.standing, conflict.proposed, conflict.both) if t.strip()]
    block = next((b for _, _, b in before.placed_blocks() if b.id == conflict.block), None)
    table = block if block is not None and block.kind is Kind.TABLE else None
    if table is not None and all(_is_rows(text, table) for text in readings):
        return Wordings(frame, ROW, table)
    # Words of a section are read as blocks only where whole blocks meet: in a sentence a sign is just a sign.
    whole = not conflict.base.strip() or any("\n\n" in text for text in readings)
    if conflict.section is not None and conflict.block is not None and whole:
        return Wordings(frame, BLOCKS)
    return Wordings(frame, line=block is not None and block.kind not in (Kind.CODE, Kind.TABLE))


def _is_rows(text: str, table: Block) -> bool:
    cells = len(table.align or ())
    return all(row.startswith("|") and row.endswith("|") for row in text.strip().split("\n")) and cells > 0
