"""Ways of merging two rewritings of one text: ours and, beside it, what else there is."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from diff_match_patch import diff_match_patch

from app.text.dialect import parse, serialise
from app.text.merge import merge_blocks
from app.text.words import tokens


@dataclass(frozen=True, slots=True)
class Merged:
    """The outcome: the text, what is told besides, whether somebody has to choose, and whether to read it over."""

    text: str
    told: str = ""
    asks: bool = False
    confirm: bool = False


Way = Callable[[str, str, str], Merged]


def engross(base: str, ours: str, theirs: str) -> Merged:
    """Ours."""
    merged = merge_blocks(parse(base), parse(ours), parse(theirs))
    told = "\n".join(f"{one.standing}\n{one.proposed}\n{one.both}" for one in merged.conflicts)
    return Merged(serialise(merged.blocks), told, bool(merged.conflicts), bool(merged.combined))


def lines(base: str, ours: str, theirs: str) -> Merged:
    """Lines, as git merges them."""
    done = _run(["git", "merge-file", "-p"], ours, base, theirs)
    return Merged(done.stdout, asks=done.returncode != 0)


def raw_words(base: str, ours: str, theirs: str) -> Merged:
    """Words as GNU diff3 merges lines: one token to a line."""
    cut = ["".join(json.dumps(token) + "\n" for token in tokens(text)) for text in (ours, base, theirs)]
    done = _run(["diff3", "-m"], *cut)
    kept = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('"')]
    return Merged("".join(kept), asks=done.returncode != 0)


def patch_apply(base: str, ours: str, theirs: str) -> Merged:
    """diff-match-patch: theirs made a patch, and applied to ours wherever it seems to fit."""
    engine = diff_match_patch()
    text, applied = engine.patch_apply(engine.patch_make(base, theirs), ours)
    return Merged(text, "" if all(applied) else theirs, not all(applied))


def ways() -> tuple[dict[str, Way], list[str]]:
    """Every way there is on this machine, and which are missing."""
    found: dict[str, Way] = {"**Engross**": engross}
    missing: list[str] = []
    for program, name, way in (
        ("git", "lines (git merge-file)", lines),
        ("diff3", "words (GNU diff3, one to a line)", raw_words),
    ):
        if shutil.which(program):
            found[name] = way
        else:
            missing.append(f"{program} is not installed")
    found["diff-match-patch, patch_apply"] = patch_apply
    return found, missing


def _run(command: list[str], ours: str, base: str, theirs: str) -> subprocess.CompletedProcess[str]:
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for name, text in (("ours", ours), ("base", base), ("theirs", theirs)):
            path = Path(folder) / name
            path.write_text(text, "utf-8")
            names.append(str(path))
        done = subprocess.run([*command, *names], capture_output=True, encoding="utf-8", check=False)
    if done.stderr:
        raise RuntimeError(done.stderr)
    return done
