"""Where comments end up in real texts, side by side with other ways of finding words again, in one run.

    python benchmarks/anchors.py FOLDER [--ranges N] [--show] [--write FILE]

FOLDER holds one folder for each text, and in it the versions of that text as Markdown files in order of their names.
Ranges of 1 to 30 words are chosen in several versions of each and followed to the last one.

The truth is found without our engine. *Untouched*: at every step the words, with at least four words on either side
(or eight on one side, where the other was edited) and as many more as make them unique, stand exactly once in the next
version. *Gone*: at some step no stretch of the next version shares half of the quote's words (for up to three words:
three tenths of them and of the six words on either side), and none of the last version does. What is neither was
rewritten, or cannot be judged so; it is not counted.
"""

import argparse
import platform
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from diff_match_patch import diff_match_patch

from app.text.align import assign_ids
from app.text.anchors import Anchor, carry_all, create
from app.text.blocks import Block, Kind
from app.text.worddiff import diff_words
from app.text.words import tokens
from benchmarks.anchor_truth import GAP, Range, Text, as_charter, followed, is_gone, versions

LENGTHS = (1, 2, 4, 8, 15, 30)
STARTS = 4


# --- the ways ----------------------------------------------------------------------------------------------------


def first_quote(old: Text, new: Text, here: Range) -> Range | None:
    """The first place where exactly the quote stands."""
    quote = old.flat[here[0] : here[1]]
    at = new.flat.find(quote)
    return (at, at + len(quote)) if at >= 0 else None


def match_main(old: Text, new: Text, here: Range) -> Range | None:
    """diff-match-patch's fuzzy search for the first 32 characters of the quote, near the old place."""
    quote = old.flat[here[0] : here[1]]
    at = diff_match_patch().match_main(new.flat, quote[:32], min(here[0], len(new.flat)))
    return (at, at + len(quote)) if at >= 0 else None


class CharacterDiff:
    """diff-match-patch's diff of characters and its `diff_xIndex`, the diff made once for each pair of texts."""

    def __init__(self) -> None:
        self.made: dict[tuple[int, int], list[tuple[int, str]]] = {}

    def __call__(self, old: Text, new: Text, here: Range) -> Range | None:
        comparison = diff_match_patch()
        comparison.Diff_Timeout = 20
        key = id(old), id(new)
        if key not in self.made:
            self.made[key] = comparison.diff_main(old.flat, new.flat)
        start, end = (comparison.diff_xIndex(self.made[key], at) for at in here)
        return (start, end) if end > start else None


# --- the score ---------------------------------------------------------------------------------------------------


@dataclass
class Score:
    """What one way came to."""

    right: int = 0
    wrong: int = 0
    orphaned: int = 0
    false: int = 0
    gone: int = 0
    seconds: float = 0.0

    def untouched(self, truth: Range, found: Range | None) -> bool:
        """Count a range whose words nobody touched; whether it was found wrongly."""
        if found is None:
            self.orphaned += 1
            return False
        shared = min(truth[1], found[1]) - max(truth[0], found[0])
        whole = max(truth[1], found[1]) - min(truth[0], found[0])
        good = 2 * shared >= whole
        self.right += good
        self.wrong += not good
        return not good

    def vanished(self, found: Range | None) -> bool:
        """Count a range whose words are gone; whether it was placed all the same."""
        self.gone += 1
        self.false += found is not None
        return found is not None


@dataclass
class Fate:
    """A range of one version, and what became of it: its places in later versions, or the step at which it went."""

    start: int
    here: Range
    truth: list[Range]
    gone_at: int | None


