"""What a Word file is made of before it is written: paragraphs and tables of pieces, each with what became of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.text.dialect import Mark


class Fate(StrEnum):
    """What happened to words, to the end of a paragraph or to a row; a move is a departure and an arrival."""

    KEPT = "kept"
    INSERTED = "inserted"
    DELETED = "deleted"
    ARRIVED = "arrived"
    LEFT = "left"

    @property
    def is_new(self) -> bool:
        """Whether it stands in the newer text."""
        return self in (Fate.KEPT, Fate.INSERTED, Fate.ARRIVED)

    @property
    def is_old(self) -> bool:
        """Whether it stands in the older text."""
        return self in (Fate.KEPT, Fate.DELETED, Fate.LEFT)


@dataclass(frozen=True, slots=True)
class Who:
    """Whose change it is, and of when."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation as the file has it: the footnote it carries (``first``) or refers to, and the number that is shown."""

    note: int
    number: int
    first: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one look, of one target and of one fate.

    ``url`` leads outside, ``anchor`` to a place of the text. ``note`` is the label of a note that is cited here, then
    there are no words. ``was`` are the marks before, of words that only look different. ``cited`` is the citation
    once it is settled.
    """

    text: str = ""
    marks: frozenset[Mark] = frozenset()
    url: str | None = None
    anchor: str | None = None
    note: str | None = None
    fate: Fate = Fate.KEPT
    was: frozenset[Mark] | None = None
    cited: Citation | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """How a paragraph is set; the indents are in twentieths of a point.

    ``number`` is its list and the level in it, ``sign`` what stands before it where Word cannot count so far.
    """

    style: str
    number: tuple[int, int] | None = None
    left: int = 0
    hanging: int = 0
    side: str = ""
    right_to_left: bool = False
    held: bool = False
    sign: str = ""
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment with its answers, on the whole paragraph, or on the words from one character to another.

    The characters are those of the newer text as it is read; a citation of a note counts as one.
    """

    number: int
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph. ``end`` is what happened to the end of it, ``was`` how it was set before.

    ``places`` are the addresses it is known by. ``move`` is the move it belongs to: "to:" or "from:" and
    its name. ``level``: it stands in the contents, as ``title``.
    """

    form: Form
    pieces: tuple[Piece, ...] = ()
    end: Fate = Fate.KEPT
    was: Form | None = None
    by: Who | None = None
    places: tuple[str, ...] = ()
    move: str = ""
    level: int = 0
    title: str = ""
    remarks: tuple[Remark, ...] = ()
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: a paragraph for each cell."""

    cells: tuple[Para, ...]
    fate: Fate = Fate.KEPT
    header: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table. ``left`` is its indent, ``move`` the move of the section it belongs to."""

    rows: tuple[Row, ...]
    left: int = 0
    by: Who | None = None
    places: tuple[str, ...] = ()
    move: str = ""
    remarks: tuple[Remark, ...] = ()

    @property
    def columns(self) -> int:
        """How many cells its widest row has."""
        return max((len(row.cells) for row in self.rows), default=1)


Item = Para | Table


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote as it is printed: a number of its own in the file, and its paragraphs."""

    id: int
    paras: tuple[Para, ...]


@dataclass(slots=True)
class Comment:
    """A comment as people read it: who said what and when; ``parent`` is the one it answers."""

    id: int
    author: str
    at: datetime
    paragraphs: tuple[str, ...]
    parent: int | None = None


@dataclass(slots=True)
class Lists:
    """The numbered lists of a file: each has a number, and begins with one."""

    found: list[tuple[str, int, int]] = field(default_factory=list)

    def add(self, style: str, level: int, start: int) -> int:
        """A new list; its number in the file."""
        self.found.append((style, level, start))
        return len(self.found) + FIRST_LIST - 1


BULLETS = 1
FIRST_LIST = 2


def paras(items: tuple[Item, ...] | list[Item]) -> Iterator[Para]:
    """Every paragraph in order, those in cells too."""
    for item in items:
        if isinstance(item, Para):
            yield item
        else:
            for row in item.rows:
                yield from row.cells
