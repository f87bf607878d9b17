"""Fields for wording outside the editor of a section: people see words, rows and footnote numbers, never signs.

The service takes such wording as canonical text, in the field ``text.NAME``. Beside it stand, of the same name, what
the plain field needs (``notes``: which numbers it shows for which footnotes; ``cell``: a table cell by cell) and what
the small editor writes where scripts run (``sheet``). `canonical` makes the one text of them when the form comes back.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.errors import BadInput
from app.text.blocks import Align, Block, Kind
from app.text.dialect import clean, plain
from app.text.dialect.normalising import normalise_reported
from app.text.dialect.tables import cells_of, fitted, row_of
from app.text.html import HtmlFrame
from app.text.manuscript import block_values, read_wording
from app.text.notes import numbers
from app.text.snapshot import Snapshot
from app.web.deciding import words_digest

_CITATION = re.compile(r"\[\^([^\]\s\[]{1,64})\]")
_SHOWN_NOTE = re.compile(r"\[note ([0-9]{1,5})\]")
_OURS = re.compile(r"(sheet|notes)(?:\.(.+))?")
_CELL = re.compile(r"cell(?:\.(.+))?\.([0-9]{1,4})\.([0-9]{1,4})")


class Form(StrEnum):
    """What the words of a field are a piece of; ``plain`` are words without any form, such as a heading, or code."""

    LINE = "line"
    ROWS = "rows"
    BLOCKS = "blocks"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table as a field: the name of the field, the head of its column, and what stands in it."""

    name: str
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The field as a page shows it, with what was typed.

    ``text`` is for a plain field, or ``rows`` cell by cell; ``heads`` are those of the columns where they do not stand
    among the rows. ``notes`` are the footnotes it shows as numbers, None where signs stay signs. ``editor`` is what the
    small editor begins with, "" where there is none; ``sheet`` what it wrote last.
    """

    name: str
    form: str
    text: str
    rows: Sequence[Sequence[Cell]]
    heads: Sequence[str]
    notes: str | None
    editor: str
    sheet: str
    was: str

    def called(self, part: str) -> str:
        """The name of one of its fields."""
        return _called(part, self.name)

    @property
    def high(self) -> int:
        """How high the plain field is."""
        return min(14, max(4, sum(1 + len(line) // 60 for line in self.text.split("\n"))))

    @property
    def has_signs(self) -> bool:
        """Whether the plain words hold signs that say how something is set."""
        return self.form != Form.PLAIN and re.search(r"[*_`\\]|\]\(|\[note ", self.text) is not None


@dataclass(frozen=True, slots=True)
class WordsField:
    """Words that can be amended: those ``offered``, and those ``before`` them, against which changes are marked.

    ``table`` is the table that rows belong to, ``numbers`` are those of the footnotes by label, ``breaks`` says whether
    a line can be broken in them.
    """

    name: str
    form: Form
    offered: str
    before: str = ""
    table: Block | None = None
    numbers: Mapping[str, int] = field(default_factory=dict)
    breaks: bool = True

    def shown(self, typed: Mapping[str, str]) -> Shown:
        """The field with what was typed, or with the words it offers."""
        text = typed.get(_called("text", self.name), "") or self.offered
        notes = self._notes(text)
        return Shown(
            name=self.name,
            form=self.form,
            text=text if notes is None else _with_numbers(text, notes),
            rows=self._rows(text, notes or {}),
            heads=[] if text.startswith(self._head) else [head for head in self._heads() if head],
            notes=None if notes is None else " ".join(f"{number}={label}" for label, number in notes.items()),
            editor=self._editor(text),
            sheet=typed.get(_called("sheet", self.name), ""),
            was=words_digest(self.offered),
        )

    def _notes(self, text: str) -> dict[str, int] | None:
        """The numbers of the footnotes that are cited; None where the words themselves say such a thing."""
        if self.form is Form.PLAIN or _SHOWN_NOTE.search(text) or _SHOWN_NOTE.search(self.offered):
            return None
        found: dict[str, int] = {}
        for label in (*_CITATION.findall(self.offered), *_CITATION.findall(text)):
            number = self.numbers.get(label)
            if number is not None and number not in found.values():
                found[label] = number
        return found

    def _rows(self, text: str, notes: Mapping[str, int]) -> list[list[Cell]]:
        if self.form is not Form.ROWS or self.table is None:
            return []
        heads = self._heads()
        prefix = _called("cell", self.name)
        return [
            [
                Cell(f"{prefix}.{r}.{c}", heads[c] if c < len(heads) else "", _with_numbers(cell, notes))
                for c, cell in enumerate(cells_of(row))
            ]
            for r, row in enumerate(self._row_texts(text))
        ]

    @property
    def _head(self) -> str:
        return "" if self.table is None else self.table.text.split("\n", 1)[0]

    def _heads(self) -> list[str]:
        return [plain(cell) for cell in cells_of(self._head)] if self._head else []

    def _row_texts(self, text: str) -> list[str]:
        """The rows of a wording, all of as many cells; without any words one empty row."""
        rows = [cells_of(row) for row in text.strip().split("\n") if row.strip()]
        width = max((len(cells) for cells in rows), default=len(self.table.align or ()) if self.table else 1)
        return [row_of(fitted(cells, width)) for cells in rows or [[""] * width]]

    def _editor(self, text: str) -> str:
        if self.form is Form.PLAIN or (self.form is Form.ROWS and self.table is None):
            return ""
        value = {
            "form": self.form,
            "blocks": block_values(self._blocks(text)),
            "offered": block_values(self._blocks(self.offered)),
            "base": block_values(self._blocks(self.before)) if self.before.strip() else [],
            "numbers": self.numbers,
            "breaks": self.breaks,
        }
        return json.dumps(value)

    def _blocks(self, text: str) -> Sequence[Block]:
        if self.form is Form.BLOCKS:
            return normalise_reported(text)[0]
        if self.form is Form.ROWS:
            assert self.table is not None
            rows = self._row_texts(text)
            align = [*(self.table.align or ()), *[Align.NONE] * 64][: len(cells_of(rows[0]))]
            return (Block(Kind.TABLE, "\n".join(rows), id="words", align=tuple(align)),)
        return (Block(Kind.PARAGRAPH, text.strip(), id="words"),)


def field_of(name: str, block: Block | None, offered: str, before: str, note_numbers: Mapping[str, int]) -> WordsField:
    """The field for the words of a whole block; without a block they are plain ones, such as a heading."""
    if block is None or block.kind is Kind.CODE:
        return WordsField(name, Form.PLAIN, offered)
    if block.kind is Kind.TABLE:
        return WordsField(name, Form.ROWS, offered, before, replace(block, text=before or offered), note_numbers)
    breaks = block.kind is not Kind.HEADING
    return WordsField(name, Form.LINE, offered, before, numbers=note_numbers, breaks=breaks)


def numbered(frame: HtmlFrame) -> dict[str, int]:
    """The numbers of all notes that a redline of two texts knows, those of the newer text first."""
    return {**(frame.old_note_numbers or {}), **frame.note_numbers}


def notes_to_cite(text: Snapshot) -> str:
    """The footnotes of a text that can be cited again, for the small editor: a JSON list of label, number, words."""
    given = numbers(text).numbers
    notes = [(block.label, block.text) for _, _, block in text.placed_blocks() if block.kind is Kind.NOTE]
    found = [(given[label], label, plain(words)[:80]) for label, words in notes if label is not None and label in given]
    return json.dumps([{"number": number, "label": label, "words": words} for number, label, words in sorted(found)])


@dataclass(frozen=True, slots=True)
class Sent:
    """The fields of a form with every wording in the one form the service takes; ``problem`` if one cannot be taken.

    Such a one stays as it was typed.
    """

    fields: Mapping[str, str]
    problem: BadInput | None = None


def canonical(fields: Mapping[str, str], about: str = "Change {}: ") -> Sent:
    """What a form sent, with the wording of each field as canonical text. ``about`` names a field in a problem."""
    names = {named[2] or "" for key in fields if (named := _OURS.fullmatch(key))}
    tables = _tables(fields)
    made = {key: value for key, value in fields.items() if not _CELL.fullmatch(key)}
    problem: BadInput | None = None
    for name in sorted(names | tables.keys()):
        text = _called("text", name)
        sheet, notes = fields.get(_called("sheet", name), ""), fields.get(_called("notes", name))
        try:
            if sheet.strip():
                made[text] = read_wording(_json(sheet))
                made.pop(_called("sheet", name))
            else:
                if name in tables:
                    made[text] = tables[name]
                if notes is not None:
                    made[text] = _with_labels(made.get(text, ""), notes)
        except BadInput as error:
            told = f"{about.format(name) if name else ''}{error.message}"
            problem = problem or BadInput(told, kind=error.kind)
    return Sent(made, problem)


def _json(sheet: str) -> object:
    try:
        return json.loads(sheet)
    except (ValueError, RecursionError):
        return None


def _called(part: str, name: str) -> str:
    return f"{part}.{name}" if name else part


def _tables(fields: Mapping[str, str]) -> dict[str, str]:
    """The rows that were typed cell by cell, by the name of their field; "" where all cells are empty."""
    cells: dict[str, dict[int, dict[int, str]]] = {}
    for key, value in fields.items():
        if (named := _CELL.fullmatch(key)) is not None:
            row = cells.setdefault(named[1] or "", {}).setdefault(int(named[2]), {})
            row[int(named[3])] = " ".join(value.split())
    return {name: "\n".join(_written(rows)) for name, rows in cells.items()}


def _written(rows: Mapping[int, Mapping[int, str]]) -> Iterator[str]:
    if any(cell for row in rows.values() for cell in row.values()):
        for _, row in sorted(rows.items()):
            yield row_of([cell for _, cell in sorted(row.items())])


def _with_numbers(text: str, notes: Mapping[str, int]) -> str:
    return _CITATION.sub(lambda found: f"[note {notes[found[1]]}]" if found[1] in notes else found[0], text)


def _with_labels(text: str, notes: str) -> str:
    """The words with the labels of the footnotes that are named by number. BadInput for a number that was not shown."""
    labels = dict(pair.split("=", 1) for pair in notes.split() if "=" in pair)
    for number in _SHOWN_NOTE.findall(text):
        if number not in labels:
            raise BadInput(
                f"[note {number}] is not among the footnotes of these words. Leave those that are there where they "
                "belong, or write without."
            )
    return _SHOWN_NOTE.sub(lambda found: f"[^{clean(labels[found[1]])}]", text)
