"""A reading of two texts with insertions, deletions, moves and changes of kind marked, block by block."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.text.blocks import Block
from app.text.effort import BLOCK_STEPS, TEXT_STEPS, Effort
from app.text.ends import equal_ends
from app.text.splits import Kinship, kinships_between
from app.text.uncollected import uncollected
from app.text.worddiff import Op, Piece, WordDiff, diff_tokens
from app.text.words import tokens

# Stands between the parts of a block that was split while its words are compared; no text holds it (`clean` refuses
# it), and it never leaves this module.
_BOUNDARY = "\x00"


class State(StrEnum):
    """What happened to a block."""

    SAME = "same"
    CHANGED = "changed"
    INSERTED = "inserted"
    DELETED = "deleted"
    MOVED_HERE = "moved_here"
    MOVED_AWAY = "moved_away"
    RETYPED = "retyped"
    SPLIT = "split"
    JOINED = "joined"


@dataclass(frozen=True, slots=True)
class Row:
    """One block of a redline.

    ``old`` and ``new`` are the block before and after. ``old_at`` is the place in the old text of the block that
    rejecting puts back here, ``new_at`` the place in the new text of the block that accepting leaves here.

    A block that moved has two rows: ``moved_here`` with both wordings and no ``old_at``, and ``moved_away`` where it
    stood, with no ``new_at``; ``section`` is the key of the other section if it came from or went to one.
    A block that was split has a row with its old wording and the first part, and a ``split`` row without an old block
    for each further part. Joined blocks are the mirror image, with ``joined`` rows.

    Kept and inserted pieces joined are the new block's text, kept and deleted ones the old block's; of a split block
    and of joined blocks, those of all their rows together.
    ``retyped``: the kind, depth, style or numbering changed too. ``coarse``: comparing word by word cost too much.
    """

    state: State
    old: Block | None
    new: Block | None
    pieces: tuple[Piece, ...]
    old_at: int | None = None
    new_at: int | None = None
    coarse: bool = False
    retyped: bool = False
    section: str | None = None

    @property
    def touched(self) -> bool:
        """Whether a reader is shown anything but the text as it stands."""
        return self.state is not State.SAME

    @property
    def block(self) -> Block:
        """The block as it stands in the new text, or as it stood."""
        block = self.new or self.old
        if block is None:
            raise ValueError("a row shows a block")
        return block


@dataclass(frozen=True, slots=True)
class Redline:
    """All blocks of two texts in reading order."""

    rows: tuple[Row, ...]

    @property
    def coarse(self) -> bool:
        """Whether some block was too much to compare word by word."""
        return any(row.coarse for row in self.rows)

    @property
    def touched(self) -> bool:
        """Whether the two texts differ at all."""
        return any(row.touched for row in self.rows)


@uncollected
def redline(old: Sequence[Block], new: Sequence[Block], effort: Effort | None = None) -> Redline:
    """The redline of two lists of blocks; ids, where both sides have them, say what became of what."""
    spare = effort or Effort(TEXT_STEPS)
    # Nearly all blocks of two editions are equal as they are: those cost one comparison and no search.
    first, last = equal_ends(old, new)
    rows = [_same(new[n], n, n) for n in range(first)]
    moved: dict[int, Block] = {}
    for kin in kinships_between(old, new, first, last):
        if kin.moved:
            moved[kin.old[0]] = old[kin.old[0]]
            rows.append(moved_here(old[kin.old[0]], new[kin.new[0]], kin.new[0], spare))
        else:
            rows.extend(_rows(kin, old, new, spare))
    rows = _with_departures(rows, moved)
    rows += [_same(new[-n], len(old) - n, len(new) - n) for n in range(last, 0, -1)]
    return Redline(tuple(rows))


def accept_all(shown: Redline) -> tuple[Block, ...]:
    """The text after accepting every change: the new blocks."""
    standing = [(row.new_at, row.new) for row in shown.rows if row.new_at is not None and row.new is not None]
    return tuple(block for _, block in sorted(standing, key=lambda row: row[0]))


def reject_all(shown: Redline) -> tuple[Block, ...]:
    """The text after rejecting every change: the old blocks."""
    standing = [(row.old_at, row.old) for row in shown.rows if row.old_at is not None and row.old is not None]
    return tuple(block for _, block in sorted(standing, key=lambda row: row[0]))


def moved_here(old: Block, new: Block, new_at: int, spare: Effort, section: str | None = None) -> Row:
    """The row of a block that was moved, where it stands now."""
    words = _words(tokens(old.text), tokens(new.text), spare)
    retyped = old.form != new.form
    return Row(State.MOVED_HERE, old, new, words.pieces, None, new_at, words.coarse, retyped, section)


def moved_away(old: Block, old_at: int, section: str | None = None) -> Row:
    """The row of a block that was moved, where it stood."""
    return Row(State.MOVED_AWAY, old, None, _all(Op.KEEP, old), old_at, section=section)


def _same(block: Block, old_at: int, new_at: int) -> Row:
    return Row(State.SAME, block, block, _all(Op.KEEP, block), old_at, new_at)


def _with_departures(rows: list[Row], moved: Mapping[int, Block]) -> list[Row]:
    """The rows with a ``moved_away`` row where each moved block stood."""
    if not moved:
        return rows
    waiting = sorted(moved)
    complete: list[Row] = []
    for row in rows:
        while waiting and row.old_at is not None and waiting[0] < row.old_at:
            complete.append(moved_away(moved[waiting[0]], waiting.pop(0)))
        complete.append(row)
    complete.extend(moved_away(moved[place], place) for place in waiting)
    return complete


def _rows(kin: Kinship, old: Sequence[Block], new: Sequence[Block], spare: Effort) -> list[Row]:
    if not kin.new:
        return [Row(State.DELETED, old[i], None, _all(Op.DELETE, old[i]), i) for i in kin.old]
    if not kin.old:
        return [Row(State.INSERTED, None, new[j], _all(Op.INSERT, new[j]), None, j) for j in kin.new]
    first, then = old[kin.old[0]], new[kin.new[0]]
    retyped = first != then and first.form != then.form
    if first.text == then.text and len(kin.old) == len(kin.new) == 1:
        state = State.RETYPED if retyped else State.SAME
        return [Row(state, first, then, _all(Op.KEEP, then), kin.old[0], kin.new[0], retyped=retyped)]
    words = _words(_with_boundaries(old, kin.old), _with_boundaries(new, kin.new), spare)
    shares = _cut_at_boundaries(words.pieces)
    rows = [Row(State.CHANGED, first, then, shares[0], kin.old[0], kin.new[0], words.coarse, retyped)]
    for place, share in zip(kin.new[1:], shares[1:], strict=False):
        rows.append(Row(State.SPLIT, None, new[place], share, None, place, words.coarse))
    for place, share in zip(kin.old[1:], shares[1:], strict=False):
        rows.append(Row(State.JOINED, old[place], None, share, place, None, words.coarse))
    return rows


def _words(old: Sequence[str], new: Sequence[str], spare: Effort) -> WordDiff:
    effort = spare.share(BLOCK_STEPS)
    words = diff_tokens(old, new, effort)
    spare.take_back(effort)
    return words


def _with_boundaries(blocks: Sequence[Block], places: Sequence[int]) -> list[str]:
    cut: list[str] = []
    for place in places:
        cut += [_BOUNDARY, *tokens(blocks[place].text)]
    return cut[1:]


def _cut_at_boundaries(pieces: Sequence[Piece]) -> list[tuple[Piece, ...]]:
    shares: list[list[Piece]] = [[]]
    for piece in pieces:
        for n, text in enumerate(piece.text.split(_BOUNDARY)):
            if n:
                shares.append([])
            if text:
                shares[-1].append(Piece(piece.op, text))
    return [tuple(share) for share in shares]


def _all(op: Op, block: Block) -> tuple[Piece, ...]:
    return (Piece(op, block.text),) if block.text else ()
