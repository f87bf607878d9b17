"""What a PDF costs: `python -m benchmarks.printing [--typst PYTHON] [PAGES…]`.

Charters of made-up text with lists, tables and a note in every third paragraph are printed as an edition is: in the
child process, tagged, as PDF/A-3a and PDF/UA-1. Beside each stands a bare run of WeasyPrint over the same HTML and the
same sheet, without tags, in a process of its own, and Typst over the same text in its own markup, as PDF/A-3a. Typst is
in the group ``bench``; `make bench-engine` makes that, or ``--typst`` names the Python that has it. Prints pages,
processor seconds, the most memory a process of ours took, and the ratios.
"""

import argparse
import json
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from app import resources
from app.render.pdf.sheets import print_html
from app.render.press.fontconfig import write_configuration
from app.render.press.process import press
from app.text.blocks import Align, Block, Kind, ListStyle
from app.text.prepared import PreparedEdition, RevisionFacts
from app.text.preparing import prepare
from app.text.snapshot import Front, Section, SectionKind, Snapshot
from benchmarks import typst_peer

PAGES = (6, 50, 100, 200, 300)
ROUNDS = 3
# So many of the sections below fill a page.
_A_PAGE = 0.72
_WORDS = (
    "The members of the community decide together, and in good time, how the charter shall read, and whoever is not of "
    "the same mind says so and is heard before the governors put it to the vote. "
)
_BARE = """
import json, sys
from pathlib import Path
from weasyprint import HTML
from app.render.press.fetcher import AssetFetcher
order = json.loads(sys.stdin.buffer.read())
source = HTML(string=order["html"], base_url="asset:", url_fetcher=AssetFetcher(Path(order["assets"])))
text = source.render()
text.write_pdf(order["target"])
print(len(text.pages))
"""


def charter(pages: int) -> PreparedEdition:
    """A charter of about so many pages."""
    notes: list[Block] = []
    sections = []
    for n in range(max(1, round(pages * _A_PAGE))):
        blocks: list[Block] = []
        for m in range(5):
            label = f"n{n}-{m}"
            cited = m % 3 == 0
            if cited:
                notes.append(Block(Kind.NOTE, _WORDS[:120], label=label))
            blocks.append(Block(Kind.PARAGRAPH, _WORDS * 2 + (f"So it is[^{label}]." if cited else "So it is.")))
        blocks += [Block(Kind.ITEM, _WORDS[:150], style=ListStyle.UPPER_ALPHA, start=1) for _ in range(4)]
        if n % 4 == 0:
            blocks.append(Block(Kind.TABLE, "| Who | When |\n| Members | Each year |", align=(Align.NONE, Align.NONE)))
        sections.append(Section(f"s{n}", f"section-{n}", SectionKind.TEXT, f"Section {n}", tuple(blocks)))
    sections.append(Section("notes", "footnotes", SectionKind.FOOTNOTES, "", tuple(notes)))
    facts = RevisionFacts(1, datetime(2026, 1, 1, tzinfo=UTC))
    return prepare(Snapshot(Front("Charter", "The Group"), tuple(sections)), charter="group", revision=facts)


def used() -> tuple[float, int]:
    """Processor seconds of all children that have ended, and the most memory one of them took, in megabytes."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime, spent.ru_maxrss // 1024


def ours(html: str) -> int:
    """Print it as an edition is printed; the answer is the number of pages."""
    order = {"html": html, "source": "{}\n", "assets": str(resources.templates() / "pdf"), "identifier": "00" * 16}
    done = press(order, resources.fonts(), patience=1_000)
    pages = done.report.get("pages")
    if not isinstance(pages, int):
        raise SystemExit(f"This was not printed: {done.report}")
    return pages


def bare(html: str) -> int:
    """Print it with WeasyPrint alone."""
    with TemporaryDirectory() as name:
        configuration = write_configuration(resources.fonts(), Path(name))
        order = {"html": html, "assets": str(resources.templates() / "pdf"), "target": str(Path(name, "out.pdf"))}
        environment = {"FONTCONFIG_FILE": str(configuration), "PYTHONPATH": str(Path(__file__).parents[1])}
        done = subprocess.run(
            [sys.executable, "-c", _BARE],
            input=json.dumps(order).encode(),
            stdout=subprocess.PIPE,
            env=environment,
            check=True,
        )
    return int(done.stdout)


def measured(sizes: Sequence[int], typst: str | None) -> None:
    """One row for each size. Memory is that of the largest child so far, so sizes have to rise."""
    peer = "Typst is not here" if typst is None else f"Typst {typst_peer.version(typst)}"
    print(
        f"| pages | printed: CPU s | MB | ms a page | WeasyPrint alone: CPU s | ratio | {peer}: pages | CPU s | ratio |"
    )
    print("| --: | --: | --: | --: | --: | --: | --: | --: | --: |")
    for size in sizes:
        text = charter(size)
        html = print_html(text, approved=True, fonts=resources.fonts(), notes_at_foot=True)
        # Turn about, so that what else the machine does slows both alike; the least of each counts.
        costs = [(_cost(partial(bare, html)), _cost(partial(ours, html))) for _ in range(ROUNDS)]
        alone, whole = min(cost for (cost, _), _ in costs), min(cost for _, (cost, _) in costs)
        _, (_, pages) = costs[0]
        _, most = used()
        row = f"| {pages} | {whole:.1f} | {most} | {1000 * whole / pages:.0f} | {alone:.1f} | {whole / alone:.2f} |"
        if typst is not None:
            source = typst_peer.markup(text)
            cost, set_pages = min(_cost(partial(typst_peer.typeset, source, typst)) for _ in range(ROUNDS))
            row += f" {set_pages} | {cost:.2f} | {(whole / pages) / (cost / set_pages):.0f} |"
        print(row, flush=True)


def _cost(act: Callable[[], int]) -> tuple[float, int]:
    """What the children of an act took of the processor, in seconds, and what it answers."""
    before, _ = used()
    answer = act()
    return used()[0] - before, answer


def main() -> None:
    """Run it and print the table."""
    parser = argparse.ArgumentParser(description="What a PDF costs.")
    parser.add_argument("--typst", help="the Python that has Typst")
    parser.add_argument("pages", nargs="*", type=int)
    given = parser.parse_args()
    measured(given.pages or PAGES, typst_peer.interpreter(given.typst))


if __name__ == "__main__":
    main()
