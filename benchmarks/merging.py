"""How real merges come out, side by side with what else merges text, in one run.

    python benchmarks/merging.py MERGES.json[.gz] [--write FILE]

MERGES is a list of objects with ``base``, ``ours``, ``theirs`` and ``human`` (what people committed in the end), all
Markdown. Texts are brought into canonical form first, which is not timed. Besides the real merges, every base gets
rival edits of one of its sentences, which each way of merging must tell; one that joins them in silence is wrong.
``--write`` appends the tables to a Markdown file.
"""

import argparse
import gzip
import json
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from diff_match_patch import diff_match_patch

from app.text.dialect import normalise, parse, serialise
from app.text.merge import merge_blocks
from app.text.words import is_word, sentences, tokens

Outcome = tuple[str, str, bool]
"""The merged text, everything that was told besides, and whether somebody has to choose or confirm."""


@dataclass(slots=True)
class Score:
    """What one way of merging came to."""

    same: int = 0
    differs: int = 0
    told: int = 0
    lost: int = 0
    silent: int = 0
    rivals: int = 0
    seconds: float = 0.0


def ours_way(base: str, ours: str, theirs: str) -> Outcome:
    """Engross."""
    merged = merge_blocks(parse(base), parse(ours), parse(theirs))
    told = "\n".join(f"{c.standing}\n{c.proposed}" for c in merged.conflicts)
    return serialise(merged.blocks), told, bool(merged.conflicts or merged.combined)


def lines_way(base: str, ours: str, theirs: str) -> Outcome:
    """Lines, as git merges them."""
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for name, text in (("ours", ours), ("base", base), ("theirs", theirs)):
            path = Path(folder) / name
            path.write_text(text, "utf-8")
            names.append(str(path))
        run = subprocess.run(["git", "merge-file", "-p", *names], capture_output=True, check=False)
    text = run.stdout.decode("utf-8")
    return text, text if run.returncode else "", run.returncode != 0


def patch_way(base: str, ours: str, theirs: str) -> Outcome:
    """diff-match-patch: theirs made a patch, and applied to ours wherever it seems to fit."""
    engine = diff_match_patch()
    text, applied = engine.patch_apply(engine.patch_make(base, theirs), ours)
    return text, "" if all(applied) else theirs, not all(applied)


WAYS: dict[str, Callable[[str, str, str], Outcome]] = {
    "Engross, words inside aligned blocks": ours_way,
    "lines (git merge-file)": lines_way,
    "diff-match-patch patch_apply": patch_way,
}


def words_lost(base: str, ours: str, theirs: str, told: str) -> int:
    """Words that a side wrote anew and that are neither in the result nor in anything that was told."""
    new = {token for side in (ours, theirs) for token in tokens(side) if is_word(token)} - set(tokens(base))
    kept = set(tokens(told))
    # What one side wrote and the other saw and took out again is not lost; here no side saw the other.
    return len(new - kept)


def rival_edits(base: str, most: int = 12) -> list[tuple[str, str]]:
    """Pairs of texts that rewrite the same word of one sentence differently."""
    found: list[tuple[str, str]] = []
    for block in parse(base):
        for start, end in sentences(block.text):
            words = [token for token in tokens(block.text[start:end]) if len(token) > 5 and token.isalpha()]
            word = next((w for w in words if base.count(w) == 1), None)
            if word is not None:
                found.append((base.replace(word, "firstly"), base.replace(word, "secondly")))
    return found[:most]


def main() -> None:
    """Run every way over every merge and print the table."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("merges", type=Path)
    reader.add_argument("--write", type=Path)
    given = reader.parse_args()
    open_file = gzip.open if given.merges.suffix == ".gz" else open
    with open_file(given.merges, "rt", encoding="utf-8") as file:
        merges = json.load(file)
    scores = {name: Score() for name in WAYS}
    for one in merges:
        base, ours, theirs, human = (normalise(one[side]) for side in ("base", "ours", "theirs", "human"))
        for name, way in WAYS.items():
            score = scores[name]
            begun = time.perf_counter()
            text, told, asked = way(base, ours, theirs)
            score.seconds += time.perf_counter() - begun
            score.lost += words_lost(base, ours, theirs, f"{text}\n{told}")
            if asked:
                score.told += 1
            elif text.split() == human.split():
                score.same += 1
            else:
                score.differs += 1
            for first, second in rival_edits(base):
                score.rivals += 1
                score.silent += not way(base, first, second)[2]
    table = _table(scores, len(merges))
    print(table)
    if given.write:
        with given.write.open("a", encoding="utf-8") as file:
            file.write(f"\n{table}")


def _table(scores: dict[str, Score], merges: int) -> str:
    lines = [
        f"{merges} real merges and rival edits of their texts, on {platform.machine()}, "
        f"{platform.system()}, Python {platform.python_version()}.",
        "",
        "| merged by | same as people | differs | asks somebody | words lost | rival edits told | silent | seconds |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, s in scores.items():
        lines.append(
            f"| {name} | {s.same} | {s.differs} | {s.told} | {s.lost} | "
            f"{s.rivals - s.silent} | {s.silent} | {s.seconds:.2f} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
