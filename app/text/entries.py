"""The blocks of a page in the order they are shown, each with its words and what happened to them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.text.block_redline import Redline, Row, State, accept_all, reject_all
from app.text.blocks import Block, Kind, ListStyle
from app.text.effort import TEXT_STEPS, Effort
from app.text.places import form_in_words, marker, ordinals
from app.text.readings import Fate, Reading, Shown, compared, reading, shown, verbatim


@dataclass(frozen=True, slots=True)
class Entry:
    """A block to be shown. ``number`` is what a list item is numbered; ``fate`` what happened to the block as a whole.

    ``label`` says in words what cannot be seen (moved, split, another kind), ``label_class`` how the label looks.
    ``joined`` are the words of the blocks that were joined to it, ``rows`` where it comes from in the redline.
    ``old`` is the block before.
    """

    block: Block
    pieces: tuple[Shown, ...]
    state: State
    number: int | None = None
    label: str = ""
    label_class: str = ""
    joined: tuple[tuple[Shown, ...], ...] = ()
    old: Block | None = None
    section: str | None = None
    rows: tuple[Row, ...] = ()

    @property
    def touched(self) -> bool:
        """Whether the block carries a bar."""
        return self.state is not State.SAME

    @property
    def gone(self) -> bool:
        """Whether the block is not in the new text, so that it can have no anchor."""
        return self.state in (State.DELETED, State.MOVED_AWAY)


def entries_of_blocks(blocks: Sequence[Block]) -> tuple[Entry, ...]:
    """Blocks as they stand."""
    numbers = ordinals(blocks)
    return tuple(
        Entry(block, shown(read_block(block), Fate.KEPT), State.SAME, number, old=block)
        for block, number in zip(blocks, numbers, strict=True)
    )


def read_block(block: Block) -> Reading:
    """What is read of a block's text."""
    return verbatim(block.text) if block.kind is Kind.CODE else reading(block.text)


def entries_of_redline(redline: Redline) -> tuple[Entry, ...]:
    """The rows of a redline; the rows of a join are one entry."""
    return tuple(_Entries(redline).all())


