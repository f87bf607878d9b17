"""The same edition in Typst's own markup, and Typst setting it: the peer of `benchmarks.printing`."""

import json
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from app import resources
from app.text.blocks import Kind
from app.text.dialect import Mark
from app.text.prepared import PreparedBlock, PreparedEdition, PreparedListing, PreparedPart, Run, RunKind

_BESIDE = Path(__file__).parents[1] / ".venv-bench" / "bin" / "python"
_MARKERS = {"decimal": "1.", "upper-alpha": "A.", "lower-alpha": "a.", "upper-roman": "I.", "lower-roman": "i."}
_FRAME = """
#set document(title: {title}, author: {author}, date: datetime(year: 2026, month: 1, day: 1))
#set text(font: "Source Serif 4", size: 10.6pt, lang: "en", hyphenate: true)
#set par(leading: 0.79em, spacing: 1.3em)
#set list(spacing: 1.1em)
#set enum(spacing: 1.1em)
#set page(
  paper: "a4", margin: (x: 36mm, top: 30mm, bottom: 32mm),
  header: context if counter(page).get().first() > 1 {{
    text(8pt, font: "Source Sans 3")[#{author} #h(1fr) #{title}]
  }},
  footer: context align(right, text(8pt, font: "Source Sans 3")[page #counter(page).display("1 of 1", both: true)]),
)
#show heading: it => text(font: "Source Serif 4", weight: 600, fill: rgb("#083f4a"), it)
#v(46mm)
#text(28pt, weight: 600, {author})
#v(7mm)
#text(17pt, style: "italic", {title})
#pagebreak()
#outline(title: "Table of Contents", depth: 1)
#pagebreak()
"""
_CHILD = """
import json, sys, typst
order = json.load(sys.stdin)
typst.compile(order["source"], output=order["target"], font_paths=[order["fonts"]], ignore_system_fonts=True,
              pdf_standards=["a-3a"])
"""


def interpreter(named: str | None) -> str | None:
    """A Python that has Typst: the one that is named, this one, or that of `make bench-engine`; None if none has it."""
    if named is not None:
        return named
    if find_spec("typst") is not None:
        return sys.executable
    return str(_BESIDE) if _BESIDE.is_file() else None


def version(python: str) -> str:
    """Which Typst it is."""
    asked = "from importlib.metadata import version; print(version('typst'))"
    return subprocess.run([python, "-c", asked], capture_output=True, text=True, check=True).stdout.strip()


def markup(prepared: PreparedEdition) -> str:
    """The whole text for Typst, with contents, notes at the foot, lists and tables."""
    writer = _Writer(prepared)
    front = prepared.front
    made = [_FRAME.format(title=_said(front.title), author=_said(front.organisation))]
    for section in prepared.sections:
        made.append(f"#heading(level: 1)[{writer.runs(section.heading) or '#' + _said(section.name)}]\n")
        made += [writer.part(part) for part in section.parts]
        for goal in section.goals:
            made.append(f"#heading(level: 2)[#{_said(goal.label)}: {writer.runs(goal.title.runs)}]\n")
            made += [writer.part(part) for part in goal.parts]
        made += [writer.part(part) for part in section.closing]
    return "\n".join(made)


def typeset(source: str, python: str) -> int:
    """Have it set, as PDF/A-3a like ours; the answer is the number of pages."""
    from pypdf import PdfReader

    with TemporaryDirectory() as name:
        file, target = Path(name, "text.typ"), Path(name, "out.pdf")
        file.write_text(source)
        order = {"source": str(file), "target": str(target), "fonts": str(resources.fonts())}
        subprocess.run([python, "-c", _CHILD], input=json.dumps(order), text=True, check=True)
        return len(PdfReader(target).pages)


def _said(text: str) -> str:
    """A text as a string of Typst's language: nothing in it acts."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class _Writer:
    def __init__(self, prepared: PreparedEdition) -> None:
        self._notes = {note.number: note.body for note in prepared.notes if note.number is not None}

    def runs(self, runs: Sequence[Run]) -> str:
        """A line of text."""
        return "".join(map(self._run, runs))

    def _run(self, run: Run) -> str:
        if run.kind is RunKind.BREAK:
            return "#linebreak()"
        if run.kind is RunKind.CITATION and run.number in self._notes:
            label = f"<note-{run.number}>"
            return (
                f"#footnote[{self.runs(self._notes[run.number].runs)}] {label}" if run.first else f"#footnote({label})"
            )
        words = f"#{_said(run.text)}"
        for mark, name in ((Mark.STRONG, "strong"), (Mark.EMPHASIS, "emph"), (Mark.CODE, "text")):
            if mark in run.marks:
                words = f"#{name}[{words}]"
        return words if run.url is None else f"#link({_said(run.url)})[{words}]"

    def part(self, part: PreparedPart) -> str:
        """A paragraph, heading, list, quotation or table."""
        if isinstance(part, PreparedListing):
            items = ", ".join(f"[{self._inside(item)}]" for item in part.items)
            marker = _MARKERS.get(part.style)
            named = f'enum(numbering: "{marker}", start: {part.start}, ' if marker else "list("
            return f"#{named}{items})\n"
        if isinstance(part, PreparedBlock):
            return self._block(part)
        return f"#quote(block: true)[{' '.join(self._inside(quote) for quote in part.quotes)}]\n"

    def _inside(self, block: PreparedBlock) -> str:
        return self.runs(block.runs) + "\n\n" + "\n".join(map(self.part, block.inside))

    def _block(self, part: PreparedBlock) -> str:
        if part.rows:
            cells = [[f"[{self.runs(cell)}]" for cell in row] for row in part.rows]
            head = f"table.header({', '.join(cells[0])})"
            rest = ", ".join(cell for row in cells[1:] for cell in row)
            return f"#table(columns: {len(cells[0])}, {head}, {rest})\n"
        if part.block.kind is Kind.HEADING:
            return f"#heading(level: {min(4, part.block.level or 2)})[{self.runs(part.runs)}]\n"
        if part.block.kind is Kind.CODE:
            return f"#raw({_said(part.block.text)}, block: true)\n"
        return f"{self.runs(part.runs)}\n"
