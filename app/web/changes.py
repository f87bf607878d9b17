"""One change of a proposal as a card shows it: where it is, what it does, the redline, and how it stands today."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from markupsafe import Markup

from app.queries.change_views import ChangeView
from app.text.block_redline import redline
from app.text.blocks import Block, Kind, block_from_json
from app.text.change import Change
from app.text.html import HtmlFrame, inline_html, redline_html
from app.text.places import ordinals, places
from app.text.redline import Redline
from app.text.snapshot import SectionKind, Snapshot
from app.web.redlines import notes_elsewhere
from app.web.sections import name_of

_KEPT_LENGTH = 8_000
OUTCOMES: Mapping[str, str] = {
    "pending": "Not decided yet",
    "adopted": "Adopted",
    "adopted_amended": "Adopted, amended",
    "rejected": "Rejected",
    "deferred": "Deferred",
}
_ACTS: Mapping[str, str] = {
    "insert": "new",
    "delete": "to be taken out",
    "move": "to be moved",
    "retype": "to become something else",
    "rename": "another heading",
    "add_section": "a new section",
    "remove_section": "a section to be taken out",
    "move_section": "a section to be moved",
    "front": "before the text",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a change stands against the text of today: a badge where somebody has to look, and a sentence."""

    badge: str | None
    words: str


CLASSES: Mapping[str, Standing] = {
    "applies": Standing(None, "Applies to the text of today: nobody else has changed this."),
    "moved": Standing(None, "Applies to the text of today; what it changes stands elsewhere now."),
    "already": Standing(None, "The text of today says this already."),
    "combined": Standing("Combined: read it", "Others changed other words of the same paragraph, and the two fit."),
    "conflict": Standing("Conflicts", "Others rewrote the same words; somebody has to choose between them."),
    "orphaned": Standing(
        "Needs its author", "What it changes is no longer in the text. Its last wording is kept here."
    ),
}
_CONFIRM = "Others changed the same sentence. The two fit, but nobody wrote that sentence as a whole: read it."


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
    place = _find(change.section, change.block, base, frame.old_note_numbers) or _find(
        change.section, change.block, changed, frame.note_numbers
    )
    old, new = change.old, change.new
    if old is None and new is None:
        old, new = _line(change.before), _line(change.after)
    if new is None and change.kind in ("move", "move_section"):
        new = old
    number = None if place is None else place.number
    name = _field_name(change.field) if place is None else place.name
    return ShownWords(name, _ACTS.get(change.kind), _print(old, new, number, frame))


def show_change(
    view: ChangeView, base: Snapshot, changed: Snapshot, frame: HtmlFrame, *, closed: bool = False
) -> ShownChange:
    """The change, named by where it stands in the base, or in the changed text if it is new there.

    ``closed``: nobody will decide on it any more, so how it fits the text of today says nothing.
    """
    place = _find(view.section, view.block, base, frame.old_note_numbers) or _find(
        view.section, view.block, changed, frame.note_numbers
    )
    old, new = _block(view.old), _block(view.new)
    if old is None and new is None:
        old, new = _line(view.before), _line(view.after)
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
        place=_field_name(view.field) if place is None else place.name,
        act=_ACTS.get(view.kind),
        outcome="Not decided" if closed and view.decision is None else OUTCOMES[view.outcome],
        standing=None if closed else _standing(view),
        redline=_print(old, new, number, frame),
        adopted=adopted,
        advised=advised,
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a change is, in the words of a meeting ("Mission, item D"), and the number of the item, if it is one."""

    name: str
    number: int | None = None


def _find(
    section_id: str | None, block_id: str | None, text: Snapshot, note_numbers: Mapping[str, int]
) -> _Place | None:
    section = text.section_by_id(section_id) if section_id else None
    if section is None:
        return None
    name = name_of(section)
    if block_id is None:
        return _Place(name)
    for at, block in enumerate(section.blocks):
        if block.id == block_id:
            found = places(section.blocks, note_numbers, goals=section.kind is SectionKind.GOALS)[at]
            return _Place(f"{name}, {found}", ordinals(section.blocks)[at])
    return None


def _field_name(field: str | None) -> str:
    return "A section that is no longer there" if field is None else field.replace("_", " ").capitalize()


def _standing(view: ChangeView) -> Standing | None:
    if view.cls is None:
        return None
    found = CLASSES[view.cls]
    return replace(found, words=_CONFIRM) if view.cls == "combined" and view.confirm else found


def _print(old: Block | None, new: Block | None, number: int | None, frame: HtmlFrame) -> Markup:
    before, after = (None if block is None else _alone(block, number) for block in (old, new))
    length = sum(len(block.text) for block in (before, after) if block is not None)
    shown = (_compared if length <= _KEPT_LENGTH else _compared.__wrapped__)(before, after)
    return notes_elsewhere(redline_html(shown, frame), None)


@lru_cache(maxsize=1024)
def _compared(old: Block | None, new: Block | None) -> Redline:
    """The redline of one block. Pages show the same open changes again and again; very long ones are not kept."""
    return redline([old] if old else [], [new] if new else [])


def print_words(old: str, new: str, frame: HtmlFrame) -> Markup:
    """Words and what another wording makes of them, marked."""
    return _print(_line(old), _line(new), None, frame)


def print_plain(text: str, frame: HtmlFrame) -> Markup:
    """Words as they will read, with nothing marked."""
    return notes_elsewhere(inline_html(text.strip(), frame), None)


def _alone(block: Block, number: int | None) -> Block:
    """The block as it can stand by itself: not inside another one, and an item under its own number."""
    return replace(block, depth=0, start=block.start if number is None else number)


def _block(value: dict[str, object] | None) -> Block | None:
    return None if value is None else block_from_json(value)


def _line(text: str | None) -> Block | None:
    return None if text is None else Block(Kind.PARAGRAPH, text)
