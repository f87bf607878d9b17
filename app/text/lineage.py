"""The provenance of a whole charter: walked once over its revisions, then extended by every merge."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.text.blocks import Block
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


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged change as a source of words: ``amended`` is the adopted text if it was another than the proposed one.

    ``chosen``: it met a conflict, so what went in was chosen, and only words of its own text are its.
    """

    source: Source
    change: Change
    amended: str | None = None
    chosen: bool = False


def writers(merged: Iterable[Merged]) -> dict[str, tuple[Writer, ...]]:
    """The writers of every block, from the merged changes in their order."""
    found: dict[str, tuple[Writer, ...]] = {}
    for one in merged:
        change = one.change
        if change.kind not in _WRITING or change.block is None or change.new is None:
            continue
        base = change.old.text if change.old is not None else ""
        proposed = change.new.text if one.amended is None else one.amended
        writer = Writer(one.source, base, proposed, one.chosen)
        found[change.block] = (*found.get(change.block, ()), writer)
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
    found = {block.id or "": lineage[block.id or ""] for block in _unchanged(survival)}
    return {**found, **rewritten(lineage, survival, recorded)}


def touched(survival: Survival) -> tuple[Block, ...]:
    """The blocks of the newer text that are new in it or say something else."""
    return tuple(block for _, _, block in survival.new.placed_blocks() if not _says_the_same(survival, block))


def drawn_on(survival: Survival) -> frozenset[str]:
    """The old blocks, by id, whose words stand in touched ones: whose provenance is needed to go on."""
    return frozenset(kept.old for block in touched(survival) for kept in survival.words_into(block.id or ""))


def rewritten(lineage: Lineage, survival: Survival, recorded: Recorded) -> dict[str, Spans]:
    """The provenance of the touched blocks alone; ``lineage`` has to know those they draw on."""
    source = Source(recorded.revision)
    return {
        block.id or "": spans_of(
            block, survival.words_into(block.id or ""), lineage, source, recorded.writers.get(block.id or "", ())
        )
        for block in touched(survival)
    }


def restored(written: Lineage, source: Source, earlier: Lineage, survival: Survival) -> dict[str, Spans]:
    """The provenance of what a reverting revision wrote, where words that it brought back keep their first source.

    ``written`` gives them to ``source``, the revision itself; ``earlier`` is the provenance of the older text of
    ``survival``, the one before what was reverted, and has to know the blocks these words stood in.
    """
    found: dict[str, Spans] = {}
    for id, spans in written.items():
        sources = [known for length, known in spans.runs for _ in range(length)]
        for kept in survival.words_into(id):
            at = kept.at
            for length, known in earlier[kept.old].part(kept.start, kept.end):
                sources[at : at + length] = [known if own == source else own for own in sources[at : at + length]]
                at += length
        found[id] = Spans.gathered((1, known) for known in sources)
    return found


def _unchanged(survival: Survival) -> Iterable[Block]:
    return (block for _, _, block in survival.new.placed_blocks() if _says_the_same(survival, block))


def _says_the_same(survival: Survival, block: Block) -> bool:
    before = survival.old_block(block.id or "")
    return before is not None and before[1].text == block.text
