"""The typed changes that make one charter text of another, found by permanent ids alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.text.blocks import Block, Kind
from app.text.chains import best_chain
from app.text.change import Change, ChangeKind, Head, Place
from app.text.frontfields import FIELDS, field_value
from app.text.needs import with_needs
from app.text.notes import groups
from app.text.snapshot import Section, Snapshot

# Staying one more block weighs more than any number of letters; letters only decide between equal numbers.
_ONE_BLOCK = 1e9

Container = tuple[str, str | None]
"""A section, or one note in it: inside each of these the order of blocks is an author's choice."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a block stands: its section, the id before it, and the container its order counts in.

    The order of notes is derived from their citations, so a note itself has no container, and ``after`` is None.
    """

    block: Block
    section: str
    before: str | None
    after: str | None
    container: Container | None


def head_of(section: Section) -> Head:
    """The section without its blocks."""
    return Head(section.id, section.key, section.kind, section.heading)


def changes_between(base: Snapshot, target: Snapshot) -> tuple[Change, ...]:
    """The changes that turn the base into the target, numbered from 1 in reading order, with what each needs.

    Both texts carry ids. One block gives at most two changes: its words or form, and its place. As few blocks and
    sections as possible are moved. A removed section takes the blocks along that are nowhere else.
    """
    found = [*_front(base, target), *_Difference(base, target).changes()]
    return with_needs(base, target, [change.with_number(n, ()) for n, change in enumerate(found, start=1)])


def _front(base: Snapshot, target: Snapshot) -> Iterator[Change]:
    for field in FIELDS:
        old, new = field_value(base.front, field), field_value(target.front, field)
        if old != new:
            yield Change(0, ChangeKind.FRONT, field=field, value_old=old, value_new=new)


def spots(snapshot: Snapshot) -> dict[str, Spot]:
    """Every block of a text by its id, with where it stands."""
    found: dict[str, Spot] = {}
    for section in snapshot.sections:
        found.update(section_spots(section))
    return found


def section_spots(section: Section) -> dict[str, Spot]:
    """Every block of one section by its id, with where it stands, in order."""
    found: dict[str, Spot] = {}
    before: str | None = None
    for group in groups(section.blocks):
        is_note = group[0].kind is Kind.NOTE
        for n, block in enumerate(group):
            if block.id is None:
                raise ValueError("changes are found by ids, and a block has none")
            container = (section.id, group[0].id if is_note else None)
            after = None if is_note and n == 0 else before
            found[block.id] = Spot(block, section.id, before, after, None if is_note and n == 0 else container)
            before = block.id
    return found


def staying(old: Sequence[str], new: Sequence[str], weight: dict[str, int]) -> frozenset[str]:
    """The largest set of ids that keep their order; of equally large ones the one with the most letters."""
    place = {id: n for n, id in enumerate(new)}
    pairs = [(n, place[id], _ONE_BLOCK + weight[id]) for n, id in enumerate(old) if id in place]
    return frozenset(old[n] for n, _ in best_chain(pairs))


def moved_between(base: Snapshot, other: Snapshot) -> frozenset[str]:
    """The blocks of both texts that stand elsewhere in the other: in another section, or in another order.

    Sections with the same blocks in the same order are passed over, so the cost grows with what was changed.
    """
    there = {section.id: section for section in other.sections}
    same = {s.id for s in base.sections if s.id in there and _same_order(s.blocks, there[s.id].blocks)}
    if len(same) == len(base.sections):
        return frozenset()
    left = [
        Snapshot(text.front, tuple(section for section in text.sections if section.id not in same))
        for text in (base, other)
    ]
    return _Difference(*left).moved


def _same_order(one: Sequence[Block], other: Sequence[Block]) -> bool:
    return one is other or (
        len(one) == len(other)
        and all(a is b or (a.id, a.kind, a.depth) == (b.id, b.kind, b.depth) for a, b in zip(one, other, strict=True))
    )


class _Difference:
    def __init__(self, base: Snapshot, target: Snapshot) -> None:
        self.base, self.target = base, target
        self.old, self.new = spots(base), spots(target)
        self.moved = frozenset(id for id in self.new if id in self.old) - self._kept_order()

    def changes(self) -> Iterator[Change]:
        """Section by section in the order of the target, then the sections that go."""
        base_ids = [section.id for section in self.base.sections]
        target_ids = [section.id for section in self.target.sections]
        kept_sections = staying(base_ids, target_ids, dict.fromkeys(base_ids, 0))
        gone = self._deletions()
        before: str | None = None
        for section in self.target.sections:
            old = self.base.section_by_id(section.id)
            place = Place(None, before)
            if old is None:
                yield Change(0, ChangeKind.ADD_SECTION, section.id, place=place, head_new=head_of(section))
            else:
                if section.id not in kept_sections:
                    origin = Place(None, _before(base_ids, section.id))
                    head = head_of(section)
                    yield Change(
                        0, ChangeKind.MOVE_SECTION, section.id, place=place, origin=origin, head_old=head, head_new=head
                    )
                if head_of(old) != head_of(section):
                    yield Change(0, ChangeKind.RENAME, section.id, head_old=head_of(old), head_new=head_of(section))
            yield from gone.get((section.id, None), ())
            for block in section.blocks:
                yield from self._block(block.id or "")
                yield from gone.get((section.id, block.id), ())
            before = section.id
        for section in self.base.sections:
            if section.id not in target_ids:
                yield Change(
                    0,
                    ChangeKind.REMOVE_SECTION,
                    section.id,
                    origin=Place(None, _before(base_ids, section.id)),
                    head_old=head_of(section),
                )

    def _block(self, id: str) -> Iterator[Change]:
        here, old = self.new[id], self.old.get(id)
        place = Place(here.section, here.after)
        if old is None:
            yield Change(0, ChangeKind.INSERT, here.section, id, None, here.block, place)
            return
        if old.block.body != here.block.body:
            kind = ChangeKind.REPLACE if old.block.form == here.block.form else ChangeKind.RETYPE
            yield Change(0, kind, old.section, id, old.block, here.block)
        if id in self.moved:
            origin = Place(old.section, old.after)
            yield Change(0, ChangeKind.MOVE, old.section, id, here.block, here.block, place, origin)

    def _deletions(self) -> dict[tuple[str, str | None], list[Change]]:
        """The deletions by section and by the block of the target they are read after."""
        found: dict[tuple[str, str | None], list[Change]] = {}
        for section in self.base.sections:
            if self.target.section_by_id(section.id) is None:
                continue
            last: str | None = None
            for block in section.blocks:
                id = block.id or ""
                if id in self.new:
                    last = id if self.new[id].section == section.id else last
                    continue
                origin = Place(section.id, self.old[id].after)
                change = Change(0, ChangeKind.DELETE, section.id, id, block, None, None, origin)
                found.setdefault((section.id, last), []).append(change)
        return found

    def _kept_order(self) -> frozenset[str]:
        """The blocks that keep their section and their order within their container; notes have no order."""
        inside: dict[Container, tuple[list[str], list[str]]] = {}
        for side, found in enumerate((self.old, self.new)):
            for id, spot in found.items():
                if spot.container is not None:
                    inside.setdefault(spot.container, ([], []))[side].append(id)
        weight = {id: len(spot.block.text) for id, spot in self.new.items()}
        notes = {
            id
            for id, spot in self.new.items()
            if spot.container is None and id in self.old
            if self.old[id].container is None and self.old[id].section == spot.section
        }
        return frozenset(notes).union(*(staying(old, new, weight) for old, new in inside.values()))


def _before(ids: Sequence[str], id: str) -> str | None:
    place = ids.index(id)
    return ids[place - 1] if place else None
