"""The three-way merge of one wording: what fits together, what a person must read, and what a person must choose."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.errors import EngrossError
from app.text.blocks import Kind
from app.text.hunkgroups import Group, group_hunks, replay
from app.text.rows import column_counts, line_ranges, row_hunks, row_tokens
from app.text.soundness import marks_pair
from app.text.worddiff import Hunk, hunks
from app.text.words import is_word, sentences, tokens

# Fewer words that stand again elsewhere are a coincidence.
_MOVED_WORDS = 3

# Up to so many characters, old and new together, it is kept which sentences an edit touches.
_KEPT_LENGTH = 8_000

Ranges = tuple[tuple[int, int], ...]


class UnsoundMerge(EngrossError):
    """A merge whose own proof failed; nothing of it may ever land."""

    kind = "unsound-merge"


@dataclass(frozen=True, slots=True)
class TextConflict:
    """Sentences that both sides rewrote in the same words. ``start`` and ``end`` are code points of the base.

    ``standing``, ``proposed`` and ``both`` are readings of those whole sentences: with our words, with theirs, with
    ours followed by theirs. Edits beside the clashing words are in all three.
    """

    start: int
    end: int
    base: str
    standing: str
    proposed: str
    both: str


@dataclass(frozen=True, slots=True)
class TextCombination:
    """Sentences into which both sides' words went, so that nobody has written them as a whole; code points of base."""

    start: int
    end: int
    base: str
    text: str


@dataclass(frozen=True, slots=True)
class Proof:
    """Why nothing was lost: the edits of either side, and who took away which tokens of the base."""

    ours: tuple[Hunk, ...] = ()
    theirs: tuple[Hunk, ...] = ()
    deleted_by_ours: frozenset[int] = frozenset()
    deleted_by_theirs: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class TextMerge:
    """The outcome of a merge. ``parts`` joined are the text; a part that is a conflict awaits somebody's choice."""

    parts: tuple[str | TextConflict, ...]
    combined: tuple[TextCombination, ...] = ()
    proof: Proof = Proof()

    @property
    def conflicts(self) -> tuple[TextConflict, ...]:
        """What somebody has to choose, in the order of the text."""
        return tuple(part for part in self.parts if isinstance(part, TextConflict))

    @property
    def text(self) -> str:
        """The merged text; where it conflicts, our side stands."""
        return self.settled([conflict.standing for conflict in self.conflicts])

    @property
    def is_clean(self) -> bool:
        """Whether nobody has to choose anything."""
        return not self.conflicts

    def settled(self, wordings: Sequence[str]) -> str:
        """The merged text with one chosen wording for each conflict, in their order."""
        chosen = iter(wordings)
        return "".join(next(chosen) if isinstance(part, TextConflict) else part for part in self.parts)


@dataclass(frozen=True, slots=True)
class _Unit:
    """Groups of hunks that lie in the same sentences, and the range of the base that they are read in."""

    start: int
    end: int
    groups: tuple[Group, ...]


def merge_text(base: str, ours: str, theirs: str, kind: Kind = Kind.PARAGRAPH) -> TextMerge:
    """Merge two rewritings of one block's text, which may be inline Markdown, the rows of a table or code.

    Edits that overlap or touch are a conflict unless both sides made the same; edits apart are both put in, and where
    they meet in one sentence that sentence is listed as combined. Raises `UnsoundMerge` if the proof fails.
    """
    if ours == theirs or base == theirs:
        return TextMerge((ours,))
    if base == ours:
        return TextMerge((theirs,))
    if kind is Kind.TABLE and not column_counts(base) == column_counts(ours) == column_counts(theirs):
        return _whole(base, ours, theirs)
    merge = _merge(base, ours, theirs, kind)
    merge.prove(ours, theirs)
    result = merge.result()
    if kind not in (Kind.TABLE, Kind.CODE):
        proposed = result.settled([conflict.proposed for conflict in result.conflicts])
        vanished = not result.text.strip() and ours.strip() and theirs.strip()
        if vanished or not all(marks_pair(reading, base, ours, theirs) for reading in {result.text, proposed}):
            return merge.one_conflict()
    return result


def touched_ranges(old: str, new: str, kind: Kind = Kind.PARAGRAPH) -> tuple[tuple[int, int], ...]:
    """The sentences of a block's old text that an edit changes, as code points; a point for whole new sentences."""
    if old == new:
        return ()
    # Lists ask this of the same open changes again and again. Very long texts are not kept.
    return (_ranges if len(old) + len(new) <= _KEPT_LENGTH else _ranges.__wrapped__)(old, new, kind)


