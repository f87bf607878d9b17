"""How a comment keeps its words: made from a selection, carried through every revision, never put on a look-alike."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from app.errors import BadInput
from app.text.doubts import is_doubtful, is_loose
from app.text.keeping import Kept
from app.text.quotes import find_quote
from app.text.snapshot import Snapshot
from app.text.survival import Survival
from app.text.words import is_word, tokens

CONTEXT = 32

Range = tuple[int, int]


class Reach(StrEnum):
    """What a comment is about."""

    WORDS = "words"
    BLOCK = "block"
    SECTION = "section"


class AnchorState(StrEnum):
    """What became of that since the comment was made."""

    ATTACHED = "attached"
    MOVED = "moved"
    CHANGED = "changed"
    ORPHANED = "orphaned"


@dataclass(frozen=True, slots=True)
class Anchor:
    """The words a comment is about, in the text of one revision.

    ``start`` and ``end`` are code points of the stored text of the block; between them stand the words as they are
    now, and ``quote`` says how they were when the comment was made. ``kept`` are the ranges of words that have stood
    there since: one range that is the whole quote while nothing was changed. ``prefix`` and ``suffix`` are up to 32
    code points around the quote where it last stood unchanged.

    An orphan keeps its quote and its last place, and ``revision`` is the last one in which that was true.
    A comment about a whole block has the block's first wording for its quote; one about a section has no block.
    """

    section: str
    block: str | None
    revision: int
    start: int
    end: int
    quote: str
    prefix: str = ""
    suffix: str = ""
    kept: tuple[Range, ...] = ()
    reach: Reach = Reach.WORDS
    moved: bool = False
    changed: bool = False
    orphaned: bool = False

    @property
    def state(self) -> AnchorState:
        """The gravest of what happened to it."""
        if self.orphaned:
            return AnchorState.ORPHANED
        if self.changed:
            return AnchorState.CHANGED
        return AnchorState.MOVED if self.moved else AnchorState.ATTACHED


def create(
    snapshot: Snapshot,
    revision: int,
    block: str,
    quote: str,
    prefix: str = "",
    suffix: str = "",
    *,
    start: int | None = None,
    end: int | None = None,
) -> Anchor:
    """Hang a comment on some words of a block, as they are stored or as a reader sees them.

    BadInput if the words are not in the block, or if they are there more than once and neither the words around them
    nor ``start`` and ``end`` say which are meant.
    """
    home = next((s for s, _, b in snapshot.placed_blocks() if b.id == block), None)
    found = next((b for b in home.blocks if b.id == block), None) if home is not None else None
    if home is None or found is None:
        raise BadInput("That paragraph is not in the text of this revision.", kind="block-not-found")
    low, high = find_quote(found, quote, prefix, suffix, start=start, end=end)
    return _with_context(Anchor(home.id, block, revision, low, high, found.text[low:high]), found.text)


def on_block(snapshot: Snapshot, revision: int, block: str) -> Anchor:
    """Hang a comment on a whole block."""
    for section, _, found in snapshot.placed_blocks():
        if found.id == block:
            end = len(found.text)
            return Anchor(section.id, block, revision, 0, end, found.text, kept=((0, end),), reach=Reach.BLOCK)
    raise BadInput("That paragraph is not in the text of this revision.", kind="block-not-found")


def on_section(snapshot: Snapshot, revision: int, section: str) -> Anchor:
    """Hang a comment on a whole section, by its permanent id; its quote is the heading."""
    found = snapshot.section_by_id(section)
    if found is None:
        raise BadInput("That section is not in the text of this revision.", kind="section-not-found")
    return Anchor(section, None, revision, 0, 0, found.heading, reach=Reach.SECTION)


def reattach(
    anchor: Anchor,
    snapshot: Snapshot,
    revision: int,
    block: str,
    quote: str,
    prefix: str = "",
    suffix: str = "",
    *,
    start: int | None = None,
    end: int | None = None,
) -> Anchor:
    """Hang a comment on other words, because a person says that they are the ones; no other way leads back."""
    if anchor.revision > revision:
        raise BadInput("A comment is hung on the words of a newer text, not of an older one.", kind="older-revision")
    return create(snapshot, revision, block, quote, prefix, suffix, start=start, end=end)


def carry(anchor: Anchor, old: Snapshot, new: Snapshot, revision: int) -> Anchor:
    """The anchor in the next revision. For many anchors `carry_all` does the comparing once."""
    return carried(anchor, Survival(old, new), revision)


def carry_all(anchors: Iterable[Anchor], old: Snapshot, new: Snapshot, revision: int) -> tuple[Anchor, ...]:
    """All the anchors in the next revision, in their order; each touched block is compared once."""
    survival = Survival(old, new)
    return tuple(carried(anchor, survival, revision) for anchor in anchors)


def carried(anchor: Anchor, survival: Survival, revision: int) -> Anchor:
    """The anchor in the newer of two texts, where the older one is that of the anchor's revision.

    An orphan stays as it is. Words that were not touched stay attached, or are moved with their block; of words that
    were partly rewritten at least half must be left; everything else is orphaned.
    """
    if anchor.orphaned:
        return anchor
    if anchor.reach is Reach.SECTION:
        return _section_carried(anchor, survival, revision)
    if anchor.reach is Reach.BLOCK:
        return _block_carried(anchor, survival, revision)
    return _words_carried(anchor, survival, revision)


def found_again(anchor: Anchor, survival: Survival, revision: int) -> Anchor | None:
    """An orphan in the newer of two texts if what it lost is back, as a revert brings it back; else None.

    The very section or block has to be there again, by its id, and words of a block in the same place with the same
    words around them: what reads alike in any other place is not what was lost.
    """
    if not anchor.orphaned:
        return None
    if anchor.reach is Reach.SECTION:
        section_back = _section_carried(replace(anchor, orphaned=False), survival, revision)
        return None if section_back.orphaned else section_back
    here = survival.new_block(anchor.block or "")
    if here is None:
        return None
    section, block = here
    moved = anchor.moved or section.id != anchor.section
    back = replace(anchor, section=section.id, revision=revision, moved=moved, orphaned=False)
    if anchor.reach is Reach.BLOCK:
        end = len(block.text)
        return replace(back, start=0, end=end, kept=((0, end),), changed=block.text != anchor.quote)
    around = block.text[max(0, anchor.start - CONTEXT) : anchor.end + CONTEXT]
    if anchor.changed or around != anchor.prefix + anchor.quote + anchor.suffix:
        return None
    return back


def _section_carried(anchor: Anchor, survival: Survival, revision: int) -> Anchor:
    section = survival.new.section_by_id(anchor.section)
    if section is None:
        return replace(anchor, orphaned=True)
    return replace(anchor, revision=revision, changed=section.heading != anchor.quote)


def _block_carried(anchor: Anchor, survival: Survival, revision: int) -> Anchor:
    id = anchor.block or ""
    here = survival.new_block(id)
    if here is None or survival.old_block(id) is None:
        return replace(anchor, orphaned=True)
    section, block = here
    end = len(block.text)
    moved = anchor.moved or survival.has_moved(id)
    return replace(
        anchor,
        section=section.id,
        revision=revision,
        end=end,
        kept=((0, end),),
        moved=moved,
        changed=block.text != anchor.quote,
    )


def _words_carried(anchor: Anchor, survival: Survival, revision: int) -> Anchor:
    id = anchor.block or ""
    there = survival.old_block(id)
    if there is None or anchor.end > len(there[1].text) or not _fits(anchor, there[1].text):
        # These are not the words it hung on: whatever happened, no place for it can be proved.
        return replace(anchor, orphaned=True)
    still = survival.new_block(id)
    if still is not None and still[1].text == there[1].text:
        moved = anchor.moved or survival.has_moved(id)
        return replace(anchor, section=still[0].id, revision=revision, moved=moved)
    kept = survival.words_from(id)
    parts = [_cut(one, low, high) for low, high in anchor.kept for one in kept if one.start < high and one.end > low]
    best = _best_home(parts, there[1].text, id, anchor.quote)
    here = survival.new_block(best) if best is not None else None
    if best is None or here is None:
        return replace(anchor, orphaned=True)
    section, block = here
    mine = [part for part in parts if part.new == best]
    start, end = _reach_of(anchor, mine, [one for one in kept if one.new == best])
    was = anchor.start, anchor.end
    size = len(anchor.quote)
    # Words put in between may repeat some of the quote, and words of it that were gone may be back beside the others:
    # if all of it stands there together, that is the place.
    low, high = (start, end) if end - start >= size else (max(0, end - size), start + size)
    again = block.text.find(anchor.quote, low, high)
    if again >= 0 and block.text.find(anchor.quote, again + 1, high) < 0:
        start, end = again, again + size
    if is_loose(there[1].text, was, kept) or is_doubtful(survival, there[1].text, was, best, (start, end)):
        return replace(anchor, orphaned=True)
    moved = anchor.moved or best != id or survival.has_moved(id) or any(part.moved for part in mine)
    ranges = _joined((part.at, part.until) for part in mine)
    if block.text[start:end] == anchor.quote:
        whole = replace(
            anchor, section=section.id, block=best, revision=revision, start=start, end=end, moved=moved, changed=False
        )
        return _with_context(whole, block.text)
    left = sum(_words(block.text[low:high], anchor.quote) for low, high in ranges)
    if 2 * left < _words(anchor.quote, anchor.quote):
        return replace(anchor, orphaned=True)
    return replace(
        anchor,
        section=section.id,
        block=best,
        revision=revision,
        start=start,
        end=end,
        kept=ranges,
        moved=moved,
        changed=True,
    )


def _fits(anchor: Anchor, text: str) -> bool:
    return anchor.changed or text[anchor.start : anchor.end] == anchor.quote


def _cut(kept: Kept, low: int, high: int) -> Kept:
    """The part of what was kept that lies between two places of the old text."""
    start, end = max(kept.start, low), min(kept.end, high)
    return Kept(kept.old, start, kept.new, kept.at + start - kept.start, end - start, kept.moved)


def _best_home(parts: Iterable[Kept], old_text: str, id: str, quote: str) -> str | None:
    """The block in which most of the words are now; of equals the one with the old id. None if no word is left."""
    weight: dict[str, tuple[int, bool]] = {}
    for part in parts:
        words = _words(old_text[part.start : part.end], quote)
        weight[part.new] = (weight.get(part.new, (0, False))[0] + words, part.new == id)
    best = max(weight, key=lambda home: weight[home], default=None)
    return best if best is not None and weight[best][0] else None


def _reach_of(anchor: Anchor, mine: list[Kept], kept: list[Kept]) -> Range:
    """From the first to the last word that is left, and what was put for words of the quote before and after."""
    start, end = min(part.at for part in mine), max(part.until for part in mine)
    in_order = sorted(kept, key=lambda one: one.at)
    before = [one for one in in_order if one.until <= start]
    after = [one for one in in_order if one.at >= end]
    first, last = min(mine, key=lambda part: part.at), max(mine, key=lambda part: part.until)
    if before and anchor.start <= before[-1].end < first.start:
        start = before[-1].until
    elif not before and anchor.start == 0 < first.start:
        start = 0
    if after and last.end < after[0].start <= anchor.end:
        end = after[0].at
    return start, end


def _joined(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """The ranges in order, those that touch as one."""
    found: list[Range] = []
    for low, high in sorted(ranges):
        if found and found[-1][1] >= low:
            found[-1] = found[-1][0], max(high, found[-1][1])
        else:
            found.append((low, high))
    return tuple(found)


def _words(text: str, quote: str) -> int:
    """How many words there are; where the quote has none, how many signs. A stop that is left is no word that is."""
    pieces = [token for token in tokens(text) if not token.isspace()]
    return sum(map(is_word, pieces)) if any(map(is_word, tokens(quote))) else len(pieces)


def _with_context(anchor: Anchor, text: str) -> Anchor:
    return replace(
        anchor,
        kept=((anchor.start, anchor.end),),
        prefix=text[max(0, anchor.start - CONTEXT) : anchor.start],
        suffix=text[anchor.end : anchor.end + CONTEXT],
    )
