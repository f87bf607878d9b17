"""One real edit split between two authors, and merged again: `python -m benchmarks.splitting FOLDER [--merges FILE]`.

FOLDER holds one folder for each text with its versions as Markdown files. The edits between two versions that follow
each other go to author A and author B in turn; merging what both wrote must give the new version, or say where somebody
has to choose. Pairs whose halves are no text of their own (half a table, half a link) are left out and counted.
``--merges`` adds real merges: a list of objects with ``base``, ``ours``, ``theirs`` and ``human``, Markdown, as JSON.
"""

import argparse
import gzip
import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from app.text.dialect import normalise
from app.text.worddiff import Hunk, hunks
from app.text.words import is_word, tokens
from benchmarks.peers_machine import machine
from benchmarks.peers_merge import Merged, ways
from benchmarks.redline import pairs


@dataclass(frozen=True, slots=True)
class Case:
    """Two rewritings of a base, and what should come of them."""

    base: str
    ours: str
    theirs: str
    wanted: str


@dataclass(slots=True)
class Score:
    """What one way of merging came to."""

    same: int = 0
    confirmed: int = 0
    asked: int = 0
    differs_told: int = 0
    differs: int = 0
    lost: int = 0
    wall: float = 0.0
    cpu: float = 0.0


def applied(cut: list[str], some: Iterable[Hunk]) -> str:
    """The text with only some of its edits."""
    parts: list[str] = []
    at = 0
    for hunk in some:
        parts += [*cut[at : hunk.start], *hunk.new_tokens]
        at = hunk.end
    return "".join([*parts, *cut[at:]])


def split(texts: Iterable[tuple[str, str]]) -> tuple[list[Case], int, int]:
    """The cases, how many pairs have fewer than two edits, and how many have halves that are not canonical."""
    cases: list[Case] = []
    small = unfit = 0
    for old, new in texts:
        cut = tokens(old)
        edits = hunks(cut, tokens(new))
        if len(edits) < 2:
            small += 1
            continue
        ours, theirs = applied(cut, edits[::2]), applied(cut, edits[1::2])
        if normalise(ours) != ours or normalise(theirs) != theirs:
            unfit += 1
            continue
        cases.append(Case(old, ours, theirs, new))
    return cases, small, unfit


def real(path: Path) -> list[Case]:
    """Real merges, in canonical form."""
    open_file = gzip.open if path.suffix == ".gz" else open
    with open_file(path, "rt", encoding="utf-8") as file:
        found = json.load(file)
    return [Case(*(normalise(one[side]) for side in ("base", "ours", "theirs", "human"))) for one in found]


def words_lost(case: Case, merged: Merged) -> int:
    """Words that a side wrote and that stand, as often as it wrote them, neither in the result nor in what is told."""
    base, given = _words(case.base), _words(f"{merged.text}\n{merged.told}")
    ours, theirs = _words(case.ours), _words(case.theirs)
    lost = 0
    for word in ours | theirs:
        # What both wrote may have come in once; what either took away is gone with right.
        gone = max(0, base[word] - ours[word]) + max(0, base[word] - theirs[word])
        come = max(ours[word] - base[word], theirs[word] - base[word], 0)
        lost += max(0, min(come, base[word] + come - gone - given[word]))
    return lost


def _words(text: str) -> Counter[str]:
    return Counter(token for token in tokens(text) if is_word(token))


def _spent() -> float:
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def measured(cases: list[Case], *, show: bool = False) -> str:
    """The table of one set of cases."""
    found, missing = ways()
    lines = [
        "| merged by | gives what was wanted | gives it, to be confirmed | asks somebody "
        "| differs, to be confirmed | **differs in silence** | words lost | CPU | wall |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, way in found.items():
        score = Score()
        for n, case in enumerate(cases):
            wall, cpu = time.perf_counter(), _spent()
            merged = way(case.base, case.ours, case.theirs)
            score.wall += time.perf_counter() - wall
            score.cpu += _spent() - cpu
            score.lost += words_lost(case, merged)
            if merged.asks:
                score.asked += 1
            elif merged.text.split() != case.wanted.split():
                score.differs_told += merged.confirm
                score.differs += not merged.confirm
                if show:
                    print(f"{name}: case {n} differs", file=sys.stderr)
            elif merged.confirm:
                score.confirmed += 1
            else:
                score.same += 1
        lines.append(
            f"| {name} | {score.same} | {score.confirmed} | {score.asked} | {score.differs_told} "
            f"| {score.differs} | {score.lost} "
            f"| {score.cpu:.2f} s | {score.wall:.2f} s |"
        )
    return "\n".join([*lines, *(["", f"Left out: {', '.join(missing)}."] if missing else []), ""])


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description="Edits split between two authors, and merged again.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--merges", type=Path, help="real merges as JSON, may be gzipped")
    parser.add_argument("--show", action="store_true", help="name the cases that differ")
    parser.add_argument("--write", type=Path, help="append the tables to this file")
    given = parser.parse_args()
    cases, small, unfit = split(pairs(given.folder))
    table = (
        f"{machine()}\n\n{len(cases)} edits split between two authors ({small} pairs with fewer than two edits "
        f"and {unfit} whose halves are no canonical text are left out):\n\n{measured(cases, show=given.show)}"
    )
    if given.merges:
        merges = real(given.merges)
        table += f"\n{len(merges)} real merges, beside what people committed:\n\n{measured(merges, show=given.show)}"
    print(table)
    if given.write:
        with given.write.open("a", encoding="utf-8") as file:
            file.write("\n## Merging\n\n" + table)


if __name__ == "__main__":
    main()
