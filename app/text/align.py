"""Which block of one text is which block of another: the outer level of every redline, merge and anchor."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.text.blocks import Block, Kind
from app.text.chains import best_chain, longest_chain, only_places
from app.text.effort import Effort
from app.text.ends import equal_ends
from app.text.likeness import Likeness, Wording
from app.text.uncollected import uncollected
from app.text.worddiff import common_runs

# Blocks that share less are two blocks, not one that was rewritten.
_SAME_BLOCK = 0.35
# Blocks that share so much, and so much more than either shares with any other, are the same without further question.
_UNMISTAKABLE = 0.75
_LEAD = 0.08
_RIVAL = 0.4
# The larger part of a block that was split: nearly all of it stands in the longer block.
_PART_OF = 0.75
_PART_WORDS = 8
# Elsewhere in the text only what is nearly the same counts as moved.
_MOVED = 0.8
_MOVED_WORDS = 8
_MOVED_EXACT_WORDS = 3
# Left alone between the same neighbours, so short a block is the one that stood there; a heading may be longer.
_SHORT_WORDS = 3
_HEADING_WORDS = 12
# And so alike is a block that was all but rewritten there.
_SAME_IN_PLACE = 0.15
# Gaps with more pairs are compared only where blocks share rare words.
_ALL_PAIRS = 2_500
_RARE = 4
_CANDIDATES = 6
_BLOCK_ORDER_STEPS = 600_000
# All comparisons of words in their order together: words of one block times machine words of the other. Past it the
# words are compared without regard to order, which is nearly as good.
_LIKENESS_WORK = 6_000_000
# A table, code or a note is never a rewritten paragraph.
_RIGID = frozenset({Kind.TABLE, Kind.CODE, Kind.RULE, Kind.NOTE})


@dataclass(frozen=True, slots=True)
class Pair:
    """Places in the old and the new text; None where the block is new or gone. ``moved``: the order was changed."""

    old: int | None
    new: int | None
    moved: bool = False


@uncollected
def align(old: Sequence[Block], new: Sequence[Block]) -> tuple[Pair, ...]:
    """Every block of both texts exactly once, in reading order, deleted blocks before what stands in their place.

    Blocks are paired by id, notes also by label; then by equal text in order; then by similar words inside the gaps;
    and what is left by equal or nearly equal words elsewhere. A pair out of order is ``moved`` and stands where the
    block is now. Notes are ordered by their citations, so a note is never moved.
    """
    first, last = equal_ends(old, new)
    return (
        *(Pair(n, n) for n in range(first)),
        *_aligned(old[first : len(old) - last], new[first : len(new) - last], first),
        *(Pair(len(old) - n, len(new) - n) for n in range(last, 0, -1)),
    )


def _aligned(old: Sequence[Block], new: Sequence[Block], at: int) -> Iterator[Pair]:
    """The pairs of what stands between equal ends, with the places counted from ``at``."""
    if old and new:
        pairing = _Pairing(old, new)
        pairing.find()
        yield from _in_reading_order(pairing, _staying(pairing.old_to_new, old), at)
    else:
        yield from (Pair(at + i, None) for i in range(len(old)))
        yield from (Pair(None, at + j) for j in range(len(new)))


def assign_ids(base: Sequence[Block], new: Sequence[Block], fresh: Callable[[], str]) -> tuple[Block, ...]:
    """The new blocks with ids: those they came with, else those of the base blocks they are, else fresh ones.

    No id is given twice; where a sender repeated one, the first block keeps it.
    """
    taken: set[str] = set()
    sent: list[Block] = []
    for block in new:
        repeated = block.id is None or block.id in taken
        sent.append(block.with_id(None) if repeated else block)
        if block.id is not None:
            taken.add(block.id)
    known = {block.id for block in base if block.id is not None}
    given: list[Block] = list(sent)
    for pair in align(base, sent):
        if pair.old is None or pair.new is None or sent[pair.new].id is not None:
            continue
        id = base[pair.old].id
        if id is not None and id not in taken:
            given[pair.new] = sent[pair.new].with_id(id)
            taken.add(id)
    for n, block in enumerate(given):
        if block.id is None:
            id = fresh()
            while id in taken or id in known:
                id = fresh()
            taken.add(id)
            given[n] = block.with_id(id)
    return tuple(given)


def _body(block: Block) -> tuple[Kind, str]:
    return block.kind, block.text


def _staying(old_to_new: Mapping[int, int], old: Sequence[Block]) -> list[int]:
    """The old places of the pairs that keep their order, so chosen that as little text as possible has moved."""
    pairs = [(i, j, len(old[i].text) + 1.0) for i, j in sorted(old_to_new.items())]
    return [i for i, _ in best_chain(pairs)]


def _in_reading_order(pairing: "_Pairing", staying: Sequence[int], at: int) -> Iterator[Pair]:
    new_to_old = {j: i for i, j in pairing.old_to_new.items()}
    i = j = 0
    for stop_i, stop_j in [*((i, pairing.old_to_new[i]) for i in staying), (len(pairing.old), len(pairing.new))]:
        for gone in range(i, stop_i):
            if gone not in pairing.old_to_new:
                yield Pair(at + gone, None)
        for here in range(j, stop_j):
            came_from = new_to_old.get(here)
            if came_from is None:
                yield Pair(None, at + here)
            else:
                yield Pair(at + came_from, at + here, moved=pairing.new[here].kind is not Kind.NOTE)
        if stop_j < len(pairing.new):
            yield Pair(at + stop_i, at + stop_j)
        i, j = stop_i + 1, stop_j + 1


def _is_same(like: Likeness) -> bool:
    return like.share >= _SAME_BLOCK or (like.shorter >= _PART_WORDS and like.kept >= _PART_OF * like.shorter)


class _Pairing:
    """One alignment under way: ``old_to_new`` grows step by step, surest pairs first."""

    def __init__(self, old: Sequence[Block], new: Sequence[Block]) -> None:
        self.old, self.new = old, new
        self.old_to_new: dict[int, int] = {}
        self.paired_new: set[int] = set()
        self.work = _LIKENESS_WORK
        self._old_wordings: dict[int, Wording] = {}
        self._new_wordings: dict[int, Wording] = {}

    def find(self) -> None:
        self._by(lambda block: block.id)
        self._by(lambda block: block.label if block.kind is Kind.NOTE else None)
        self._by_equal_text()
        self._by_likeness()
        self._elsewhere()
        self._by_place()

    def _pair(self, i: int, j: int) -> None:
        self.old_to_new[i] = j
        self.paired_new.add(j)

    def _by(self, name: Callable[[Block], str | None]) -> None:
        """Pair by a name that stands once on each side."""
        places = only_places(name(block) for block in self.new)
        for key, i in only_places(name(block) for block in self.old).items():
            j = places.get(key)
            if j is not None and i not in self.old_to_new and j not in self.paired_new:
                self._pair(i, j)

    def _gaps(self) -> list[tuple[list[int], list[int]]]:
        """The unpaired blocks of both sides between the pairs that kept their order."""
        staying = _staying(self.old_to_new, self.old)
        gaps: list[tuple[list[int], list[int]]] = []
        i = j = 0
        for stop_i, stop_j in [*((i, self.old_to_new[i]) for i in staying), (len(self.old), len(self.new))]:
            left = [n for n in range(i, stop_i) if n not in self.old_to_new]
            right = [n for n in range(j, stop_j) if n not in self.paired_new]
            if left and right:
                gaps.append((left, right))
            i, j = stop_i + 1, stop_j + 1
        return gaps

    def _by_equal_text(self) -> None:
        effort = Effort(_BLOCK_ORDER_STEPS)
        for left, right in self._gaps():
            bodies_left = [_body(self.old[i]) for i in left]
            bodies_right = [_body(self.new[j]) for j in right]
            # What stands once on either side is a sure sign; between those signs the longest common run decides.
            there = only_places(bodies_right)
            sure = [(i, there[body]) for body, i in only_places(bodies_left).items() if body in there]
            at_i = at_j = 0
            chain = best_chain([(x, y, 1.0 + len(bodies_left[x][1])) for x, y in sorted(sure)])
            for stop_i, stop_j in [*chain, (len(left), len(right))]:
                run = common_runs(bodies_left[at_i:stop_i], bodies_right[at_j:stop_j], effort)
                for x, y, length in run:
                    for n in range(length):
                        self._pair(left[at_i + x + n], right[at_j + y + n])
                at_i, at_j = stop_i, stop_j

    def _by_likeness(self) -> None:
        for left, right in self._gaps():
            for i, j in longest_chain(self._unmistakable(left, right)):
                self._pair(i, j)
        for left, right in self._gaps():
            pairs: list[tuple[int, int, float]] = []
            for i, j in self._candidates(left, right):
                weight = self._weight(i, j)
                if weight:
                    pairs.append((i, j, weight))
            for i, j in best_chain(pairs):
                self._pair(i, j)

    def _unmistakable(self, left: list[int], right: list[int]) -> list[tuple[int, int]]:
        """Pairs that nearly say the same while neither says nearly the same as anything else here."""
        if len(left) * len(right) > _ALL_PAIRS:
            return []
        best: dict[tuple[bool, int], tuple[float, float]] = {}
        shares: dict[tuple[int, int], float] = {}
        rights = [(j, self._new_wording(j)) for j in right]
        for i in left:
            wording = self._old_wording(i)
            for j, other in rights:
                share = wording.share_at_most(other, _RIVAL)
                if share:
                    shares[i, j] = share
                    for side in ((False, i), (True, j)):
                        first, second = best.get(side, (0.0, 0.0))
                        best[side] = (max(first, share), max(second, min(first, share)))
        return [
            (i, j)
            for (i, j), share in shares.items()
            if share >= _UNMISTAKABLE
            and share - max(best[False, i][1], best[True, j][1]) >= _LEAD
            and self._weight(i, j)
        ]

    def _candidates(self, left: list[int], right: list[int]) -> Iterable[tuple[int, int]]:
        if len(left) * len(right) <= _ALL_PAIRS:
            return [(i, j) for i in left for j in right]
        return self._sharing_rare_words(left, right)

    def _sharing_rare_words(self, left: list[int], right: list[int]) -> list[tuple[int, int]]:
        """For each old block the few new ones that share most of the words which are rare among them."""
        homes: dict[str, list[int]] = {}
        for j in right:
            for word in set(self._new_wording(j).words):
                homes.setdefault(word, []).append(j)
        found: list[tuple[int, int]] = []
        for i in left:
            votes: Counter[int] = Counter()
            for word in set(self._old_wording(i).words):
                home = homes.get(word, ())
                if len(home) <= _RARE:
                    votes.update(home)
            best = sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))[:_CANDIDATES]
            found.extend((i, j) for j, _ in best)
        return found

    def _weight(self, i: int, j: int) -> float:
        """What pairing these two blocks would keep; 0 if they are not the same block."""
        one, other = self.old[i], self.new[j]
        if (one.kind in _RIGID or other.kind in _RIGID) and one.kind is not other.kind:
            return 0.0
        if one.kind is Kind.RULE:
            return 0.5
        a, b = self._old_wording(i), self._new_wording(j)
        shorter, longer = sorted((len(a.words), len(b.words)))
        if not shorter:
            return 0.5 if one.text == other.text and one.kind is other.kind else 0.0
        most = a.likeness_at_most(b)
        if not _is_same(most):
            return 0.0
        self.work -= shorter * (1 + longer // 60)
        like = a.likeness(b) if self.work >= 0 else most
        if not _is_same(like):
            return 0.0
        return like.kept * (1.0 if one.kind is other.kind else 0.9)

    def _elsewhere(self) -> None:
        """Moved blocks: first those with equal words, then those with nearly equal ones."""
        left = [i for i in range(len(self.old)) if i not in self.old_to_new]
        right = [j for j in range(len(self.new)) if j not in self.paired_new]
        if not left or not right:
            return
        homes: dict[tuple[Kind, str], list[int]] = {}
        for j in right:
            homes.setdefault(_body(self.new[j]), []).append(j)
        for i in left:
            home = homes.get(_body(self.old[i]))
            if home and len(self._old_wording(i).words) >= _MOVED_EXACT_WORDS:
                self._pair(i, home.pop(0))
        left = [i for i in left if i not in self.old_to_new and len(self._old_wording(i).words) >= _MOVED_WORDS]
        right = [j for j in right if j not in self.paired_new and len(self._new_wording(j).words) >= _MOVED_WORDS]
        ranked: list[tuple[float, int, int]] = []
        for i, j in self._candidates(left, right):
            a, b = self._old_wording(i), self._new_wording(j)
            if a.likeness_at_most(b).share >= _MOVED and self._weight(i, j) and self.work >= 0:
                share = a.likeness(b).share
                if share >= _MOVED:
                    ranked.append((-share, i, j))
        for _, i, j in sorted(ranked):
            if i not in self.old_to_new and j not in self.paired_new:
                self._pair(i, j)

    def _by_place(self) -> None:
        """Short blocks with no word in common: as many before as after, between the same neighbours, in one form."""
        if len(self.old_to_new) in (len(self.old), len(self.new)):
            return
        for left, right in self._gaps():
            short = len(left) == len(right) and all(map(self._are_short_and_alike, left, right))
            if short or (len(left) == len(right) == 1 and self._is_rewritten(left[0], right[0])):
                for i, j in zip(left, right, strict=True):
                    self._pair(i, j)

    def _is_rewritten(self, i: int, j: int) -> bool:
        if self.old[i].kind is not self.new[j].kind or self.old[i].kind in _RIGID:
            return False
        return self._old_wording(i).likeness_at_most(self._new_wording(j)).share >= _SAME_IN_PLACE

    def _are_short_and_alike(self, i: int, j: int) -> bool:
        one, other = self.old[i], self.new[j]
        if one.kind in _RIGID or (one.kind, one.depth, one.level) != (other.kind, other.depth, other.level):
            return False
        most = _HEADING_WORDS if one.kind is Kind.HEADING else _SHORT_WORDS
        return all(0 < len(wording.words) <= most for wording in (self._old_wording(i), self._new_wording(j)))

    def _old_wording(self, i: int) -> Wording:
        if i not in self._old_wordings:
            self._old_wordings[i] = Wording(self.old[i].text)
        return self._old_wordings[i]

    def _new_wording(self, j: int) -> Wording:
        if j not in self._new_wordings:
            self._new_wordings[j] = Wording(self.new[j].text)
        return self._new_wordings[j]
