"""Time and memory by size and in the worst cases: `python -m benchmarks.scale [--write FILE]`.

Every figure comes from a process of its own that got its texts ready made, so that its peak of memory is its own;
what it took before the call is subtracted. Texts are made from fixed seeds, and one that is taken for an edit of
another was made from it word by word. Merges join the edited text with the base into whose last paragraph somebody
else put one word.
"""

import argparse
import gc
import json
import pickle
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from app.text.blocks import Block
from app.text.dialect import normalise, parse
from benchmarks.peers_machine import machine, timed

SECONDS = 60


def text(words: int, seed: int = 1, vocabulary: int = 3000) -> str:
    """A text with words as unevenly frequent as in a language, 90 to a paragraph."""
    dice = random.Random(seed)
    cut = [f"w{int(dice.paretovariate(1.1)) % vocabulary}x" for _ in range(words)]
    cut = [word + ("." if n % 17 == 16 else "") for n, word in enumerate(cut)]
    return "\n\n".join(" ".join(cut[n : n + 90]) for n in range(0, words, 90)) + "\n"


def edited(base: str, share: float, seed: int = 2) -> str:
    """The text with that share of its words deleted, replaced or added to."""
    dice = random.Random(seed)
    paragraphs = []
    for paragraph in base.strip().split("\n\n"):
        kept = []
        for word in paragraph.split(" "):
            chance = dice.random() / share
            if chance >= 1:
                kept.append(word)
            elif chance >= 1 / 3:
                kept += [f"new{dice.randrange(999)}"] + ([word] if chance >= 2 / 3 else [])
        paragraphs.append(" ".join(kept) or "x")
    return "\n\n".join(paragraphs) + "\n"


def shuffled(base: str) -> str:
    """The same paragraphs in another order."""
    paragraphs = base.strip().split("\n\n")
    random.Random(3).shuffle(paragraphs)
    return "\n\n".join(paragraphs) + "\n"


def letters(seed: int, count: int) -> str:
    """Paragraphs of one letter."""
    dice = random.Random(seed)
    return "\n\n".join(dice.choice("abcdefgh") for _ in range(count)) + "\n"


def block(words: int, seed: int, vocabulary: int = 3000) -> str:
    """One paragraph."""
    return text(words, seed, vocabulary).strip().replace("\n\n", " ") + "\n"


