"""The blocks of a redline as paragraphs and tables: kept, came, went, split, joined, moved."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.render.word.forms import Listed, end_of_goals, forms, listed
from app.render.word.shapes import Fate, Form, Item, Lists, Para, Piece, Table, Who
from app.render.word.tracked import arriving, changed_table, leaving, table, tracked, whole
from app.text.block_redline import Redline, Row, State, accept_all, reject_all
from app.text.blocks import Block, Kind
from app.text.entries import Entry, entries_of_redline
from app.text.notes import groups
from app.text.readings import Shown

Ask = Callable[[str | None], Who]
"""Whose a change is, by the id of the block."""


@dataclass(frozen=True, slots=True)
class Moves:
    """Which blocks moved, by the identity of the block as it was: the name of the move, and its words on the way."""

    names: Mapping[int, str]
    words: Mapping[int, Sequence[Shown]]


@dataclass(frozen=True, slots=True)
class Stand:
    """Which texts are shown: both, or where a whole section moved, only what arrives or only what leaves."""

    move: str = ""

    @property
    def shows_new(self) -> bool:
        """Whether the newer text stands here."""
        return not self.move.startswith("from:")

    @property
    def shows_old(self) -> bool:
        """Whether the older text stands here."""
        return not self.move.startswith("to:")


class Blocks:
    """The blocks of one section, or of one note, in both texts. ``goals`` count its goals in each."""

    def __init__(
        self,
        shown: Redline,
        lists: Lists,
        moves: Moves,
        ask: Ask,
        *,
        goals: tuple[int | None, int | None] = (None, None),
        note: bool = False,
    ) -> None:
        self._entries = entries_of_redline(shown)
        self._moves, self._ask, self._note = moves, ask, note
        old, new = reject_all(shown), accept_all(shown)
        self._old, self._new = _placed(old, note=note), _placed(new, note=note)
        known = listed(list(self._old.values()), lists)
        self._was = _formed(self._old, known, goals[0], note=note)
        stood = self._known(shown, known)
        now = listed(list(self._new.values()), lists, stood)
        self._is = _formed(self._new, now, goals[1], note=note)
        self._ids = {block.id for block in new if block.id is not None}

    def _known(self, shown: Redline, known: Mapping[int, Listed]) -> dict[int, Listed]:
        """The list each item of the newer text stood in, by its place among its blocks."""
        was = {at: n for n, at in enumerate(self._old)}
        now = {at: n for n, at in enumerate(self._new)}
        found: dict[int, Listed] = {}
        for row in shown.rows:
            if row.old_at in was and row.new_at in now and was[row.old_at] in known:
                found[now[row.new_at]] = known[was[row.old_at]]
        return found

    def items(self, stand: Stand) -> Iterator[Item]:
        """What is shown of them."""
        n = 0
        while n < len(self._entries):
            end = n + 1
            while end < len(self._entries) and self._entries[end].state is State.SPLIT:
                end += 1
            yield from self._kin(self._entries[n:end], stand)
            n = end

    def _kin(self, entries: Sequence[Entry], stand: Stand) -> Iterator[Item]:
        """One entry, or the parts of a block that was split."""
        first = entries[0]
        row = first.rows[0]
        olds = [one for one in first.rows if one.old_at in self._was and first.state is not State.INSERTED]
        news = [one.rows[0] for one in entries if one.rows[0].new_at in self._is and one.state is not State.DELETED]
        by = self._ask(first.block.id)
        if first.state in (State.MOVED_HERE, State.MOVED_AWAY):
            yield from self._moved(first, row, by, stand)
        elif len(entries) > 1 or first.joined:
            yield from self._parted(entries, olds, news, by, stand)
        elif olds and news and stand.shows_new and stand.shows_old:
            yield from self._both(first, row, by)
        else:
            if olds and stand.shows_old:
                yield from self._gone(olds[0], by, leaving(first.pieces) if stand.move else None, stand)
            if news and stand.shows_new:
                yield from self._come(news[0], by, arriving(first.pieces) if stand.move else None, stand)

    def _both(self, entry: Entry, row: Row, by: Who) -> Iterator[Item]:
        old, new = row.old, row.new
        if old is None or new is None or row.old_at is None or row.new_at is None:
            return
        was, now = self._was[row.old_at], self._is[row.new_at]
        if Kind.TABLE in (old.kind, new.kind) and not self._note:
            made = self._table(old, new, was, now, by)
            if made is not None:
                yield made
                yield Para(Form("TableEnd"))
                return
        apart = old.kind is not new.kind and {old.kind, new.kind} & {Kind.TABLE, Kind.RULE, Kind.CODE}
        if apart or (Kind.TABLE in (old.kind, new.kind) and old != new):
            yield from self._gone(row, by, None, Stand())
            yield from self._come(row, by, None, Stand())
        elif _silent(old) or _silent(new):
            if not _silent(old):
                yield from self._gone(row, by, None, Stand())
            if not _silent(new):
                yield from self._come(row, by, None, Stand())
        elif old.kind is Kind.TABLE:
            yield from _table_in_note(new, now, Fate.KEPT, by, self._places(new))
        else:
            changed = was if was != now else None
            yield Para(now, tracked(entry.pieces), Fate.KEPT, changed, by, self._places(new))

    def _table(self, old: Block, new: Block, was: Form, now: Form, by: Who) -> Table | None:
        if old.kind is not Kind.TABLE or new.kind is not Kind.TABLE or was.left != now.left:
            return None
        return changed_table(old, new, now.left, by, self._places(new))

    def _gone(self, row: Row, by: Who, left: tuple[Piece, ...] | None, stand: Stand) -> Iterator[Item]:
        """A block of the older text alone. ``left`` are its words where it leaves with others."""
        if row.old is None or row.old_at is None:
            return
        goes = left is None or row.old.kind is Kind.TABLE or row.state is State.DELETED
        fate = Fate.DELETED if goes else Fate.LEFT
        places = () if row.old.id in self._ids else self._places(row.old)
        yield from self._alone(row.old, self._was[row.old_at], fate, by, places, left, stand.move)

    def _come(self, row: Row, by: Who, come: tuple[Piece, ...] | None, stand: Stand) -> Iterator[Item]:
        """A block of the newer text alone."""
        if row.new is None or row.new_at is None:
            return
        comes = come is None or row.new.kind is Kind.TABLE or row.state is State.INSERTED
        fate = Fate.INSERTED if comes else Fate.ARRIVED
        yield from self._alone(row.new, self._is[row.new_at], fate, by, self._places(row.new), come, stand.move)

    def _alone(
        self,
        block: Block,
        form: Form,
        fate: Fate,
        by: Who,
        places: tuple[str, ...],
        pieces: tuple[Piece, ...] | None,
        move: str,
    ) -> Iterator[Item]:
        if _silent(block):
            return
        if block.kind is Kind.TABLE:
            if self._note:
                yield from _table_in_note(block, form, fate, by, places)
                return
            yield replace(table(block, form.left, fate, by, places), move=move)
            yield Para(Form("TableEnd"), (), fate, by=by, move=move)
            return
        words = whole(block, fate) if pieces is None else pieces
        yield Para(form, words, fate, None, by, places, move)

    def _moved(self, entry: Entry, row: Row, by: Who, stand: Stand) -> Iterator[Item]:
        name = self._moves.names.get(id(row.old), "")
        rigid = any(one is not None and one.kind is Kind.TABLE for one in (row.old, row.new))
        here = entry.state is State.MOVED_HERE
        if here and (row.new_at not in self._is or not stand.shows_new):
            return
        if not here and (row.old_at not in self._was or not stand.shows_old):
            return
        if rigid or not name or self._note or (stand.move and not name.startswith("section")):
            # A move that cannot be shown as one: gone there, come here.
            if here:
                yield from self._come(row, by, None, stand)
            else:
                yield from self._gone(row, by, None, stand)
            return
        words = self._moves.words.get(id(row.old), entry.pieces)
        move = stand.move or f"{'to' if here else 'from'}:{name}"
        if here:
            yield from self._come(row, by, arriving(words), Stand(move))
        else:
            yield from self._gone(row, by, leaving(words), Stand(move))

    def _parted(
        self, entries: Sequence[Entry], olds: Sequence[Row], news: Sequence[Row], by: Who, stand: Stand
    ) -> Iterator[Item]:
        """A block that was split, or blocks that were joined: the ends of paragraphs came, or went, among the words."""
        shares = [entry.pieces for entry in entries] if len(entries) > 1 else [entries[0].pieces, *entries[0].joined]
        split = len(entries) > 1
        if stand.move or not olds or not news:
            yield from self._apart(shares, olds, news, by, stand, split=split)
            return
        end = Fate.INSERTED if split else Fate.DELETED
        many, one = (news, olds[0]) if split else (olds, news[0])
        for n, share in enumerate(shares):
            last = n == len(shares) - 1
            row = many[n]
            form = self._is[row.new_at or 0] if split else self._was[row.old_at or 0]
            was: Form | None = None
            if last:
                was = self._was[one.old_at or 0] if split else form
                form = form if split else self._is[one.new_at or 0]
            block = row.new if split else (one.new if n == 0 else None)
            places = () if block is None else self._places(block)
            changed = was if was is not None and was != form else None
            yield Para(form, tracked(share), Fate.KEPT if last else end, changed, by, places)

    def _apart(
        self,
        shares: Sequence[Sequence[Shown]],
        olds: Sequence[Row],
        news: Sequence[Row],
        by: Who,
        stand: Stand,
        *,
        split: bool,
    ) -> Iterator[Item]:
        """The same where only one of the two texts stands: its paragraphs as they are."""
        joined = [[piece for share in shares for piece in share]]
        if olds and stand.shows_old:
            parts = joined if split else shares
            for row, share in zip(olds, parts, strict=True):
                words = leaving(share) if stand.move else None
                yield from self._gone(row, by, words, stand)
        if news and stand.shows_new:
            parts = shares if split else joined
            for row, share in zip(news, parts, strict=True):
                words = arriving(share) if stand.move else None
                yield from self._come(row, by, words, stand)

    def _places(self, block: Block) -> tuple[str, ...]:
        return () if block.id is None else (f"b-{block.id}",)


def _formed(
    blocks: Mapping[int, Block], lists: Mapping[int, Listed], goals: int | None, *, note: bool
) -> dict[int, Form]:
    """How the blocks of one text are set, by their places there; without the one that only ends the goals."""
    found = forms(list(blocks.values()), lists, goals, note)
    last = None if goals is None else end_of_goals(list(blocks.values()), found)
    return {at: form for n, (at, form) in enumerate(zip(blocks, found, strict=True)) if n != last}


def _placed(blocks: Sequence[Block], *, note: bool) -> dict[int, Block]:
    """The blocks by their places, without notes and what belongs to them; of a note all."""
    if note:
        return dict(enumerate(blocks))
    found: dict[int, Block] = {}
    at = 0
    for group in groups(blocks):
        if group[0].kind is not Kind.NOTE:
            found.update({at + n: block for n, block in enumerate(group)})
        at += len(group)
    return found


def _silent(block: Block) -> bool:
    """A quotation that begins with something else shows nothing by itself."""
    return block.kind is Kind.QUOTE and not block.text


def _table_in_note(block: Block, form: Form, fate: Fate, by: Who, places: tuple[str, ...]) -> Iterator[Para]:
    for n, row in enumerate(table(block, 0, fate, by, ()).rows):
        line: list[Piece] = []
        for m, cell in enumerate(row.cells):
            line += [*([Piece(" · ", fate=fate)] if m else []), *cell.pieces]
        yield Para(form, tuple(line), fate, None, by, places if n == 0 else ())


def with_an_end(items: Sequence[Para]) -> list[Para]:
    """Paragraphs whose last one stands in both texts: the last of a note can neither come nor go."""
    whole = list(items)
    kept = max((n for n, para in enumerate(whole) if para.end is Fate.KEPT), default=-1)
    gone = [para for para in whole[kept + 1 :] if para.end is Fate.DELETED]
    come = [para for para in whole[kept + 1 :] if para.end is Fate.INSERTED]
    before = whole[: kept + 1]
    if gone and come:
        last, was = come[-1], gone[-1]
        end = replace(last, pieces=(*was.pieces, *last.pieces), end=Fate.KEPT, was=was.form)
        return [*before, *gone[:-1], *come[:-1], end]
    if not (gone or come) or not before:
        return whole
    head = before[-1]
    if come:
        head_was = head.was or head.form
        middle = [replace(head, end=Fate.INSERTED, was=None), *come[:-1]]
        return [*before[:-1], *middle, replace(come[-1], end=Fate.KEPT, was=head_was)]
    middle = [replace(head, end=Fate.DELETED, form=head.was or head.form, was=None), *gone[:-1]]
    return [*before[:-1], *middle, replace(gone[-1], end=Fate.KEPT, form=head.form, was=gone[-1].form)]


def paired_moves(items: Sequence[Item]) -> list[Item]:
    """The same, where what left and arrives nowhere, or arrives from nowhere, is taken out or put in."""
    ways = {item.move for item in items if item.move}
    whole = {way for way in ways if {f"to:{_name(way)}", f"from:{_name(way)}"} <= ways}
    return [item if item.move in whole or not item.move else _here(item) for item in items]


def _name(move: str) -> str:
    return move.partition(":")[2]


def _here(item: Item) -> Item:
    """What moved as gone there and come here."""
    if isinstance(item, Table):
        return replace(item, move="")
    fates = {Fate.ARRIVED: Fate.INSERTED, Fate.LEFT: Fate.DELETED}
    pieces = tuple(replace(one, fate=fates.get(one.fate, one.fate)) for one in item.pieces)
    return replace(item, end=fates.get(item.end, item.end), pieces=pieces, move="")
