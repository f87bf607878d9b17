"""Changes of sections and of the front, put into the growing text of a merge."""

from collections.abc import Mapping, Sequence
from itertools import takewhile

from app.text.blocks import Block, Kind
from app.text.change import ChangeKind, Head
from app.text.dialect import serialise
from app.text.difference import staying
from app.text.frontfields import annexes_by_key, field_value, with_field
from app.text.placing import Placing
from app.text.rewording import Edit, Rewording, reword
from app.text.sequence import by_proposal, placing_order
from app.text.snapshot import Section, SectionKind, Snapshot
from app.text.woven import NO_BOTH, ONE_OF_TWO, Choice, Class, Proposed, Resolution

_PLACING = frozenset({ChangeKind.ADD_SECTION, ChangeKind.MOVE_SECTION})
_TWO_VALUES = "Both change the same field of the front."
_TWO_SECTIONS = "Two sections were added under one key."
_TWO_PLACES = "The section was moved to two places."
_CHANGED_AND_REMOVED = "One changes what the other removes."


class Outlining:
    """Front fields, headings, and sections that are added, moved and removed."""

    def __init__(self, placing: Placing, chosen: Sequence[Proposed]) -> None:
        self.placing, self.loom, self.verdicts = placing, placing.loom, placing.verdicts
        self.wanted = {
            (one.proposal, one.change.section): one.change.place
            for one in chosen
            if one.change.kind in _PLACING and one.change.place is not None
        }
        self.classes: dict[str, Class] = {}
        self.set: dict[str, str] = {}
        self.moved: dict[str, Proposed] = {}
        self.notices: list[str] = []

    def set_front(self, one: Proposed) -> None:
        """Set one field; annexes are merged one by one."""
        change = one.change
        field = change.field or ""
        now, old, new = field_value(self.loom.front, field), change.value_old, change.value_new
        if now == new:
            self.classes[one.ref] = Class.ALREADY
            return
        cls, value = Class.APPLIES, new
        if now != old:
            merged = _merged_annexes(old, now, new) if field == "annexes" else None
            cls = Class.CONFLICT if merged is None else Class.ALREADY if merged == now else Class.COMBINED
            value = merged
            if merged is None:
                resolution = self._ask_value(one, old, now, new)
                value = _chosen_value(resolution, now, new)
        self.loom.front = with_field(self.loom.front, field, value)
        self.classes[one.ref] = cls
        self.set[field] = one.ref

    def _ask_value(self, one: Proposed, old: object, now: object, new: object) -> Resolution | None:
        field = one.change.field or ""
        return self.verdicts.ask(
            section=None,
            block=None,
            base=_told(old),
            standing=_told(now),
            proposed=_told(new),
            refs=[*([self.set[field]] if field in self.set else []), one.ref],
            why=f"{_TWO_VALUES[:-1]}: {field}.",
            choices=ONE_OF_TWO if field in ("annexes", "logo") else NO_BOTH,
        )

    def rename(self, section: str, changes: Sequence[Proposed]) -> Rewording | None:
        """Give a section other headings and kinds, merged like the words and the form of a block."""
        here = self.loom.heads.get(self._here(section) or "")
        if here is None:
            self.classes.update((one.ref, Class.ORPHANED) for one in changes)
            return None
        edits = [
            Edit(one.ref, _as_block(one.change.head_old), _as_block(one.change.head_new))
            for one in changes
            if one.change.head_old is not None and one.change.head_new is not None
        ]
        result = reword(_as_block(here), edits, self.verdicts, here.id, None)
        self.classes.update(result.classes)
        made = result.block
        self.loom.heads[here.id] = Head(here.id, made.label or here.key, SectionKind(made.lang or here.kind), made.text)
        return result

    def place_all(self, chosen: Sequence[Proposed]) -> None:
        """Add and move sections, proposal by proposal."""
        for changes in by_proposal([one for one in chosen if one.change.kind in _PLACING]):
            for one in placing_order(changes):
                add = one.change.kind is ChangeKind.ADD_SECTION
                self.classes[one.ref] = self._add(one) if add else self._move(one)

    def _here(self, id: str) -> str | None:
        id = self.placing.same_as.get(id, id)
        return id if id in self.loom.heads else None

    def _anchor(self, one: Proposed) -> str | None:
        """The section after which one shall stand: the one named, else the nearest before it that is still there."""
        order = [section.id for section in one.base.sections]
        place = one.change.place
        after, tried = place.after if place is not None else None, set[str]()
        while after is not None and after not in tried:
            tried.add(after)
            here = self._here(after)
            if here is not None:
                return here
            wanted = self.wanted.get((one.proposal, after))
            if wanted is not None:
                after = wanted.after
            else:
                n = order.index(after) if after in order else 0
                after = order[n - 1] if n else None
        return None

    def _put_in_there(self, one: Proposed, anchor: str | None) -> list[str]:
        """The sections that others have put in right after one, since the base of a change."""
        known = {section.id for section in one.base.sections}
        order = self.loom.order
        following = order[0 if anchor is None else order.index(anchor) + 1 :]
        return list(takewhile(lambda id: id not in known and (one.proposal, id) not in self.wanted, following))

    def _add(self, one: Proposed) -> Class:
        head = one.change.head_new
        assert head is not None
        if head.id in self.loom.heads:
            return Class.ALREADY
        there = next((other for other in self.loom.heads.values() if other.key == head.key), None)
        if there is None:
            anchor = self._anchor(one)
            others = self._put_in_there(one, anchor)
            self.loom.add_section(head, others[-1] if others else anchor)
            self.moved[head.id] = one
            if others:
                names = ", ".join(self.loom.heads[id].key for id in (*others, head.id))
                self.notices.append(f"These sections were put in at the same place, and stand in this order: {names}.")
            return Class.APPLIES
        self.placing.same_as[head.id] = there.id
        if (there.heading, there.kind) == (head.heading, head.kind):
            return Class.ALREADY
        adder = self.moved.get(there.id)
        resolution = self.verdicts.ask(
            section=there.id,
            block=None,
            base="",
            standing=_named(there),
            proposed=_named(head),
            refs=[*([adder.ref] if adder is not None else []), one.ref],
            why=f"{_TWO_SECTIONS[:-1]}: {head.key}.",
            choices=ONE_OF_TWO,
        )
        if resolution is not None and resolution.choice == Choice.PROPOSED:
            self.loom.heads[there.id] = Head(there.id, there.key, head.kind, head.heading)
        return Class.CONFLICT

    def _move(self, one: Proposed) -> Class:
        id = self._here(one.change.section or "")
        if id is None:
            return Class.ORPHANED
        known = {section.id for section in one.base.sections}
        anchor, order = self._anchor(one), self.loom.order
        before = [s for s in order[: order.index(id)] if s in known or (one.proposal, s) in self.wanted]
        if anchor == id or anchor == (before[-1] if before else None):
            return Class.ALREADY
        cls = Class.APPLIES
        mover = self.moved.get(id)
        if (mover is not None and mover.proposal != one.proposal) or self._stands_elsewhere(id, one.base):
            cls = Class.CONFLICT
            resolution = self.verdicts.ask(
                section=id,
                block=None,
                base=_named(self.loom.heads[id]),
                standing=self._told_place(before[-1] if before else None),
                proposed=self._told_place(anchor),
                refs=[*([mover.ref] if mover is not None else []), one.ref],
                why=_TWO_PLACES,
                choices=ONE_OF_TWO,
            )
            if resolution is None or resolution.choice == Choice.STANDING:
                return cls
        self.loom.place_section(id, anchor)
        self.moved[id] = one
        return cls

    def _stands_elsewhere(self, id: str, base: Snapshot) -> bool:
        old = [section.id for section in base.sections]
        now = [section.id for section in self.placing.ground.head.sections]
        return id in old and id in now and id not in staying(old, now, dict.fromkeys(old, 0))

    def _told_place(self, after: str | None) -> str:
        return "first" if after is None else f"after “{_named(self.loom.heads[after])}”"

    def remove(self, one: Proposed, edits_of: Mapping[str, Sequence[str]]) -> Class:
        """Take out a section with its blocks, unless others have changed something in it since the change's base.

        ``edits_of`` are the changes of this merge that edited a block or heading, by the id of that.
        """
        id = self._here(one.change.section or "")
        old = one.base.section_by_id(one.change.section or "")
        if id is None or old is None:
            return Class.ALREADY
        was = {block.id: block for block in old.blocks}
        strange = [block for block in self.loom.blocks(id) if self._is_strange(block, was.get(block.id), one)]
        renamed = (self.loom.heads[id].heading, self.loom.heads[id].kind) != (old.heading, old.kind)
        mover = self.moved.get(id)
        rivals = [mover.ref] if mover is not None and mover.proposal != one.proposal else []
        if strange or renamed or rivals:
            touched = [*(block.id or "" for block in strange), id]
            bringers = [self.placing.brought[b.id].ref for b in strange if b.id in self.placing.brought]
            movers = [self.placing.moved[b.id].ref for b in strange if b.id in self.placing.moved]
            section = Section(id, old.key, old.kind, self.loom.heads[id].heading, self.loom.blocks(id))
            resolution = self.verdicts.ask(
                section=id,
                block=None,
                base=_whole(old),
                standing=_whole(section),
                proposed="",
                refs=[
                    *(ref for thing in touched for ref in edits_of.get(thing, ())),
                    *bringers,
                    *movers,
                    *rivals,
                    one.ref,
                ],
                why=_CHANGED_AND_REMOVED,
                choices=ONE_OF_TWO,
            )
            if resolution is not None and resolution.choice == Choice.PROPOSED:
                self.loom.remove_section(id)
            return Class.CONFLICT
        self.loom.remove_section(id)
        return Class.APPLIES

    def _is_strange(self, block: Block, was: Block | None, one: Proposed) -> bool:
        """Whether a block would go with its section although the author of the removal never saw it there so."""
        if (one.proposal, block.id) in self.placing.wanted:
            return True
        return was is None or (was.text, was.kind) != (block.text, block.kind)


