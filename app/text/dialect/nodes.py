"""The tree of containers and leaves that stands between lines of Markdown and blocks."""

from dataclasses import dataclass, field
from enum import Enum, auto

from app.text.blocks import ListStyle
from app.text.dialect.markers import Marker


class Sort(Enum):
    """What a node of the tree is."""

    ROOT = auto()
    QUOTE = auto()
    ITEM = auto()
    NOTE = auto()
    PARAGRAPH = auto()
    HEADING = auto()
    CODE = auto()
    TABLE = auto()
    RULE = auto()


CONTAINERS = frozenset({Sort.ROOT, Sort.QUOTE, Sort.ITEM, Sort.NOTE})


@dataclass(slots=True)
class Node:
    """A container with its children, or a leaf with its lines.

    ``indent`` is how far what belongs to an item stands in, or the indent of a code fence; ``fence`` the fence
    itself, None for indented code; ``text`` the canonical inline text, or a table's rows, once that is known.
    ``letters`` are those of a lettered marker; ``gap`` says whether an empty line stands before it;
    ``listed`` is the style of the lettered list that two consecutive letters up to this item have made.
    """

    sort: Sort
    children: list["Node"] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    text: str = ""
    indent: int = 0
    marker: Marker | None = None
    letters: str = ""
    gap: bool = False
    listed: ListStyle | None = None
    style: ListStyle | None = None
    start: int | None = None
    level: int = 0
    fence: str | None = None
    words: str = ""
    label: str = ""
    align: tuple[str, ...] = ()