def fates(texts: list[Text], start: int, chance: random.Random, ranges: int) -> Iterator[Fate]:
    """Random ranges of one version, each inside a block, with the truth about them as far as it is known."""
    old = texts[start]
    for _ in range(ranges):
        length = chance.choice(LENGTHS)
        first = chance.randrange(max(1, len(old.words) - length))
        words = old.words[first : first + length]
        here = words[0].start(), words[-1].end()
        quote = old.flat[here[0] : here[1]]
        # People select words on a page: never across two paragraphs, and never an address behind a link.
        if GAP in quote or "](" in quote or "://" in old.flat[max(0, here[0] - 300) : here[0]].split(" ")[-1] + quote:
            continue
        truth, gone_at = [here], None
        for n in range(start + 1, len(texts)):
            there = followed(texts[n - 1], texts[n], truth[-1])
            if there is None:
                # A paragraph taken away and put back later would be found in the last version with good reason.
                if is_gone(texts[n - 1], texts[n], truth[-1]) and is_gone(texts[n - 1], texts[-1], truth[-1]):
                    gone_at = n
                break
            truth.append(there)
        yield Fate(start, here, truth, gone_at)


def anchor_of(text: Text, here: Range) -> Anchor:
    """Our anchor on a range of the whole text."""
    block = next(b for b in reversed(text.snapshot.sections[0].blocks) if text.at[b.id or ""] <= here[0])
    at = text.at[block.id or ""]
    quote = text.flat[here[0] : here[1]]
    return create(text.snapshot, 0, block.id or "", quote, start=here[0] - at, end=here[1] - at)


def through_all(texts: list[Text], some: list[Fate], score: Score, states: Counter[str], show: bool) -> None:
    """Our anchors through every version: each step is judged as long as the truth is known."""
    for start in sorted({fate.start for fate in some}):
        mine = [fate for fate in some if fate.start == start]
        anchors = tuple(anchor_of(texts[start], fate.here) for fate in mine)
        wrong: set[int] = set()
        for n in range(start + 1, len(texts)):
            began = time.perf_counter()
            anchors = carry_all(anchors, texts[n - 1].snapshot, texts[n].snapshot, n)
            score.seconds += time.perf_counter() - began
            for k, (fate, anchor) in enumerate(zip(mine, anchors, strict=True)):
                found = texts[n].place(anchor)
                if n - start < len(fate.truth) and Score().untouched(fate.truth[n - start], found):
                    wrong.add(k)
        for k, (fate, anchor) in enumerate(zip(mine, anchors, strict=True)):
            found = texts[-1].place(anchor)
            states[str(anchor.state)] += 1
            bad = k in wrong
            if len(fate.truth) == len(texts) - start:
                bad = score.untouched(fate.truth[-1], found) or bad
            elif fate.gone_at is not None:
                bad = score.vanished(found) or bad
            if show and bad:
                now = texts[-1].flat[slice(*found)] if found else None
                print("THROUGH", repr(texts[start].flat[slice(*fate.here)]), "->", repr(now), fate.gone_at)


def straight(
    texts: list[Text], some: list[Fate], way: Callable[[Text, Text, Range], Range | None], score: Score, show: bool
) -> None:
    """One way from the first version of each range to the last one."""
    for fate in some:
        whole = len(fate.truth) == len(texts) - fate.start
        if not whole and fate.gone_at is None:
            continue
        began = time.perf_counter()
        found = way(texts[fate.start], texts[-1], fate.here)
        score.seconds += time.perf_counter() - began
        bad = score.untouched(fate.truth[-1], found) if whole else score.vanished(found)
        if show and bad:
            quote, now = texts[fate.start].flat[slice(*fate.here)], texts[-1].flat[slice(*found)] if found else None
            print("STRAIGHT", "untouched" if whole else "gone", repr(quote), "->", repr(now))


class Ours:
    """Our anchors carried from one version straight to the last, ids given by aligning just these two."""

    def __init__(self) -> None:
        self.made: dict[tuple[int, int], Text] = {}

    def __call__(self, old: Text, new: Text, here: Range) -> Range | None:
        key = id(old), id(new)
        if key not in self.made:
            numbers = count()
            parsed = tuple(block.with_id(None) for block in new.snapshot.sections[0].blocks)
            blocks = assign_ids(old.snapshot.sections[0].blocks, parsed, lambda: f"n{next(numbers)}")
            self.made[key] = Text(as_charter(blocks))
        other = self.made[key]
        (anchor,) = carry_all([anchor_of(old, here)], old.snapshot, other.snapshot, 1)
        return other.place(anchor)


