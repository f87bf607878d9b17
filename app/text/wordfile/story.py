"""The text of a Word file as it stands there, before anybody's changes are accepted: paragraphs, tables, and words."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

from app.text.blocks import ListStyle
from app.text.dialect import Mark


@dataclass(frozen=True, slots=True)
class Change:
    """Whose tracked change it is, and of when. ``known``: it stood in the file when it left here."""

    author: str
    at: datetime | None
    known: bool = False


class What(Enum):
    """What an atom of a paragraph is."""

    WORDS = auto()
    BREAK = auto()
    NOTE = auto()
    AGAIN = auto()
    OPENS = auto()
    CLOSES = auto()
    SAYS = auto()


@dataclass(slots=True)
class Atom:
    """Words of one look, a mark of a note, or the place where a comment begins or ends.

    ``text`` are the words, the key of the note (NOTE), the bookmark of its first mark (AGAIN), or the id of the
    comment. It stands in a reading that accepts all of ``come`` and none of ``gone``, unless it is set ``aside``.
    ``was`` are the marks before ``looked`` changed them. ``link`` is an address, or "#" and a bookmark.
    """

    what: What
    text: str
    marks: frozenset[Mark] = frozenset()
    link: str | None = None
    come: tuple[Change, ...] = ()
    gone: tuple[Change, ...] = ()
    was: frozenset[Mark] | None = None
    looked: Change | None = None
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """What a paragraph is: its style, its level as a heading, its list and level there, its indent and side."""

    style: str = ""
    level: int | None = None
    list: str = ""
    depth: int = 0
    item: ListStyle | None = None
    start: int = 1
    left: int = 0
    side: str = ""


@dataclass(slots=True)
class Paragraph:
    """A paragraph of the file. ``places`` are its bookmarks; ``come`` and ``gone`` speak of the end of it.

    ``was`` is its shape before ``shaped`` changed it. ``listing``: it belongs to a table of contents.
    """

    number: int
    shape: Shape
    atoms: list[Atom] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    come: tuple[Change, ...] = ()
    gone: tuple[Change, ...] = ()
    was: Shape | None = None
    shaped: Change | None = None
    listing: bool = False

    @property
    def words(self) -> str:
        """All words of it, whatever became of them."""
        return "".join(" " if atom.what is What.BREAK else atom.text for atom in self.atoms if atom.what in _SEEN)


_SEEN = (What.WORDS, What.BREAK)


@dataclass(slots=True)
class Row:
    """A row of a table; each cell holds paragraphs."""

    cells: list[list[Paragraph]] = field(default_factory=list)
    come: tuple[Change, ...] = ()
    gone: tuple[Change, ...] = ()


@dataclass(slots=True)
class Table:
    """A table; ``left`` is its indent."""

    rows: list[Row] = field(default_factory=list)
    left: int = 0

    def paragraphs(self) -> Iterator[Paragraph]:
        """Every paragraph in it."""
        for row in self.rows:
            for cell in row.cells:
                yield from cell


Item = Paragraph | Table


def paragraphs(items: list[Item]) -> Iterator[Paragraph]:
    """Every paragraph in order, those in cells too."""
    for item in items:
        if isinstance(item, Paragraph):
            yield item
        else:
            yield from item.paragraphs()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the dialect cannot hold: what it is, the number of its paragraph, and other words than its."""

    what: str
    paragraph: int
    where: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment, or one answer (``parent`` is the comment it answers)."""

    id: str
    author: str
    at: datetime | None
    text: str
    parent: str | None = None
    done: bool = False
    known: bool = False


@dataclass(slots=True)
class WordFile:
    """A Word file, opened. ``charter``, ``revision`` and ``label`` are what Engross wrote into it, if it did.

    ``parts`` are those of the file that were read, by their names; a file of these alone reads the same.
    """

    title: str = ""
    charter: str | None = None
    revision: int | None = None
    label: str = ""
    created: datetime | None = None
    ours: bool = False
    knows: frozenset[str] | None = None
    text: list[Item] = field(default_factory=list)
    notes: dict[str, list[Item]] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)
    running: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    parts: dict[str, bytes] = field(default_factory=dict)
    known: int = 0
