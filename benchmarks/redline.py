"""How fast and how readable redlines of real texts are, side by side with what else there is, in one run.

    python benchmarks/redline.py FOLDER [--slow] [--write FILE]

FOLDER holds one folder for each text, and in it the versions of that text as Markdown files in order of their names.
All are brought into canonical form first, which is not timed. ``--slow`` adds diff-match-patch on characters, which
takes minutes. ``--write`` appends the table to a Markdown file.
"""

import argparse
import platform
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from diff_match_patch import diff_match_patch

from app.text.critic import critic_pieces
from app.text.dialect import normalise, parse
from app.text.effort import Effort
from app.text.redline import accept_all, redline, reject_all
from app.text.worddiff import Op, Piece, diff_tokens
from app.text.words import is_word, tokens

Redliner = Callable[[str, str], list[tuple[int, str]]]
_OPS = {Op.KEEP: 0, Op.DELETE: -1, Op.INSERT: 1}


@dataclass
class Score:
    """What one way of making redlines came to over all pairs."""

    seconds: list[float] = field(default_factory=list)
    fragments: int = 0
    words: int = 0
    cut_words: int = 0
    wrong: int = 0


def two_level(old: str, new: str) -> list[tuple[int, str]]:
    """Ours."""
    return [(_OPS[piece.op], piece.text) for piece in critic_pieces(old, new)]


def whole_text_words(old: str, new: str) -> list[tuple[int, str]]:
    """Our tokens and tidying, but over the whole text at once and without a budget."""
    pieces: tuple[Piece, ...] = diff_tokens(tokens(old), tokens(new), Effort(10**15)).pieces
    return [(_OPS[piece.op], piece.text) for piece in pieces]


def raw_words(old: str, new: str) -> list[tuple[int, str]]:
    """diff-match-patch on words, as it comes."""
    codes: dict[str, str] = {}

    def encoded(text: str) -> str:
        return "".join(codes.setdefault(token, chr(0x10000 + len(codes))) for token in tokens(text))

    comparison = diff_match_patch()
    comparison.Diff_Timeout = 0
    one, other = encoded(old), encoded(new)
    names = {code: token for token, code in codes.items()}
    runs = comparison.diff_main(one, other, False)
    return [(op, "".join(names[code] for code in run)) for op, run in runs]


def characters(old: str, new: str) -> list[tuple[int, str]]:
    """diff-match-patch on characters with its semantic clean-up, as most programs use it."""
    comparison = diff_match_patch()
    comparison.Diff_Timeout = 0
    runs = comparison.diff_main(old, new)
    comparison.diff_cleanupSemantic(runs)
    return list(runs)


def git_words(old: str, new: str) -> list[tuple[int, str]]:
    """git diff --word-diff, with the start of its process; its fragments are counted, its words taken as they come."""
    paths = []
    for name, text in (("old", old), ("new", new)):
        path = Path(_SCRATCH.name) / name
        path.write_text(text, encoding="utf-8")
        paths.append(str(path))
    command = ["git", "diff", "--no-index", "--word-diff=porcelain", "--word-diff-regex=\\w+|[^[:space:]]", "-U100000"]
    answer = subprocess.run([*command, *paths], capture_output=True, check=False).stdout.decode("utf-8")
    body = re.split(r"^@@.*@@.*\n", answer, maxsplit=1, flags=re.MULTILINE)[-1]
    ops = {" ": 0, "-": -1, "+": 1}
    return [(ops[line[0]], line[1:]) for line in body.split("\n") if line[:1] in ops]


def pairs(folder: Path) -> Iterator[tuple[str, str]]:
    """The canonical texts of every two versions that follow each other."""
    for series in sorted(path for path in folder.iterdir() if path.is_dir()):
        texts = [normalise(path.read_text(encoding="utf-8")) for path in sorted(series.glob("*.md"))]
        yield from pairwise(texts)


def measured(way: Redliner, texts: list[tuple[str, str]], *, exact: bool) -> Score:
    """One way over all pairs."""
    score = Score()
    for old, new in texts:
        began = time.perf_counter()
        found = way(old, new)
        score.seconds.append(time.perf_counter() - began)
        if exact:
            wrong = "".join(text for op, text in found if op <= 0) != old
            score.wrong += wrong or "".join(text for op, text in found if op >= 0) != new
        score.fragments += sum(1 for op, _ in found if op)
        score.words += sum(sum(map(is_word, tokens(text))) for op, text in found if op)
        for (op, one), (next_op, other) in pairwise(found):
            score.cut_words += op != next_op and 0 in (op, next_op) and one[-1:].isalnum() and other[:1].isalnum()
    return score


def blocks_score(texts: list[tuple[str, str]]) -> str:
    """The redline of parsed blocks: what the pages show."""
    seconds = []
    wrong = 0
    for old, new in texts:
        one, other = parse(old), parse(new)
        began = time.perf_counter()
        result = redline(one, other)
        seconds.append(time.perf_counter() - began)
        wrong += accept_all(result) != other or reject_all(result) != one
    return f"Blocks (values): total {sum(seconds):.2f} s, worst pair {max(seconds) * 1000:.0f} ms, wrong {wrong}."


def report(texts: list[tuple[str, str]], *, slow: bool) -> str:
    """The table."""
    ways: dict[str, tuple[Redliner, bool]] = {
        "**Engross, two-level**": (two_level, True),
        "our words, whole text at once": (whole_text_words, True),
        "diff-match-patch on words, as it comes": (raw_words, True),
        "git --word-diff (a process for each)": (git_words, False),
    }
    if slow:
        ways["diff-match-patch on characters + semantic clean-up"] = (characters, True)
    words = sum(len(new.split()) for _, new in texts) // max(1, len(texts))
    lines = [
        f"{len(texts)} consecutive versions, {words} words on average. Python {platform.python_version()},"
        f" diff-match-patch {version('diff-match-patch')}, {platform.machine()}.",
        "",
        "| redline by | total | of ours | worst pair | fragments | changed words | cut a word | wrong |",
        "|---|---|---|---|---|---|---|---|",
    ]
    ours = 0.0
    for name, (way, exact) in ways.items():
        score = measured(way, texts, exact=exact)
        wrong = str(score.wrong) if exact else "not exact"
        total = sum(score.seconds)
        ours = ours or total
        lines.append(
            f"| {name} | {total:.2f} s | {total / ours:.1f} × | {max(score.seconds) * 1000:.0f} ms"
            f" | {score.fragments:,} | {score.words:,} | {score.cut_words:,} | {wrong} |"
        )
        print(lines[-1], file=sys.stderr, flush=True)
    return "\n".join([*lines, "", blocks_score(texts), ""])


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description="Redlines of real texts, side by side.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--slow", action="store_true", help="also diff-match-patch on characters")
    parser.add_argument("--write", type=Path, help="append the table to this file")
    given = parser.parse_args()
    table = report(list(pairs(given.folder)), slow=given.slow)
    print(table)
    if given.write:
        with given.write.open("a", encoding="utf-8") as file:
            file.write("\n## Redlines\n\n" + table)


if __name__ == "__main__":
    import tempfile

    _SCRATCH = tempfile.TemporaryDirectory()
    main()
