"""A comparison printed line by line, in one text or side by side, for pages and for the redline on paper."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup, escape

from app.render.inline import signed
from app.text.block_html import BlockHtml
from app.text.blocks import Kind, ListStyle
from app.text.comparing import Comparison, Line, Part, counted_blocks, folded, new_side, old_side
from app.text.entries import Entry
from app.text.html import HtmlFrame, section_heading_html
from app.text.places import marker
from app.text.redline import State
from app.text.snapshot import Snapshot

_LINK = re.compile(r'<a ([^>]*?)href="#([^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)
_ID = re.compile(r' id="([^"]*)"')
_SPOKEN = re.compile(r'<span class="vh">[^<]*</span>')


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One block: in one text (``markup``), or as it stood (``old``) and as it stands (``new``).

    ``number`` is its change in words and ``block`` the id it has, or had. ``moved``: it stands, or stood, elsewhere.
    """

    place: str
    short: str
    depth: int
    touched: bool
    markup: Markup
    old: Markup
    new: Markup
    number: int | None = None
    block: str | None = None
    goal: str = ""
    moved: bool = False


@dataclass(frozen=True, slots=True)
class PrintedRun:
    """Lines that belong together: one that says something new, or several that do not and may be folded away."""

    lines: tuple[PrintedLine, ...]
    fold: str = ""


@dataclass(frozen=True, slots=True)
class PrintedPart:
    """A section: its heading as it was and is, its lines, and the numbers of the changes that are about all of it."""

    key: str
    id: str
    name: str
    heading: Markup
    numbers: tuple[int, ...]
    runs: tuple[PrintedRun, ...]
    count: int
    touched: bool


@dataclass(frozen=True, slots=True)
class Style:
    """How lines are printed. ``page`` is where a text is read whose parts are not all here, None if nowhere.

    ``side``: side by side. ``spoken``: insertions and deletions say so to those who do not see them.
    """

    side: bool = False
    page: str | None = None
    spoken: bool = True
    sign: Callable[[str], str] = signed


def frame_of(
    made: Comparison, new: Snapshot, home: str, names: Mapping[str, str], *, anchors: bool = True
) -> HtmlFrame:
    """What the printer has to know of the two texts."""
    return HtmlFrame(
        note_numbers=made.note_numbers,
        old_note_numbers=made.old_note_numbers,
        annexes={annexe.key: annexe.url or f"{home}#annexe.{annexe.key}" for annexe in new.front.annexes},
        section_names=names,
        heading_shift=2,
        anchors=anchors,
    )


def printed_parts(parts: Sequence[Part], frame: HtmlFrame, style: Style) -> tuple[PrintedPart, ...]:
    """The sections in order. Links to what does not stand here lead to the page of the text, or are no links."""
    printer = _Printer(frame, style)
    made = [printer.part(part) for part in parts]
    known = {id for part in made for text in _texts(part) for id in _ID.findall(text)} | {part.key for part in made}
    return tuple(_settled(part, known, style) for part in made)


class _Printer:
    def __init__(self, frame: HtmlFrame, style: Style) -> None:
        self._style = style
        self._highest = 2
        self._new = BlockHtml(frame)
        # Two texts on one page cannot both be addresses; the older one has the numbers of its own notes.
        self._old = BlockHtml(replace(frame, anchors=False, note_numbers=frame.old_note_numbers))

    def part(self, part: Part) -> PrintedPart:
        """One section; its highest headings come right below its own, so that no level is left out."""
        levels = [line.entry.block.level or 2 for line in part.lines if line.entry.block.kind is Kind.HEADING]
        self._highest = min(levels, default=2)
        row = part.row
        written = section_heading_html(row, self._new)
        if not any(one.heading for one in (row.old, row.new) if one is not None):
            written += f" {escape(part.name)}"
        heading = Markup(self._finished(written.strip()))
        runs = tuple(
            PrintedRun(tuple(self._line(line) for line in lines), counted_blocks(lines) if fold else "")
            for fold, lines in folded(part.lines)
        )
        return PrintedPart(part.key, row.section.id, part.name, heading, part.numbers, runs, part.count, part.touched)

    def _line(self, line: Line) -> PrintedLine:
        entry = line.entry
        one = old = new = ""
        if self._style.side and line.touched:
            old = "".join(self._page(self._old, side) for side in old_side(line))
            after = new_side(line)
            new = "" if after is None else self._page(self._new, after)
        else:
            one = self._page(self._new, entry)
        return PrintedLine(
            place=str(line.place),
            short=line.place.short,
            depth=entry.block.depth,
            touched=line.touched,
            markup=Markup(one),
            old=Markup(old),
            new=Markup(new),
            number=line.number,
            block=entry.block.id if entry.state is not State.MOVED_AWAY else None,
            goal=line.goal,
            moved=entry.state in (State.MOVED_HERE, State.MOVED_AWAY),
        )

    def _page(self, writer: BlockHtml, entry: Entry) -> str:
        """One block without its containers: its depth is shown by where it stands on the page, its marker in words."""
        block = replace(entry.block, depth=0)
        if block.kind is Kind.HEADING:
            block = replace(block, level=(block.level or 2) - self._highest + 2)
        if block.kind is not Kind.ITEM:
            return self._finished(writer.page([replace(entry, block=block)]))
        style = block.style or ListStyle.BULLET
        sign = "•" if style is ListStyle.BULLET or entry.number is None else f"{marker(style, entry.number)}."
        plainly = replace(block, kind=Kind.PARAGRAPH, style=None, start=None)
        words = writer.page([replace(entry, block=plainly)]).replace(' class="bar"', "", 1)
        bar = " bar" if entry.touched else ""
        return self._finished(f'<div class="entry{bar}"><span class="k">{sign}</span> <div>{words}</div></div>\n')

    def _finished(self, html: str) -> str:
        return self._style.sign(html if self._style.spoken else _SPOKEN.sub("", html))


def _texts(part: PrintedPart) -> Iterator[str]:
    for run in part.runs:
        for line in run.lines:
            yield from (str(line.markup), str(line.new))


def _settled(part: PrintedPart, known: set[str], style: Style) -> PrintedPart:
    def link(found: re.Match[str]) -> str:
        before, target, after, words = found.groups()
        if target in known:
            return found[0]
        if style.page is None or "doc-backlink" in before + after:
            name = re.search(r'class="([^"]*)"', before + after)
            return f'<span class="{name[1]}">{words}</span>' if name else words
        where = re.sub(r"^(note|ref)-", r"\1.", target)
        plainly = before.replace('role="doc-noteref" ', "")
        return f'<a {plainly}href="{style.page}#{where}"{after}>{words}</a>'

    def settle(markup: Markup) -> Markup:
        return Markup(_LINK.sub(link, str(markup))) if "#" in markup else markup

    def unlinked(markup: Markup) -> Markup:
        """The older text on the same page: its notes and places are not those that stand here."""
        return Markup(_LINK.sub(lambda found: f'<span class="ref">{found[4]}</span>', str(markup)))

    runs = tuple(
        replace(
            run,
            lines=tuple(
                replace(line, markup=settle(line.markup), new=settle(line.new), old=unlinked(line.old))
                for line in run.lines
            ),
        )
        for run in part.runs
    )
    return replace(part, runs=runs, heading=settle(part.heading))
