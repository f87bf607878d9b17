"""Safe HTML inside a block: words with their marks, links, citations, insertions and deletions."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from itertools import groupby

from app.text.dialect import Mark
from app.text.readings import Fate, Look, Shown, reading, shown

# Outermost first.
_TAGS = ((Mark.STRONG, "strong"), (Mark.EMPHASIS, "em"), (Mark.CODE, "code"))
_OUTSIDE = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x20]+", re.IGNORECASE)
_HERE = re.compile(r"/(?![/\\])[^\s\x00-\x20]*")
_INSIDE = re.compile(r"#[\w.:-]+")


@dataclass(frozen=True, slots=True)
class HtmlFrame:
    """What a page knows and a text does not.

    ``note_numbers`` and ``old_note_numbers`` give the number of each note's label, now and before. ``annexes`` give
    the address of each declared annexe, ``section_names`` what each section key is called. Every id and every link
    inside the page begins with ``prefix``, so that two texts can stand on one page. Headings of level n become
    ``h(n + heading_shift)``. Without ``anchors`` no ids are written.
    """

    note_numbers: Mapping[str, int] = field(default_factory=dict)
    old_note_numbers: Mapping[str, int] = field(default_factory=dict)
    annexes: Mapping[str, str] = field(default_factory=dict)
    section_names: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""
    heading_shift: int = 0
    anchors: bool = True


class InlineHtml:
    """Writes the inside of blocks; remembers which notes were cited already, since an id may stand only once."""

    def __init__(self, frame: HtmlFrame) -> None:
        self._frame = frame
        self._cited: dict[int, int] = {}

    def text(self, inline_markdown: str) -> str:
        """An inline text as it stands."""
        return self.pieces(shown(reading(inline_markdown), Fate.KEPT))

    def pieces(self, pieces: Iterable[Shown]) -> str:
        """Pieces in order; insertions and deletions are marked by an element and in words."""
        return "".join(self._marked(fate, list(run)) for fate, run in groupby(pieces, key=lambda piece: piece.fate))

    def _marked(self, fate: Fate, run: Sequence[Shown]) -> str:
        inside = self._linked(run)
        if fate is Fate.KEPT or not inside:
            return inside
        if fate is Fate.REFORMATTED:
            return (
                '<span class="reformatted"><span class="vh">formatting changed: </span>'
                f'{inside}<span class="vh"> end of change of formatting</span></span>{_relinked(run)}'
            )
        if all(piece.text.isspace() for piece in run):
            # A space more or less is in the list of changes; a mark on it would only be a puzzle.
            return inside if fate is Fate.INSERTED else ""
        return inserted(inside) if fate is Fate.INSERTED else deleted(inside)

    def _linked(self, run: Iterable[Shown]) -> str:
        written: list[str] = []
        for look, group in groupby(run, key=lambda piece: (piece.look.link, piece.look.note, piece.look.is_break)):
            link, note, is_break = look
            pieces = list(group)
            if is_break:
                written.append("<br>\n" * sum(len(piece.text) for piece in pieces))
            elif note is not None:
                times = sum(piece.text.count(f"[^{note}]") for piece in pieces)
                written.extend(self._citation(pieces[0], note) for _ in range(times))
            else:
                address = None if link is None else self._address(link)
                words = _with_marks(pieces, 0)
                written.append(words if address is None else f'<a href="{escape(address)}">{words}</a>')
        return "".join(written)

    def _address(self, link: str) -> str | None:
        """Where a link may lead; None for what must stay mere words."""
        if link.startswith("annexe:"):
            place = self._frame.annexes.get(link.removeprefix("annexe:"))
            return place if place is not None and (_HERE.fullmatch(place) or _OUTSIDE.fullmatch(place)) else None
        if _INSIDE.fullmatch(link):
            return f"#{self._frame.prefix}{link[1:]}"
        return link if _OUTSIDE.fullmatch(link) else None

    def _citation(self, piece: Shown, label: str) -> str:
        gone = piece.fate is Fate.DELETED
        number = (self._frame.old_note_numbers if gone else self._frame.note_numbers).get(label)
        if number is None:
            return _with_marks([replace(piece, text=f"[^{label}]")], 0)
        prefix = escape(self._frame.prefix)
        words = f'<span class="vh">note </span>{number}'
        if gone:
            return f'<span class="ref">{words}</span>'
        anchor = ""
        if self._frame.anchors:
            self._cited[number] = again = self._cited.get(number, 0) + 1
            anchor = f' id="{prefix}ref-{number}{"" if again == 1 else f"-{again}"}"'
        return f'<a class="ref" role="doc-noteref"{anchor} href="#{prefix}note-{number}">{words}</a>'


def inserted(inside: str) -> str:
    """HTML that was put in, for eyes and for ears."""
    return f'<ins><span class="vh">insertion: </span>{inside}<span class="vh"> end of insertion</span></ins>'


def deleted(inside: str) -> str:
    """HTML that was taken out, for eyes and for ears."""
    return f'<del><span class="vh">deletion: </span>{inside}<span class="vh"> end of deletion</span></del>'


def written(text: str) -> str:
    """Words as HTML."""
    return escape(text, quote=False)


def link_in_words(was: str | None, now: str | None) -> str:
    """Where a link leads and where it led, which cannot be seen from its words; empty if that is the same."""
    told = [f"now leads to {now}"] if now else []
    told += [f"led to {was}"] if was else []
    return ", ".join(told) if was != now else ""


def _relinked(run: Sequence[Shown]) -> str:
    """A label for every link of the run that leads elsewhere now."""
    labels: list[str] = []
    for (was, now), _ in groupby(run, key=lambda piece: (piece.was.link if piece.was else None, piece.look.link)):
        words = link_in_words(was, now)
        labels += [f' <span class="retyped">{written(words)}</span>'] if words else []
    return "".join(labels)


def _with_marks(pieces: Sequence[Shown], level: int) -> str:
    if level == len(_TAGS):
        return "".join(written(piece.text) for piece in pieces)
    mark, tag = _TAGS[level]
    parts: list[str] = []
    for marked, group in groupby(pieces, key=lambda piece: mark in piece.look.marks):
        inside = _with_marks(list(group), level + 1)
        parts.append(f"<{tag}>{inside}</{tag}>" if marked else inside)
    return "".join(parts)


__all__ = ["HtmlFrame", "InlineHtml", "Look", "deleted", "inserted", "link_in_words", "written"]
