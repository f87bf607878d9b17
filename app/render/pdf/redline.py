"""The redline on paper: two texts compared, what changed in words at the front, then the whole text with its marks."""

import html as markup
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import BoundedSemaphore

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app import resources
from app.errors import Unavailable
from app.render.compared import PrintedPart, Style, frame_of, printed_parts
from app.render.kept import Kept
from app.render.pdf.glyphs import held, needs_sign, seen, words
from app.render.pdf.writer import Pdf, set_pages
from app.rules.dates import day_in_words
from app.text.comparing import Comparison
from app.text.snapshot import Snapshot

# Anybody may ask for a redline. One at a time is set, few may wait for it, and not for long, so that whoever approves
# an edition never stands behind many readers.
_ONE = BoundedSemaphore(1)
_WAITING = BoundedSemaphore(6)
_LONGEST_WAIT = 45
_PATIENCE = 120
_KEPT: Kept[Pdf] = Kept(16)
_NOTE, _END = '<div class="fn"', "</div>\n"
_TAG = re.compile(r"(<[^>]*>)")
_BUSY = "Other PDFs are being made just now. Try again in a minute."


@dataclass(frozen=True, slots=True)
class ComparedText:
    """One of the two: what it is called, its revision and when that was made, and whether it is an approved edition."""

    name: str
    revision: int
    made_at: datetime
    approved: bool
    text: Snapshot


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind a change: the proposal by its number, title and author, and the decision on it."""

    ref: str
    title: str
    author: str
    decided_by: str
    decided_at: datetime
    amended: bool
    against_rule: bool
    reason: str
    revision: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that a redline on paper says. ``behind`` is by the number of the change, ``names`` are by section key."""

    charter: str
    old: ComparedText
    new: ComparedText
    made: Comparison
    behind: Mapping[int, Sequence[Behind]]
    names: Mapping[str, str]

    @property
    def approved(self) -> bool:
        """Whether both texts are approved editions."""
        return self.old.approved and self.new.approved

    @property
    def moment(self) -> datetime:
        """When it is dated: when the later of the two texts was made, so that the same two give the same bytes."""
        return max(self.old.made_at, self.new.made_at)


def render_redline(sheet: Sheet) -> Pdf:
    """The redline as a PDF; the same two texts with the same decisions give the same bytes.

    `Unavailable` if too many are being made, or says what to install if the machine cannot set PDFs.
    """
    html = redline_html(sheet, resources.fonts())
    known = _KEPT.known(html)
    if known is not None:
        return known
    if not _WAITING.acquire(blocking=False):
        raise Unavailable(_BUSY, kind="busy")
    try:
        if not _ONE.acquire(timeout=_LONGEST_WAIT):
            raise Unavailable(_BUSY, kind="busy")
        try:
            return _KEPT.get(html, lambda: set_pages(html, patience=_PATIENCE))
        finally:
            _ONE.release()
    finally:
        _WAITING.release()


def redline_html(sheet: Sheet, fonts: Path) -> str:
    """The print HTML for `templates/pdf/redline.css`; everything people wrote is escaped."""
    drawable = held(fonts)
    environment = Environment(
        loader=FileSystemLoader(resources.templates() / "pdf"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        words=lambda text: words(text, drawable),
        seen=lambda text: seen(text, drawable),
        day=lambda moment: day_in_words(moment.date()),
    )
    return environment.get_template("redline.html").render(
        sheet=sheet,
        made=sheet.made,
        front=sheet.new.text.front,
        parts=_parts(sheet, drawable),
        moment=sheet.moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )


def _parts(sheet: Sheet, drawable: frozenset[str]) -> Sequence[PrintedPart]:
    frame = frame_of(sheet.made, sheet.new.text, "", sheet.names)
    # On paper there is no page that an annexe without an address of its own could lead to.
    there = {key: place for key, place in frame.annexes.items() if not place.startswith("#")}

    def signs(html: str) -> str:
        return "".join(piece if piece.startswith("<") else _signed(piece, drawable) for piece in _TAG.split(html))

    style = Style(spoken=False, sign=lambda html: as_notes(signs(html)))
    # Sections have the second level here, and what is in them begins with the third.
    return printed_parts(sheet.made.parts, replace(frame, annexes=there, heading_shift=1), style)


def as_notes(html: str) -> str:
    """A block of a redline; if it is a note, in an element of our own, so that the PDF can say that it is one."""
    if not html.startswith(_NOTE) or not html.endswith(_END):
        return html
    return f"<endnote{html.removeprefix('<div').removesuffix(_END)}</endnote>\n"


def _signed(piece: str, drawable: frozenset[str]) -> str:
    if all(character in drawable and not needs_sign(character, drawable) for character in set(piece)):
        return piece
    return str(words(markup.unescape(piece), drawable))


__all__ = ["Behind", "ComparedText", "Sheet", "redline_html", "render_redline"]
