"""A prepared edition as paragraphs and tables: the text alone, as it is printed."""

from collections.abc import Iterator, Sequence

from app.render.pages import size
from app.render.pdf.sheets import opening_notice
from app.render.word.citing import Citing
from app.render.word.forms import cell_forms, forms, listed
from app.render.word.markup import right_to_left
from app.render.word.shapes import Form, Item, Lists, Note, Para, Piece, Row, Table
from app.rules.file_kinds import form_of
from app.text.blocks import Kind
from app.text.dialect import Mark
from app.text.prepared import PreparedBlock, PreparedEdition, PreparedNote, PreparedSection, Run, RunKind
from app.text.snapshot import SectionKind


class Clean:
    """Lays out one text. The opening notice, if there is one, stands before the others, below the contents."""

    def __init__(self, prepared: PreparedEdition) -> None:
        self._text = prepared
        self._labels = {note.number: note.label for note in prepared.notes if note.number is not None}
        self._notes = {note.label: note for note in prepared.notes}
        self._opening = opening_notice(prepared)
        self.lists = Lists()
        self.citing = Citing(*({note.label: n for n, note in enumerate(prepared.notes, 1) if note.number},) * 2)

    def opening(self) -> list[Item]:
        """The notice that stands below the contents."""
        return [] if self._opening is None else self.citing.items(self._section(self._opening, heading=False))

    def text(self) -> list[Item]:
        """Everything else, in reading order."""
        sections = [section for section in self._text.sections if section is not self._opening]
        items = self.citing.items(one for section in sections for one in self._section(section, heading=True))
        last = self.citing.only_in_notes()
        return [*items, *([last] if last is not None else []), *self._annexes(), *self.citing.items(self._unused())]

    def notes(self) -> list[Note]:
        """The footnotes."""
        return self.citing.notes(lambda label, _: self._note_paras(self._notes[label]))

    def _section(self, section: PreparedSection, *, heading: bool) -> Iterator[Item]:
        if heading:
            pieces = self._pieces(section.heading) or (Piece(section.name),)
            form = Form("Heading1", right_to_left=right_to_left(section.name))
            yield Para(form, pieces, places=(section.anchor,), level=1, title=section.name)
        goals = self.lists.add("goal", 0, 1) if section.kind is SectionKind.GOALS else None
        names = {entry.anchor: entry for entry in self._text.outline}
        blocks = list(section.blocks())
        first = () if heading else (section.anchor,)
        for item in self._blocks(blocks, goals):
            if isinstance(item, Para) and item.form.style in ("Heading2", "Heading3", "Heading4", "GoalTitle"):
                entry = names.get(item.places[0]) if item.places else None
                title = entry.name if entry is not None else "".join(piece.text for piece in item.pieces)
                level = 2 if item.form.style in ("Heading2", "GoalTitle") else int(item.form.style[-1])
                item = Para(item.form, item.pieces, places=item.places, level=level, title=title)
            if first and isinstance(item, Para):
                item = Para(item.form, item.pieces, places=(*first, *item.places))
                first = ()
            yield item

    def _blocks(self, prepared: Sequence[PreparedBlock], goals: int | None, *, note: bool = False) -> Iterator[Item]:
        blocks = [one.block for one in prepared]
        for one, form in zip(prepared, forms(blocks, listed(blocks, self.lists), goals, note), strict=True):
            yield from self._block(one, form, note=note)

    def _block(self, one: PreparedBlock, form: Form, *, note: bool) -> Iterator[Item]:
        places = () if one.anchor is None else (one.anchor,)
        kind = one.block.kind
        if kind is Kind.CODE:
            yield Para(form, (Piece(one.block.text),) if one.block.text else (), places=places)
        elif one.rows and note:
            for n, row in enumerate(one.rows):
                yield Para(form, joined([self._pieces(cell) for cell in row]), places=places if n == 0 else ())
        elif one.rows:
            columns = max(map(len, one.rows))
            rows = tuple(
                Row(
                    tuple(
                        Para(how, self._pieces(cell))
                        for how, cell in zip(cell_forms(one.block, columns, header=n == 0), row, strict=False)
                    ),
                    header=n == 0,
                )
                for n, row in enumerate(one.rows)
            )
            yield Table(rows, form.left, places=places)
            yield Para(Form("TableEnd"))
        elif kind is not Kind.QUOTE or one.runs:
            yield Para(form, self._pieces(one.runs), places=places)

    def _pieces(self, runs: Sequence[Run]) -> tuple[Piece, ...]:
        return tuple(map(self._piece, runs))

    def _piece(self, run: Run) -> Piece:
        if run.kind is RunKind.CITATION and run.number is not None:
            return Piece(marks=run.marks, note=self._labels[run.number])
        if run.kind is RunKind.BREAK:
            return Piece("\n")
        annexe = None if run.annexe is None else f"annexe.{run.annexe.key}"
        return Piece(run.text, run.marks, None if annexe else run.url, annexe or run.anchor)

    def _note_paras(self, note: PreparedNote) -> list[Para]:
        return [item for item in self._blocks(list(note.blocks()), None, note=True) if isinstance(item, Para)]

    def _annexes(self) -> Iterator[Item]:
        told = annexes(self._text)
        if told:
            yield Para(Form("Heading1"), (Piece("Annexes"),), level=1, title="Annexes", places=("annexes.list",))
        for lines in told.values():
            yield from lines

    def _unused(self) -> Iterator[Item]:
        if self._text.unused_notes:
            name = "Notes that the text does not cite"
            yield Para(Form("Heading1"), (Piece(name),), level=1, title=name, places=("unused.notes",))
        for note in self._text.unused_notes:
            yield from self._note_paras(note)


def annexes(prepared: PreparedEdition) -> dict[str, list[Para]]:
    """What is said of each annexe that somebody can get at, by its key."""
    found: dict[str, list[Para]] = {}
    for annexe in prepared.annexes_at_hand:
        form = Form("AnnexeTitle", right_to_left=right_to_left(annexe.title))
        lines = [Para(form, (Piece(annexe.title),), places=(f"annexe.{annexe.key}",))]
        if annexe.url:
            lines.append(Para(Form("AnnexePlace"), (Piece(annexe.url, url=annexe.url),)))
        file = prepared.file_of(annexe.key)
        if file is not None:
            kind = "edition" if prepared.edition else "text"
            told = f"{form_of(file.media_type).words}, {size(file.size)}, kept with this {kind} as {file.name}"
            lines.append(Para(Form("AnnexePlace"), (Piece(told),)))
            digest = (Piece("SHA-256 "), Piece(file.sha256, frozenset({Mark.CODE})))
            lines.append(Para(Form("AnnexePlace"), digest))
        found[annexe.key] = lines
    return found


def joined(cells: Sequence[Sequence[Piece]]) -> tuple[Piece, ...]:
    """The cells of a row on one line, for a note."""
    line: list[Piece] = []
    for n, cell in enumerate(cells):
        line += [*([Piece(" · ")] if n else []), *cell]
    return tuple(line)


def names_of(anchors: Sequence[str]) -> dict[str, str]:
    """What each address of a text is called in a Word file: letters, digits and underscores, at most forty."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for anchor in anchors:
        kind = "" if anchor.startswith("b-") else "s_"
        name = (kind + "".join(c if c.isascii() and c.isalnum() else "_" for c in anchor))[:36]
        while name.lower() in taken:
            name = f"{name[:30]}_{len(taken)}"
        taken.add(name.lower())
        found[anchor] = name
    return found


__all__ = ["Clean", "annexes", "joined", "names_of"]
