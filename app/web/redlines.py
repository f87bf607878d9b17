"""Redlines on our pages: what the engine needs to print them, and where links lead whose target is on another page."""

import re
from dataclasses import replace

from markupsafe import Markup

from app.render.inline import signed
from app.text.html import HtmlFrame, snapshot_redline_html
from app.text.notes import numbers
from app.text.redline import SnapshotRedline
from app.text.snapshot import Snapshot
from app.web.sections import names_by_key

# Exactly what the engine writes; the words of a text cannot look like this, since its "<" are escaped.
_CITATION = re.compile(
    r'<a class="ref" role="doc-noteref"( id="[^"]*")? href="#note-(\d+)">(<span class="vh">note </span>\d+)</a>'
)


def redline_frame(old: Snapshot, new: Snapshot, home: str, *, anchors: bool = True) -> HtmlFrame:
    """What a redline of two texts has to know of them to number notes, name sections and lead to annexes."""
    return HtmlFrame(
        note_numbers=numbers(new).numbers,
        old_note_numbers=numbers(old).numbers,
        annexes={annexe.key: annexe.url or f"{home}#annexe.{annexe.key}" for annexe in new.front.annexes},
        section_names=names_by_key(new, old),
        heading_shift=1,
        anchors=anchors,
    )


def notes_here(html: str) -> Markup:
    """A redline with its footnotes. A note cited in several sections has one address to lead back to, the first."""
    known: set[str] = set()

    def first_only(citation: re.Match[str]) -> str:
        anchor = citation[1] or ""
        again = anchor in known
        known.add(anchor)
        return citation[0].replace(anchor, "", 1) if anchor and again else citation[0]

    return Markup(signed(_CITATION.sub(first_only, html)))


def notes_elsewhere(html: str, page: str | None) -> Markup:
    """A redline without its footnotes: citations lead to the ``page`` of the text, or are numbers if it has none."""
    linked = '<span class="ref">\\3</span>' if page is None else f'<a class="ref" href="{page}#note.\\2">\\3</a>'
    return Markup(signed(_CITATION.sub(linked, html)))


def touched_sections(compared: SnapshotRedline, frame: HtmlFrame) -> Markup:
    """The sections in which two texts differ, with everything marked."""
    touched = replace(compared, sections=tuple(row for row in compared.sections if row.touched))
    return notes_elsewhere(snapshot_redline_html(touched, frame), None)
