"""Which line of a file is which block of the base."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.text.align import align
from app.text.blocks import Block, Kind
from app.text.likeness import Wording
from app.text.wordfile.expecting import Expected
from app.text.wordfile.lines import Line
from app.text.wordfile.segments import Segment

_ABOUT = 0.35
_SILENT = frozenset({Kind.RULE, Kind.ITEM, Kind.CODE, Kind.HEADING})


@dataclass(slots=True)
class Match:
    """The blocks of the lines of a reading, by the identity of the line, and the lines of the blocks."""

    ids: dict[int, str] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)

    def pair(self, line: Line, id: str) -> None:
        """This line is that block."""
        self.ids[id_of(line)] = id
        self.lines[id] = line


def id_of(line: Line) -> int:
    """What tells a line from others that read the same."""
    return id(line)


def is_same(line: Line, other: Line) -> bool:
    """Whether two lines are the same and read the same."""
    return line.form.same(other.form) and line.runs == other.runs and line.grid == other.grid


def marked(line: Line, expected: Expected) -> str | None:
    """The block whose bookmark stands in a line."""
    for name in line.places:
        link = expected.names.get(name.lower(), "")
        if link.startswith("#b-") and link[3:] in expected.blocks and link[3:] not in expected.labels:
            return link[3:]
    return None


def match_all(found: Sequence[Segment], expected: Expected) -> Match:
    """The blocks of the file as it was before anybody's change."""
    match = Match()
    for one in found:
        if one.section is not None:
            _match(one, one.section, expected, match)
    for one in found:
        for line in one.lines:
            id = marked(line, expected)
            if id is not None and id_of(line) not in match.ids and id not in match.lines and not line.blank:
                match.pair(line, id)
    return match


def _match(one: Segment, section: str, expected: Expected, match: Match) -> None:
    base: list[tuple[str, Line]] = []
    for block in expected.sections[section]:
        seen = None if block.id is None else expected.line(block.id)
        if block.id is not None and seen is not None:
            base.append((block.id, seen))
    lines = [line for line in one.lines if not line.blank or line.form.kind in _SILENT]
    if len(base) == len(lines) and all(is_same(line, told) for line, (_, told) in zip(lines, base, strict=True)):
        for line, (id, _) in zip(lines, base, strict=True):
            match.pair(line, id)
        return
    known = dict(base)
    hints: list[str | None] = []
    for line in lines:
        mark = marked(line, expected)
        told = known.get(mark) if mark is not None else None
        sure = told is not None and mark not in hints and (is_same(line, told) or about(line, told))
        hints.append(mark if sure else None)
    olds = [_as_block(told, name) for name, told in base]
    news = [_as_block(line, name) for line, name in zip(lines, hints, strict=True)]
    for pair in align(olds, news):
        if pair.old is not None and pair.new is not None:
            match.pair(lines[pair.new], base[pair.old][0])


def about(line: Line, told: Line) -> bool:
    """Whether a line is still about what a block says."""
    return Wording(line.text).likeness_at_most(Wording(told.text)).share >= _ABOUT or not told.text


def _as_block(line: Line, id: str | None) -> Block:
    text = "\n".join(" | ".join("".join(t for t, _ in cell) for cell in row) for row in line.grid) or line.text
    return Block(line.form.kind, text, id=id, level=line.form.level)
