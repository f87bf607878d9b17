"""Pairs of texts of which one is an edit of the other: one pair with a bit of everything, and others at random."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

from app.text.blocks import Block
from app.text.dialect import clean, parse
from app.text.notes import ordered
from app.text.snapshot import Annexe, Front, Section, SectionKind, Snapshot
from tests.support.word_texts import rich_snapshot, with_ids
from tests.text.test_redline_scenarios import ALL

_FRONT = Front("Charter", "Society")
_KINDS = [SectionKind.TEXT, SectionKind.GOALS, SectionKind.NOTICE, SectionKind.APPENDIX, SectionKind.FOOTNOTES]
_WORDS = ["changed", "*other*", "word[^1]", "a[^a]b", "**x**"]
_HEADINGS = ["", "Other *name*", "Rules and more[^1]"]


def far_notes() -> tuple[Snapshot, Snapshot]:
    """A text whose first two notes are cited far from each other, and the same with a word changed between them."""
    told = (
        "First[^a] words.\n\nMore words.\n\nLast words[^b], and[^c] a few.\n\n[^a]: One.\n\n[^b]: Two.\n\n[^c]: Three."
    )
    old, new = (
        with_ids(parse(clean(text)), (f"w{n}" for n in count())) for text in (told, told.replace("More", "Many more"))
    )
    first, second = (Snapshot(_FRONT, (Section("s1", "rules", SectionKind.TEXT, "Rules", b),)) for b in (old, new))
    return first, second


def much_changed() -> tuple[Snapshot, Snapshot]:
    """The charter that holds everything, and the same with words, rows, notes, looks, places and a section changed."""
    old = rich_snapshot()
    first, goals = old.sections
    blocks: list[Block] = []
    for block in first.blocks:
        text = block.text
        if text.startswith("An opening"):
            text = text.replace("An opening", "A first").replace("**strong**", "*strong*")
            text = text.replace(" and another.[^b]", ". And another[^b], and a new one.[^new]")
        elif text == "Third":
            text = "Third, changed"
        elif text == "another":
            continue
        elif text.startswith("| Name"):
            text = text.replace("1,200", "1,300") + "\n| Sales | 7 | new |"
        elif text.startswith("The first note"):
            text = "The first note with *emphasis* and more."
        blocks.append(replace(block, text=text))
    moved = blocks.pop(next(n for n, block in enumerate(blocks) if block.text.startswith("Text after the rule")))
    at = next(n for n, block in enumerate(blocks) if block.text.startswith("The following hold"))
    added = with_ids(parse(clean("[^new]: A new note.")), iter(["added"]))
    whole = (*blocks[:at], moved, *blocks[at:], *added)
    new = (goals, replace(first, heading="First section", blocks=whole))
    return old, ordered(Snapshot(replace(old.front, title="Charter of Care"), new))


def random_pairs(seed: int, number: int) -> Iterator[tuple[Snapshot, Snapshot]]:
    """So many pairs; the same seed gives the same."""
    chance = random.Random(seed)
    for _ in range(number):
        ids = count(1)
        sections = tuple(
            Section(f"s{n}", f"k{n}", chance.choice(_KINDS[:4]), chance.choice(["Head", "", "Two *words*"]), blocks)
            for n, blocks in enumerate(_texts(chance, ids) for _ in range(chance.randint(1, 4)))
        )
        annexes = chance.choice([(), (Annexe("a", "A title", url="https://example.org"),)])
        front = Front(
            chance.choice(["Charter", "Other"]), "Society", chance.choice(["", "Here\nThere"]), annexes=annexes
        )
        yield ordered(Snapshot(_FRONT, sections)), ordered(Snapshot(front, _edited(chance, sections, ids)))


def _texts(chance: random.Random, ids: Iterator[int]) -> tuple[Block, ...]:
    scenario = chance.choice(ALL)
    return with_ids(chance.choice(scenario.blocks), (f"i{n}" for n in ids))


def _edited(chance: random.Random, sections: Sequence[Section], ids: Iterator[int]) -> tuple[Section, ...]:
    found = list(sections)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(found))
        one = found[at]
        act = chance.choice(["move", "drop", "add", "shuffle", "carry", "reword", "rename", "kind"])
        if act == "move":
            found.insert(chance.randrange(len(found)), found.pop(at))
        elif act == "drop" and len(found) > 1:
            found.pop(at)
        elif act == "add":
            name = next(ids)
            kind, heading = chance.choice(_KINDS[:4]), chance.choice(["New", "", "*Odd*[^a]"])
            found.insert(at, Section(f"n{name}", f"new{name}", kind, heading, _texts(chance, ids)))
        elif act == "shuffle":
            groups = _groups(one.blocks)
            chance.shuffle(groups)
            found[at] = replace(one, blocks=tuple(block for group in groups for block in group))
        elif act == "carry" and one.blocks:
            groups = _groups(one.blocks)
            carried = groups.pop(chance.randrange(len(groups)))
            found[at] = replace(one, blocks=tuple(block for group in groups for block in group))
            to = chance.randrange(len(found))
            there = _groups(found[to].blocks)
            there.insert(chance.randint(0, len(there)), carried)
            found[to] = replace(found[to], blocks=tuple(block for group in there for block in group))
        elif act == "reword":
            found[at] = replace(one, blocks=tuple(_reworded(chance, block) for block in one.blocks))
        elif act == "rename":
            found[at] = replace(one, heading=chance.choice(_HEADINGS))
        elif act == "kind":
            found[at] = replace(one, kind=chance.choice(_KINDS))
    return tuple(found)


def _groups(blocks: Sequence[Block]) -> list[list[Block]]:
    found: list[list[Block]] = []
    for block in blocks:
        if block.depth and found:
            found[-1].append(block)
        else:
            found.append([block])
    return found


def _reworded(chance: random.Random, block: Block) -> Block:
    words = block.text.split(" ")
    n = chance.randrange(len(words))
    if "|" in block.text or not words[n].isalpha() or chance.random() < 0.6:
        return block
    words[n] = chance.choice(_WORDS)
    return block.with_text(" ".join(words))
