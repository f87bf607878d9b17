"""The whole charter as one reading of a Word file has it."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, takewhile

from app.text.align import assign_ids
from app.text.blocks import Kind
from app.text.dialect import canonical_blocks, plain
from app.text.manuscript import levelled
from app.text.notes import groups, ordered
from app.text.preparing import goal_level
from app.text.snapshot import Section, SectionKind, Snapshot
from app.text.wordfile.building import Builder
from app.text.wordfile.expecting import Expected
from app.text.wordfile.layout import Layout, layout_of
from app.text.wordfile.lines import Form, Line, Runs, text_of
from app.text.wordfile.matching import Match, id_of, is_same, marked, match_all
from app.text.wordfile.notes_read import NotesRead, notes_read
from app.text.wordfile.noting import labels_of
from app.text.wordfile.reading import Accepts, Reading, is_there, nothing, stands
from app.text.wordfile.sections import free_key, with_notes
from app.text.wordfile.segments import Segment, recognise, segments
from app.text.wordfile.shapes import Left
from app.text.wordfile.story import Finding, Item, Paragraph, What, WordFile, paragraphs
from app.text.wordfile.within import set_aside
from app.text.wordfile.wording import Writer

_WORD = re.compile(r"\w+")
_SHOWN = 120
_MOST_LEFT = 500


@dataclass(slots=True)
class Readings:
    """All readings of one file, over one base."""

    file: WordFile
    base: Snapshot
    left: dict[Left, None] = field(default_factory=dict)
    expected: Expected = field(init=False)
    layout: Layout = field(init=False)
    findings: list[Finding] = field(init=False)
    first: Snapshot = field(init=False)
    match: Match = field(init=False)
    _reading: Reading = field(init=False)
    _stories: dict[str, list[Item]] = field(init=False)
    _words: dict[int, Paragraph] = field(init=False)
    _lineage: dict[int, str] = field(default_factory=dict)
    _heads: dict[int, str] = field(default_factory=dict)
    more: int = 0
    _told: dict[int, str] = field(default_factory=dict)
    _noted: dict[int, str] = field(default_factory=dict)
    _cited: set[str] = field(default_factory=set)
    _names: Iterator[str] = field(default_factory=lambda: (f"come-{n}" for n in count(1)))
    _headed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        file = self.file
        every = [*paragraphs(file.text), *(one for note in file.notes.values() for one in paragraphs(note))]
        self._words = {one.number: one for one in every}
        self.findings = [*file.findings, *set_aside(every)]
        self.expected = Expected(self.base, {place for one in every for place in one.places})
        self.layout = layout_of(file, self.expected)
        names = self.expected.names
        labels = labels_of(file, self.layout.unused, self.expected, names)
        self._stories = {**file.notes, **self.layout.unused}
        self._reading = Reading(names, file.marks, labels, self.layout.shift, ours=file.ours, lost=self._lost)
        for key, items in file.notes.items():
            group = self.expected.notes.get(labels.get(key, ""))
            if group is not None and group[0].id is not None:
                self._noted.update((one.number, group[0].id) for one in paragraphs(items))
        self.first = self._first()

    @property
    def size(self) -> int:
        """How many paragraphs the file has."""
        return len(self._words)

    def say(self, what: str, where: str = "") -> None:
        """Something was not brought."""
        if len(self.left) < _MOST_LEFT:
            self.left[Left(what, _short(where))] = None
        else:
            self.more += 1

    def words_at(self, paragraph: int) -> str:
        """The words of a paragraph of the file."""
        if paragraph not in self._told:
            one = self._words.get(paragraph)
            self._told[paragraph] = "" if one is None else _short(one.words)
        return self._told[paragraph]

    def paragraph(self, number: int) -> Paragraph:
        """A paragraph of the file."""
        return self._words[number]

    def block_at(self, paragraph: int) -> str | None:
        """The block of the base that a paragraph of the file was before anybody's change; None if it was none."""
        return self._lineage.get(paragraph) or self._noted.get(paragraph)

    def section_near(self, paragraph: int) -> str | None:
        """The section that a paragraph of the file stands in, or stands behind."""
        for number in range(paragraph, 0, -1):
            if number in self._heads:
                return self._heads[number]
            if number in self._lineage:
                return self.expected.homes.get(self._lineage[number])
        return None

    def say_what_is_aside(self) -> None:
        """Say what was changed around the text: on the cover, in the imprint, among the annexes."""
        for key, items in self.layout.unused.items():
            words = " ".join(one.words for one in paragraphs(items))
            if key not in self._reading.labels and words.strip():
                self.say("A note that nothing cites was left out.", words)
        for words in self.file.running:
            self.say("A change in the running head or foot of the pages was left out.", words)
        for one in self.layout.aside:
            signed = [*one.come, *one.gone, *(c for atom in one.atoms for c in (*atom.come, *atom.gone))]
            if any(not change.known for change in signed) and one.words.strip():
                self.say("A change on the cover or beside the text was left out.", one.words)
            elif not self.file.ours and one.words.strip() and not self._stands_on_cover(one.words):
                self.say("What stands before the text was left out.", one.words)

    def _stands_on_cover(self, words: str) -> bool:
        front = self.base.front
        told = {*_WORD.findall(f"{front.organisation} {front.title} {front.address} {front.contact}".casefold())}
        return told.issuperset(_WORD.findall(words.casefold()))

    def _lost(self, what: str, paragraph: int) -> None:
        self.say(what, self.words_at(paragraph))

    def _first(self) -> Snapshot:
        """The text as the file had it before anybody's change."""
        self._mend(self._reading.lines(self.layout.text, nothing))
        lines = self._reading.lines(self.layout.text, nothing)
        found = segments(lines, self.expected, {}, loose=not self.file.ours)
        recognise(found, self.expected, lambda line: marked(line, self.expected), in_order=True)
        self.match = match_all(found, self.expected)
        for one in found:
            for line in one.lines:
                id = self.match.ids.get(id_of(line))
                if id is not None:
                    whole = [part for part in line.parts if part.length] or line.parts[-1:]
                    self._lineage.update({part.paragraph: id for part in whole})
            if one.section is not None and one.heading is not None:
                self._headed.add(one.section)
                self._heads.update({part.paragraph: one.section for part in one.heading.parts if part.length})
        read = self._notes(lines, nothing)
        self._cited = read.there
        gone = set(self.expected.notes) - read.there if self.file.ours else set()
        return self._text(found, self.match.ids, read, gone, first=True)

    def _mend(self, lines: Sequence[Line]) -> None:
        """Give paragraphs that were taken out the form they have in the base.

        LibreOffice says of a paragraph that was taken out that it is what stands behind it.
        """
        known: dict[Runs, list[Form]] = {}
        for section in self.base.sections:
            known.setdefault(self.expected.heading(section), []).append(Form(Kind.HEADING, 1))
            for block in self.expected.sections[section.id]:
                told = None if block.id is None else self.expected.line(block.id)
                if told is not None and told.runs:
                    known.setdefault(told.runs, []).append(told.form)
        for line in lines:
            forms = known.get(line.runs, ())
            gone = any(_is_gone(self._words[part.paragraph]) for part in line.parts)
            if gone and forms and not any(line.form.same(form) for form in forms):
                self._reading.mended[line.parts[-1].paragraph] = replace(forms[0], left=line.form.left)

    def text(self, accepts: Accepts) -> Snapshot:
        """The text with these changes accepted and no others."""
        lines = self._reading.lines(self.layout.text, accepts)
        found = segments(lines, self.expected, self._heads, loose=not self.file.ours)
        ids = self._ids(lines)
        recognise(found, self.expected, lambda line: ids.get(id_of(line)), in_order=False)
        read = self._notes(lines, accepts)
        gone = (self._cited - read.there) | (set(self.expected.notes) - self._cited if self.file.ours else set())
        return self._text(found, ids, read, gone - read.there, first=False)

    def _ids(self, lines: Sequence[Line]) -> dict[int, str]:
        """The blocks of the lines: of what the lines were made, then what is marked there, then what reads the same."""
        best: dict[str, tuple[float, int]] = {}
        for n, line in enumerate(lines):
            votes: Counter[str] = Counter()
            for part in line.parts:
                id = self._lineage.get(part.paragraph)
                if id is not None:
                    votes[id] += part.before * 100 + (1 if part.length or part is line.parts[-1] else 0)
            for id, weight in votes.most_common(1):
                if not line.blank or line.form.kind in (Kind.RULE, Kind.ITEM, Kind.CODE):
                    best[id] = max(best.get(id, (0, 0)), (weight, -n))
        ids = {id_of(lines[-n]): id for id, (weight, n) in best.items() if weight}
        taken = set(ids.values())
        for line in lines:
            id = marked(line, self.expected)
            fits = id is not None and id not in taken and id_of(line) not in ids
            if fits and id is not None and not line.blank and not any(p.paragraph in self._lineage for p in line.parts):
                ids[id_of(line)] = id
                taken.add(id)
        self._same_elsewhere(lines, ids, taken)
        return ids

    def _same_elsewhere(self, lines: Sequence[Line], ids: dict[int, str], taken: set[str]) -> None:
        """What stands elsewhere now and reads as a block did that is gone from its place."""
        gone = {self.match.lines[id].text: id for id in self.match.lines if id not in taken}
        for line in lines:
            id = gone.get(line.text)
            if id_of(line) in ids or id is None or line.blank or id in taken:
                continue
            told = self.expected.line(id)
            if told is not None and is_same(line, told):
                ids[id_of(line)] = id
                taken.add(id)

    def _notes(self, lines: Sequence[Line], accepts: Accepts) -> NotesRead:
        cited = [key for line in lines for key in line.keys]
        for one in self.layout.aside:
            if not stands(one.come, (), accepts):
                continue
            cited += [a.text for a in one.atoms if a.what is What.NOTE and is_there(a, accepts)]
        cited += [key for key, items in self.layout.unused.items() if _says(self._reading.lines(items, accepts))]
        writer = Writer(self.expected, self.say)
        read = notes_read(self._reading, self._stories, cited, accepts, self.expected, writer)
        for row in read.lost:
            self.say("A change to a table in a footnote was left out.", row)
        return read

    def _text(
        self, found: Sequence[Segment], ids: dict[int, str], read: NotesRead, gone: set[str], *, first: bool
    ) -> Snapshot:
        made: list[Section] = []
        for one in found:
            old = None if one.section is None else self.base.section_by_id(one.section)
            if old is None and one.heading is None and not self.file.ours:
                for line in one.lines:
                    if not line.blank:
                        self.say(
                            "Words before the first heading belong to no section, so they were left out.", line.text
                        )
                continue
            made.append(self._section(one, old, ids, made))
        made = self._with_others(made, first=first)
        made = self._identified(made)
        made = with_notes(made, read, gone, self._fresh)
        whole = Snapshot(self.base.front, tuple(made))
        return self.base if whole == self.base else ordered(whole)

    def _fresh(self) -> str:
        return next(self._names)

    def _section(self, one: Segment, old: Section | None, ids: dict[int, str], made: Sequence[Section]) -> Section:
        visible = () if old is None else self.expected.sections[old.id]
        goals = any(line.form.goal for line in one.lines)
        level = goal_level(visible) if old is not None and old.kind is SectionKind.GOALS else 3 if goals else None
        writer = Writer(self.expected, self.say)
        builder = Builder(self.expected, writer, self.match.lines, ids, goal_level=level)
        blocks = builder.blocks(one.lines, visible)
        if old is not None:
            heading = self._heading(one, old, writer)
            if blocks == visible:
                return old if heading == old.heading else replace(old, heading=heading)
            kept = tuple(b for group in groups(old.blocks) if group[0].kind is Kind.NOTE for b in group)
            return replace(old, heading=heading, blocks=(*canonical_blocks(blocks), *kept))
        heading = "" if one.heading is None else writer.inline(one.heading.runs, one_line=True)
        kind = SectionKind.GOALS if goals else SectionKind.NOTICE if one.heading is None else SectionKind.TEXT
        taken = {section.key for section in (*self.base.sections, *made)}
        return Section(self._fresh(), free_key(heading or str(kind), taken), kind, heading, canonical_blocks(blocks))

    def _heading(self, one: Segment, old: Section, writer: Writer) -> str:
        if one.heading is None:
            return "" if old.id in self._headed else old.heading
        if one.heading.runs == self.expected.heading(old):
            return old.heading
        if one.heading.blank:
            return old.heading
        return writer.inline(one.heading.runs, old.heading if plain(old.heading) else None, one_line=True)

    def _with_others(self, made: list[Section], *, first: bool) -> list[Section]:
        """The sections with those that no file shows, and those that this one does not have: each where it stood."""
        here = {section.id for section in made}
        stood = here if first else {section.id for section in self.first.sections}
        for n, section in enumerate(self.base.sections):
            if section.id in here:
                continue
            if self.expected.shows(section) and (
                self.file.ours if first else section.id in stood and self._in_file(section)
            ):
                continue
            if self.expected.shows(section) and first:
                name = text_of(self.expected.heading(section))
                self.say(f"The section “{name}” is not in this file; it stays as it is.", "")
            elif self.expected.shows(section) and section.id not in stood:
                continue
            order = [one.id for one in made]
            before = next((order.index(one.id) + 1 for one in reversed(self.base.sections[:n]) if one.id in order), 0)
            if section.kind is SectionKind.FOOTNOTES:
                # The notes stay behind sections that are new there.
                before += len(list(takewhile(self._is_new, made[before:])))
            made.insert(before, _without(section, {b.id for one in made for b in one.blocks}))
        return made

    def _is_new(self, section: Section) -> bool:
        return self.base.section_by_id(section.id) is None

    def _in_file(self, section: Section) -> bool:
        """Whether the file had the section before anybody's change."""
        return section.id in self._headed or any(b.id in self.match.lines for b in self.expected.sections[section.id])

    def _identified(self, made: Sequence[Section]) -> list[Section]:
        """The sections with an id for every block, and none twice."""
        claimed = Counter(block.id for section in made for block in section.blocks if block.id is not None)
        found = []
        for section in made:
            old = self.base.section_by_id(section.id)
            if old is not None and old.blocks == section.blocks:
                found.append(section)
                continue
            mine = {block.id for block in section.blocks}
            free = [b for b in (old.blocks if old is not None else ()) if b.id in mine or b.id not in claimed]
            found.append(replace(section, blocks=assign_ids(free, section.blocks, self._fresh)))
        return found


def _short(text: str) -> str:
    """The beginning of some words, on one line."""
    told = " ".join(text[: 4 * _SHOWN].split())
    return told if len(told) <= _SHOWN else f"{told[:_SHOWN].rstrip()}…"


def _without(section: Section, ids: Collection[str | None]) -> Section:
    """A section without blocks that stand elsewhere now."""
    kept = tuple(block for block in section.blocks if block.id not in ids)
    return section if kept == section.blocks else replace(section, blocks=canonical_blocks(levelled(kept)))


def _is_gone(one: Paragraph) -> bool:
    """Whether somebody took out a paragraph, or all that is read in it."""
    seen = [atom for atom in one.atoms if atom.what in (What.WORDS, What.NOTE)]
    return bool(one.gone) or (bool(seen) and all(atom.gone for atom in seen))


def _says(lines: Sequence[Line]) -> bool:
    return any(not line.blank for line in lines)
