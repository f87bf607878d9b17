"""One reading of a Word file: its lines with the changes of one person accepted and all others rejected."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from app.text.blocks import Kind
from app.text.dialect import Mark
from app.text.readings import PLAIN, Look
from app.text.wordfile.expecting import address
from app.text.wordfile.lines import Form, Line, Part, Runs, form_of, is_all, plainer, tidy, verbatim
from app.text.wordfile.story import Atom, Change, Item, Paragraph, Table, What

Accepts = Callable[[Change], bool]


def nothing(_: Change) -> bool:
    """The reading of the file before anybody changed it."""
    return False


@dataclass(slots=True)
class Reading:
    """How a file is read. ``labels`` are those of its notes, ``marks`` the bookmarks of their marks.

    ``mended`` are paragraphs that the file says to be something else than they are.
    ``names`` are the links that bookmarks are; ``lost`` is told of what leads nowhere.
    """

    names: Mapping[str, str]
    marks: Mapping[str, str]
    labels: Mapping[str, str]
    shift: int = 0
    mended: dict[int, Form] = field(default_factory=dict)
    ours: bool = True
    lost: Callable[[str, int], None] = field(default=lambda _what, _paragraph: None)

    def lines(self, items: Sequence[Item], accepts: Accepts) -> list[Line]:
        """The lines of a reading, in order. Blank ones are among them."""
        found: list[Line] = []
        waiting: list[Paragraph] = []
        for item in items:
            if isinstance(item, Table):
                if waiting:
                    self._put(found, waiting, accepts, waiting[-1], rest=True)
                    waiting = []
                table = self._table(item, accepts)
                if table is not None:
                    found.append(table)
                continue
            waiting.append(item)
            if stands(item.come, item.gone, accepts):
                self._put(found, waiting, accepts, item)
                waiting = []
        if waiting:
            self._put(found, waiting, accepts, waiting[-1], rest=True)
        return found

    def _put(
        self, found: list[Line], some: Sequence[Paragraph], accepts: Accepts, last: Paragraph, *, rest: bool = False
    ) -> None:
        """The line that these paragraphs are together, of the shape of the last."""
        runs: list[tuple[str, Look]] = []
        parts: list[Part] = []
        keys: list[str] = []
        for one in some:
            length = before = 0
            for atom in one.atoms:
                if not is_there(atom, accepts):
                    continue
                look = self._look(atom, accepts, one.number)
                if look is None:
                    continue
                if look.note is not None and atom.what is What.NOTE:
                    keys.append(atom.text)
                text = f"[^{look.note}]" if look.note is not None else atom.text
                runs.append((text, look))
                length += len(text)
                before += len(text) if is_there(atom, nothing) else 0
            parts.append(Part(one.number, length, before, tuple(one.places)))
        if rest and not runs:
            return
        shape = last.was if last.was is not None and not _accepted(last.shaped, accepts) else last.shape
        form = self.mended.get(last.number) or form_of(shape, self.shift)
        if form.kind is Kind.HEADING and not self.ours:
            runs = list(plainer(runs))
        made = verbatim(runs) if form.kind is Kind.CODE else tidy(runs)
        found.append(Line(form, made, parts=tuple(parts), keys=tuple(keys)))

    def _look(self, atom: Atom, accepts: Accepts, paragraph: int) -> Look | None:
        if atom.what is What.WORDS:
            marks = atom.was if atom.was is not None and not _accepted(atom.looked, accepts) else atom.marks
            link = None if atom.link is None else self._led(atom.link, paragraph)
            return Look(marks, link) if marks or link else PLAIN
        if atom.what is What.BREAK:
            return Look(is_break=True)
        if atom.what in (What.NOTE, What.AGAIN):
            key = atom.text if atom.what is What.NOTE else self.marks.get(atom.text, "")
            label = self.labels.get(key)
            if label is None:
                self.lost("A mark of a note that is not in this file was left out.", paragraph)
                return None
            return Look(note=label)
        return None

    def _led(self, link: str, paragraph: int) -> str | None:
        if not link.startswith("#"):
            return address(link)
        found = self.names.get(link[1:].lower())
        if found is None:
            self.lost("A reference that leads to no place of the charter was read as plain words.", paragraph)
        return found

    def _table(self, table: Table, accepts: Accepts) -> Line | None:
        rows: list[tuple[Runs, ...]] = []
        parts: list[Part] = []
        keys: list[str] = []
        sides: tuple[str, ...] = ()
        for row in table.rows:
            if not stands(row.come, row.gone, accepts):
                continue
            cells: list[Runs] = []
            forms: list[str] = []
            for cell in row.cells:
                lines = self.lines(list(cell), accepts)
                apart: list[tuple[str, Look]] = []
                for line in lines:
                    apart += [*([(" ", PLAIN)] if apart else []), *line.runs]
                    parts += line.parts
                    keys += line.keys
                cells.append(tidy((" ", PLAIN) if look.is_break else (text, look) for text, look in apart))
                forms.append(_side(cell, accepts))
            if not rows:
                sides = tuple(forms)
                if not self.ours and all(is_all(cell, Mark.STRONG) for cell in cells if cell):
                    cells = [tidy(plainer(cell)) for cell in cells]
            rows.append(tuple(cells))
        if not rows:
            return None
        width = max(map(len, rows))
        grid = tuple((*row, *((),) * (width - len(row))) for row in rows)
        return Line(Form(Kind.TABLE, left=table.left, sides=sides), grid=grid, parts=tuple(parts), keys=tuple(keys))


def stands(come: tuple[Change, ...], gone: tuple[Change, ...], accepts: Accepts) -> bool:
    """Whether something stands in a reading that these people put in and took out."""
    return all(map(accepts, come)) and not any(map(accepts, gone))


def is_there(atom: Atom, accepts: Accepts) -> bool:
    """Whether something in a paragraph stands in a reading."""
    return not atom.aside and stands(atom.come, atom.gone, accepts)


def _accepted(change: Change | None, accepts: Accepts) -> bool:
    return change is not None and accepts(change)


def _side(cell: Sequence[Paragraph], accepts: Accepts) -> str:
    if not cell:
        return ""
    first = cell[0]
    shape = first.was if first.was is not None and not _accepted(first.shaped, accepts) else first.shape
    return {"start": "", "end": "right", "both": ""}.get(shape.side, shape.side)


__all__ = ["Accepts", "Reading", "is_there", "nothing", "stands"]
