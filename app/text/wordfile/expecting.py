"""What a base reads like in a Word file of ours: the lines that its blocks are, if nobody changed anything."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby

from app.text.blocks import Block, Kind, ListStyle
from app.text.dialect import plain
from app.text.notes import note_blocks, numbers, outside_notes
from app.text.places import marker, ordinals
from app.text.preparing import SECTION_NAMES, goal_level
from app.text.readings import PLAIN, Look, reading
from app.text.rows import cells
from app.text.snapshot import Section, SectionKind, Snapshot
from app.text.unseen import is_unseen
from app.text.wordfile.agreed import FURTHEST, LONGEST_LINK, SIDES, as_uri
from app.text.wordfile.lines import Form, Grid, Line, Runs, text_of, tidy


def address(url: str) -> str:
    """An address as a file names it, so that two ways of writing it are one."""
    made = as_uri(url)
    return made.rstrip("/") if made.count("/") == 3 else made


def bookmark(anchor: str) -> str:
    """What an address of a text is called in a Word file, where no other is called the same."""
    kind = "" if anchor.startswith("b-") else "s_"
    return (kind + "".join(c if c.isascii() and c.isalnum() else "_" for c in anchor))[:36]


class Expected:
    """The lines of a base. ``bookmarks`` are those the file has: a place that has none there cannot be led to."""

    def __init__(self, base: Snapshot, bookmarks: Collection[str]) -> None:
        self.base = base
        self.there = {name.lower() for name in bookmarks}
        self.names = _names(base)
        self.numbers = numbers(base)
        self.notes = note_blocks(base)
        self.labels = {block.id: label for label, group in self.notes.items() for block in group}
        self.sections = {section.id: self._visible(section) for section in base.sections}
        self.homes = {block.id: section.id for section, _, block in base.placed_blocks() if block.id is not None}
        self.blocks = {block.id: block for _, _, block in base.placed_blocks() if block.id is not None}
        self.links: dict[str, str] = {}
        self.opening = _opening(base)
        self._titles: dict[str, str] | None = None
        self._forms: dict[str | None, Form | None] = {}
        self._signs: dict[str | None, str] = {}
        self._lines: dict[str, Line] = {}
        for section in base.sections:
            self._form(self.sections[section.id], goals=section.kind is SectionKind.GOALS, note=False)
        for group in self.notes.values():
            self._form(group, goals=False, note=True)

    def _visible(self, section: Section) -> tuple[Block, ...]:
        return outside_notes(section.blocks)

    def heading(self, section: Section) -> Runs:
        """What stands above a section."""
        if not plain(section.heading):
            return ((SECTION_NAMES[section.kind], PLAIN),)
        return self.runs(section.heading)

    @property
    def titles(self) -> dict[str, str]:
        """The sections by what stands above them, in small letters: of headings that no other section or block has."""
        if self._titles is None:
            told = [(text_of(self.heading(s)).casefold(), s.id) for s in self.base.sections if plain(s.heading)]
            taken = Counter(text for text, _ in told)
            taken.update(block.text.casefold() for block in self.blocks.values())
            self._titles = {text: id for text, id in told if taken[text] == 1}
        return self._titles

    def shows(self, section: Section) -> bool:
        """Whether a section is seen in a file."""
        quiet = section.kind is SectionKind.FOOTNOTES or section.id == self.opening
        return not quiet or bool(self.sections[section.id])

    def form(self, id: str | None) -> Form | None:
        """What a block is in a file; None for one that is not seen there."""
        return self._forms.get(id)

    def sign(self, id: str | None) -> str:
        """What is written before an item that Word cannot count."""
        return self._signs.get(id, "")

    def line(self, id: str) -> Line | None:
        """The line of a block; None for one that is not seen."""
        found = self._lines.get(id)
        form = self._forms.get(id)
        if found is None and form is not None:
            found = self._lines[id] = self._line(self.blocks[id], form)
        return found

    def _line(self, block: Block, form: Form) -> Line:
        if block.kind is Kind.TABLE:
            return Line(form, grid=self.grid(block))
        if block.kind is Kind.CODE:
            return Line(form, ((block.text, PLAIN),) if block.text else ())
        sign = self._signs.get(block.id, "")
        return Line(form, tidy([(sign, PLAIN), *self.runs(block.text)]) if sign else self.runs(block.text))

    def grid(self, block: Block) -> Grid:
        """The cells of a table."""
        rows = [cells(row) or [""] for row in block.text.split("\n")]
        width = max(map(len, rows))
        return tuple(tuple(self.runs(cell) for cell in (*row, *([""] * (width - len(row))))) for row in rows)

    def runs(self, text: str) -> Runs:
        """What a file shows of an inline text."""
        return tidy((words, self.shown(look)) for words, look in _apart(reading(text).runs))

    def shown(self, look: Look) -> Look:
        """How characters of that look are shown in a file, which cannot show all of it."""
        if look is PLAIN:
            return look
        if look.note is not None:
            return Look(note=look.note) if look.note in self.numbers.numbers else Look(look.marks)
        if look.is_break:
            return Look(is_break=True)
        return Look(look.marks, self._led(look.link))

    def _led(self, link: str | None) -> str | None:
        if link is None:
            return None
        if link.startswith("#"):
            return link if bookmark(link[1:]).lower() in self.there else None
        if link.startswith("annexe:"):
            return link if bookmark(f"annexe.{link.removeprefix('annexe:')}").lower() in self.there else None
        if len(link) > LONGEST_LINK:
            return None
        key = address(link)
        self.links.setdefault(key, link)
        return key

    def _form(self, blocks: Sequence[Block], *, goals: bool, note: bool) -> None:
        above: list[Block] = []
        level = goal_level(blocks) if goals else None
        ended, titles = False, 0
        signs = _written(blocks)
        for n, block in enumerate(blocks):
            del above[block.depth :]
            form: Form | None
            kind = block.kind
            if kind is Kind.HEADING:
                form = Form(Kind.HEADING, min(4, max(2, block.level or 2)))
                if level is not None and not block.depth and block.level == level and not ended:
                    form, titles = Form(Kind.HEADING, 2, goal=True), titles + 1
            elif kind is Kind.ITEM:
                items = sum(one.kind is Kind.ITEM for one in above)
                start = 1 if block.start is None else block.start
                form = Form(Kind.ITEM, min(8, items), block.style or ListStyle.BULLET, start)
                if n in signs:
                    form, self._signs[block.id] = Form(Kind.PARAGRAPH), signs[n]
            elif kind is Kind.QUOTE:
                form = Form(Kind.PARAGRAPH if note else Kind.QUOTE) if block.text else None
            elif kind is Kind.PARAGRAPH or kind is Kind.NOTE:
                quoted = not note and any(one.kind is Kind.QUOTE for one in above)
                form = Form(Kind.QUOTE if quoted else Kind.PARAGRAPH)
            elif kind is Kind.TABLE:
                form = Form(kind, sides=tuple(SIDES.get(one, "") for one in block.align or ()))
            elif kind is Kind.RULE and level is not None and titles and not block.depth and not ended:
                form, ended = None, True
            else:
                form = Form(kind)
            self._forms[block.id] = form
            above.append(block)


def _apart(runs: Runs) -> Iterator[tuple[str, Look]]:
    """The runs with what cannot be seen in runs of its own: a file spells it out and shows no marks on it."""
    for text, look in runs:
        if text.isascii() or look.note is not None or not (look.marks or look.link) or not any(map(is_unseen, text)):
            yield text, look
            continue
        for unseen, some in groupby(text, key=is_unseen):
            yield "".join(some), Look(link=look.link) if unseen else look


def _names(base: Snapshot) -> Mapping[str, str]:
    """The links that lead to the bookmarks of our files; a name that two places would have is none of either."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for anchor, link in _anchors(base):
        name = bookmark(anchor).lower()
        if found.setdefault(name, link) != link:
            twice.add(name)
    return {name: link for name, link in found.items() if name not in twice}


