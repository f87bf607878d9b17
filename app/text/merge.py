"""Three-way merges of whole texts: two lists of blocks for files, two charters for an import."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from app.text.align import assign_ids
from app.text.blocks import Block
from app.text.change import Change, ChangeKind
from app.text.difference import changes_between
from app.text.notes import ordered, settled
from app.text.recognition import recognised
from app.text.snapshot import Front, Section, SectionKind, Snapshot
from app.text.uncollected import uncollected
from app.text.weave import Class, Combined, Conflict, Proposed, Weave, weave
from app.text.wordmerge import TextCombination, TextConflict, TextMerge, UnsoundMerge, merge_text
from app.text.woven import ONE_OF_TWO, digest_of

__all__ = [
    "BlocksMerge",
    "SnapshotsMerge",
    "TextCombination",
    "TextConflict",
    "TextMerge",
    "UnsoundMerge",
    "merge_blocks",
    "merge_snapshots",
    "merge_text",
]

_DELETED_AND_EDITED = "One deletes what the other edits."
_MOVED_AND_DELETED = "One moves what the other deletes."


@dataclass(frozen=True, slots=True)
class BlocksMerge:
    """Two texts merged. Where somebody has to choose, ``blocks`` read as ours; ``combined`` are to be confirmed.

    ``problems`` say what does not hold together, ``notices`` what was renamed so that it does.
    """

    blocks: tuple[Block, ...]
    conflicts: tuple[Conflict, ...] = ()
    combined: tuple[Combined, ...] = ()
    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SnapshotsMerge:
    """Two charters merged, as `BlocksMerge` for blocks."""

    snapshot: Snapshot
    conflicts: tuple[Conflict, ...] = ()
    combined: tuple[Combined, ...] = ()
    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


@uncollected
def merge_blocks(base: Sequence[Block], ours: Sequence[Block], theirs: Sequence[Block]) -> BlocksMerge:
    """Merge two rewritings of one text, aligned to the base block by block; ids are used and kept where there are any.

    Moved blocks are followed. What both sides put in alike comes in once. Raises `UnsoundMerge` if the proof fails.
    """
    lasting = {block.id for side in (base, ours, theirs) for block in side if block.id is not None}
    made = assign_ids((), base, _names("base", lasting))
    sides = [
        _as_snapshot(assign_ids(made, side, _names(name, lasting))) for name, side in (("our", ours), ("their", theirs))
    ]
    merged = _merged(_as_snapshot(made), *sides)
    blocks = tuple(b if b.id in lasting else b.with_id(None) for b in merged.snapshot.sections[0].blocks)
    return BlocksMerge(blocks, merged.conflicts, merged.combined, merged.problems, merged.notices)


@uncollected
def merge_snapshots(base: Snapshot, ours: Snapshot, theirs: Snapshot) -> SnapshotsMerge:
    """Merge two rewritings of one charter whose sections and blocks bear ids: front, outline, headings and blocks.

    What reads the same on both sides is the same, whatever its id. Here an edit of what our side took away is a
    conflict too, and so is anything that would keep the result from holding together. Raises `UnsoundMerge` if the
    changes of either side alone do not give that side back.
    """
    base, theirs = recognised(base, ours, theirs)
    return _merged(base, ours, theirs)


def _merged(base: Snapshot, ours: Snapshot, theirs: Snapshot) -> SnapshotsMerge:
    _prove(base, ours)
    changes = _prove(base, theirs)
    woven = weave(ours, changes)
    # Whoever moved a paragraph wants to keep it; between two sides as equals, taking it out is a question.
    kept = [one for one in changes if _takes_what_moved(one, woven)]
    if kept:
        woven = weave(ours, [one for one in changes if one not in kept])
    orphans = tuple(
        _unwanted(one.change) if one in kept else _orphan(one.change)
        for one in changes
        if one in kept or woven.classes[one.ref].cls is Class.ORPHANED
    )
    broken = () if woven.conflicts or orphans else tuple(_broken(problem) for problem in woven.problems)
    return SnapshotsMerge(
        woven.snapshot, (*woven.conflicts, *orphans, *broken), woven.combined, woven.problems, woven.notices
    )


def _broken(problem: str) -> Conflict:
    return Conflict(digest_of(problem), None, None, "", "", "", "", (), problem, ())


def _prove(base: Snapshot, side: Snapshot) -> list[Proposed]:
    """The changes of one side, once they have been shown to rebuild it."""
    changes = [Proposed(f"1.{change.number}", change, base) for change in changes_between(base, side)]
    alone: Weave = weave(base, changes, repair=False)
    if alone.snapshot != ordered(side) and settled(alone.snapshot) != settled(side):
        raise UnsoundMerge("Replaying the changes of one side alone does not give that side back.")
    return changes


def _takes_what_moved(one: Proposed, woven: Weave) -> bool:
    return one.change.kind is ChangeKind.DELETE and woven.classes[one.ref].cls is Class.MOVED


def _unwanted(change: Change) -> Conflict:
    words = change.before or ""
    name = digest_of(change.section, change.block, words, words, "")
    return Conflict(
        name,
        change.section,
        change.block,
        words,
        words,
        "",
        words,
        (f"1.{change.number}",),
        _MOVED_AND_DELETED,
        ONE_OF_TWO,
    )


def _orphan(change: Change) -> Conflict:
    base, proposed = change.before or "", change.after or ""
    return Conflict(
        digest_of(change.section, change.block, base, "", proposed),
        change.section,
        change.block,
        base,
        "",
        proposed,
        proposed,
        (f"1.{change.number}",),
        _DELETED_AND_EDITED,
        ONE_OF_TWO,
    )


def _names(side: str, taken: set[str]) -> Callable[[], str]:
    """Names for blocks of one side that last only as long as the merge."""

    def names() -> Iterator[str]:
        return (name for n in count(1) if (name := f"{side}-{n}") not in taken)

    numbered = names()
    return lambda: next(numbered)


def _as_snapshot(blocks: Sequence[Block]) -> Snapshot:
    text = Section("text", "text", SectionKind.TEXT, "", tuple(blocks))
    return ordered(Snapshot(Front("", ""), (text,)))
