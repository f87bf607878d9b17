"""Three-way merges of whole texts: two lists of blocks for files, two charters for an import."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from app.text.align import assign_ids
from app.text.blocks import Block
from app.text.change import Change, ChangeKind
from app.text.difference import changes_between
from app.text.loom import Loom
from app.text.notes import ordered, settled
from app.text.recognition import recognised
from app.text.snapshot import Front, Section, SectionKind, Snapshot
from app.text.uncollected import uncollected
from app.text.weave import Choice, Class, Combined, Conflict, Proposed, Resolution, Weave, weave
from app.text.wordmerge import TextCombination, TextConflict, TextMerge, UnsoundMerge, merge_text
from app.text.woven import ONE_OF_TWO, STANDING_ONLY, digest_of

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
    """Two charters merged, as `BlocksMerge` for blocks.

    ``settled`` are the conflicts for which somebody chose, ``outdated`` the choices that met no conflict.
    """

    snapshot: Snapshot
    conflicts: tuple[Conflict, ...] = ()
    combined: tuple[Combined, ...] = ()
    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    settled: tuple[Conflict, ...] = ()
    outdated: tuple[str, ...] = ()


@uncollected
def merge_blocks(base: Sequence[Block], ours: Sequence[Block], theirs: Sequence[Block]) -> BlocksMerge:
    """Merge two rewritings of one text, aligned to the base block by block; ids are used and kept where there are any.

    Moved blocks are followed. What both sides put in alike comes in once. Raises `UnsoundMerge` if the proof fails.
    """
    lasting = {block.id for side in (base, ours, theirs) for block in side if block.id is not None}
    made = assign_ids((), base, _names("base", lasting))
    mine, others = (
        _as_snapshot(assign_ids(made, side, _names(name, lasting))) for name, side in (("our", ours), ("their", theirs))
    )
    merged = _merged(_as_snapshot(made), mine, others)
    blocks = tuple(b if b.id in lasting else b.with_id(None) for b in merged.snapshot.sections[0].blocks)
    return BlocksMerge(blocks, merged.conflicts, merged.combined, merged.problems, merged.notices)


@uncollected
def merge_snapshots(
    base: Snapshot, ours: Snapshot, theirs: Snapshot, resolutions: Mapping[str, Resolution] | None = None
) -> SnapshotsMerge:
    """Merge two rewritings of one charter whose sections and blocks bear ids: front, outline, headings and blocks.

    What reads the same on both sides is the same, whatever its id. Here an edit of what our side took away is a
    conflict too, and so is anything that would keep the result from holding together. Raises `UnsoundMerge` if the
    changes of either side alone do not give that side back. Conflicts can be settled by ``resolutions``.
    """
    base, theirs = recognised(base, ours, theirs)
    return _merged(base, ours, theirs, resolutions)


def _merged(
    base: Snapshot, ours: Snapshot, theirs: Snapshot, resolutions: Mapping[str, Resolution] | None = None
) -> SnapshotsMerge:
    resolutions = resolutions or {}
    _prove(base, ours)
    changes = _prove(base, theirs)
    woven = weave(ours, changes, resolutions)
    # Whoever moved a paragraph wants to keep it; between two sides as equals, taking it out is a question.
    moved = [one for one in changes if _takes_what_moved(one, woven)]
    kept = [one for one in moved if not _chosen(_unwanted(one.change), resolutions, Choice.PROPOSED)]
    if kept:
        woven = weave(ours, [one for one in changes if one not in kept], resolutions)
    gone = [one.change for one in changes if one not in kept and woven.classes[one.ref].cls is Class.ORPHANED]
    asked = [*(_unwanted(one.change) for one in kept), *(_orphan(change, ours) for change in gone)]
    back = [c for c in gone if Choice.PROPOSED in _orphan(c, ours).choices]
    back = [c for c in back if _chosen(_orphan(c, ours), resolutions, Choice.PROPOSED)]
    left = [one for one in asked if _chosen(one, resolutions, Choice.STANDING)]
    left += [_orphan(change, ours) for change in back]
    left += [_unwanted(one.change) for one in moved if one not in kept]
    orphans = tuple(one for one in asked if one not in left)
    broken = () if woven.conflicts or orphans else tuple(_broken(problem) for problem in woven.problems)
    return SnapshotsMerge(
        _brought_back(woven.snapshot, base, back),
        (*woven.conflicts, *orphans, *broken),
        woven.combined,
        woven.problems,
        woven.notices,
        (*woven.settled, *left),
        tuple(id for id in woven.outdated if id not in {one.id for one in (*orphans, *left)}),
    )


def _brought_back(text: Snapshot, base: Snapshot, changes: Sequence[Change]) -> Snapshot:
    """The text with what it took away put in again as the changes want it, after what stood before it in the base."""
    if not changes:
        return text
    loom, blocks = Loom(text), {block.id: section for section, _, block in base.placed_blocks()}
    for change in changes:
        home = blocks[change.block]
        before = [block.id for block in home.blocks[: [block.id for block in home.blocks].index(change.block)]]
        after = next((id for id in reversed(before) if id is not None and loom.section_of(id) == home.id), None)
        if change.new is not None:
            loom.put((change.new.with_id(change.block),), home.id, after)
    return ordered(loom.snapshot())


def _chosen(conflict: Conflict, resolutions: Mapping[str, Resolution], choice: Choice) -> bool:
    found = resolutions.get(conflict.id)
    return found is not None and found.choice == choice


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


def _orphan(change: Change, ours: Snapshot) -> Conflict:
    can_come_back = change.new is not None and ours.section_by_id(change.section or "") is not None
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
        ONE_OF_TWO if can_come_back and change.kind is not ChangeKind.MOVE else STANDING_ONLY,
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
