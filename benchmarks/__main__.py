"""The benchmarks behind docs/performance.md, one after the other: `python -m benchmarks [--help]`.

Each is a command of its own too. Those that need real texts run only when they are told where these are.
"""

import argparse
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path


def commands(given: argparse.Namespace) -> list[list[str]]:
    """The benchmarks to run, each with its arguments."""
    found: list[list[str]] = []
    if given.histories:
        found.append(["redline", str(given.histories), *(["--slow"] if given.slow else [])])
        found.append(["splitting", str(given.histories), *(["--merges", str(given.merges)] if given.merges else [])])
    found.append(["scale"])
    if given.engine:
        return found
    if given.histories:
        found.append(["anchors", str(given.histories)])
    if given.merges:
        found.append(["merging", str(given.merges)])
    return [*found, ["reading"], ["classifying"], ["serving"], ["load"]]


def main() -> None:
    """Run them; the first that fails is the last."""
    parser = argparse.ArgumentParser(description="The benchmarks behind docs/performance.md.")
    parser.add_argument("--histories", type=Path, help="a folder with one folder of Markdown versions for each text")
    parser.add_argument("--merges", type=Path, help="real merges as JSON, may be gzipped")
    parser.add_argument("--slow", action="store_true", help="also the peers that take minutes")
    parser.add_argument("--engine", action="store_true", help="only the text engine beside its peers")
    given = parser.parse_args()
    if not given.histories:
        print("Without --histories there are no redlines and no merges of real texts.\n", file=sys.stderr)
    for name, *arguments in commands(given):
        if find_spec(f"benchmarks.{name}") is None:
            print(f"There is no benchmark {name}; left out.", file=sys.stderr)
            continue
        print(f"## {name}\n", flush=True)
        done = subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *arguments], check=False)
        if done.returncode:
            raise SystemExit(done.returncode)


if __name__ == "__main__":
    main()
