"""The smallest addressable piece of a text: the block, and the kinds it comes in."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Kind(StrEnum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    QUOTE = "quote"
    TABLE = "table"
    CODE = "code"
    NOTE = "note"
    RULE = "rule"


class ListStyle(StrEnum):
    """How the marker of a list item is written."""

    BULLET = "bullet"
    DECIMAL = "decimal"
    UPPER_ALPHA = "upper-alpha"
    LOWER_ALPHA = "lower-alpha"
    UPPER_ROMAN = "upper-roman"
    LOWER_ROMAN = "lower-roman"


class Align(StrEnum):
    """How a table column is set."""

    NONE = "none"
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Block:
    r"""One block of a section, in canonical form.

    ``text`` is inline Markdown of the dialect without any list marker, heading hashes, quote sign or note label;
    a hard break inside it is a backslash and a newline. Three kinds differ: the text of a *table* is its rows, header
    first, each written ``| a | b |``, one per line and without the delimiter row (``align`` holds that); the text of
    *code* is the code itself without fence and without the final newline; a *rule* has no text.

    ``depth`` counts the containers (items, quotes, notes) around the block. What belongs to an item, a quote or a note
    follows it with a depth one greater. A quote, item or note that begins with something other than a paragraph has
    an empty ``text`` and that thing follows one deeper. Neighbouring quotes of one depth are one quotation, and
    neighbouring items of one depth and style are one list.

    ``id`` is permanent once the block is in a working text; text that has just been parsed has none.
    ``start`` is the number of the *first* item of the list and stands on every item of that list.
    """

    kind: Kind
    text: str = ""
    depth: int = 0
    id: str | None = None
    level: int | None = None
    style: ListStyle | None = None
    start: int | None = None
    label: str | None = None
    align: tuple[Align, ...] | None = None
    lang: str | None = None

    def with_id(self, id: str | None) -> "Block":
        """The same block under another id."""
        return replace(self, id=id)

    def with_text(self, text: str) -> "Block":
        """The same block with other words."""
        return replace(self, text=text)

    @property
    def body(self) -> "Block":
        """The block without its id: what is compared, hashed and stored once."""
        return self if self.id is None else replace(self, id=None)

    @property
    def form(self) -> "Block":
        """Everything about the block but its words and its id: two blocks of one form differ in words alone."""
        return replace(self, id=None, text="")


def block_to_json(block: Block) -> dict[str, object]:
    """The block as the interface shows it: ``{id, kind, depth, text}`` and what its kind needs."""
    value: dict[str, object] = {"id": block.id, "kind": str(block.kind), "depth": block.depth, "text": block.text}
    if block.level is not None:
        value["level"] = block.level
    if block.style is not None:
        value["list"] = {"style": str(block.style), "start": block.start}
    if block.label is not None:
        value["label"] = block.label
    if block.align is not None:
        value["align"] = [str(a) for a in block.align]
    if block.lang is not None:
        value["lang"] = block.lang
    return value


def block_from_json(value: dict[str, object]) -> Block:
    """The inverse of `block_to_json` for values this program wrote itself; others are a KeyError or ValueError."""
    marker = value.get("list")
    align = value.get("align")
    return Block(
        kind=Kind(str(value["kind"])),
        text=str(value["text"]),
        depth=_number(value["depth"]),
        id=None if value.get("id") is None else str(value["id"]),
        level=None if value.get("level") is None else _number(value["level"]),
        style=ListStyle(str(marker["style"])) if isinstance(marker, dict) else None,
        start=_number(marker["start"]) if isinstance(marker, dict) and marker.get("start") is not None else None,
        label=None if value.get("label") is None else str(value["label"]),
        align=tuple(Align(str(a)) for a in align) if isinstance(align, list) else None,
        lang=None if value.get("lang") is None else str(value["lang"]),
    )


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("a whole number is needed")
    return value
