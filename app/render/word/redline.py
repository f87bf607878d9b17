"""The redline of two texts as a Word document: accept every change for the newer text, reject them for the older."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.render.word.body import Body, Ledger
from app.render.word.citing import Citing
from app.render.word.clean import annexes, names_of
from app.render.word.comments import Said, commented
from app.render.word.file import Paper, written
from app.render.word.front import NOT_APPROVED, cover
from app.render.word.groups import Blocks, Moves, Stand, paired_moves, with_an_end
from app.render.word.markup import right_to_left
from app.render.word.shapes import Fate, Form, Item, Lists, Para, Piece, Who, paras
from app.render.word.tracked import arriving, leaving, tracked
from app.text.block_redline import State, redline
from app.text.blocks import Block
from app.text.comparing import Comparison
from app.text.dialect import plain
from app.text.entries import entries_of_redline
from app.text.notes import note_blocks, numbers, outside_notes
from app.text.prepared import PreparedEdition
from app.text.preparing import SECTION_NAMES
from app.text.readings import Fate as Shade
from app.text.readings import Reading, Shown, compared, reading, shown, verbatim
from app.text.redline import SectionRow
from app.text.snapshot import Section, SectionKind, Snapshot
from app.text.uncollected import uncollected

_NOT_CITED = "Notes that the text does not cite"


@dataclass(frozen=True, slots=True)
class Told:
    """One of the two texts, as it stands and made ready, and what it is called beside the other ("May 2025")."""

    name: str
    snapshot: Snapshot
    text: PreparedEdition


@dataclass(frozen=True, slots=True)
class Tracked:
    """All that a redline in Word says. ``whose`` tells whose a change is: by the id of the block, of the section, or
    by the name of a field of the cover ("front.title"); ``unknown`` is whose all others are. ``said`` are comments."""

    charter: str
    old: Told
    new: Told
    made: Comparison
    whose: Mapping[str, Who]
    unknown: Who
    revision: int | None = None
    said: Sequence[Said] = ()

    @property
    def moment(self) -> datetime:
        """When it is dated: when the later of the two texts was made."""
        return max(self.old.text.moment, self.new.text.moment)


@uncollected
def render_word_redline(sheet: Tracked) -> bytes:
    """The redline; the same two texts with the same people give the same bytes."""
    return _Sheet(sheet).file()


class _Sheet:
    def __init__(self, sheet: Tracked) -> None:
        self._sheet = sheet
        self._old, self._new = sheet.old.snapshot, sheet.new.snapshot
        self._lists = Lists()
        self._citing = Citing(numbers(self._new).numbers, numbers(self._old).numbers)
        self._note_blocks = (note_blocks(self._old), note_blocks(self._new))
        self._moves = _moves(sheet.made.shown.sections)
        self._quiet = (_opening(self._old), _opening(self._new))

    def file(self) -> bytes:
        sheet = self._sheet
        text = self._citing.items(paired_moves(list(self._text())))
        last = self._citing.only_in_notes()
        text += [*([last] if last is not None else []), *self._citing.items(self._after())]
        notes = self._citing.notes(self._note)
        every = [*paras(text), *(para for note in notes for para in note.paras)]
        tables = [place for item in text if not isinstance(item, Para) for place in item.places]
        names = names_of([*dict.fromkeys([place for para in every for place in para.places] + tables)])
        front = self._new.front
        paper = Paper(
            charter=sheet.charter,
            organisation=front.organisation,
            title=front.title,
            label=f"{sheet.old.name} → {sheet.new.name}",
            language=front.language,
            dated=sheet.moment,
            revision=sheet.revision,
            mark=NOT_APPROVED,
            tracking=True,
            lists=self._lists,
        )
        body = Body(Ledger(), names, sheet.unknown)
        blocks = {block.id: block for _, _, block in self._new.placed_blocks() if block.id is not None}
        places = {section.id: section.key for section in self._new.sections}
        places |= {block.id: f"b-{block.id}" for _, _, block in self._old.placed_blocks() if block.id is not None}
        places |= {id: f"b-{id}" for id in blocks}
        items, comments = commented([*self._cover(), *text, Para(Form("TextEnd"))], sheet.said, places, blocks)
        return written(paper, body.items(items), notes, body, names, comments)

    def _cover(self) -> Iterator[Item]:
        sheet, old, new = self._sheet, self._old.front, self._new.front
        mark = f"{NOT_APPROVED}: the changes from {sheet.old.name} to {sheet.new.name}"
        yield Para(Form("CoverMark"), (Piece(mark),))
        for style, field, was, now in (
            ("Title", "organisation", old.organisation, new.organisation),
            ("Subtitle", "title", old.title, new.title),
            ("CoverEdition", "edition", sheet.old.text.label, sheet.new.text.label),
        ):
            yield from cover([(style, was, now)], self._whose(f"front.{field}"))
        yield Para(Form("TextEnd", new_page=True))
        for field, was, now in (("address", old.address, new.address), ("contact", old.contact, new.contact)):
            yield from self._imprint(was.splitlines(), now.splitlines(), self._whose(f"front.{field}"))
        yield Para(Form("Gap"))

    def _imprint(self, was: Sequence[str], now: Sequence[str], by: Who) -> Iterator[Item]:
        if was == now:
            yield from cover([("Imprint", one, one) for one in now])
        else:
            yield from cover([("Imprint", one, "") for one in was], by)
            yield from cover([("Imprint", "", one) for one in now], by)

    def _whose(self, *names: str | None) -> Who:
        found = (self._sheet.whose.get(name) for name in names if name is not None)
        return next((who for who in found if who is not None), self._sheet.unknown)

    def _text(self) -> Iterator[Item]:
        """Every section where it stands, and those that moved also where they stood."""
        rows = self._sheet.made.shown.sections
        waiting = sorted((row for row in rows if row.moved), key=lambda row: row.old_at or 0)
        for row in rows:
            while waiting and not row.moved and row.old_at is not None and (waiting[0].old_at or 0) < row.old_at:
                yield from self._section(waiting[0], Stand(f"from:section{waiting.pop(0).old_at}"))
            yield from self._section(row, Stand(f"to:section{row.old_at}" if row.moved else ""))
        for row in waiting:
            yield from self._section(row, Stand(f"from:section{row.old_at}"))

    def _section(self, row: SectionRow, stand: Stand) -> Iterator[Item]:
        section = row.section
        by = self._whose(section.id)
        yield from self._heading(row, by, stand)
        is_goals = [one is not None and one.kind is SectionKind.GOALS for one in (row.old, row.new)]
        count = self._lists.add("goal", 0, 1) if any(is_goals) else None
        was, now = (count if goals else None for goals in is_goals)
        alone = row.old is None or row.new is None

        def ask(block: str | None) -> Who:
            return self._whose(block, section.id if alone else None)

        yield from Blocks(row.blocks, self._lists, self._moves, ask, goals=(was, now)).items(stand)

    def _heading(self, row: SectionRow, by: Who, stand: Stand) -> Iterator[Item]:
        was = self._named(row.old, old=True) if stand.shows_old else None
        now = self._named(row.new, old=False) if stand.shows_new else None
        if was is None and now is None:
            return
        places = (row.new.key,) if row.new is not None and stand.shows_new else ()
        form = Form("Heading1", right_to_left=right_to_left(_name(row.new or row.section)))
        before = Form("Heading1", right_to_left=right_to_left(_name(row.old or row.section)))
        if stand.move:
            pieces = compared(
                self._named(row.old, old=True) or Reading(()), self._named(row.new, old=False) or Reading(())
            )
            if was is not None:
                yield Para(before, leaving(pieces), Fate.LEFT, by=by, move=stand.move)
            elif now is not None:
                yield Para(form, arriving(pieces), Fate.ARRIVED, None, by, places, stand.move)
        elif was is not None and now is not None:
            changed = before if before != form else None
            yield Para(form, tracked(compared(was, now)), Fate.KEPT, changed, by, places)
        elif now is not None:
            yield Para(form, tracked(shown(now, Shade.INSERTED)), Fate.INSERTED, None, by, places)
        elif was is not None:
            yield Para(before, tracked(shown(was, Shade.DELETED)), Fate.DELETED, by=by)

    def _named(self, section: Section | None, *, old: bool) -> Reading | None:
        """What stands above a section in one of the texts; None where nothing does."""
        if section is None or section.id == self._quiet[0 if old else 1]:
            return None
        if section.kind is SectionKind.FOOTNOTES and not outside_notes(section.blocks):
            return None
        return reading(section.heading) if plain(section.heading) else verbatim(SECTION_NAMES[section.kind])

    def _note(self, label: str, fate: Fate) -> list[Para]:
        was, now = (found.get(label, ()) for found in self._note_blocks)
        if fate is Fate.DELETED:
            now = ()
        elif fate is Fate.INSERTED:
            was = ()
        return self._note_paras(was, now)

    def _note_paras(self, was: Sequence[Block], now: Sequence[Block]) -> list[Para]:
        """A note in both texts; where it stands in one alone it comes or goes with its mark."""
        made = Blocks(redline(was, now), self._lists, Moves({}, {}), lambda id: self._whose(id), note=True)
        told = [item for item in made.items(Stand()) if isinstance(item, Para)]
        if not was or not now:
            return [replace(para, end=Fate.KEPT) for para in told]
        return with_an_end(told)

    def _after(self) -> Iterator[Item]:
        """What stands after the text: the annexes, and notes that nothing cites."""
        yield from self._annexes()
        was = {label: self._note_blocks[0][label] for label in numbers(self._old).unused}
        now = {label: self._note_blocks[1][label] for label in numbers(self._new).unused}
        end = Fate.KEPT if was and now else Fate.INSERTED if now else Fate.DELETED
        if was or now:
            yield Para(Form("Heading1"), (Piece(_NOT_CITED, fate=end),), end)
        for label in dict.fromkeys((*was, *now)):
            made = redline(was.get(label, ()), now.get(label, ()))
            blocks = Blocks(made, self._lists, Moves({}, {}), lambda id: self._whose(id), note=True)
            yield from blocks.items(Stand())

    def _annexes(self) -> Iterator[Item]:
        old, new = annexes(self._sheet.old.text), annexes(self._sheet.new.text)
        by = self._whose("front.annexes")
        end = Fate.KEPT if old and new else Fate.INSERTED if new else Fate.DELETED
        if old or new:
            yield Para(Form("Heading1"), (Piece("Annexes", fate=end),), end, by=by)
        for key in dict.fromkeys((*old, *new)):
            was, now = old.get(key, []), new.get(key, [])
            if was == now:
                yield from now
                continue
            for lines, fate in ((was, Fate.DELETED), (now, Fate.INSERTED)):
                for para in lines:
                    pieces = tuple(replace(piece, fate=fate) for piece in para.pieces)
                    yield replace(para, pieces=pieces, end=fate, by=by)


def _opening(text: Snapshot) -> str | None:
    """The id of the opening notice, which has nothing above it."""
    seen = (s for s in text.sections if s.kind is not SectionKind.FOOTNOTES or outside_notes(s.blocks))
    first = next(seen, None)
    return first.id if first is not None and first.kind is SectionKind.NOTICE and not first.heading else None


def _name(section: Section) -> str:
    return plain(section.heading) or SECTION_NAMES[section.kind]


def _moves(rows: Sequence[SectionRow]) -> Moves:
    """The moves that can be shown as such: both ends are there, and not in different ways of a section that moved."""
    left: dict[int, str] = {}
    names: dict[int, str] = {}
    words: dict[int, Sequence[Shown]] = {}
    for n, row in enumerate(rows):
        for one in row.blocks.rows:
            if one.state is State.MOVED_AWAY:
                left[id(one.old)] = f"section{n}" if row.moved else ""
    for n, row in enumerate(rows):
        if not any(one.state is State.MOVED_HERE for one in row.blocks.rows):
            continue
        for entry in entries_of_redline(row.blocks):
            if entry.state is State.MOVED_HERE:
                where = f"section{n}" if row.moved else ""
                key = id(entry.rows[0].old)
                if left.get(key) == where:
                    names[key] = where or f"move{len(names) + 1}"
                    words[key] = entry.pieces
    return Moves(names, words)
