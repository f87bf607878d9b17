"""Versions of real texts, and where untouched words of one stand in the next, found without our engine."""

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from app.text.align import assign_ids
from app.text.anchors import Anchor, AnchorState
from app.text.dialect import normalise, parse
from app.text.snapshot import Front, Section, SectionKind, Snapshot

Range = tuple[int, int]
GAP = "\n\n"
_WORD = re.compile(r"\w+")


@dataclass
class Text:
    """One version: its blocks, and all their words as one text in which the other ways search."""

    snapshot: Snapshot
    flat: str = ""
    at: dict[str, int] = field(default_factory=dict)
    words: list[re.Match[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for block in self.snapshot.sections[0].blocks:
            self.at[block.id or ""] = len(self.flat)
            self.flat += block.text + GAP
        self.words = list(_WORD.finditer(self.flat))

    def place(self, anchor: Anchor) -> Range | None:
        """Where an anchor stands in the whole text."""
        if anchor.state is AnchorState.ORPHANED:
            return None
        at = self.at[anchor.block or ""]
        return at + anchor.start, at + anchor.end


def versions(folder: Path) -> list[Text]:
    """The versions of one text, their blocks under permanent ids as if each were imported after the other."""
    numbers = count()
    found: list[Text] = []
    blocks: tuple = ()
    for path in sorted(folder.glob("*.md")):
        parsed = parse(normalise(path.read_text(encoding="utf-8")))
        blocks = assign_ids(blocks, parsed, lambda: f"b{next(numbers)}")
        found.append(Text(as_charter(blocks)))
    return found


def as_charter(blocks: tuple) -> Snapshot:
    """Blocks as the one section of a charter."""
    return Snapshot(Front("Text", "Group"), (Section("s", "text", SectionKind.TEXT, "", tuple(blocks)),))


# --- the truth ---------------------------------------------------------------------------------------------------


def places(text: str, words: str) -> list[int]:
    """Everywhere the words stand."""
    found, at = [], text.find(words)
    while at >= 0:
        found.append(at)
        at = text.find(words, at + 1)
    return found


def followed(old: Text, new: Text, here: Range) -> Range | None:
    """Where untouched words are in the next version, if their surroundings prove it."""
    first = next(n for n, word in enumerate(old.words) if word.end() > here[0])
    last = max(n for n, word in enumerate(old.words) if word.start() < here[1])
    found: set[int] = set()
    for before, after in ((4, 4), (8, 0), (0, 8)):
        for more in range(0, 40, 2):
            low = max(0, first - before - (more if before else 0))
            high = min(len(old.words) - 1, last + after + (more if after else 0))
            start = min(here[0], old.words[low].start())
            context = old.flat[start : max(here[1], old.words[high].end())]
            if len(places(old.flat, context)) == 1:
                there = places(new.flat, context)
                if len(there) == 1:
                    found.add(there[0] + here[0] - start)
                elif len(there) > 1:
                    return None
                break
        if found and before == after:
            break
    if len(found) != 1:
        return None
    start = found.pop()
    return start, start + here[1] - here[0]


def best_share(words: list[str], text: Text) -> float:
    """The largest share of these words that any stretch of the same length and a half has, in any order."""
    wanted, width = Counter(words), max(3, len(words) * 3 // 2)
    have: Counter[str] = Counter()
    best = shared = 0
    for n, word in enumerate(text.words):
        name = word.group().casefold()
        have[name] += 1
        shared += have[name] <= wanted[name]
        if n >= width:
            gone = text.words[n - width].group().casefold()
            shared -= have[gone] <= wanted[gone]
            have[gone] -= 1
        best = max(best, shared)
    return best / len(words)


def is_gone(old: Text, new: Text, here: Range) -> bool:
    """Whether nothing in the next version is even like the words, or, for a few words, like what stood around them."""
    inside = [w.group().casefold() for w in old.words if w.end() > here[0] and w.start() < here[1]]
    first = next(n for n, word in enumerate(old.words) if word.end() > here[0])
    around = [w.group().casefold() for w in old.words[max(0, first - 6) : first + len(inside) + 6]]
    if len(inside) > 3:
        return best_share(inside, new) < 0.5
    return best_share(around, new) < 0.3
