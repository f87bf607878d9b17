"""What Word documents cost, out and back: `python -m benchmarks.word`.

Processor time of the better of three runs: writing the PEPs charter and a megabyte of text, writing redlines of it, and
reading such documents when they come back, untouched and with every second paragraph changed by somebody. What has to
be compared before it is written was compared before.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count

from app.render.word import Told, Tracked, Who, render_word_redline
from app.text.blocks import Block
from app.text.comparing import compare
from app.text.dialect import parse
from app.text.preparing import prepare
from app.text.snapshot import Front, Section, SectionKind, Snapshot
from app.text.wordfile import bring, open_word
from benchmarks.peers_machine import machine
from benchmarks.scale import text
from tests.render.test_word_redline import NOW
from tests.text.test_wordfile_ours import by_vera, seed_charter, written

MEGABYTE = 155_000
"""Words of the invented vocabulary that make a megabyte."""


def long_text(seed: int = 1) -> Snapshot:
    """A megabyte in one section, in paragraphs of ninety words."""
    ids = (f"b{n}" for n in count())
    blocks = tuple(block.with_id(next(ids)) for block in parse(text(MEGABYTE, seed)))
    return Snapshot(Front("Charter", "Society"), (Section("s", "long", SectionKind.TEXT, "Long", blocks),))


def with_changes(base: Snapshot, every: int) -> Snapshot:
    """The text with a word changed in every so many paragraphs."""
    (section,) = base.sections

    def changed(n: int, block: Block) -> Block:
        return block if n % every else replace(block, text=block.text.replace(" ", " another ", 1))

    return replace(base, sections=(replace(section, blocks=tuple(map(changed, count(), section.blocks))),))


def tracked(old: Snapshot, new: Snapshot) -> Tracked:
    """Two texts, compared, as a redline takes them."""
    before, after = (Told(name, one, prepare(one, charter="c")) for name, one in (("old", old), ("new", new)))
    return Tracked(charter="c", old=before, new=after, made=compare(old, new), whose={}, unknown=Who("Society", NOW))


def cost(act: Callable[[], object]) -> float:
    """Seconds of processor time, the better of three runs."""
    best = []
    for _ in range(3):
        begun = time.process_time()
        act()
        best.append(time.process_time() - begun)
    return min(best)


def main() -> None:
    """Print a table."""
    peps, base = seed_charter("peps"), long_text()
    all_changed, other = tracked(base, with_changes(base, 1)), tracked(base, long_text(2))
    back = by_vera(render_word_redline(tracked(base, with_changes(base, 2))))
    untouched, small = written(base), written(peps)
    rows: list[tuple[str, Callable[[], object]]] = [
        ("write the PEPs charter", lambda: written(peps)),
        (f"write a megabyte in {len(base.sections[0].blocks):,} paragraphs", lambda: written(base)),
        ("write its redline with a word changed in every paragraph", lambda: render_word_redline(all_changed)),
        ("write its redline with another megabyte", lambda: render_word_redline(other)),
        ("read the PEPs charter back, untouched", lambda: bring(open_word(small), peps)),
        ("read the megabyte back, untouched", lambda: bring(open_word(untouched), base)),
        ("read it back with every second paragraph changed", lambda: bring(open_word(back), base)),
    ]
    print(f"{machine()}\n\n| what | CPU |\n|---|--:|")
    for name, act in rows:
        print(f"| {name} | {cost(act):.3f} s |")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
