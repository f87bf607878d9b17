"""Where the words of an orphaned comment may have gone: ranked guesses for a person, which nothing ever applies."""

from collections import Counter
from dataclasses import dataclass

from app.text.anchors import Anchor
from app.text.blocks import Block
from app.text.likeness import Wording
from app.text.snapshot import Snapshot
from app.text.words import is_word, tokens

MOST_OFFERS = 5
# What shares fewer of the words is not worth a look.
_LIKE = 0.5
# And one word that stands in both, like "key", says nothing where more than one was meant.
_FEWEST = 2
# What stands around the words, and that it is the old block or section, only decides between equals.
_CONTEXT = 0.1
_SAME_BLOCK = 0.04
_SAME_SECTION = 0.02


@dataclass(frozen=True, slots=True)
class Offer:
    """A place that reads like the quote. ``likeness`` is 1 where exactly the quote stands, and at least one half."""

    section: str
    block: str
    start: int
    end: int
    text: str
    likeness: float


def offers(anchor: Anchor, snapshot: Snapshot, most: int = MOST_OFFERS) -> tuple[Offer, ...]:
    """The places of a text that read most like the quote of an anchor, best first, at most one in a block.

    For a person to choose from: a place that reads alike is no proof that the words went there.
    """
    quote = Wording(anchor.quote)
    if not quote.words:
        return ()
    ranked: list[tuple[float, int, Offer]] = []
    for n, (section, _, block) in enumerate(snapshot.placed_blocks()):
        found = _best_in(block, anchor.quote, quote)
        if found is None:
            continue
        start, end, likeness = found
        nearness = (
            likeness
            + _CONTEXT * _around(anchor, block.text, start, end)
            + _SAME_BLOCK * (block.id == anchor.block)
            + _SAME_SECTION * (section.id == anchor.section)
        )
        ranked.append((-nearness, n, Offer(section.id, block.id or "", start, end, block.text[start:end], likeness)))
    return tuple(offer for _, _, offer in sorted(ranked, key=lambda one: one[:2])[:most])


def _best_in(block: Block, text: str, quote: Wording) -> tuple[int, int, float] | None:
    """The stretch of a block that is most like the quote, if any is like it."""
    at = block.text.find(text)
    if at >= 0:
        return at, at + len(text), 1.0
    ranges: list[tuple[int, int]] = []
    place = 0
    for token in tokens(block.text):
        if is_word(token):
            ranges.append((place, place + len(token)))
        place += len(token)
    wanted = Counter(token.casefold() for token in tokens(text) if is_word(token))
    words = [block.text[low:high].casefold() for low, high in ranges]
    best: tuple[float, int, int] | None = None
    # First a glance at which words stand close together, then a look at their order.
    for first, last in _windows(words, wanted):
        low, high = ranges[first][0], ranges[last][1]
        alike = quote.likeness(Wording(block.text[low:high]))
        if alike.kept < min(_FEWEST, len(quote.words)):
            continue
        if alike.share >= _LIKE and (best is None or alike.share > best[0]):
            best = alike.share, low, high
    return (best[1], best[2], best[0]) if best is not None else None


def _windows(words: list[str], wanted: Counter[str]) -> list[tuple[int, int]]:
    """The stretches of about the quote's length that share the most of its words, beginning and ending in one."""
    width = max(1, round(sum(wanted.values()) * 1.3))
    have: Counter[str] = Counter()
    shared = best = 0
    found: list[tuple[int, int]] = []
    for n, word in enumerate(words):
        have[word] += 1
        shared += have[word] <= wanted[word]
        if n >= width:
            gone = words[n - width]
            shared -= have[gone] <= wanted[gone]
            have[gone] -= 1
        if shared > best:
            best, found = shared, []
        if shared == best and shared and word in wanted and len(found) < MOST_OFFERS:
            first = next(k for k in range(max(0, n - width + 1), n + 1) if words[k] in wanted)
            found.append((first, n))
    return found


def _around(anchor: Anchor, text: str, start: int, end: int) -> float:
    """How much of what stood around the quote stands around a place, 0 to 1."""
    context = Wording(f"{anchor.prefix} {anchor.suffix}")
    here = Wording(f"{text[max(0, start - 40) : start]} {text[end : end + 40]}")
    return context.likeness_at_most(here).share
