"""Words and tables of a redline as Word tracks them: what came, what went, what only looks different."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from app.render.word.forms import cell_forms
from app.render.word.shapes import Fate, Form, Para, Piece, Row, Table, Who
from app.text.align import align
from app.text.blocks import Block, Kind
from app.text.dialect import Mark
from app.text.readings import Fate as Shade
from app.text.readings import Look, Shown, compared, reading, verbatim
from app.text.rows import cells

_FATES = {Shade.KEPT: Fate.KEPT, Shade.INSERTED: Fate.INSERTED, Shade.DELETED: Fate.DELETED}


def tracked(pieces: Iterable[Shown]) -> tuple[Piece, ...]:
    """Words in place, with what was put in, taken out, or only looks different."""
    return tuple(one for piece in pieces for one in _tracked(piece))


def _tracked(piece: Shown) -> Iterator[Piece]:
    if piece.fate is not Shade.REFORMATTED or piece.was is None:
        yield from _pieces(piece.text, piece.look, _FATES.get(piece.fate, Fate.KEPT))
    elif (piece.was.link, piece.was.note, piece.was.is_break) == (
        piece.look.link,
        piece.look.note,
        piece.look.is_break,
    ):
        yield from (replace(one, was=piece.was.marks) for one in _pieces(piece.text, piece.look, Fate.KEPT))
    else:
        # Word tracks no change of where a link leads: the words are taken out and put in.
        yield from _pieces(piece.text, piece.was, Fate.DELETED)
        yield from _pieces(piece.text, piece.look, Fate.INSERTED)


def arriving(pieces: Iterable[Shown]) -> tuple[Piece, ...]:
    """Words where they were moved to; those that were put in on the way are insertions."""
    fates = {Shade.INSERTED: Fate.INSERTED}
    stay = [piece for piece in pieces if piece.fate is not Shade.DELETED]
    return tuple(o for p in stay for o in _pieces(p.text, p.look, fates.get(p.fate, Fate.ARRIVED)))


def leaving(pieces: Iterable[Shown]) -> tuple[Piece, ...]:
    """Words where they were moved from; those that were taken out on the way are deletions."""
    fates = {Shade.DELETED: Fate.DELETED}
    stood = [piece for piece in pieces if piece.fate is not Shade.INSERTED]
    return tuple(o for p in stood for o in _pieces(p.text, p.was or p.look, fates.get(p.fate, Fate.LEFT)))


def whole(block: Block, fate: Fate) -> tuple[Piece, ...]:
    """All words of a block with one fate."""
    read = verbatim(block.text) if block.kind is Kind.CODE else reading(block.text)
    return tuple(one for text, look in read.runs for one in _pieces(text, look, fate))


def words_of(text: str, fate: Fate) -> tuple[Piece, ...]:
    """All words of an inline text with one fate."""
    return tuple(one for written, look in reading(text).runs for one in _pieces(written, look, fate))


def _pieces(text: str, look: Look, fate: Fate) -> Iterator[Piece]:
    if look.note is not None:
        times = len(text) // len(f"[^{look.note}]")
        yield from (Piece(marks=look.marks, note=look.note, fate=fate) for _ in range(times))
        return
    url = anchor = None
    if look.link is not None:
        if look.link.startswith("#"):
            anchor = look.link[1:]
        elif look.link.startswith("annexe:"):
            anchor = f"annexe.{look.link.removeprefix('annexe:')}"
        else:
            url = look.link
    marks: frozenset[Mark] = frozenset() if look.is_break else look.marks
    yield Piece(text, marks, url, anchor, fate=fate)


def table(block: Block, left: int, fate: Fate, by: Who, places: tuple[str, ...]) -> Table:
    """A table that came or went as a whole, or stands as it stood."""
    grid = _grid(block)
    columns = max(map(len, grid))
    rows = tuple(
        Row(
            tuple(
                Para(form, words_of(cell, fate))
                for form, cell in zip(cell_forms(block, columns, header=n == 0), row, strict=False)
            ),
            fate,
            header=n == 0,
        )
        for n, row in enumerate(grid)
    )
    return Table(rows, left, by, places)


def changed_table(old: Block, new: Block, left: int, by: Who, places: tuple[str, ...]) -> Table | None:
    """A table with rows that came and went and cells that changed; None if it has another number of columns now."""
    was, now = _grid(old), _grid(new)
    columns = max(map(len, now))
    if max(map(len, was)) != columns:
        return None
    rows = [_row(old, new, was, now, i, j, columns) for i, j in _paired(was, now)]
    return Table(tuple(rows), left, by, places)


def _row(
    old: Block,
    new: Block,
    was: Sequence[list[str]],
    now: Sequence[list[str]],
    i: int | None,
    j: int | None,
    columns: int,
) -> Row:
    before = cell_forms(old, columns, header=i == 0)
    after = cell_forms(new, columns, header=j == 0)
    if i is not None and j is not None and len(was[i]) == len(now[j]):
        pairs = zip(was[i], now[j], strict=True)
        inside = [
            Para(after[n], _compared(a, b), was=before[n] if before[n] != after[n] else None)
            for n, (a, b) in enumerate(pairs)
        ]
        return Row(tuple(inside), header=j == 0)
    gone = j is None
    fate, told = (Fate.DELETED, was[i or 0]) if gone else (Fate.INSERTED, now[j or 0])
    forms: Sequence[Form] = before if gone else after
    paras = (Para(form, words_of(cell, fate)) for form, cell in zip(forms, told, strict=False))
    return Row(tuple(paras), fate, header=(i if gone else j) == 0)


def _compared(old: str, new: str) -> tuple[Piece, ...]:
    if old == new:
        return words_of(new, Fate.KEPT)
    return tracked(compared(reading(old), reading(new)))


def _paired(was: Sequence[list[str]], now: Sequence[list[str]]) -> list[tuple[int | None, int | None]]:
    """The rows in reading order, each with its place before and now; a row that moved is gone and there again."""
    pairs = align([_as_block(row) for row in was], [_as_block(row) for row in now])
    found: list[tuple[int | None, int | None]] = []
    apart: list[int] = []
    for pair in pairs:
        moved = pair.moved and pair.old is not None
        if moved and pair.old is not None:
            apart.append(pair.old)
        i = None if moved else pair.old
        if i is not None and pair.new is not None and len(was[i]) != len(now[pair.new]):
            found += [(i, None), (None, pair.new)]
        else:
            found.append((i, pair.new))
    # Where a row stood that moved: before the next row that stood after it.
    for old in sorted(apart):
        at = next((n for n, (i, _) in enumerate(found) if i is not None and i > old), len(found))
        found.insert(at, (old, None))
    return found


def _as_block(row: Sequence[str]) -> Block:
    return Block(Kind.PARAGRAPH, " ".join(row))


def _grid(block: Block) -> list[list[str]]:
    return [cells(row) or [""] for row in block.text.split("\n")]
