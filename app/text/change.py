"""One typed change of a proposal: what it does, to which section and block, and the words before and after."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from app.text.blocks import Block, block_from_json, block_to_json
from app.text.snapshot import SectionKind


class ChangeKind(StrEnum):
    """What one change does. An edited paragraph is one change; a block edited *and* moved is a replace and a move."""

    REPLACE = "replace"
    INSERT = "insert"
    DELETE = "delete"
    MOVE = "move"
    RETYPE = "retype"
    RENAME = "rename"
    ADD_SECTION = "add_section"
    REMOVE_SECTION = "remove_section"
    MOVE_SECTION = "move_section"
    FRONT = "front"


BLOCK_KINDS = frozenset({ChangeKind.REPLACE, ChangeKind.INSERT, ChangeKind.DELETE, ChangeKind.MOVE, ChangeKind.RETYPE})
"""The kinds of change that concern one block; the others concern a section or the front."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block or a section stands: in which section (None for sections themselves), after which id.

    ``after`` is the id of the block or section right before it; None means it comes first.
    """

    section: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Head:
    """A section without its blocks."""

    id: str
    key: str
    kind: SectionKind
    heading: str


@dataclass(frozen=True, slots=True)
class Change:
    """One operation on permanent ids, decided on its own.

    ``section`` is the id of the section it concerns (for a move between sections, the one the block comes from) and
    is None for the front. ``place`` is where something shall stand, ``origin`` where it stood in the base.
    ``old`` and ``new`` are whole blocks with their ids; ``head_old`` and ``head_new`` are section heads;
    ``value_old`` and ``value_new`` are the JSON-safe values of the front's ``field``.
    ``needs`` are the numbers of those changes of the same proposal without which this one makes no sense.
    """

    number: int
    kind: ChangeKind
    section: str | None = None
    block: str | None = None
    old: Block | None = None
    new: Block | None = None
    place: Place | None = None
    origin: Place | None = None
    head_old: Head | None = None
    head_new: Head | None = None
    field: str | None = None
    value_old: object = None
    value_new: object = None
    needs: tuple[int, ...] = ()

    @property
    def before(self) -> str | None:
        """The words before: of the block, the heading or the field; None where there was nothing."""
        if self.kind is ChangeKind.FRONT:
            return _words(self.value_old)
        if self.old is not None:
            return self.old.text
        return self.head_old.heading if self.head_old is not None else None

    @property
    def after(self) -> str | None:
        """The words after: of the block, the heading or the field; None where nothing is left. A move keeps them."""
        if self.kind is ChangeKind.FRONT:
            return _words(self.value_new)
        if self.new is not None:
            return self.new.text
        return self.head_new.heading if self.head_new is not None else None

    @property
    def act(self) -> "Change":
        """The change without its number and what it needs: two changes of one act do the same."""
        return replace(self, number=0, needs=())

    def with_number(self, number: int, needs: tuple[int, ...]) -> "Change":
        """The same act under another number, needing others."""
        return replace(self, number=number, needs=needs)


def change_to_json(change: Change) -> dict[str, object]:
    """The change as it is stored: JSON-safe, and what does not apply is left out."""
    value: dict[str, object] = {"number": change.number, "kind": str(change.kind), "needs": list(change.needs)}
    for name, text in (("section", change.section), ("block", change.block), ("field", change.field)):
        if text is not None:
            value[name] = text
    for name, block in (("old", change.old), ("new", change.new)):
        if block is not None:
            value[name] = block_to_json(block)
    for name, place in (("place", change.place), ("origin", change.origin)):
        if place is not None:
            value[name] = {"section": place.section, "after": place.after}
    for name, head in (("head_old", change.head_old), ("head_new", change.head_new)):
        if head is not None:
            value[name] = {"id": head.id, "key": head.key, "kind": str(head.kind), "heading": head.heading}
    for name, field_value in (("value_old", change.value_old), ("value_new", change.value_new)):
        if field_value is not None:
            value[name] = field_value
    return value


def change_from_json(value: Mapping[str, object]) -> Change:
    """The inverse of `change_to_json`; a value this program did not write is a KeyError, TypeError or ValueError."""
    number, needs = value["number"], value["needs"]
    if not isinstance(number, int) or not isinstance(needs, list):
        raise ValueError("a change has a number and a list of needs")
    return Change(
        number=number,
        kind=ChangeKind(str(value["kind"])),
        section=_text(value.get("section")),
        block=_text(value.get("block")),
        old=_block(value.get("old")),
        new=_block(value.get("new")),
        place=_place(value.get("place")),
        origin=_place(value.get("origin")),
        head_old=_head(value.get("head_old")),
        head_new=_head(value.get("head_new")),
        field=_text(value.get("field")),
        value_old=value.get("value_old"),
        value_new=value.get("value_new"),
        needs=tuple(int(n) for n in needs),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _mapping(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ValueError("an object is needed")
    return {str(k): v for k, v in value.items()}


def _block(value: object) -> Block | None:
    return None if value is None else block_from_json(_mapping(value))


def _place(value: object) -> Place | None:
    if value is None:
        return None
    place = _mapping(value)
    return Place(section=_text(place["section"]), after=_text(place["after"]))


def _head(value: object) -> Head | None:
    if value is None:
        return None
    head = _mapping(value)
    return Head(str(head["id"]), str(head["key"]), SectionKind(str(head["kind"])), str(head["heading"]))


def _words(value: object) -> str | None:
    """A front field in words: a plain value as it is, annexes as their titles with where they are."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(_annexe(one) if isinstance(one, dict) else str(one) for one in value)
    return str(value)


def _annexe(value: Mapping[str, object]) -> str:
    places = [str(place) for place in (value.get("file"), value.get("url")) if place]
    title = str(value.get("title") or value.get("key"))
    return f"{title} ({', '.join(places)})" if places else title