def _as_block(head: Head | None) -> Block:
    """A head as a heading whose label is the key and whose language is the kind, to be merged as blocks are."""
    assert head is not None
    return Block(Kind.HEADING, head.heading, id=head.id, level=2, label=head.key, lang=str(head.kind))


def _named(head: Head) -> str:
    return f"{head.heading or head.key} ({head.kind})"


def _whole(section: Section) -> str:
    words = serialise([block.with_id(None) for block in section.blocks]).strip("\n")
    return "\n\n".join(part for part in (section.heading, words) if part)


def _told(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(one.get("title")) if isinstance(one, dict) else str(one) for one in value)
    return "" if value is None else str(value)


def _chosen_value(resolution: Resolution | None, now: object, new: object) -> object:
    if resolution is None or resolution.choice == Choice.STANDING:
        return now
    return new if resolution.choice == Choice.PROPOSED else (resolution.text or "")


def _merged_annexes(old: object, now: object, new: object) -> list[object] | None:
    """Both sides' annexes, or None if both changed the same one."""
    was, mine, other = annexes_by_key(old), annexes_by_key(now), annexes_by_key(new)
    merged: dict[str, object] = {}
    for key in [*mine, *(key for key in other if key not in mine)]:
        a, b, c = was.get(key), mine.get(key), other.get(key)
        if a != b and a != c and b != c:
            return None
        kept = c if a == b else b
        if kept is not None:
            merged[key] = kept
    return list(merged.values())
