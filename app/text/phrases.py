"""The list of changes in words: what a reader who sees no colours, or has no time, is told about a redline."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.text.block_redline import Redline, Row, State, accept_all, reject_all
from app.text.blocks import Block, Kind
from app.text.dialect import plain
from app.text.edits import SPACING, edits_in_words, quoted, table_in_words
from app.text.entries import Entry, entries_of_redline
from app.text.notes import numbers
from app.text.places import Place, form_in_words, kind_name, places, section_name
from app.text.redline import FrontChange, SectionRow, SnapshotRedline, accepted, rejected
from app.text.snapshot import Section, SectionKind
from app.text.tables import table_lines

_FRONT_NAMES = {
    "title": "Title on the cover",
    "organisation": "Organisation",
    "address": "Address",
    "contact": "Contact",
    "logo": "Logo",
    "language": "Language",
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """One change in words, without a final stop. ``section`` is its key, ``block`` its id, where there is one."""

    text: str
    section: str | None = None
    block: str | None = None

    def __str__(self) -> str:
        return self.text


def phrases(shown: SnapshotRedline) -> tuple[Phrase, ...]:
    """Every change between two charters in words, in reading order.

    Blocks are named by where they stand now, deleted ones by where they stood.
    """
    new_numbers, old_numbers = numbers(accepted(shown)).numbers, numbers(rejected(shown)).numbers
    told = [Phrase(_front_phrase(change)) for change in shown.front]
    names = {row.section.key: _name(row.section) for row in shown.sections}
    before: str | None = None
    for row in shown.sections:
        told.extend(_SectionPhrases(row, before, names, new_numbers, old_numbers).all())
        if row.new is not None:
            before = _name(row.new)
    return tuple(told)


def block_phrases(
    shown: Redline, note_numbers: Mapping[str, int] | None = None, old_note_numbers: Mapping[str, int] | None = None
) -> tuple[Phrase, ...]:
    """Every change between two lists of blocks in words."""
    return tuple(_BlockPhrases(shown, "", note_numbers or {}, old_note_numbers or {}, {}).all())


def _name(section: Section) -> str:
    return section_name(section, plain(section.heading))


def _front_phrase(change: FrontChange) -> str:
    if change.field.startswith("annexe:"):
        name = f"Annexe “{change.field.removeprefix('annexe:')}”"
    else:
        name = _FRONT_NAMES[change.field]
    if not change.old:
        return f"{name} added: “{change.new}”"
    if not change.new:
        return f"{name} removed: “{change.old}”"
    return f"{name}: “{change.old}” replaced by “{change.new}”"


class _SectionPhrases:
    """What happened to one section and in it."""

    def __init__(
        self,
        row: SectionRow,
        before: str | None,
        names: Mapping[str, str],
        new_numbers: Mapping[str, int],
        old_numbers: Mapping[str, int],
    ) -> None:
        self._row, self._before = row, before
        self._blocks = _BlockPhrases(
            row.blocks,
            _name(row.section),
            new_numbers,
            old_numbers,
            names,
            goals=row.section.kind is SectionKind.GOALS,
        )

    def all(self) -> Iterator[Phrase]:
        row = self._row
        for text in self._outline():
            yield Phrase(text, row.section.key)
        for phrase in self._blocks.all():
            yield replace(phrase, section=row.section.key)

    def _outline(self) -> Iterator[str]:
        row = self._row
        name = f"Section “{_name(row.section)}”"
        place = f"after “{self._before}”" if self._before is not None else "at the beginning"
        if row.old is None:
            yield f"{name} added {place}"
        elif row.new is None:
            yield f"{name} removed"
        else:
            if row.renamed:
                yield f"Section “{_name(row.old)}” renamed to “{_name(row.new)}”"
            if row.moved:
                yield f"{name} moved, now {place}"
            if row.old.kind is not row.new.kind:
                yield f"{name} is now of the kind “{row.new.kind}”, was “{row.old.kind}”"
            if row.old.key != row.new.key:
                yield f"{name} has the new address “{row.new.key}”, was “{row.old.key}”"


class _BlockPhrases:
    """What happened to the blocks of one section; ``name`` is the section's, empty for a text without sections."""

    def __init__(
        self,
        shown: Redline,
        name: str,
        new_numbers: Mapping[str, int],
        old_numbers: Mapping[str, int],
        section_names: Mapping[str, str],
        *,
        goals: bool = False,
    ) -> None:
        self._shown, self._section = shown, name
        self._new_numbers, self._old_numbers = new_numbers, old_numbers
        self._section_names = section_names
        self._goals = goals
        self._new_places = places(accept_all(shown), new_numbers, goals=goals)
        self._old_places = places(reject_all(shown), old_numbers, goals=goals)
        self._stood = {id(row.old): row.old_at for row in shown.rows if row.state is State.MOVED_AWAY}

    def all(self) -> Iterator[Phrase]:
        renumbered = False
        entries = entries_of_redline(self._shown)
        for n, entry in enumerate(entries):
            if entry.state in (State.SAME, State.MOVED_AWAY):
                renumbered = renumbered and entry.block.depth > 0
                continue
            only_number = _only_renumbered(entry.rows[0])
            if only_number and renumbered:
                continue
            renumbered = only_number
            parted = n + 1 < len(entries) and entries[n + 1].state is State.SPLIT
            text = self._told(entry, parted=parted)
            if text:
                yield Phrase(text, block=entry.block.id)

    def _told(self, entry: Entry, *, parted: bool) -> str:
        row = entry.rows[0]
        if entry.state is State.INSERTED:
            return self._inserted(entry, row)
        if entry.state is State.DELETED:
            return f"{self._place(self._old(row.old_at))} deleted{self._quote(entry.block, self._old_numbers)}"
        if entry.state is State.MOVED_HERE:
            return "; ".join([self._moved(row), *self._edits(entry, row)])
        if entry.state is State.SPLIT:
            before = self._new(None if row.new_at is None else row.new_at - 1)
            begins = f"{self._place(before)} split, a new {kind_name(entry.block)} begins"
            return "; ".join(
                [begins + self._quote(entry.block, self._new_numbers), *self._edits(entry, row, parted=True)]
            )
        joins = [f"{self._old(joined.old_at).name} joined to it" for joined in entry.rows[1:]]
        told = [*self._retyping(row), *joins, *self._edits(entry, row, parted=parted or bool(joins))]
        if parted and not told:
            return ""
        return f"{self._place(self._new(row.new_at))}: {'; '.join(told) or 'changed'}"

    def _inserted(self, entry: Entry, row: Row) -> str:
        place = self._new(row.new_at)
        quote = self._quote(entry.block, self._new_numbers)
        if entry.block.kind in (Kind.ITEM, Kind.NOTE) and entry.rows[0].old is None:
            return f"{self._place(place)} added{quote}"
        where = "at the beginning" if not row.new_at else f"after {self._new(row.new_at - 1)}"
        kind = form_in_words(replace(entry.block, depth=0)) if entry.block.kind is not Kind.HEADING else "a heading"
        if self._section:
            return f"{_capital(self._section)}: {kind} added {where}{quote}"
        return f"{_capital(kind)} added {where}{quote}"

    def _moved(self, row: Row) -> str:
        now = self._new(row.new_at)
        if row.section is not None:
            name = self._section_names.get(row.section, row.section)
            kind = form_in_words(row.old) if row.old is not None else "a block"
            return f"{_capital(kind)} of {name} moved to {self._section}, now {now}"
        was = self._old(self._stood.get(id(row.old)))
        return f"{self._place(was)} moved, now {now}"

    def _retyping(self, row: Row) -> list[str]:
        if not row.retyped or row.old is None or row.new is None:
            return []
        before, after = form_in_words(row.old), form_in_words(row.new)
        told = [f"now {after}, was {before}"] if before != after else []
        if row.old.start != row.new.start and before == after:
            told.append(f"the numbering of its list now begins with {row.new.start}, was {row.old.start}")
        if row.old.align != row.new.align and row.old.kind is row.new.kind:
            told.append("its columns are set differently")
        if row.old.lang != row.new.lang and row.old.kind is row.new.kind:
            told.append(f"its language is now “{row.new.lang or ''}”")
        return told

    def _edits(self, entry: Entry, row: Row, *, parted: bool = False) -> Sequence[str]:
        if row.old is not None and row.new is not None and row.old.text == row.new.text:
            return ()
        if row.coarse:
            return ["rewritten"]
        if entry.block.kind is Kind.TABLE:
            return table_in_words(table_lines(entry.old, entry.block), self._new_numbers, self._old_numbers)
        pieces = [piece for share in (entry.pieces, *entry.joined) for piece in share]
        told = edits_in_words(pieces, self._new_numbers, self._old_numbers)
        return [edit for edit in told if not (parted and edit.startswith(SPACING))]

    def _quote(self, block: Block, note_numbers: Mapping[str, int]) -> str:
        if block.kind in (Kind.CODE, Kind.TABLE):
            words = block.text
        else:
            words = plain(block.text)
        return f": {quoted(words, note_numbers)}" if words.strip() else ""

    def _new(self, at: int | None) -> Place:
        return Place("the text") if at is None else self._new_places[at]

    def _old(self, at: int | None) -> Place:
        return Place("the text") if at is None else self._old_places[at]

    def _place(self, place: Place) -> str:
        outermost = place
        while outermost.within is not None:
            outermost = outermost.within
        alone = not self._section or outermost.name.startswith("note ") or (self._goals and "goal" in outermost.name)
        return _capital(str(place) if alone else f"{place} of {self._section}")


def _only_renumbered(row: Row) -> bool:
    if row.state is not State.RETYPED or row.old is None or row.new is None:
        return False
    return replace(row.old.form, start=row.new.start) == row.new.form


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
