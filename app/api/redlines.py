"""Redlines in the interface: as values, and as safe HTML."""

from app.api.views import Json
from app.render.inline import spelled
from app.text.block_redline import Row
from app.text.blocks import block_to_json
from app.text.html import HtmlFrame, snapshot_redline_html
from app.text.notes import numbers
from app.text.phrases import phrases
from app.text.redline import SectionRow, SnapshotRedline, redline_snapshots
from app.text.snapshot import Snapshot
from app.text.worddiff import Piece


def redline_json(before: Snapshot, after: Snapshot) -> Json:
    """Everything that differs: changes in words, fields of the front, and the sections with their blocks in pieces."""
    shown = redline_snapshots(before, after)
    return {
        "changed": shown.touched,
        "coarse": shown.coarse,
        "changes": [{"text": p.text, "section": p.section, "block": p.block} for p in phrases(shown)],
        "front": [{"field": c.field, "before": c.old, "after": c.new} for c in shown.front],
        "sections": [_section(row) for row in shown.sections],
    }


def redline_html(before: Snapshot, after: Snapshot) -> str:
    """The redline as a piece of HTML without a page around it; what acts without being seen is named in it."""
    return spelled(redline_fragment(redline_snapshots(before, after), before, after))


def redline_fragment(shown: SnapshotRedline, before: Snapshot, after: Snapshot) -> str:
    """A redline that was made already, as HTML with the numbers of notes of both texts."""
    frame = HtmlFrame(
        note_numbers=numbers(after).numbers,
        old_note_numbers=numbers(before).numbers,
        section_names={s.key: s.heading or s.key for s in (*before.sections, *after.sections)},
        heading_shift=1,
    )
    return snapshot_redline_html(shown, frame)


def _section(row: SectionRow) -> Json:
    section = row.new or row.old
    assert section is not None
    return {
        "id": section.id,
        "key": section.key,
        "state": str(row.state),
        "moved": row.moved,
        "heading": _pieces(row.heading),
        "blocks": [_block(one) for one in row.blocks.rows],
    }


def _block(row: Row) -> Json:
    return {
        "state": str(row.state),
        "retyped": row.retyped,
        "coarse": row.coarse,
        "before": None if row.old is None else block_to_json(row.old),
        "after": None if row.new is None else block_to_json(row.new),
        "pieces": _pieces(row.pieces),
    }


def _pieces(pieces: tuple[Piece, ...]) -> list[Json]:
    return [{"op": str(piece.op), "text": piece.text} for piece in pieces]