def cost() -> str:
    """What it costs to carry a thousand anchors over a revision that touched one block of many."""
    words = tokens(
        "Members of the board meet every month and publish what they decide within two weeks of each meeting"
    )
    words = [word for word in words if not word.isspace()]
    chance = random.Random(5)
    blocks = tuple(
        Block(Kind.PARAGRAPH, " ".join(chance.choices(words, k=60)) + f" {n}.", id=f"b{n}") for n in range(300)
    )
    touched = tuple(b.with_text(b.text.replace("month", "quarter")) if b.id == "b7" else b for b in blocks)
    old, new = as_charter(blocks), as_charter(touched)
    anchors = [create(old, 1, f"b{n % 300}", blocks[n % 300].text, start=0, end=None) for n in range(1000)]
    many, none = [], []
    for _ in range(5):
        for carried, times in ((anchors, many), ([], none)):
            began = time.perf_counter()
            carry_all(carried, old, new, 2)
            times.append(time.perf_counter() - began)
    began = time.perf_counter()
    diff_words(blocks[7].text, touched[7].text)
    one = time.perf_counter() - began
    return (
        f"1,000 anchors over a revision that touched one of 300 blocks: {min(many) * 1000:.1f} ms, of which"
        f" {min(none) * 1000:.1f} ms are knowing the blocks; comparing that block alone: {one * 1000:.1f} ms."
    )


def report(folder: Path, ranges: int, *, show: bool) -> str:
    """The table."""
    chance = random.Random(11)
    ways: dict[str, Callable[[Text, Text, Range], Range | None]] = {
        "**Engross, straight**": Ours(),
        "first exact quote": first_quote,
        "diff-match-patch `match_main`": match_main,
        "diff of characters + `diff_xIndex`": CharacterDiff(),
    }
    through, states = Score(), Counter[str]()
    scores = {name: Score() for name in ways}
    unknown = 0
    for series in sorted(path for path in folder.iterdir() if path.is_dir()):
        texts = versions(series)
        last = len(texts) - 1
        some = [
            fate
            for start in sorted({last * n // STARTS for n in range(STARTS)})
            for fate in fates(texts, start, chance, ranges)
        ]
        unknown += sum(fate.gone_at is None and len(fate.truth) < len(texts) - fate.start for fate in some)
        through_all(texts, some, through, states, show)
        for name, way in ways.items():
            straight(texts, some, way, scores[name], show and name.startswith("**"))
        print(series.name, len(texts), "versions", file=sys.stderr, flush=True)
    lines = [
        f"{through.right + through.wrong + through.orphaned} ranges nobody touched and {through.gone} whose words are"
        f" gone; {unknown} more were rewritten or cannot be judged. Python {platform.python_version()},"
        f" diff-match-patch {version('diff-match-patch')}, {platform.machine()}.",
        "",
        "| anchors by | untouched: right | **wrong** | orphaned | gone: falsely placed | time |",
        "|---|---|---|---|---|---|",
    ]
    for name, score in {"**Engross, through all versions**": through, **scores}.items():
        lines.append(
            f"| {name} | {score.right} | **{score.wrong}** | {score.orphaned} | {score.false} of {score.gone}"
            f" | {score.seconds:.2f} s |"
        )
    told = ", ".join(f"{number} {state}" for state, number in states.most_common())
    return "\n".join([*lines, "", f"Of all ranges, carried through all versions: {told}.", "", cost(), ""])


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description="Comments in real texts, side by side.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--ranges", type=int, default=60, help="ranges from each of four versions of each text")
    parser.add_argument("--show", action="store_true", help="print what is wrong of ours")
    parser.add_argument("--write", type=Path, help="append the table to this file")
    given = parser.parse_args()
    table = report(given.folder, given.ranges, show=given.show)
    print(table)
    if given.write:
        with given.write.open("a", encoding="utf-8") as file:
            file.write("\n## Anchors\n\n" + table)


if __name__ == "__main__":
    main()
