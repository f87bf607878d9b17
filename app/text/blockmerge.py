"""The three-way merge of one block: its form and its words, each for itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.text.blocks import Block, Kind
from app.text.dialect import serialise
from app.text.wordmerge import TextConflict, TextMerge, merge_text

_APART = frozenset({Kind.TABLE, Kind.CODE, Kind.RULE})


@dataclass(frozen=True, slots=True)
class BlockMerge:
    """The outcome for one block: merged words in a merged form, or two whole blocks of which one must be chosen."""

    form: Block
    text: TextMerge
    rivals: tuple[Block, Block] | None = None

    @property
    def conflicts(self) -> tuple[TextConflict, ...]:
        """What somebody has to choose, in the order of the text."""
        return self.text.conflicts

    @property
    def block(self) -> Block:
        """The merged block; where it conflicts, our side stands."""
        return self.settled([conflict.standing for conflict in self.conflicts])

    def settled(self, wordings: Sequence[str]) -> Block:
        """The block with one chosen wording for each conflict."""
        if self.rivals is not None:
            ours, theirs = self.rivals
            conflict = self.conflicts[0]
            if wordings[0] == conflict.proposed:
                return theirs
            return ours if wordings[0] == conflict.standing else ours.with_text(wordings[0])
        return self.form.with_text(self.text.settled(wordings))


def merge_block(base: Block, ours: Block, theirs: Block) -> BlockMerge:
    """Merge two versions of one block. A new form and new words by different people fit; two new forms do not.

    The result bears the id of ``ours``. Words of a table, code and of prose are never merged into each other, and a
    table whose number of columns one side changed is not merged with any other change.
    """
    theirs = theirs.with_id(ours.id)
    form = _merged_form(base.form, ours.form, theirs.form)
    if base.body in (ours.body, theirs.body) or ours.body == theirs.body:
        block = ours if base.body == theirs.body else theirs
        return BlockMerge(block, TextMerge((block.text,)))
    kinds = {block.kind for block in (base, ours, theirs)}
    widths = {len(block.align or ()) for block in (base, ours, theirs)}
    if form is None or (kinds & _APART and len(kinds) > 1) or (Kind.TABLE in kinds and len(widths) > 1):
        return _rivals(base, ours, theirs)
    return BlockMerge(form.with_id(ours.id), merge_text(base.text, ours.text, theirs.text, ours.kind))


def shown(block: Block, *others: Block) -> str:
    """What people read of a block: its words, with its marker and indent too where the others have another form."""
    if all(block.form == other.form for other in others):
        return block.text
    return "    " * block.depth + serialise([replace(block, id=None, depth=0)]).strip("\n")


def _rivals(base: Block, ours: Block, theirs: Block) -> BlockMerge:
    standing, proposed = shown(ours, base, theirs), shown(theirs, base, ours)
    prose = not {ours.kind, theirs.kind} & _APART
    both = f"{ours.text} {theirs.text}" if prose and ours.text != theirs.text else standing
    conflict = TextConflict(0, len(base.text), shown(base, ours, theirs), standing, proposed, both)
    return BlockMerge(ours.form.with_id(ours.id), TextMerge((conflict,)), (ours, theirs))


def _merged_form(base: Block, ours: Block, theirs: Block) -> Block | None:
    """The form with what either side changed of it, or None if both changed the same thing."""
    if ours == theirs or base == theirs:
        return ours
    if base == ours:
        return theirs
    merged = ours
    for facet in (("kind", "level", "style"), ("depth",), ("start",), ("label",), ("align",), ("lang",)):
        was, mine, other = ([getattr(form, name) for name in facet] for form in (base, ours, theirs))
        if other not in (was, mine) and mine != was:
            return None
        if mine == was:
            merged = replace(merged, **dict(zip(facet, other, strict=True)))
    return merged
