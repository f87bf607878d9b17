"""The redline on paper: two texts compared, what changed in words at the front, then the whole text with its marks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from app import resources
from app.render.compared import PrintedPart, Style, frame_of, printed_parts
from app.render.pdf.glyphs import held
from app.render.pdf.marked import paper_environment, signs
from app.render.pdf.turns import set_in_turn
from app.render.pdf.writer import Pdf
from app.text.comparing import Comparison
from app.text.snapshot import Snapshot

_NOTE, _END = '<div class="fn"', "</div>\n"


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
    return set_in_turn(redline_html(sheet, resources.fonts()))


def redline_html(sheet: Sheet, fonts: Path) -> str:
    """The print HTML for `templates/pdf/redline.css`; everything people wrote is escaped."""
    return (
        paper_environment(fonts)
        .get_template("redline.html")
        .render(
            sheet=sheet,
            made=sheet.made,
            front=sheet.new.text.front,
            parts=_parts(sheet, held(fonts)),
            moment=sheet.moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
    )


def _parts(sheet: Sheet, drawable: frozenset[str]) -> Sequence[PrintedPart]:
    frame = frame_of(sheet.made, sheet.new.text, "", sheet.names)
    # On paper there is no page that an annexe without an address of its own could lead to.
    there = {key: place for key, place in frame.annexes.items() if not place.startswith("#")}

    sign = signs(drawable)
    style = Style(spoken=False, sign=lambda html: as_notes(sign(html)))
    # Sections have the second level here, and what is in them begins with the third.
    return printed_parts(sheet.made.parts, replace(frame, annexes=there, heading_shift=1), style)


def as_notes(html: str) -> str:
    """A block of a redline; if it is a note, in an element of our own, so that the PDF can say that it is one."""
    if not html.startswith(_NOTE) or not html.endswith(_END):
        return html
    return f"<endnote{html.removeprefix('<div').removesuffix(_END)}</endnote>\n"


__all__ = ["Behind", "ComparedText", "Sheet", "redline_html", "render_redline"]
