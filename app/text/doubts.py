"""When it cannot be told which of several equal wordings is the old one: then nobody may say that it is either."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.text.keeping import Kept
from app.text.survival import Survival
from app.text.words import is_word, tokens

# Words around a quote that are as they were, on either side, leave no doubt; more are not looked at.
_SURE = 4
_FAR = 12
# New words in which the quote stands too are rivals unless so many fewer words around them are as they were.
_LEAD = 3
# A rewritten quote of at least so many words that stands elsewhere as it was has gone there.
_TELLING_WORDS = 3
_CHARACTERS = 400
# Of the words of a quote and so many on either side at least half must be left.
_NEAR = 5


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The tokens before a place, nearest first, and after it, without spaces; an end of the block is an empty token."""

    before: Sequence[str]
    after: Sequence[str]

    @classmethod
    def of(cls, text: str, start: int, end: int) -> "Surroundings":
        """What stands around a range of a text."""
        low, high = max(0, start - _CHARACTERS), min(len(text), end + _CHARACTERS)
        before = [token for token in reversed(tokens(text[low:start])) if not token.isspace()]
        after = [token for token in tokens(text[end:high]) if not token.isspace()]
        return cls([*before, ""] if low == 0 else before, [*after, ""] if high == len(text) else after)

    def shared(self, other: "Surroundings") -> tuple[int, int]:
        """How many words are the same before and after, going outwards; the end of a block counts as four."""
        return _alike(self.before, other.before), _alike(self.after, other.after)


def is_doubtful(survival: Survival, old: str, was: tuple[int, int], block: str, now: tuple[int, int]) -> bool:
    """Whether words just written elsewhere may as well be those that stood in a range of an old block's text.

    ``now`` is where they were found in a new block. Only where the words around them were rewritten too is there
    anything to doubt.
    """
    quote = old[slice(*was)]
    around = Surroundings.of(old, *was)
    here = survival.new_block(block)
    text = here[1].text if here is not None else ""
    unchanged = text[slice(*now)] == quote
    shared = around.shared(Surroundings.of(text, *now)) if unchanged else (0, 0)
    if unchanged and min(shared) >= _SURE:
        return False
    if not unchanged and sum(map(is_word, tokens(quote))) < _TELLING_WORDS:
        return False
    for id, other, start in _written_places(survival, quote):
        end = start + len(quote)
        if id == block and start < now[1] and end > now[0]:
            continue
        rival = around.shared(Surroundings.of(other, start, end))
        if sum(rival) + _LEAD > sum(shared):
            return True
    return False


def _written_places(survival: Survival, quote: str) -> Iterator[tuple[str, str, int]]:
    """Everywhere the quote stands as words of its own, some of them newly written."""
    for block, ranges in survival.written:
        at = block.text.find(quote)
        while at >= 0:
            end = at + len(quote)
            whole = not _inside_word(block.text, at) and not _inside_word(block.text, end)
            if whole and any(low < end and high > at for low, high in ranges):
                yield block.id or "", block.text, at
            at = block.text.find(quote, at + 1)


def _inside_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and len(tokens(text[at - 1 : at + 1])) == 1


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    words = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs or words >= _FAR:
            break
        words += _SURE if mine == "" else is_word(mine)
    return words


def is_loose(old: str, was: tuple[int, int], kept: Sequence[Kept]) -> bool:
    """Whether so much around a range of an old block's text was rewritten that equal words there prove nothing."""
    places = _word_places(old)
    first = bisect_left(places, was[0])
    last = bisect_left(places, was[1])
    window = places[max(0, first - _NEAR) : last + _NEAR]
    left = [place for place in window if any(one.start <= place < one.end for one in kept)]
    return 2 * len(left) < len(window)


@lru_cache(maxsize=64)
def _word_places(text: str) -> tuple[int, ...]:
    """Where the words of a text begin."""
    places, at = [], 0
    for token in tokens(text):
        if is_word(token):
            places.append(at)
        at += len(token)
    return tuple(places)