@lru_cache(maxsize=4096)
def _ranges(old: str, new: str, kind: Kind) -> tuple[tuple[int, int], ...]:
    merge = _merge(old, new, old, kind)
    found = {part for unit in merge.units() for part in merge.parts_of(unit.start, unit.end)}
    return tuple(sorted(found))


def touched_sentences(old: str, new: str, kind: Kind = Kind.PARAGRAPH) -> frozenset[str]:
    """The sentences of a block's old text that an edit changes; for whole new sentences the one they follow."""
    # Lists ask this of the same open changes again and again. Very long texts are not kept.
    return (_touched if len(old) + len(new) <= _KEPT_LENGTH else _touched.__wrapped__)(old, new, kind)


@lru_cache(maxsize=4096)
def _touched(old: str, new: str, kind: Kind) -> frozenset[str]:
    return frozenset(
        old[start:end].strip() or f"after {old[:start].strip()}" for start, end in touched_ranges(old, new, kind)
    )


def _merge(base: str, ours: str, theirs: str, kind: Kind) -> "_Merge":
    if kind is Kind.TABLE:
        return _Merge(base, row_tokens(base), row_hunks(base, ours), row_hunks(base, theirs), line_ranges)
    cut = tokens(base)
    split = line_ranges if kind is Kind.CODE else sentences
    return _Merge(base, cut, hunks(cut, tokens(ours)), hunks(cut, tokens(theirs)), split)


def _whole(base: str, ours: str, theirs: str) -> TextMerge:
    conflict = TextConflict(0, len(base), base, ours, theirs, ours)
    return TextMerge((conflict,))