class _Entries:
    def __init__(self, redline: Redline) -> None:
        self._rows = redline.rows
        self._new_numbers = ordinals(accept_all(redline))
        self._old_numbers = ordinals(reject_all(redline))
        self._spare = Effort(TEXT_STEPS)
        # The very same block object stands in both rows of a move.
        self._stood = {id(row.old): row.old_at for row in self._rows if row.state is State.MOVED_AWAY}
        self._stands = {id(row.old): row for row in self._rows if row.state is State.MOVED_HERE}

    def all(self) -> list[Entry]:
        entries: list[Entry] = []
        n = 0
        while n < len(self._rows):
            end = n + 1
            while end < len(self._rows) and self._rows[end].state in (State.SPLIT, State.JOINED):
                end += 1
            entries.extend(self._kin(self._rows[n:end]))
            n = end
        return entries

    def _kin(self, rows: Sequence[Row]) -> list[Entry]:
        first = rows[0]
        if len(rows) > 1:
            blocks = [block for row in rows for block in (row.old, row.new) if block is not None]
            return self._apart(rows) if any(b.kind in _RIGID for b in blocks) else self._split_or_join(rows)
        if first.old is not None and first.new is not None and _unlike(first.old, first.new):
            return [
                self._entry(first, first.old, shown(read_block(first.old), Fate.DELETED), State.DELETED),
                self._entry(first, first.new, shown(read_block(first.new), Fate.INSERTED), State.INSERTED),
            ]
        return [self._entry(first, first.block, self._pieces(first), first.state)]

    def _pieces(self, row: Row) -> tuple[Shown, ...]:
        if row.state is State.INSERTED:
            return shown(read_block(row.block), Fate.INSERTED)
        if row.state is State.DELETED:
            return shown(read_block(row.block), Fate.DELETED)
        if row.old is None or row.new is None or row.old.text == row.new.text:
            return shown(read_block(row.block), Fate.KEPT)
        if row.coarse:
            return _replaced(read_block(row.old), read_block(row.new))
        return compared(read_block(row.old), read_block(row.new), self._spare)

    def _apart(self, rows: Sequence[Row]) -> list[Entry]:
        """All that was there as taken out, then all that is there as put in: a rule has no place for words."""
        gone = [
            self._entry(row, row.old, shown(read_block(row.old), Fate.DELETED), State.DELETED)
            for row in rows
            if row.old is not None
        ]
        come = [
            self._entry(row, row.new, shown(read_block(row.new), Fate.INSERTED), State.INSERTED)
            for row in rows
            if row.new is not None
        ]
        return gone + come

    def _split_or_join(self, rows: Sequence[Row]) -> list[Entry]:
        """The words of all rows are compared together, then cut where the blocks begin."""
        old = [read_block(row.old) for row in rows if row.old is not None]
        new = [read_block(row.new) for row in rows if row.new is not None]
        if rows[0].coarse:
            pieces = _replaced(_with_boundaries(old), _with_boundaries(new))
        else:
            pieces = compared(_with_boundaries(old), _with_boundaries(new), self._spare)
        shares = _cut_at_boundaries(pieces, len(rows))
        if rows[1].state is State.JOINED:
            entry = self._entry(rows[0], rows[0].block, shares[0], rows[0].state)
            return [replace(entry, joined=tuple(shares[1:]), rows=tuple(rows))]
        return [self._entry(row, row.block, share, row.state) for row, share in zip(rows, shares, strict=True)]

    def _entry(
        self,
        row: Row,
        block: Block,
        pieces: tuple[Shown, ...],
        state: State,
    ) -> Entry:
        gone = state in (State.DELETED, State.MOVED_AWAY)
        at = row.old_at if gone else row.new_at
        number = None if at is None else (self._old_numbers if gone else self._new_numbers)[at]
        label, name = self._label(row, state)
        old = row.old if state not in (State.DELETED, State.INSERTED) else block if gone else None
        return Entry(block, pieces, state, number, label, name, (), old, row.section, (row,))

    def _label(self, row: Row, state: State) -> tuple[str, str]:
        if state is State.MOVED_AWAY:
            there = self._stands.get(id(row.old))
            now = "" if there is None else _marker(there.new, there.new_at, self._new_numbers)
            return ("moved away" + (f", now {now}" if now else ""), "moved-away")
        if state is State.MOVED_HERE:
            was = _marker(row.old, self._stood.get(id(row.old)), self._old_numbers)
            return ("moved here" + (f", was {was}" if was else ""), "moved-here")
        if state is State.SPLIT:
            return "new paragraph from here", "split-here"
        if state is row.state and row.retyped and row.old is not None and row.new is not None:
            before = form_in_words(row.old)
            if before != form_in_words(row.new):
                return f"was {before}", "retyped"
        return "", ""


def _marker(block: Block | None, at: int | None, numbers: Sequence[int | None]) -> str:
    """The marker of a numbered item; nothing for what has none."""
    number = None if at is None else numbers[at]
    if block is None or block.style in (None, ListStyle.BULLET) or number is None:
        return ""
    return marker(block.style or ListStyle.DECIMAL, number)


_RIGID = frozenset({Kind.TABLE, Kind.RULE, Kind.CODE})


def _unlike(old: Block, new: Block) -> bool:
    """Whether two blocks cannot be shown in one element."""
    return old.kind is not new.kind and (old.kind in _RIGID or new.kind in _RIGID)


def _replaced(old: Reading, new: Reading) -> tuple[Shown, ...]:
    return (*shown(old, Fate.DELETED), *shown(new, Fate.INSERTED))


_BOUNDARY = verbatim("\x00")


def _with_boundaries(readings: Sequence[Reading]) -> Reading:
    whole = readings[0]
    for read in readings[1:]:
        whole = whole + _BOUNDARY + read
    return whole


def _cut_at_boundaries(pieces: Sequence[Shown], parts: int) -> list[tuple[Shown, ...]]:
    shares: list[list[Shown]] = [[]]
    for piece in pieces:
        for n, text in enumerate(piece.text.split("\x00")):
            if n:
                shares.append([])
            if text:
                shares[-1].append(Shown(piece.fate, text, piece.look, piece.was))
    if len(shares) != parts:
        raise ValueError("a boundary was lost")
    return [tuple(share) for share in shares]
