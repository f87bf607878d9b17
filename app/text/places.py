"""Where a block stands, in the words of a meeting: paragraph 2, item C, note 3."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.text.blocks import Block, Kind, ListStyle
from app.text.snapshot import Section, SectionKind, Snapshot

_SECTION_NAMES = {
    SectionKind.NOTICE: "the notice",
    SectionKind.DEFINITION: "the definition",
    SectionKind.VISION: "Vision",
    SectionKind.MISSION: "Mission",
    SectionKind.GOALS: "Goals",
    SectionKind.APPENDIX: "Appendix",
    SectionKind.FOOTNOTES: "the notes",
    SectionKind.TEXT: "the section",
}
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"))
_ROMAN_ONES = ((9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_KIND_NAMES = {
    Kind.PARAGRAPH: "paragraph",
    Kind.HEADING: "heading",
    Kind.ITEM: "item",
    Kind.QUOTE: "quotation",
    Kind.TABLE: "table",
    Kind.CODE: "code",
    Kind.NOTE: "note",
    Kind.RULE: "dividing line",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands: ``name`` is "paragraph 2", ``within`` the place it belongs to ("item C"), if any."""

    name: str
    within: "Place | None" = None

    def __str__(self) -> str:
        return self.name if self.within is None else f"{self.name} of {self.within}"

    @property
    def short(self) -> str:
        """What is printed beside the block: of a paragraph the number alone, of other blocks what they are too."""
        return self.name.removeprefix("paragraph ")


def marker(style: ListStyle, number: int) -> str:
    """A list marker without its stop: 3, C, iv; a bullet has its number too, to be spoken of."""
    if style in (ListStyle.UPPER_ALPHA, ListStyle.LOWER_ALPHA):
        return _letters(number) if style is ListStyle.UPPER_ALPHA else _letters(number).lower()
    if style in (ListStyle.UPPER_ROMAN, ListStyle.LOWER_ROMAN):
        return _roman(number).upper() if style is ListStyle.UPPER_ROMAN else _roman(number)
    return str(number)


def ordinals(blocks: Sequence[Block]) -> tuple[int | None, ...]:
    """The number each list item bears; None for what is not an item."""
    running: dict[int, tuple[ListStyle | None, int]] = {}
    found: list[int | None] = []
    for block in blocks:
        for depth in [depth for depth in running if depth > block.depth]:
            del running[depth]
        if block.kind is not Kind.ITEM:
            running.pop(block.depth, None)
            found.append(None)
            continue
        style, number = running.get(block.depth, (None, 0))
        goes_on = block.depth in running and style is block.style
        number = number + 1 if goes_on else (1 if block.start is None else block.start)
        running[block.depth] = (block.style, number)
        found.append(number)
    return tuple(found)


def form_in_words(block: Block) -> str:
    """What a block is, with its article: a paragraph, an item (upper-alpha), a heading of level 2."""
    if block.kind is Kind.HEADING:
        return f"a heading of level {block.level}"
    article = "an" if block.kind is Kind.ITEM else "a"
    name = "piece of code" if block.kind is Kind.CODE else kind_name(block)
    depth = f", {block.depth} deep" if block.depth else ""
    style = f" ({str(block.style).replace('-', ' ')})" if block.style is not None else ""
    return f"{article} {name}{style}{depth}"


def kind_name(block: Block) -> str:
    """What a block is, in a word."""
    return _KIND_NAMES[block.kind]


def places(blocks: Sequence[Block], note_numbers: Mapping[str, int], *, goals: bool = False) -> tuple[Place, ...]:
    """The place of every block of a section, counted among the blocks of its kind that stand in the same block.

    With ``goals`` the highest headings are the titles of goals, and what follows one is counted within its goal.
    """
    numbers = ordinals(blocks)
    lists = _list_numbers(blocks)
    goal_level = (
        min((b.level or 1 for b in blocks if b.kind is Kind.HEADING and not b.depth), default=0) if goals else 0
    )
    goal: Place | None = None
    goal_count = 0
    counts: list[dict[Kind, int]] = [{}]
    above: list[Place] = []
    found: list[Place] = []
    for n, block in enumerate(blocks):
        depth = min(block.depth, len(above))
        del above[depth:], counts[depth + 1 :]
        if goal_level and block.kind is Kind.HEADING and not depth and block.level == goal_level:
            goal_count += 1
            goal = Place(f"goal {goal_count}")
            counts[0] = {}
            place = Place("the title", goal)
        else:
            counts[depth][block.kind] = count = counts[depth].get(block.kind, 0) + 1
            name = _name(block, count, numbers[n], note_numbers)
            within = above[-1] if above else (None if block.kind is Kind.NOTE else goal)
            place = Place(name + (f" of list {lists[n]}" if lists[n] else ""), within)
        found.append(place)
        above.append(place)
        counts.append({})
    return tuple(found)


def places_by_id(text: Snapshot, note_numbers: Mapping[str, int]) -> dict[str, Place]:
    """The place of every block of a text by its id: the one numbering that pages, proposals and print speak of."""
    return {
        block.id: place
        for section in text.sections
        for block, place in zip(
            section.blocks,
            places(section.blocks, note_numbers, goals=section.kind is SectionKind.GOALS),
            strict=True,
        )
        if block.id is not None
    }


def _list_numbers(blocks: Sequence[Block]) -> tuple[int, ...]:
    """Which list of its section an outermost item stands in, counted from 1; 0 where there is but one, or none."""
    found: list[int] = []
    count = 0
    last: Block | None = None
    for block in blocks:
        if block.depth:
            found.append(0)
            continue
        is_item = block.kind is Kind.ITEM
        if is_item and (last is None or last.style is not block.style):
            count += 1
        last = block if is_item else None
        found.append(count if is_item else 0)
    return tuple(found) if count > 1 else (0,) * len(blocks)


def section_name(section: Section, heading: str) -> str:
    """What a section is called in a sentence; ``heading`` is its heading as it is read."""
    return heading.strip() or _SECTION_NAMES[section.kind]


def _name(block: Block, count: int, number: int | None, note_numbers: Mapping[str, int]) -> str:
    if block.kind is Kind.ITEM and number is not None:
        return f"item {marker(block.style or ListStyle.BULLET, number)}"
    if block.kind is Kind.NOTE:
        given = note_numbers.get(block.label or "")
        return f"note “{block.label}”" if given is None else f"note {given}"
    return f"{_KIND_NAMES[block.kind]} {count}"


def _letters(number: int) -> str:
    written = ""
    while number > 0:
        number, letter = divmod(number - 1, 26)
        written = chr(ord("A") + letter) + written
    return written or "0"


def _roman(number: int) -> str:
    written = ""
    for value, letters in (*_ROMAN, *_ROMAN_ONES):
        while number >= value:
            written += letters
            number -= value
    return written or "0"
