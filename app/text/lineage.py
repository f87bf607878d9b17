"""The provenance of a whole charter: walked once over its revisions, then extended by every merge."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.text.change import Change, ChangeKind
from app.text.provenance import Source, Spans, Writer, spans_of
from app.text.snapshot import Snapshot
from app.text.survival import Survival

_WRITING = frozenset({ChangeKind.REPLACE, ChangeKind.RETYPE, ChangeKind.INSERT})

Lineage = Mapping[str, Spans]
"""The provenance of every block of one text, by the id of the block."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A revision as it was recorded: its text, its number, and the changes merged in it as writers of blocks."""

    snapshot: Snapshot
    revision: int
    writers: Mapping[str, Sequence[Writer]] = field(default_factory=dict)


def writers(merged: Iterable[tuple[Source, Change, str | None]]) -> dict[str, tuple[Writer, ...]]:
    """The writers of every block, from the merged changes in their order with the adopted text, if it was amended."""
    found: dict[str, tuple[Writer, ...]] = {}
    for source, change, amended in merged:
        if change.kind not in _WRITING or change.block is None or change.new is None:
            continue
        base = change.old.text if change.old is not None else ""
        proposed = change.new.text if amended is None else amended
        found[change.block] = (*found.get(change.block, ()), Writer(source, base, proposed))
    return found


def of_history(recorded: Iterable[Recorded]) -> dict[str, Spans]:
    """The provenance of the last of these revisions, which follow each other from the first one on."""
    before: Recorded | None = None
    lineage: dict[str, Spans] = {}
    for one in recorded:
        old = before.snapshot if before is not None else replace(one.snapshot, sections=())
        lineage = extended_by(lineage, old, one)
        before = one
    return lineage


def extended_by(lineage: Lineage, old: Snapshot, recorded: Recorded) -> dict[str, Spans]:
    """The provenance after one more revision: blocks that say what they said keep theirs as it is.

    Words keep their source through moves and changes of form, and where a block was split or joined also in the other
    block. A block that is gone takes its provenance along.
    """
    survival = Survival(old, recorded.snapshot)
    found: dict[str, Spans] = {}
    for _, _, block in recorded.snapshot.placed_blocks():
        id = block.id or ""
        before = survival.old_block(id)
        if before is not None and before[1].text == block.text:
            found[id] = lineage[id]
            continue
        source = Source(recorded.revision)
        found[id] = spans_of(block, survival.words_into(id), lineage, source, recorded.writers.get(id, ()))
    return found
