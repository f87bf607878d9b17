"""One change of a proposal as a card shows it: where it is, what it does, the redline, and how it stands today."""

from dataclasses import dataclass

from markupsafe import Markup

from app.queries.change_views import ChangeView
from app.render.changes import ACTS, OUTCOMES, Standing, field_name, line_block, redline_of, spot, standing_of
from app.text.blocks import Block, block_from_json
from app.text.change import Change
from app.text.dialect.normalising import normalise_reported
from app.text.dialect.tables import cells_of
from app.text.html import HtmlFrame, blocks_html, inline_html, redline_html
from app.text.snapshot import Snapshot
from app.web.redlines import notes_elsewhere


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change with everything its card says; ``advised`` is the wording that was recommended instead, if one was."""

    view: ChangeView
    place: str
    act: str | None
    outcome: str
    standing: Standing | None
    redline: Markup
    adopted: Markup | None
    advised: Markup | None


@dataclass(frozen=True, slots=True)
class ShownWords:
    """What a change would write, without how it stands: where, what it does, and the redline."""

    place: str
    act: str | None
    redline: Markup


def show_words(change: Change, base: Snapshot, changed: Snapshot, frame: HtmlFrame) -> ShownWords:
    """The words of a change, named by where it stands in the base, or in the changed text if it is new there."""
    place = spot(change.section, change.block, base, frame.old_note_numbers) or spot(
        change.section, change.block, changed, frame.note_numbers
    )
    old, new = change.old, change.new
    if old is None and new is None:
        old, new = line_block(change.before), line_block(change.after)
    if new is None and change.kind in ("move", "move_section"):
        new = old
    number = None if place is None else place.number
    name = field_name(change.field) if place is None else place.name
    return ShownWords(name, ACTS.get(change.kind), _print(old, new, number, frame))


def show_change(
    view: ChangeView, base: Snapshot, changed: Snapshot, frame: HtmlFrame, *, closed: bool = False
) -> ShownChange:
    """The change, named by where it stands in the base, or in the changed text if it is new there.

    ``closed``: nobody will decide on it any more, so how it fits the text of today says nothing.
    """
    place = spot(view.section, view.block, base, frame.old_note_numbers) or spot(
        view.section, view.block, changed, frame.note_numbers
    )
    old, new = _block(view.old), _block(view.new)
    if old is None and new is None:
        old, new = line_block(view.before), line_block(view.after)
    if new is None and view.kind in ("move", "move_section"):
        new = old
    number = None if place is None else place.number
    adopted = None
    if view.decision is not None and view.decision.outcome == "adopted_amended" and view.decision.text is not None:
        worded = new or old
        adopted = _print(old, None if worded is None else worded.with_text(view.decision.text), number, frame)
    advised = None
    if view.recommendation is not None and view.recommendation.text is not None:
        worded = new or old
        advised = _print(old, None if worded is None else worded.with_text(view.recommendation.text), number, frame)
    return ShownChange(
        view=view,
        place=field_name(view.field) if place is None else place.name,
        act=ACTS.get(view.kind),
        outcome="Not decided" if closed and view.decision is None else OUTCOMES[view.outcome],
        standing=None if closed else standing_of(view.cls, confirm=view.confirm),
        redline=_print(old, new, number, frame),
        adopted=adopted,
        advised=advised,
    )


def _print(old: Block | None, new: Block | None, number: int | None, frame: HtmlFrame) -> Markup:
    return notes_elsewhere(redline_html(redline_of(old, new, number), frame), None)


def print_words(old: str, new: str, frame: HtmlFrame) -> Markup:
    """Words and what another wording makes of them, marked."""
    return _print(line_block(old), line_block(new), None, frame)


def print_blocks(old: Block | None, new: Block | None, frame: HtmlFrame) -> Markup:
    """A block and what another one makes of it, marked."""
    return _print(old, new, None, frame)


def print_plain(text: str, frame: HtmlFrame) -> Markup:
    """Words as they will read, with nothing marked."""
    return notes_elsewhere(inline_html(text.strip(), frame), None)


def print_wording(text: str, frame: HtmlFrame) -> Markup:
    """A wording as it will read, be it a sentence, rows of a table (their cells with dots between) or whole blocks."""
    lines = text.strip().split("\n")
    if all(len(line) > 1 and line.startswith("|") and line.endswith("|") for line in lines):
        rows = [Markup(" · ").join(print_plain(cell, frame) for cell in cells_of(line)) for line in lines]
        return Markup("<br>").join(rows)
    if "\n\n" in text.strip():
        return notes_elsewhere(blocks_html(normalise_reported(text)[0], frame), None)
    return print_plain(text, frame)


def _block(value: dict[str, object] | None) -> Block | None:
    return None if value is None else block_from_json(value)
