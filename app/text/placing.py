"""Insertions, moves and deletions of blocks, put into the growing text of a merge."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, takewhile

from app.text.blocks import Block, Kind
from app.text.change import ChangeKind, Place
from app.text.dialect import clean, parse, serialise
from app.text.ground import Ground
from app.text.loom import Loom
from app.text.sequence import by_proposal, insertion_runs, placing_order
from app.text.soundness import own_words
from app.text.woven import ANY_CHOICE, NO_BOTH, ONE_OF_TWO, Choice, Class, Proposed, Resolution, Verdicts, digest_of

_TWO_INSERTIONS = "Two texts were put in at the same place."
_TWO_PLACES = "It was moved to two places."
_EDITED_AND_DELETED = "One edits what the other deletes."
_KEPT_AND_DELETED = "One moves or adds to what the other deletes."


class _Notes:
    """What stands in a section to whose end notes come: each block is looked at once, though many notes may come.

    If the last of them is gone meanwhile, all are read anew.
    """

    def __init__(self) -> None:
        self.last: str | None = None
        self.by_body: dict[Block, str] = {}

    def read(self, loom: Loom, section: str) -> None:
        """Note what came in since."""
        if self.last is not None and loom.section_of(self.last) != section:
            self.last, self.by_body = None, {}
        for block in loom.after(section, self.last):
            self.by_body.setdefault(block.body, block.id or "")
            self.last = block.id


class Placing:
    """Insertions and moves at work: who brought which block, and who moved which."""

    def __init__(self, loom: Loom, ground: Ground, verdicts: Verdicts, chosen: Sequence[Proposed]) -> None:
        self.loom, self.ground, self.verdicts = loom, ground, verdicts
        self.classes: dict[str, Class] = {}
        self.brought: dict[str, Proposed] = {}
        self.moved: dict[str, Proposed] = {}
        self.same_as: dict[str, str] = {}
        self.unplaced: set[str] = set()
        self.notes: dict[str, _Notes] = {}
        self.wanted: dict[tuple[str, str], Place] = {
            (one.proposal, one.change.block): one.change.place
            for one in chosen
            if one.change.block is not None and one.change.place is not None
        }

        self.retyped = {(one.proposal, one.change.block) for one in chosen if one.change.kind is ChangeKind.RETYPE}

    def place_all(self, chosen: Sequence[Proposed]) -> None:
        """Put in every insertion and move of the chosen changes, proposal by proposal."""
        placing = [one for one in chosen if one.change.kind in (ChangeKind.INSERT, ChangeKind.MOVE)]
        for changes in by_proposal(placing):
            for run in insertion_runs(placing_order(changes)):
                if run[0].change.kind is ChangeKind.MOVE:
                    self.classes[run[0].ref] = self._move(run[0])
                else:
                    self._insert(run)

    def has_moved(self, one: Proposed) -> bool:
        """Whether the block of a change stands elsewhere than in its base, other than by its own proposal."""
        id = one.change.block or ""
        mover = self.moved.get(id)
        return self.ground.has_moved(one.base, id) or (mover is not None and mover.proposal != one.proposal)

    def _section(self, place: Place) -> str | None:
        section = self.same_as.get(place.section or "", place.section)
        return section if section in self.loom.heads else None

    def _anchor(self, one: Proposed, place: Place, section: str) -> str | None:
        """The block after which something shall stand: the one named, else the nearest before it that is left."""
        after, tried = place.after, set[str]()
        while after is not None and after not in tried:
            tried.add(after)
            here = self.same_as.get(after, after)
            if self.loom.section_of(here) == section:
                return here
            wanted = self.wanted.get((one.proposal, after))
            if wanted is not None:
                after = wanted.after
            elif (spot := self.ground.spot(one.base, after)) is not None:
                after = spot.before
            else:
                # It stood after something that came in under another id or never did: the end, and people are told.
                self.unplaced.add(one.ref)
                return next((block.id for block in reversed(self.loom.blocks(section))), None)
        return None

    def _rivals(self, one: Proposed, section: str, anchor: str | None) -> list[Block]:
        """What others have put in right after a block, since the base of a change."""
        found: list[Block] = []
        for block in self.loom.after(section, anchor):
            if self.knows(one, block):
                break
            found.append(block)
        return found

    def _insert(self, run: Sequence[Proposed]) -> None:
        """Put in a run of blocks; where one of them is in the text already, what follows it goes after that."""
        news: list[Proposed] = []
        for one in run:
            if self.loom.section_of(one.change.block or "") is None:
                news.append(one)
                continue
            self.classes[one.ref] = Class.ALREADY
            self._insert_new(news)
            news = []
        self._insert_new(news)

    def _insert_new(self, news: Sequence[Proposed]) -> None:
        if not news:
            return
        first = news[0]
        assert first.change.place is not None
        section = self._section(first.change.place)
        if section is None or self._has_lost_home(first):
            self.classes.update((one.ref, Class.ORPHANED) for one in news)
            return
        anchor = self._anchor(first, first.change.place, section)
        if _new(first).kind is Kind.NOTE:
            self._insert_note(news, section)
            return
        rivals = self._rivals(first, section, anchor)
        bodies = [rival.body for rival in rivals] if rivals else []
        waiting: list[Proposed] = []
        done = 0
        for one in news:
            body = _new(one).body if bodies else None
            if body not in bodies[done:]:
                waiting.append(one)
                continue
            twin = bodies.index(body, done)
            anchor = self._settle(waiting, rivals[done:twin], section, anchor)
            self.classes[one.ref] = Class.ALREADY
            self.same_as[one.change.block or ""] = anchor = rivals[twin].id or ""
            waiting, done = [], twin + 1
        self._settle(waiting, rivals[done:], section, anchor)

    def _insert_note(self, news: Sequence[Proposed], section: str) -> None:
        """The order of notes is derived from their citations: a new one, with what belongs to it, goes to the end."""
        notes = self.notes.setdefault(section, _Notes())
        notes.read(self.loom, section)
        twin = notes.by_body.get(_new(news[0]).body)
        if twin is not None and self.loom.section_of(twin) == section:
            self.classes[news[0].ref] = Class.ALREADY
            self.same_as[news[0].change.block or ""] = twin
            self._insert_new(news[1:])
            return
        self._put(news, section, notes.last)

    def _settle(
        self, news: Sequence[Proposed], rivals: Sequence[Block], section: str, anchor: str | None
    ) -> str | None:
        """Put new blocks in where others may have put theirs; the id of the last block of all is where to go on."""
        last = rivals[-1].id if rivals else anchor
        if not news:
            return last
        if not rivals:
            return self._put(news, section, anchor)
        bringers = [self.brought[block.id].ref for block in rivals if block.id in self.brought]
        standing, proposed = _read(rivals), _read([_new(one) for one in news])
        resolution = self.verdicts.ask(
            section=section,
            block=news[0].change.block,
            base="",
            standing=standing,
            proposed=proposed,
            both=f"{standing}\n\n{proposed}",
            refs=[*bringers, *(one.ref for one in news)],
            why=_TWO_INSERTIONS,
            choices=ANY_CHOICE,
        )
        self.classes.update((one.ref, Class.CONFLICT) for one in news)
        choice = Choice.STANDING if resolution is None else resolution.choice
        if choice in (Choice.PROPOSED, Choice.TEXT):
            for block in rivals:
                self.loom.take(block.id or "")
                self.same_as[block.id or ""] = anchor or ""
            last = anchor
        if choice in (Choice.PROPOSED, Choice.BOTH):
            return self._put(news, section, last, Class.CONFLICT)
        if choice == Choice.TEXT and resolution is not None:
            return self._put_words(news, resolution, section, last)
        self.same_as.update((one.change.block or "", last or "") for one in news)
        return last

    def _put(self, news: Sequence[Proposed], section: str, after: str | None, cls: Class = Class.APPLIES) -> str | None:
        for one in news:
            self.loom.put([self._as_list(one, _new(one), section, after)], section, after)
            after = one.change.block
        for one in news:
            self.brought[one.change.block or ""] = one
            self.classes[one.ref] = Class.MOVED if cls is Class.APPLIES and one.ref in self.unplaced else cls
        return news[-1].change.block

    def _as_list(self, one: Proposed, block: Block, section: str, after: str | None) -> Block:
        """A new item in the style that others have given, since, to the list it was written for."""
        if block.kind is not Kind.ITEM:
            return block
        before = [] if after is None else chain([self.loom.block(after)], self.loom.before(after))
        for side in (before, self.loom.after(section, after)):
            near = next((other for other in side if other is not None and other.depth <= block.depth), None)
            if near is None or near.kind is not Kind.ITEM or near.depth != block.depth or near.style == block.style:
                continue
            was = None if (one.proposal, near.id) in self.retyped else self.ground.spot(one.base, near.id)
            if was is not None and (was.block.kind, was.block.style) == (Kind.ITEM, block.style):
                return replace(block, style=near.style, start=near.start)
        return block

    def _put_words(
        self, news: Sequence[Proposed], resolution: Resolution, section: str, after: str | None
    ) -> str | None:
        """Own words in the place of all; the new blocks' ids are used first."""
        model = _new(news[0])
        made = parse(clean(resolution.text or ""))
        ids = [one.change.block or "" for one in news]
        if len(made) == 1 and made[0].kind is Kind.PARAGRAPH:
            made = (model.with_text(made[0].text),)
        for n, block in enumerate(made):
            id = ids[n] if n < len(ids) else _made_id(ids[0], n)
            depth = model.depth if block is made[0] else model.depth + block.depth
            self.loom.put([replace(block, id=id, depth=depth)], section, after)
            self.brought[id] = news[0]
            after = id
        self.same_as.update((id, after or "") for id in ids[len(made) :])
        return after

    def _move(self, one: Proposed) -> Class:
        change = one.change
        id, place = change.block or "", change.place
        section = None if place is None else self._section(place)
        block = self.loom.block(id)
        if block is None or section is None or place is None:
            return Class.ORPHANED
        anchor = self._anchor(one, place, section)
        if anchor == id:
            return Class.ALREADY
        mover = self.moved.get(id)
        in_place = self.loom.section_of(id) == section and self._stands_after(one, id) == anchor
        if in_place and (self.has_moved(one) or not self._moved_by_others(one, place.after)):
            return Class.ALREADY
        cls = Class.APPLIES
        uprooter = self._uprooter(one, id, place)
        if self.has_moved(one) or uprooter is not None:
            cls = Class.CONFLICT
            mover = mover or self.moved.get(uprooter or "")
            resolution = self.verdicts.ask(
                section=section,
                block=id,
                base=block.text,
                standing=self._told_place(id),
                proposed=self._told_anchor(section, anchor),
                refs=[*([mover.ref] if mover is not None else []), one.ref],
                why=_TWO_PLACES,
                choices=ONE_OF_TWO,
            )
            if resolution is None or resolution.choice == Choice.STANDING:
                return cls
        self.loom.take(id)
        # What others have put in there since stays with what it was put in after.
        strangers = self._rivals(one, section, anchor)
        self.loom.put([block], section, strangers[-1].id if strangers else anchor)
        self.moved[id] = one
        return cls

    def _uprooter(self, one: Proposed, id: str, place: Place) -> str | None:
        """The block with which a move and somebody else's move pull apart what each wants together, if there is one.

        That is the block it shall follow, if others have moved that; or one that others have moved to follow it.
        """
        if self._moved_by_others(one, place.after):
            return place.after
        section = self.loom.section_of(id) or ""
        follower = next((block.id for block in self.loom.after(section, id) if self.knows(one, block)), None)
        return follower if self._moved_by_others(one, follower) else None

    def _moved_by_others(self, one: Proposed, id: str | None) -> bool:
        if id is None or (one.proposal, id) in self.wanted:
            return False
        mover = self.moved.get(id)
        return self.ground.has_moved(one.base, id) or (mover is not None and mover.proposal != one.proposal)

    def _stands_after(self, one: Proposed, id: str) -> str | None:
        """The block before this one, not counting what others have put in between since."""
        return next((block.id for block in self.loom.before(id) if self.knows(one, block)), None)

    def knows(self, one: Proposed, block: Block) -> bool:
        """Whether the author of a change knew a block: from the base, or as a thing of the same proposal."""
        return self.ground.spot(one.base, block.id) is not None or (one.proposal, block.id) in self.wanted

    def _told_place(self, id: str) -> str:
        before = next(self.loom.before(id), None)
        return self._told_anchor(self.loom.section_of(id) or "", before.id if before is not None else None)

    def _told_anchor(self, section: str, anchor: str | None) -> str:
        head = self.loom.heads[section]
        block = None if anchor is None else self.loom.block(anchor)
        name = head.heading or head.key
        return f"{name}: first" if block is None else f"{name}: after “{block.text}”"

    def delete(self, one: Proposed, editors: Sequence[str]) -> Class:
        """Take out a block, unless others have rewritten it since the change's base."""
        change = one.change
        id = change.block or ""
        block = self.loom.block(id)
        if block is None:
            return Class.ALREADY
        old = change.old or block
        mover = self.moved.get(id)
        rivals = [] if mover is None or mover.proposal == one.proposal else [mover.ref]
        strangers = self._strangers_inside(one, block)
        rivals += [self.brought[stranger.id or ""].ref for stranger in strangers if stranger.id in self.brought]
        if block.text != old.text or block.kind is not old.kind or rivals or strangers:
            resolution = self.verdicts.ask(
                section=self.loom.section_of(id),
                block=id,
                base=old.text,
                standing=_read([block, *strangers]) if strangers else block.text,
                proposed="",
                refs=[*editors, *rivals, one.ref],
                why=_EDITED_AND_DELETED if block.body != old.body else _KEPT_AND_DELETED,
                choices=ONE_OF_TWO if strangers else NO_BOTH,
            )
            if resolution is not None and resolution.choice == Choice.PROPOSED:
                for stranger in (block, *strangers):
                    self.loom.take(stranger.id or "")
            elif resolution is not None and resolution.choice == Choice.TEXT:
                self.loom.replace(block.with_text(own_words(resolution.text or "", block.kind)))
            return Class.CONFLICT
        cls = Class.MOVED if self.has_moved(one) else Class.APPLIES
        self.loom.take(id)
        return cls

    def _strangers_inside(self, one: Proposed, block: Block) -> list[Block]:
        """What others have put into an item, a quote or a note since the base of a change that takes it out."""
        if block.kind not in (Kind.ITEM, Kind.QUOTE, Kind.NOTE) or block.id is None:
            return []
        inside = takewhile(
            lambda other: other.depth > block.depth, self.loom.after(self.loom.section_of(block.id) or "", block.id)
        )
        return [other for other in inside if not self.knows(one, other)]

    def _has_lost_home(self, one: Proposed) -> bool:
        """Whether the item, quote or note that a new block was written into is gone from the text."""
        depth, after = _new(one).depth, one.change.place.after if one.change.place is not None else None
        tried = set[str]()
        while depth and after is not None and after not in tried:
            tried.add(after)
            spot, wanted = self.ground.spot(one.base, after), self.wanted.get((one.proposal, after))
            if spot is None:
                return False
            if spot.block.depth < depth:
                return self.loom.section_of(self.same_as.get(after, after)) is None
            after = spot.before if wanted is None else wanted.after
        return False


def _new(one: Proposed) -> Block:
    assert one.change.new is not None
    return one.change.new


def _read(blocks: Sequence[Block]) -> str:
    """Blocks as people read them: a single one by its words, several with their markers."""
    if len(blocks) == 1 and blocks[0].kind not in (Kind.TABLE, Kind.CODE, Kind.RULE):
        return blocks[0].text
    least = min(block.depth for block in blocks)
    flat = [replace(block, id=None, depth=block.depth - least) for block in blocks]
    return serialise(flat).strip("\n")


def _made_id(id: str, n: int) -> str:
    """An id for a block that only somebody's own words in a merge brought: the same in every preview."""
    letters = "23456789bcdfghjkmnpqrstvwxz"
    number = int(digest_of(id, str(n)), 16)
    name = letters[8 + number % 19]
    for _ in range(11):
        number //= 19 if len(name) == 1 else 27
        name += letters[number % 27]
    return name
