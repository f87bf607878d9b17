"""Settles the citations of notes: which carry the footnote, which refer to it, in both texts of a redline."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.render.word.shapes import Citation, Fate, Form, Item, Note, Para, Piece, Row, Table

FIRST_NOTE = 1


@dataclass(slots=True)
class _Side:
    """One of the two texts: the numbers of its notes, and which footnote of the file each has been given."""

    numbers: Mapping[str, int]
    carried: dict[str, int] = field(default_factory=dict)


class Citing:
    """Goes through a file in reading order. The numbers are those of the notes of the newer and of the older text.

    Word counts its footnotes by itself, in the order of their marks; that is the order our numbers have. A note cited
    again is a field that shows the number of the first mark. What is the first mark in one text and not in the other
    is taken out and put in, so that accepting and rejecting leave exactly one mark for each note.
    """

    def __init__(self, new: Mapping[str, int], old: Mapping[str, int]) -> None:
        self._new, self._old = _Side(new), _Side(old)
        self._copies: list[tuple[int, str, Fate]] = []

    def items(self, items: Iterable[Item]) -> list[Item]:
        """The text with its citations settled."""
        return [self._para(item) if isinstance(item, Para) else self._table(item) for item in items]

    def only_in_notes(self) -> Para | None:
        """The marks of the notes that only other notes cite: they come last, as their numbers do."""
        new = [label for label in _by_number(self._new.numbers) if label not in self._new.carried]
        old = [label for label in _by_number(self._old.numbers) if label not in self._old.carried]
        if not new and not old:
            return None
        end = Fate.KEPT if new and old else Fate.INSERTED if new else Fate.DELETED
        pieces = [Piece("Cited in the notes: ", fate=end)]
        if new == old:
            pieces += [Piece(note=label) for label in new]
        else:
            pieces += [Piece(note=label, fate=Fate.DELETED) for label in old]
            pieces += [Piece(note=label, fate=Fate.INSERTED) for label in new]
        return self._para(Para(Form("NotesOnly"), tuple(pieces), end))

    def notes(self, body: Callable[[str, Fate], Sequence[Para]]) -> list[Note]:
        """The footnotes in the order of their marks; ``body`` gives the paragraphs of one that came, went or stands."""
        return [Note(id, tuple(self._in_note(para) for para in body(label, fate))) for id, label, fate in self._copies]

    def _para(self, para: Para) -> Para:
        if not any(piece.note is not None for piece in para.pieces):
            return para
        return replace(para, pieces=tuple(one for piece in para.pieces for one in self._piece(piece)))

    def _table(self, table: Table) -> Table:
        rows = tuple(Row(tuple(self._para(cell) for cell in row.cells), row.fate, row.header) for row in table.rows)
        return replace(table, rows=rows)

    def _in_note(self, para: Para) -> Para:
        """A paragraph of a note: what it cites has its mark in the text already."""
        return self._para(para)

    def _piece(self, piece: Piece) -> list[Piece]:
        label = piece.note
        if label is None:
            return [piece]
        is_new, is_old = piece.fate.is_new, piece.fate.is_old
        firsts = [
            side is not None and label in side.numbers and label not in side.carried
            for side in (self._new if is_new else None, self._old if is_old else None)
        ]
        if any(firsts):
            return self._carried(piece, label, new=firsts[0], old=firsts[1])
        now = self._again(self._new, label) if is_new else None
        was = self._again(self._old, label) if is_old else None
        if piece.fate is not Fate.KEPT:
            return [_settled(piece, label, now if is_new else was)]
        return _both(piece, label, was, now)

    def _carried(self, piece: Piece, label: str, *, new: bool, old: bool) -> list[Piece]:
        """A citation that is the first of its note in one text or in both."""
        kept = piece.fate is Fate.KEPT
        if kept and new and old:
            id = self._copy(label, Fate.KEPT)
            self._new.carried[label] = self._old.carried[label] = id
            return [replace(piece, cited=Citation(id, self._new.numbers[label], first=True))]
        was = now = None
        if piece.fate.is_old:
            was = self._first(self._old, label, Fate.DELETED) if old else self._again(self._old, label)
        if piece.fate.is_new:
            now = self._first(self._new, label, Fate.INSERTED) if new else self._again(self._new, label)
        if not kept:
            return [_settled(piece, label, now if piece.fate.is_new else was)]
        return _both(piece, label, was, now)

    def _first(self, side: _Side, label: str, fate: Fate) -> Citation:
        id = side.carried[label] = self._copy(label, fate)
        return Citation(id, side.numbers[label], first=True)

    def _copy(self, label: str, fate: Fate) -> int:
        self._copies.append((FIRST_NOTE + len(self._copies), label, fate))
        return self._copies[-1][0]

    def _again(self, side: _Side, label: str) -> Citation | None:
        """A further citation; None where the text has no such note: then the characters stand as they are written."""
        id = side.carried.get(label)
        return None if id is None else Citation(id, side.numbers[label], first=False)


def _both(piece: Piece, label: str, was: Citation | None, now: Citation | None) -> list[Piece]:
    if was == now or (was is not None and now is not None and was.note == now.note and was.first == now.first):
        return [_settled(piece, label, now)]
    return [
        _settled(replace(piece, fate=Fate.DELETED), label, was),
        _settled(replace(piece, fate=Fate.INSERTED), label, now),
    ]


def _settled(piece: Piece, label: str, cited: Citation | None) -> Piece:
    if cited is None:
        return replace(piece, text=f"[^{label}]", note=None)
    return replace(piece, cited=cited)


def _by_number(numbers: Mapping[str, int]) -> list[str]:
    return sorted(numbers, key=numbers.__getitem__)