def _anchors(base: Snapshot) -> Iterator[tuple[str, str]]:
    for section in base.sections:
        yield section.key, f"#{section.key}"
        for block in section.blocks:
            if block.id is not None:
                yield f"b-{block.id}", f"#b-{block.id}"
    for annexe in base.front.annexes:
        yield f"annexe.{annexe.key}", f"annexe:{annexe.key}"


def _opening(text: Snapshot) -> str | None:
    """The id of the opening notice, which has nothing above it."""
    seen = (s for s in text.sections if s.kind is not SectionKind.FOOTNOTES or outside_notes(s.blocks))
    first = next(seen, None)
    return first.id if first is not None and first.kind is SectionKind.NOTICE and not first.heading else None


def _written(blocks: Sequence[Block]) -> dict[int, str]:
    """The signs of the items of lists that are longer than Word can count, by their places."""
    found: dict[int, str] = {}
    given = ordinals(blocks)
    running: dict[int, list[int]] = {}

    def close(members: list[int]) -> None:
        style = blocks[members[0]].style or ListStyle.BULLET
        furthest = FURTHEST.get(style)
        if furthest is not None and (given[members[-1]] or 0) > furthest:
            found.update({n: f"{marker(style, given[n] or 0)}. " for n in members})

    for n, block in enumerate(blocks):
        for depth in [depth for depth in running if depth > block.depth]:
            close(running.pop(depth))
        here = running.get(block.depth)
        if block.kind is Kind.ITEM and here and blocks[here[0]].style is block.style:
            here.append(n)
            continue
        if here:
            close(running.pop(block.depth))
        if block.kind is Kind.ITEM:
            running[block.depth] = [n]
    for members in running.values():
        close(members)
    return found
