"""How long it takes to hold all open changes of a charter against a text that has moved on.

    python benchmarks/classifying.py [--words N] [--changes N] [--revisions N] [--write FILE]

A charter of sections and paragraphs moves on by one small revision after the other; open proposals of one to four
changes were made on those revisions. Printed are the time for all at once, the time one by one (on a sample, scaled
up), and how the time grows with the size of the text while the changes stay the same. ``--write`` appends the table to
a Markdown file.
"""

import argparse
import platform
import random
import sys
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.text.blocks import Block, Kind
from app.text.derive import changes_between
from app.text.snapshot import Front, Section, SectionKind, Snapshot
from app.text.weave import Proposed, classify, classify_all, collision_map

VOCABULARY = """
members elect the board every year in spring and may recall it with two thirds of all votes cast while the
treasurer keeps accounts that any patient can read and the secretary writes minutes of what was decided
"""
PARAGRAPH = 60
SECTION = 40


WORDS = VOCABULARY.split()


def charter(words: int, dice: random.Random) -> Snapshot:
    """A text of about so many words."""
    sections = []
    for s in range(max(1, words // (PARAGRAPH * SECTION))):
        blocks = [Block(Kind.PARAGRAPH, paragraph(dice), id=f"b{s}x{n}") for n in range(SECTION)]
        sections.append(Section(f"s{s}", f"part-{s}", SectionKind.TEXT, f"Part {s}", tuple(blocks)))
    return Snapshot(Front("Charter", "Group"), tuple(sections))


def paragraph(dice: random.Random) -> str:
    """Four sentences of ordinary length."""
    sentences = (" ".join(dice.choices(WORDS, k=PARAGRAPH // 4)).capitalize() for _ in range(4))
    return " ".join(f"{sentence}." for sentence in sentences)


def edited(text: Snapshot, dice: random.Random, changes: int, name: str) -> Snapshot:
    """The text with so many small edits: words, new paragraphs, deletions and moves."""
    for n in range(changes):
        at = dice.randrange(len(text.sections))
        section = text.sections[at]
        blocks = list(section.blocks)
        here = dice.randrange(len(blocks))
        match dice.choices(("words", "new", "gone", "moved"), (70, 15, 8, 7))[0]:
            case "words":
                words = blocks[here].text.split(" ")
                words[dice.randrange(len(words) - 1)] = dice.choice(("quorum", "majority", "assembly"))
                blocks[here] = blocks[here].with_text(" ".join(words))
            case "new":
                blocks.insert(here, Block(Kind.PARAGRAPH, paragraph(dice), id=f"{name}n{n}"))
            case "gone" if len(blocks) > 2:
                del blocks[here]
            case _:
                blocks.insert(dice.randrange(len(blocks)), blocks.pop(here))
        sections = list(text.sections)
        sections[at] = replace(section, blocks=tuple(blocks))
        text = replace(text, sections=tuple(sections))
    return text


def opened(words: int, changes: int, revisions: int) -> tuple[Snapshot, list[Proposed]]:
    """A working text, and open changes made on the revisions that led to it."""
    dice = random.Random(f"{words} {changes} {revisions}")
    history = [charter(words, dice)]
    for n in range(revisions):
        history.append(edited(history[-1], dice, 3, f"r{n}"))
    found: list[Proposed] = []
    number = 0
    while len(found) < changes:
        number += 1
        base = dice.choice(history)
        target = edited(base, dice, dice.randint(1, 4), f"p{number}")
        found += [Proposed(f"{number}.{c.number}", c, base) for c in changes_between(base, target)]
    return history[-1], found[:changes]


def main() -> None:
    """Measure and print."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--words", type=int, default=50_000)
    reader.add_argument("--changes", type=int, default=1_000)
    reader.add_argument("--revisions", type=int, default=50)
    reader.add_argument("--write", type=Path)
    given = reader.parse_args()
    lines = [
        f"{given.changes} open changes made on {given.revisions + 1} revisions, on {platform.machine()}, "
        f"{platform.system()}, Python {platform.python_version()}.",
        "",
        "| words in the text | all at once | one by one | map of sentences |",
        "| --- | --- | --- | --- |",
    ]
    for words in (given.words // 10, given.words // 2, given.words, given.words * 2):
        head, changes = opened(words, given.changes, given.revisions)
        begun = time.perf_counter()
        fits = classify_all(head, changes)
        at_once = time.perf_counter() - begun
        sample = [one for one in changes if not one.change.needs][:: max(1, len(changes) // 20)]
        begun = time.perf_counter()
        agree = all(classify(head, one) == fits[one.ref] for one in sample)
        alone = (time.perf_counter() - begun) / len(sample) * len(changes)
        assert agree
        begun = time.perf_counter()
        collision_map(changes, head)
        mapped = time.perf_counter() - begun
        lines.append(f"| {words:,} | {at_once:.2f} s | {alone:.2f} s | {mapped:.2f} s |")
    table = "\n".join(lines) + "\n"
    print(table)
    if given.write:
        with given.write.open("a", encoding="utf-8") as file:
            file.write(f"\n{table}")


if __name__ == "__main__":
    main()
