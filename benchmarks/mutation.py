"""Which wrong lines of the engine do the tests notice? Chooses mutants, lets mutmut try them, and counts.

    python -m benchmarks.mutation [--only NAME…] [--sample N] [--seed N] [--minutes N] [--again]

`make mutate` runs it in the environment that it needs. A mutant is the engine with one small thing made wrong; it is
killed when a test of `tests/text` or `tests/rules` fails. What was judged once is kept in the folder `mutants` and not
tried twice, so that a run that was stopped goes on where it was; a function that changed is judged anew.
"""

import argparse
import fnmatch
import json
import os
import random
import resource
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

MUTMUT = str(Path(sys.executable).with_name("mutmut"))
WHERE = Path("mutants")
# Two at a time; no more memory than this each, since a mutant may collect words without end.
CHILDREN = "2"
MEMORY = 8 * 1024**3
VERDICTS: dict[int | None, str] = {
    0: "survived",
    1: "killed",
    3: "killed",
    5: "no test",
    33: "no test",
    24: "too slow",
    -24: "too slow",
}
VERDICTS |= {36: "too slow", 152: "too slow", 255: "too slow", None: "open", 2: "open", 34: "open"}
LEFT_OUT = 34


def verdicts() -> dict[str, dict[str, str]]:
    """What is known of each mutant, by module: `text.words`, its mutants and how each ended."""
    known = {}
    for path in sorted(WHERE.glob("app/**/*.py.meta")):
        codes = json.loads(path.read_text())["exit_code_by_key"]
        if codes:
            module = ".".join(path.relative_to(WHERE / "app").parts).removesuffix(".py.meta")
            known[module] = {name: VERDICTS.get(code, "killed") for name, code in codes.items()}
    return known


def chosen(known: dict[str, dict[str, str]], only: list[str], sample: int, seed: int) -> dict[str, list[str]]:
    """The mutants to try of each module that one of the names fits: all, or so many drawn with the seed."""
    picked = {}
    for module, mutants in known.items():
        if only and not any(fnmatch.fnmatch(module, name) or fnmatch.fnmatch(module, f"*.{name}") for name in only):
            continue
        names = sorted(mutants)
        dice = random.Random(f"{seed} {module}")
        picked[module] = dice.sample(names, sample) if 0 < sample < len(names) else names
    return picked


def mark(names: set[str]) -> None:
    """Leave only these for mutmut to try. It takes names too, but with hundreds of them it takes minutes to begin."""
    for path in WHERE.glob("app/**/*.py.meta"):
        kept = json.loads(path.read_text())
        for name, code in kept["exit_code_by_key"].items():
            if name in names:
                kept["exit_code_by_key"][name] = None
            elif VERDICTS.get(code) == "open":
                kept["exit_code_by_key"][name] = LEFT_OUT
        path.write_text(json.dumps(kept, indent=4))


def run(names: list[str], seconds: float | None = None) -> None:
    """Let mutmut try those (or what is open), and stop it in good order when the time is over. It says nothing."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    process = subprocess.Popen(
        [MUTMUT, "run", "--max-children", CHILDREN, *names], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        said, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        print("The time is over; the same command goes on from here.\n", flush=True)
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        return
    if process.returncode:
        print(said[-3000:])
        sys.exit("mutmut stopped: do the tests pass without it? make test")


def table(known: dict[str, dict[str, str]], picked: dict[str, list[str]]) -> str:
    """Mutants, verdicts and score of each module, as Markdown. What no test runs counts as survived."""
    lines = [
        "| module | mutants | tried | killed | survived | no test | too slow | score |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    total: Counter[str] = Counter()
    for module, names in picked.items():
        count = Counter(known[module][name] for name in names)
        count["mutants"] = len(known[module])
        total += count
        lines.append(_row(f"`{module}`", count))
    return "\n".join([*lines, _row("**together**", total)])


def _row(name: str, count: Counter[str]) -> str:
    tried = sum(count[verdict] for verdict in ("killed", "survived", "no test", "too slow"))
    score = f"{100 * (count['killed'] + count['too slow']) / tried:.0f} %" if tried else "–"
    cells = [count["mutants"], tried, *(count[verdict] for verdict in ("killed", "survived", "no test", "too slow"))]
    return f"| {name} | {' | '.join(map(str, cells))} | {score} |"


def main() -> None:
    """Choose, run, count; at the end the names of those that lived, for `mutmut show NAME`."""
    parser = argparse.ArgumentParser(description="Mutation testing of app/text and app/rules.")
    parser.add_argument("--only", nargs="*", default=[], help="modules, as words, dialect.* or rules.*; else all")
    parser.add_argument("--sample", type=int, default=0, help="so many mutants of each module; else all of them")
    parser.add_argument("--seed", type=int, default=1, help="another seed draws another sample")
    parser.add_argument("--minutes", type=float, default=20, help="stop after so many minutes of trying")
    parser.add_argument("--again", action="store_true", help="try those again that lived, since there are new tests")
    given = parser.parse_args()
    os.nice(10)
    print("Writing mutants and timing the tests (minutes, the first time)…", flush=True)
    run(["app.rules.*__mutmut_1"])
    known = verdicts()
    picked = chosen(known, given.only, given.sample, given.seed)
    if not picked:
        sys.exit(f"No module is named like {' '.join(given.only)}. There are: {' '.join(known)}")
    wanted = {"open", "survived", "no test"} if given.again else {"open"}
    names = {name for module, some in picked.items() for name in some if known[module][name] in wanted}
    print(f"{len(names)} mutants to try…", flush=True)
    if names:
        mark(names)
        run([], given.minutes * 60)
    known = verdicts()
    print(table(known, picked))
    lived: dict[str, list[str]] = defaultdict(list)
    for module, some in picked.items():
        for name in some:
            if known[module][name] in {"survived", "no test"}:
                lived[known[module][name]].append(name)
    for verdict, those in lived.items():
        print(f"\n{verdict}:\n" + "\n".join(f"    {name}" for name in those))


if __name__ == "__main__":
    main()