class _Merge:
    """One merge at work: the base in tokens, the edits of both sides, and how the base splits into sentences."""

    def __init__(
        self,
        base: str,
        cut: Sequence[str],
        ours: tuple[Hunk, ...],
        theirs: tuple[Hunk, ...],
        split: Callable[[str], Ranges],
    ) -> None:
        self.base, self.cut, self.ours, self.theirs, self.split = base, cut, ours, theirs, split
        self.at = [0]
        for token in cut:
            self.at.append(self.at[-1] + len(token))
        self.groups = group_hunks(cut, ours, theirs)
        self.sentences = split(base)

    def prove(self, ours: str, theirs: str) -> None:
        """Refuse the merge unless each side's edits alone rebuild that side to the byte."""
        if "".join(self.cut) != self.base:
            raise UnsoundMerge("The base was not cut into tokens that give it back.")
        if replay(self.cut, self.ours) != ours or replay(self.cut, self.theirs) != theirs:
            raise UnsoundMerge("Replaying the edits of one side alone does not give that side back.")
        for group in self.groups:
            kept = set(group.kept)
            for n in range(group.start, group.end):
                if n not in kept and n not in group.deleted_by_ours and n not in group.deleted_by_theirs:
                    raise UnsoundMerge("A word would vanish that neither side took away.")

    def proof(self) -> Proof:
        """The record of the edits and of who took away what."""
        return Proof(
            self.ours,
            self.theirs,
            frozenset(n for hunk in self.ours for n in range(hunk.start, hunk.end)),
            frozenset(n for hunk in self.theirs for n in range(hunk.start, hunk.end)),
        )

    def result(self) -> TextMerge:
        """Every unit put in, or named as a conflict."""
        parts: list[str | TextConflict] = []
        combined: list[TextCombination] = []
        at = 0
        for unit in self.units():
            parts.append(self.base[at : unit.start])
            at = unit.end
            base = self.base[unit.start : unit.end]
            text = self._reading(unit, lambda group: group.standing)
            if any(group.clashes for group in unit.groups):
                if self._was_moved(unit):
                    return self.one_conflict()
                if self._is_rewritten(unit):
                    parts.append(self._rivals(unit))
                    continue
                proposed = self._reading(unit, lambda group: group.proposed)
                both = self._reading(unit, lambda group: group.both)
                parts.append(TextConflict(unit.start, unit.end, base, text, proposed, both))
                continue
            parts.append(text)
            # A sentence that one side wrote exactly so needs no second reading.
            if text not in (self._reading(unit, lambda g: g.ours), self._reading(unit, lambda g: g.theirs)):
                combined.append(TextCombination(unit.start, unit.end, base, text))
        parts.append(self.base[at:])
        return TextMerge(tuple(part for part in parts if part != ""), tuple(combined), self.proof())

    def one_conflict(self) -> TextMerge:
        """All that either side touched as a single conflict, for edits that fit as words but break the marks."""
        units = self.units()
        conflict = self._rivals(_Unit(units[0].start, units[-1].end, self.groups))
        parts = (self.base[: conflict.start], conflict, self.base[conflict.end :])
        return TextMerge(tuple(part for part in parts if part != ""), (), self.proof())

    def _rivals(self, unit: _Unit) -> TextConflict:
        """The sentences exactly as either side has them, so that nobody has to choose a mixture."""
        ours, theirs = self._reading(unit, lambda g: g.ours), self._reading(unit, lambda g: g.theirs)
        gap = "" if not ours or not theirs or ours[-1].isspace() or theirs[0].isspace() else " "
        return TextConflict(unit.start, unit.end, self.base[unit.start : unit.end], ours, theirs, ours + gap + theirs)

    def _is_rewritten(self, unit: _Unit) -> bool:
        """Whether a side left less than half of the words of sentences that clash."""
        first, last = bisect_left(self.at, unit.start), bisect_left(self.at, unit.end)
        words = [n for n in range(first, last) if is_word(self.cut[n])]
        sides = [{n for hunk in side for n in range(hunk.start, hunk.end)} for side in (self.ours, self.theirs)]
        return any(2 * sum(n in gone for n in words) > len(words) for gone in sides)

    def _was_moved(self, unit: _Unit) -> bool:
        """Whether a side has what clashes again in another place of the block: it was moved there, not rewritten."""
        words = self.base[unit.start : unit.end].strip()
        if len(words.split()) < _MOVED_WORDS:
            return False
        others = [other for other in self.units() if other.start != unit.start]
        return any(
            words in self._reading(other, side) and words not in self.base[other.start : other.end]
            for other in others
            for side in (lambda g: g.ours, lambda g: g.theirs)
        )

    def _reading(self, unit: _Unit, choose: Callable[[Group], str]) -> str:
        pieces, at = [], unit.start
        for group in unit.groups:
            pieces += [self.base[at : self.at[group.start]], choose(group)]
            at = self.at[group.end]
        return "".join([*pieces, self.base[at : unit.end]])

    def parts_of(self, start: int, end: int) -> list[tuple[int, int]]:
        """The sentences in a range of the base, or the range itself if it is a point between sentences."""
        found = [(s, e) for s, e in self.sentences if s < end and e > start and self.base[max(s, start) : e].strip()]
        return found if end > start and found else [(start, start)]

    def units(self) -> list[_Unit]:
        """The groups of edits by the sentences they lie in, in the order of the base."""
        spans = sorted(((*self._span(group), n) for n, group in enumerate(self.groups)), key=lambda span: span)
        units: list[tuple[int, int, list[int]]] = []
        for start, end, n in spans:
            if units and start < units[-1][1]:
                units[-1] = (units[-1][0], max(units[-1][1], end), [*units[-1][2], n])
            else:
                units.append((start, end, [n]))
        return [_Unit(start, end, tuple(self.groups[n] for n in sorted(which))) for start, end, which in units]

    def _span(self, group: Group) -> tuple[int, int]:
        """The sentences a group of edits lies in, as a range of the base; whole new sentences lie between those."""
        low, high = self.at[group.start], self.at[group.end]
        words = self.base[low:high]
        first, last = low + len(words) - len(words.lstrip()), high - len(words) + len(words.rstrip())
        if words.strip():
            touched = [(s, e) for s, e in self.sentences if s < last and e > first]
        elif all(self._stands_between(low, text) for text in group.insertions):
            return low, high
        else:
            touched = [(s, e) for s, e in self.sentences if s <= high and e >= low]
        cores = [(s, s + len(self.base[s:e].rstrip())) for s, e in touched]
        return min([low, *(s for s, _ in cores)]), max([high, *(e for _, e in cores)])

    def _stands_between(self, at: int, new: str) -> bool:
        """Whether words put in at a place are sentences of their own, leaving those around as they were."""
        if not _between(self.base, at, self.sentences):
            return False
        # The sentences right before and after are all that the new words could run into.
        n = bisect_left(self.sentences, (at, at))
        low = self.sentences[max(0, n - 2)][0] if self.sentences else 0
        high = self.sentences[min(len(self.sentences) - 1, n + 1)][1] if self.sentences else 0
        around = self.base[low:at] + new + self.base[at:high]
        ranges = self.split(around)
        return _between(around, at - low, ranges) and _between(around, at - low + len(new), ranges)


def _between(text: str, at: int, ranges: Ranges) -> bool:
    """Whether a place is an edge of a sentence, white space aside."""
    low = len(text[:at].rstrip())
    high = len(text) - len(text[at:].lstrip())
    if low == 0 or high == len(text):
        return True
    n = bisect_left(ranges, (low, low))
    return any(low <= start <= high for start, _ in ranges[n : n + 2])