def sized(size: int, seed: int) -> str:
    """About so many bytes of text."""
    return text(size // 5, seed, 2900 + seed)[:size].strip() + "\n"


CASES: dict[str, Callable[[], tuple[str, str]]] = {
    "1,000 words, 2 % edited": lambda: (text(1000), edited(text(1000), 0.02)),
    "1,000 words, 30 % edited": lambda: (text(1000), edited(text(1000), 0.3)),
    "10,000 words, 2 % edited": lambda: (text(10_000), edited(text(10_000), 0.02)),
    "10,000 words, 30 % edited": lambda: (text(10_000), edited(text(10_000), 0.3)),
    "100,000 words, 2 % edited": lambda: (text(100_000), edited(text(100_000), 0.02)),
    "100,000 words, 30 % edited": lambda: (text(100_000), edited(text(100_000), 0.3)),
    "two unrelated texts of 50,000 words": lambda: (text(50_000, 5), text(50_000, 6, 2900)),
    "10,000 words, paragraphs shuffled": lambda: (text(10_000), shuffled(text(10_000))),
    "100,000 words, paragraphs shuffled": lambda: (text(100_000), shuffled(text(100_000))),
    "5,000 paragraphs of one letter": lambda: (letters(1, 5000), letters(2, 5000)),
    "“a ” against “b a ”, 9,000 times, one block": lambda: (
        ("a " * 9000).strip() + "\n",
        ("b a " * 9000).strip() + "\n",
    ),
    "one block of 19,000 words, 2 % edited": lambda: (block(19_000, 1), edited(block(19_000, 1), 0.02)),
    "one block of 19,000 words, 30 % edited": lambda: (block(19_000, 1), edited(block(19_000, 1), 0.3)),
    "two unrelated blocks of 19,000 words": lambda: (block(19_000, 5), block(19_000, 6, 2900)),
    "1 MB against an unrelated 1 MB": lambda: (sized(1_000_000, 5), sized(1_000_000, 6)),
}


Prepared = tuple[Callable[[], object], Callable[[Any], object]]
"""A call to be measured, and what to say of its outcome."""


def _redline(given: "Given") -> Prepared:
    from app.text.redline import redline

    return lambda: redline(given.old_blocks, given.new_blocks), lambda shown: shown.coarse


def _critic(given: "Given") -> Prepared:
    from app.text import critic

    coarse = []
    compare = critic.diff_tokens

    def noting(*asked: Any) -> object:
        found = compare(*asked)
        coarse.append(found.coarse)
        return found

    # The pieces do not say whether they are coarse; the comparisons they come from do.
    critic.diff_tokens = noting
    return lambda: critic.critic_pieces(given.old, given.new), lambda _: any(coarse)


def _merge(given: "Given") -> Prepared:
    from app.text.merge import merge_blocks

    merge = partial(merge_blocks, given.old_blocks, given.new_blocks, given.theirs)
    return merge, lambda merged: len(merged.conflicts)


JOBS = {"CriticMarkup": _critic, "block redline": _redline, "merge": _merge}


@dataclass(frozen=True, slots=True)
class Given:
    """A case made ready, so that the process which is measured does nothing else."""

    old: str
    new: str
    old_blocks: tuple[Block, ...]
    new_blocks: tuple[Block, ...]
    theirs: tuple[Block, ...]

    @classmethod
    def of(cls, case: str) -> "Given":
        """The texts of a case: canonical, as blocks, and with somebody else's one word at the beginning of the last."""
        old, new = map(normalise, CASES[case]())
        blocks = parse(old)
        last = blocks[-1].with_text(f"firstly {blocks[-1].text}")
        return cls(old, new, blocks, parse(new), (*blocks[:-1], last))


def alone(prepared: Path, job: str) -> None:
    """One figure, in this process: prints it as JSON."""
    call, verdict = JOBS[job](pickle.loads(prepared.read_bytes()))
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    made, wall, cpu = timed(call)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"wall": wall, "cpu": cpu, "added": after - before, "verdict": verdict(made)}))


def figure(prepared: Path, job: str) -> dict | None:
    """One figure, from a process of its own; None if that takes too long."""
    command = [sys.executable, "-m", "benchmarks.scale", "--alone", str(prepared), job]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return None
    return json.loads(done.stdout)


def report(prepared: Path, only: str = "") -> str:
    """The table: seconds of work (on the wall), and memory beyond the texts and the program."""
    lines = [
        machine(),
        "",
        "| texts | CriticMarkup, CPU (wall) | memory | coarse | block redline, CPU (wall) | memory | coarse "
        "| merge, CPU (wall) | memory | to choose |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for case in CASES:
        if only not in case:
            continue
        cells = [case]
        prepared.write_bytes(pickle.dumps(Given.of(case)))
        for job in JOBS:
            found = figure(prepared, job)
            if found is None:
                cells += [f"over {SECONDS} s", "–", "–"]
                continue
            verdict = found["verdict"] if job == "merge" else "yes" if found["verdict"] else "no"
            cells += [f"{found['cpu']:.2f} s ({found['wall']:.2f} s)", f"{found['added'] / 1024:.0f} MB", str(verdict)]
        lines.append(f"| {' | '.join(cells)} |")
        print(lines[-1], file=sys.stderr, flush=True)
    return "\n".join([*lines, ""])


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description="Time and memory by size and in the worst cases.")
    parser.add_argument("--only", default="", help="only the texts whose name contains this")
    parser.add_argument("--write", type=Path, help="append the table to this file")
    parser.add_argument("--alone", nargs=2, metavar=("FILE", "JOB"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.alone:
        alone(Path(given.alone[0]), given.alone[1])
        return
    with tempfile.TemporaryDirectory() as folder:
        table = report(Path(folder) / "case", given.only)
    print(table)
    if given.write:
        with given.write.open("a", encoding="utf-8") as file:
            file.write("\n## Scale\n\n" + table)


if __name__ == "__main__":
    # Under its own name, so that what one process pickles the other knows.
    from benchmarks import scale

    scale.main()
