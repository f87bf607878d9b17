"""How fast and how readable redlines of real texts are, side by side with what else there is, in one run.

    make bench-engine HISTORIES=FOLDER [SLOW=1]
    python -m benchmarks.redline FOLDER [--slow] [--only WORDS] [--write FILE]

FOLDER holds one folder for each text, and in it the versions of that text as Markdown files in order of their names.
All are brought into canonical form first, which is not timed. Each redline is made three times, unless it takes long,
and the cheapest is counted. ``--slow`` adds the two peers that take minutes. ``--only`` keeps the ways whose name
contains the words. ``--write`` appends the table to a file.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from app.text.dialect import normalise
from app.text.words import is_word, tokens
from benchmarks.peers import Answer, Pair, Pieces, Way, ways
from benchmarks.peers_html import parse_errors
from benchmarks.peers_machine import machine

# Seconds of work past which a redline is asked for only once.
_LONG = 0.1


@dataclass
class Score:
    """What one way of making redlines came to over all pairs."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    fragments: int = 0
    words: int = 0
    cut_words: int = 0
    wrong: int = 0
    failed: int = 0
    html_errors: int | None = None
    counted: bool = False


def pairs(folder: Path) -> Iterator[tuple[str, str]]:
    """The canonical texts of every two versions that follow each other."""
    for series in sorted(path for path in folder.iterdir() if path.is_dir()):
        texts = [normalise(path.read_text(encoding="utf-8")) for path in sorted(series.glob("*.md"))]
        yield from pairwise(texts)


def joined(pieces: Pieces) -> Pieces:
    """Between two kept pieces at most one deletion and, after it, one insertion: so all ways are counted alike."""
    whole: Pieces = []
    gone = come = ""
    for op, text in [*pieces, (0, "")]:
        if op < 0:
            gone += text
        elif op > 0:
            come += text
        else:
            whole += [(side, part) for side, part in ((-1, gone), (1, come)) if part]
            gone = come = ""
            if whole and not whole[-1][0]:
                text = whole.pop()[1] + text
            if text:
                whole.append((0, text))
    return whole


def measured(way: Way, texts: list[Pair]) -> Score:
    """One way over all pairs."""
    score = Score()
    for pair in texts:
        try:
            answer = _best(way, pair)
        except (RecursionError, ValueError, AssertionError, IndexError, KeyError, TypeError) as error:
            score.failed += 1
            print(f"{way.name}: {error!r}", file=sys.stderr)
            continue
        score.wall.append(answer.wall)
        score.cpu.append(answer.cpu)
        score.wrong += answer.right is False
        if answer.html:
            score.html_errors = (score.html_errors or 0) + parse_errors(answer.html)
        if answer.pieces:
            score.counted = True
            _count(score, joined(answer.pieces))
    return score


def _best(way: Way, pair: Pair) -> Answer:
    """The cheapest of three answers, or the first if it took long: other programs share the machine."""
    answer = way.ask(pair)
    if answer.cpu > _LONG:
        return answer
    return min((answer, way.ask(pair), way.ask(pair)), key=lambda one: one.cpu)


def _count(score: Score, pieces: Pieces) -> None:
    for op, text in pieces:
        score.fragments += bool(op)
        score.words += sum(map(is_word, tokens(text))) if op else 0
    for (op, one), (next_op, other) in pairwise(pieces):
        score.cut_words += op != next_op and 0 in (op, next_op) and one[-1:].isalnum() and other[:1].isalnum()


def report(texts: list[Pair], *, slow: bool, only: str = "") -> str:
    """The table."""
    found, versions, missing = ways()
    words = sum(len(pair.new.split()) for pair in texts) // max(1, len(texts))
    lines = [
        f"{len(texts)} consecutive versions, {words:,} words on average. {machine()}",
        f"{', '.join(versions)}. " + (f"Left out: {', '.join(missing)}." if missing else "No peer is missing."),
        "",
        "| redline by | CPU | wall | of wikidiff2 | worst pair, CPU | fragments | changed words | cut a word "
        "| wrong | checked | HTML errors |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    scores: list[tuple[Way, Score]] = []
    for way in found:
        if (way.slow and not slow) or only not in way.name:
            continue
        scores.append((way, measured(way, texts)))
        print(f"{way.name}: {sum(scores[-1][1].cpu):.2f} s", file=sys.stderr, flush=True)
    for way in found:
        way.end()
    rival = next((sum(score.cpu) for way, score in scores if way.name.startswith("wikidiff2")), 0.0)
    lines += [_line(way, score, rival) for way, score in scores]
    if not slow:
        lines += [
            "",
            f"Left out because they take minutes (--slow): {', '.join(way.name for way in found if way.slow)}.",
        ]
    return "\n".join([*lines, ""])


def _line(way: Way, score: Score, rival: float) -> str:
    wrong = "–" if way.checked == "–" else f"{score.wrong}" + (f", {score.failed} failed" if score.failed else "")
    cells = [
        way.name,
        f"{sum(score.cpu):.2f} s",
        f"{sum(score.wall):.2f} s",
        f"{sum(score.cpu) / rival:.1f} ×" if rival else "–",
        f"{max(score.cpu, default=0) * 1000:.0f} ms",
        *(f"{n:,}" if score.counted else "–" for n in (score.fragments, score.words, score.cut_words)),
        wrong,
        way.checked,
        "–" if score.html_errors is None else f"{score.html_errors:,}",
    ]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description="Redlines of real texts, side by side.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--slow", action="store_true", help="also the peers that take minutes")
    parser.add_argument("--only", default="", help="only the ways whose name contains this")
    parser.add_argument("--write", type=Path, help="append the table to this file")
    given = parser.parse_args()
    if not given.folder.is_dir():
        parser.error(f"there is no folder {given.folder}")
    table = report([Pair.of(*pair) for pair in pairs(given.folder)], slow=given.slow, only=given.only)
    print(table)
    if given.write:
        with given.write.open("a", encoding="utf-8") as file:
            file.write("\n## Redlines\n\n" + table)


if __name__ == "__main__":
    main()
