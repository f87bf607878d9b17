"""All chosen edits of one block, merged one after the other on the growing text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.text.blockmerge import BlockMerge, merge_block
from app.text.blocks import Block, Kind
from app.text.rows import line_ranges
from app.text.soundness import own_words
from app.text.wordmerge import TextConflict, merge_text
from app.text.words import sentences
from app.text.woven import ANY_CHOICE, NO_BOTH, Choice, Class, Combined, Resolution, Verdicts, digest_of

_SAME_WORDS = "Both rewrite the same words."
_SAME_BLOCK = "Both change the form of the same paragraph, or the shape of the same table."


@dataclass(frozen=True, slots=True)
class Edit:
    """One chosen change of a block: what it was in the text the change was made on, and what it shall be."""

    ref: str
    old: Block
    new: Block


@dataclass(slots=True)
class Rewording:
    """What became of a block: its words, how each edit fits, and the sentences in it that nobody wrote as a whole."""

    block: Block
    classes: dict[str, Class] = field(default_factory=dict)
    combined: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)


def reword(
    start: Block, edits: Sequence[Edit], verdicts: Verdicts, section: str | None, block: str | None
) -> Rewording:
    """Merge the edits into the block in the order given.

    An edit of a block that is as it was `applies`; an edit that is in the text is `already` there; one beside the
    words of others is `combined`; one of the same words is a `conflict` unless the verdicts hold a choice for it.
    """
    chain = _Chain(start, verdicts, section, block)
    for edit in edits:
        chain.put(edit)
    result = Rewording(chain.block, chain.classes)
    unread = chain.unread() if chain.mixed else []
    if unread:
        result.combined = list(zip(unread, _writers(unread, start, edits, chain), strict=True))
    return result


def combined_of(rewording: Rewording, section: str | None, block: str | None) -> Iterable[Combined]:
    """The sentences of a rewording that somebody has to read, with their names."""
    for sentence, refs in rewording.combined:
        yield Combined(digest_of(section, block, sentence), block, section, sentence, refs)


class _Chain:
    def __init__(self, start: Block, verdicts: Verdicts, section: str | None, block: str | None) -> None:
        self.block, self.verdicts, self.section, self.id = start, verdicts, section, block
        self.classes: dict[str, Class] = {}
        self.edits: list[Edit] = []
        self.written = set(_sentences(start, start.text))
        self.mixed = False

    def put(self, edit: Edit) -> None:
        """Merge one more edit."""
        merge = merge_block(edit.old, self.block, edit.new)
        if self.block.body == edit.new.body:
            cls = Class.ALREADY
        elif self.block.body == edit.old.body:
            cls = Class.APPLIES
        elif merge.conflicts:
            cls = Class.CONFLICT
        else:
            cls = Class.ALREADY if merge.block.body == self.block.body else Class.COMBINED
        self.classes[edit.ref] = cls
        self.written.update(_sentences(edit.new, edit.new.text))
        self.mixed = self.mixed or cls in (Class.COMBINED, Class.CONFLICT)
        self.block = merge.settled([self._choose(merge, conflict, edit) for conflict in merge.conflicts])
        self.edits.append(edit)

    def unread(self) -> list[str]:
        """The sentences that neither the text before, nor any edit, nor any choice has as they are now."""
        return list(dict.fromkeys(s for s in _sentences(self.block, self.block.text) if s not in self.written))

    def _choose(self, merge: BlockMerge, conflict: TextConflict, edit: Edit) -> str:
        rivals = merge.rivals is not None
        resolution = self.verdicts.ask(
            section=self.section,
            block=self.id,
            base=conflict.base.strip(),
            standing=conflict.standing.strip(),
            proposed=conflict.proposed.strip(),
            both=conflict.both.strip(),
            refs=[*self._rivals_of(edit, conflict), edit.ref],
            why=_SAME_BLOCK if rivals else _SAME_WORDS,
            choices=NO_BOTH if conflict.both == conflict.standing else ANY_CHOICE,
        )
        chosen = _wording(conflict, resolution, self.block.kind)
        readings = (chosen,) if resolution is not None else (conflict.standing, conflict.proposed, conflict.both)
        for reading in readings:
            self.written.update(_sentences(self.block, reading))
        return chosen

    def _rivals_of(self, edit: Edit, conflict: TextConflict) -> Iterable[str]:
        """The earlier edits of this merge that the conflict is with; none if it is with the text alone."""
        for earlier in self.edits:
            if earlier.old.body != edit.old.body or merge_block(edit.old, earlier.new, edit.new).rivals is not None:
                yield earlier.ref
                continue
            clashes = merge_text(edit.old.text, earlier.new.text, edit.new.text, edit.old.kind).conflicts
            if any(clash.start <= conflict.end and clash.end >= conflict.start for clash in clashes):
                yield earlier.ref


def _wording(conflict: TextConflict, resolution: Resolution | None, kind: Kind) -> str:
    """The chosen wording, with the white space around it that the conflict has in the text."""
    if resolution is None or resolution.choice == Choice.STANDING:
        return conflict.standing
    if resolution.choice == Choice.PROPOSED:
        return conflict.proposed
    if resolution.choice == Choice.BOTH:
        return conflict.both
    words = own_words(resolution.text or "", kind)
    model = next((w for w in (conflict.base, conflict.standing, conflict.proposed) if w.strip()), "")
    start, end = model[: len(model) - len(model.lstrip())], model[len(model.rstrip()) :]
    return f"{start}{words}{end}" if words else ""


def _sentences(block: Block, text: str) -> Iterable[str]:
    split = line_ranges if block.kind is Kind.CODE else sentences
    return (sentence for start, end in split(text) if (sentence := text[start:end].strip()))


def _writers(unread: Sequence[str], start: Block, edits: Sequence[Edit], whole: _Chain) -> list[tuple[str, ...]]:
    """For each sentence the edits without which it would not read as it does."""
    found: list[list[str]] = [[] for _ in unread]
    for left_out in edits:
        chain = _Chain(start, Verdicts(whole.verdicts.resolutions), whole.section, whole.id)
        for edit in edits:
            if edit is not left_out:
                chain.put(edit)
        there = set(_sentences(chain.block, chain.block.text))
        for sentence, refs in zip(unread, found, strict=True):
            if sentence not in there:
                refs.append(left_out.ref)
    return [tuple(refs or (edit.ref for edit in edits)) for refs in found]
