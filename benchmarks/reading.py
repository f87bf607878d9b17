"""How long reading and normalising takes for texts of the greatest size a section may have, ordinary and hostile.

    python benchmarks/reading.py [--rounds N] [--write FILE]

Each text is 200 kB. The time is the least CPU time of the rounds, beside that of a fixed piece of plain work in the
same run, so that tables from a busy machine or from another one can be compared. ``--write`` appends the table to a
Markdown file.
"""

import argparse
import platform
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.text.dialect import normalise
from app.text.dialect.limits import MOST_BYTES

CHARTERS = Path(__file__).resolve().parent.parent / "charter_source"

HOSTILE = {
    "stars that open": "**a",
    "stars that open and close": "*a",
    "stars of changing width": "***a** _b_ ",
    "stars in paragraphs": "*a\n\n",
    "stars in open brackets": "[*",
    "accents and stars": "é*a*é",
    "links that never end": "[a](",
    "links": "[x](#y) ",
    "images that never end": "![",
    "brackets in targets": "[a](((",
    "citations": "[^a]",
    "definitions of one note": "[^a]: x\n",
    "backslashes": "\\",
    "backslashes at the end of items": "1. a\\\n",
    "hard breaks": "a  \n",
    "backticks of two widths": "` `` ",
    "entities": "&amp;",
    "angle brackets": "<",
    "items nested six deep": "* - " * 3 + "a\n",
    "items nested a hundred deep": "* - " * 50 + "a\n",
    "quotations nested a hundred deep": ">" * 100 + "a\n",
    "empty lettered items": "A.\n",
    "lettered items that restart": "A. a\nB. b\n",
    "lettered items with gaps": "A. a\n\nC. c\n\nF. f\n\n",
    "tables of one row": "|a|b|\n|-|-|\n|c|d|\n\n",
    "headings": "# a #\n",
}


def sized(text: str) -> str:
    """The text, repeated or cut to the greatest size of a section."""
    raw = text.encode()
    return (raw * (MOST_BYTES // len(raw) + 1))[:MOST_BYTES].decode(errors="ignore")


def texts() -> Iterator[tuple[str, str]]:
    """The texts by their names: first those that people write."""
    for charter in sorted(path for path in CHARTERS.iterdir() if path.is_dir()):
        words = "\n".join(path.read_text(encoding="utf-8") for path in sorted(charter.glob("*.md")))
        yield f"the charter {charter.name}, again and again", sized(words + "\n")
    yield "one paragraph of plain words", sized("There is nothing in these words but words. ")
    for name, fragment in HOSTILE.items():
        yield name, sized(fragment)


def plain_work() -> int:
    """A fixed amount of what Python does: about a tenth of a second where these texts should take one at most."""
    total = 0
    for number in range(600_000):
        total += len(str(number))
    return total


def least(rounds: int, act: Callable[[], object]) -> float:
    """The least CPU time of so many rounds."""
    taken: list[float] = []
    for _ in range(rounds):
        begun = time.process_time()
        act()
        taken.append(time.process_time() - begun)
    return min(taken)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    unit = least(5, plain_work)
    rows = [
        "| 200 kB of | CPU seconds | in plain work |",
        "| --- | --: | --: |",
    ]
    print("\n".join(rows), flush=True)
    for name, text in texts():
        seconds = least(options.rounds, partial(normalise, text))
        rows.append(f"| {name} | {seconds:.2f} | {seconds / unit:.1f} |")
        print(rows[-1], flush=True)
    rows.append(f"\nPython {platform.python_version()}, {platform.machine()}; plain work took {unit:.3f} s.")
    print(rows[-1])
    if options.write is not None:
        with options.write.open("a", encoding="utf-8") as file:
            file.write("## Reading and normalising\n\n" + "\n".join(rows) + "\n\n")


if __name__ == "__main__":
    main()
