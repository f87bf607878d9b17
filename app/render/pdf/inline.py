"""Prints inline text: words with their marks, references, and notes at the place that first cites them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from markupsafe import Markup

from app.render.pdf.glyphs import seen, words
from app.text.blocks import Kind
from app.text.dialect import Mark
from app.text.prepared import (
    PreparedBlock,
    PreparedEdition,
    PreparedListing,
    PreparedNote,
    PreparedPart,
    PreparedQuotation,
    Run,
    RunKind,
)

_TAGS = {Mark.EMPHASIS: "em", Mark.STRONG: "strong", Mark.CODE: "code"}

# The last words of a paragraph stay on one line up to this many characters, so that no word stands there alone.
_TAIL = 20


class Inline:
    """The inline printer of one edition; it knows the notes and which addresses are printed."""

    def __init__(self, prepared: PreparedEdition, drawable: frozenset[str], *, notes_at_foot: bool) -> None:
        self._at_foot = notes_at_foot
        self._notes = prepared.notes
        self._drawable = drawable
        self._targets = {note.anchor for note in prepared.notes}
        # A note is one place in print, whichever address of it a reference has.
        self._same = {note.body.anchor: note.anchor for note in prepared.notes}
        self._targets.update(f"annexe.{annexe.key}" for annexe in prepared.annexes_at_hand)
        for section in prepared.sections:
            self._targets.add(section.anchor)
            self._targets.update(block.anchor for block in section.blocks() if block.anchor is not None)

    def words(self, text: str) -> Markup:
        """Plain text as markup."""
        return words(text, self._drawable)

    def seen(self, text: str) -> str:
        """Plain text for places that know no markup."""
        return seen(text, self._drawable)

    def runs(self, runs: Sequence[Run]) -> Markup:
        """A paragraph, heading, item or cell, with the notes that it is the first to cite."""
        deferred: list[int] = []
        return self._line(runs, deferred, in_note=False) + self._held_back(deferred)

    def note(self, note: PreparedNote) -> Markup:
        """The text of a note that is set on its own: nothing cites it, or all notes stand at the end."""
        return self._inside_note(note.body, [])

    def _run(self, run: Run, deferred: list[int], *, in_note: bool, last: bool) -> Markup:
        if run.kind is RunKind.BREAK:
            return Markup("<br>")
        if run.kind is RunKind.CITATION and run.number is not None:
            return self._citation(run.number, first=run.first, deferred=deferred, in_note=in_note)
        printed = self._tail(run.text) if last else self.words(run.text)
        for mark in sorted(run.marks):
            printed = Markup("<{0}>{1}</{0}>").format(Markup(_TAGS[mark]), printed)
        if run.url is not None:
            return Markup('<a class="out" href="{}">{}</a>').format(run.url, printed)
        anchor = self._same.get(run.anchor, run.anchor) if run.annexe is None else f"annexe.{run.annexe.key}"
        if anchor in self._targets:
            return Markup('<a class="in" href="#{}">{}</a>').format(anchor, printed)
        return printed

    def _citation(self, number: int, *, first: bool, deferred: list[int], in_note: bool) -> Markup:
        if not first or not self._at_foot:
            return Markup('<a class="again" href="#note.{0}">{0}</a>').format(number)
        if in_note:
            # A note cannot be set at the foot of a note: it is set after the one that cites it.
            deferred.append(number)
            return Markup('<a class="again" href="#note.{0}">{0}</a>').format(number)
        return self._set_note(number, deferred, "note")

    def _set_note(self, number: int, deferred: list[int], style: str) -> Markup:
        note = self._notes[number - 1]
        # An element of our own, so that the PDF can say that it is a note.
        return Markup('<fnote class="{}" id="{}" data-n="{}">{}</fnote>').format(
            style, note.anchor, number, self._inside_note(note.body, deferred)
        )

    def _held_back(self, deferred: list[int]) -> Markup:
        """The notes that other notes were the first to cite; they may cite further ones."""
        printed = Markup("")
        while deferred:
            printed += self._set_note(deferred.pop(0), deferred, "note silent")
        return printed

    def _inside_note(self, block: PreparedBlock, deferred: list[int]) -> Markup:
        own = self._note_words(block, deferred)
        return own + Markup("").join(self._note_part(part, deferred) for part in block.inside)

    def _note_words(self, block: PreparedBlock, deferred: list[int]) -> Markup:
        if block.block.kind is Kind.CODE:
            return Markup("<code>{}</code>").format(self.words(block.block.text))
        if block.rows:
            rows = (Markup(" · ").join(self._line(cell, deferred, in_note=True) for cell in row) for row in block.rows)
            return Markup("<br>").join(rows)
        return self._line(block.runs, deferred, in_note=True)

    def _line(self, runs: Sequence[Run], deferred: list[int], *, in_note: bool) -> Markup:
        line = list(_spaced(runs))
        return Markup("").join(
            self._run(run, deferred, in_note=in_note, last=place == len(line))
            for place, run in enumerate(line, start=1)
        )

    def _note_part(self, part: PreparedPart, deferred: list[int]) -> Markup:
        match part:
            case PreparedListing(items=members):
                style, start = part.style, part.start
                return Markup("").join(
                    Markup('<span class="point {}" style="counter-reset: inner {}">{}</span>').format(
                        style, start + place, self._inside_note(member, deferred)
                    )
                    for place, member in enumerate(members)
                )
            case PreparedQuotation(quotes=members):
                return Markup("").join(
                    Markup('<span class="further quoted">{}</span>').format(self._inside_note(member, deferred))
                    for member in members
                )
            case PreparedBlock():
                return Markup('<span class="further">{}</span>').format(self._inside_note(part, deferred))

    def _tail(self, text: str) -> Markup:
        """The text with its last two words held together and undivided, when they are short.

        The typefaces draw both kinds of space with one glyph, which reads as the space that came first: an ordinary
        one. So nobody who searches or copies meets a no-break space that the author did not write.
        """
        head, space, last = text.rstrip().rpartition(" ")
        before, gap, last_but_one = head.rpartition(" ")
        if not (gap and space) or len(last_but_one) + len(last) > _TAIL:
            return self.words(text)
        end = Markup('<span class="end">{}</span>').format(self.words(f"{gap}{last_but_one}\u00a0{last}"))
        return self.words(before) + end


def _spaced(runs: Sequence[Run]) -> Iterator[Run]:
    """The runs with the space between two of them at the start of the second.

    WeasyPrint 70 breaks a line after its first word when a run ends in a space that just does not fit.
    """
    owed = ""
    for place, run in enumerate(runs):
        following = runs[place + 1] if place + 1 < len(runs) else None
        text = owed + run.text if run.kind is RunKind.WORDS else run.text
        owed = ""
        if run.kind is RunKind.WORDS and following is not None and following.kind is RunKind.WORDS:
            kept = text.rstrip(" ")
            text, owed = kept, text[len(kept) :]
        yield replace(run, text=text)
