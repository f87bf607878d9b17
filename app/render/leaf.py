"""A charter laid out for a page: each block with the notes it cites, each list item with its marker."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.text.blocks import Kind, ListStyle
from app.text.places import marker
from app.text.prepared import (
    PreparedBlock,
    PreparedEdition,
    PreparedListing,
    PreparedNote,
    PreparedPart,
    PreparedQuotation,
    PreparedSection,
    Run,
    RunKind,
)
from app.text.snapshot import Annexe

# Goals stand side by side up to this many.
_COLUMNS = 4


@dataclass(frozen=True, slots=True)
class MarginNote:
    """A note beside the words that cite it. ``home`` names the section where it stood first, if it is shown again.

    ``whence`` is the address of the page that says where its words come from, empty if there is none.
    """

    note: PreparedNote
    home: str | None
    whence: str = ""


@dataclass(frozen=True, slots=True)
class MarginCard:
    """Something of ours beside the words it is about, such as an open proposal: a link and what it is called."""

    address: str
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Margin:
    """What stands beside a block. ``remark`` is the address of the form for commenting on it, "" if there is none."""

    notes: tuple[MarginNote, ...] = ()
    cards: tuple[MarginCard, ...] = ()
    remark: str = ""

    def __bool__(self) -> bool:
        return bool(self.notes or self.cards or self.remark)

    def __add__(self, other: "Margin") -> "Margin":
        cards = dict.fromkeys((*self.cards, *other.cards))
        return Margin(self.notes + other.notes, tuple(cards))


@dataclass(frozen=True, slots=True)
class LeafItem:
    """A list item with its marker as it is written ("A.", "3.", "•"). ``whence`` is as with a part."""

    block: PreparedBlock
    marker: str
    margin: Margin
    whence: str = ""


@dataclass(frozen=True, slots=True)
class LeafPart:
    """One part of a section with what stands beside it; of a list that stands at its ``items``.

    ``whence`` is the address of the page that says where its words come from, empty if there is none.
    """

    part: PreparedPart
    items: tuple[LeafItem, ...]
    margin: Margin
    whence: str = ""


@dataclass(frozen=True, slots=True)
class LeafGoal:
    """A goal: its label, its title, what it says."""

    label: str
    title: PreparedBlock
    parts: tuple[LeafPart, ...]


@dataclass(frozen=True, slots=True)
class LeafSection:
    """A section in reading order. What belongs beside its goals stands below all of them."""

    section: PreparedSection
    heading_margin: Margin
    parts: tuple[LeafPart, ...]
    goals: tuple[LeafGoal, ...]
    goal_margin: Margin
    closing: tuple[LeafPart, ...]

    @property
    def top(self) -> int:
        """The level of its highest heading; pages begin from there, so that no level is left out."""
        return min((b.block.level or 2 for b in self.section.blocks() if b.block.kind is Kind.HEADING), default=2)

    @property
    def columns(self) -> int:
        """Into how many columns its goals go."""
        return len(self.goals) if len(self.goals) <= _COLUMNS else 1


@dataclass(frozen=True, slots=True)
class Leaf:
    """A whole charter text for one page."""

    text: PreparedEdition
    sections: tuple[LeafSection, ...]
    unused: tuple[PreparedNote, ...]
    annexes: tuple[Annexe, ...]


def lay_out(
    prepared: PreparedEdition,
    cards: Mapping[str, Sequence[MarginCard]] | None = None,
    whence: str = "",
    remark: str = "",
) -> Leaf:
    """The text with every note in the margin of the words that cite it, once in each section that does.

    ``cards`` are what else stands beside a block or under a heading, by the id of the block or section. ``whence`` is
    the address of the page on one block, with {} in the place of its id. ``remark`` begins the address of the form for
    commenting; what it is about is put behind it.
    """
    return _Layout(prepared, cards or {}, whence, remark).leaf()


def markers(listing: PreparedListing) -> Iterator[str]:
    """The markers of a list, in order."""
    style = ListStyle(listing.style)
    for number in range(listing.start, listing.start + len(listing.items)):
        yield "•" if style is ListStyle.BULLET else f"{marker(style, number)}."


class _Layout:
    """One pass over a prepared edition in reading order."""

    def __init__(
        self, prepared: PreparedEdition, cards: Mapping[str, Sequence[MarginCard]], whence: str, remark: str
    ) -> None:
        self._text = prepared
        self._cards = cards
        self._whence = whence
        self._remark = remark
        self._homes: dict[int, PreparedSection] = {}
        self._shown: set[int] = set()

    def leaf(self) -> Leaf:
        """Everything laid out."""
        sections = tuple(self._lay_section(section) for section in self._text.sections)
        return Leaf(self._text, sections, self._text.unused_notes, self._text.front.annexes)

    def _lay_section(self, section: PreparedSection) -> LeafSection:
        self._shown = set()
        self._section = section
        remark = f"{self._remark}section={section.key}" if self._remark else ""
        heading = Margin(self._notes(section.heading), tuple(self._cards.get(section.id, ())), remark)
        parts = self._lay_parts(section.parts)
        goals: list[LeafGoal] = []
        below = Margin()
        for goal in section.goals:
            for part in (goal.title, *goal.parts):
                below += self._beside(part)
            goals.append(LeafGoal(goal.label, goal.title, tuple(self._bare(part) for part in goal.parts)))
        closing = self._lay_parts(section.closing)
        return LeafSection(section, heading, parts, tuple(goals), below, closing)

    def _lay_parts(self, parts: Iterable[PreparedPart]) -> tuple[LeafPart, ...]:
        return tuple(self._lay_part(part) for part in parts)

    def _lay_part(self, part: PreparedPart) -> LeafPart:
        return self._with_margins(part, self._beside)

    def _bare(self, part: PreparedPart) -> LeafPart:
        """A part with nothing beside it but the way to comment on it."""
        return self._with_margins(part, lambda one: Margin(remark=self._remark_on(one)))

    def _with_margins(self, part: PreparedPart, beside: Callable[[PreparedPart], Margin]) -> LeafPart:
        if isinstance(part, PreparedListing):
            written = zip(part.items, markers(part), strict=True)
            items = tuple(LeafItem(item, sign, beside(item), self._address(item)) for item, sign in written)
            return LeafPart(part, items, Margin())
        return LeafPart(part, (), beside(part), self._address(part))

    def _address(self, part: PreparedPart) -> str:
        """The page on the first block of a part that has words."""
        id = _first_worded(part) if self._whence else None
        return "" if id is None else self._whence.format(id)

    def _remark_on(self, part: PreparedPart) -> str:
        """The form for commenting on that block."""
        id = _first_worded(part) if self._remark else None
        return "" if id is None else f"{self._remark}block={id}"

    def _beside(self, part: PreparedPart) -> Margin:
        """What stands beside a part: notes, and the cards of its blocks and of the notes that are shown first here."""
        blocks = list(_blocks(part))
        notes = self._notes(run for block in blocks for run in _own_runs(block))
        for margin in notes:
            if margin.home is None:
                blocks.extend(margin.note.blocks())
        cards = (card for block in blocks for card in self._cards.get(block.block.id or "", ()))
        return Margin(notes, tuple(dict.fromkeys(cards)), self._remark_on(part))

    def _notes(self, runs: Iterable[Run]) -> tuple[MarginNote, ...]:
        """The notes these words cite that do not stand in this section yet, and those that such notes cite."""
        found: list[MarginNote] = []
        waiting = _cited(runs)
        for number in waiting:
            if number in self._shown:
                continue
            self._shown.add(number)
            note = self._text.note(number)
            home = self._homes.setdefault(number, self._section)
            found.append(MarginNote(note, None if home is self._section else home.name, self._address(note.body)))
            waiting.extend(_cited(run for block in note.blocks() for run in _own_runs(block)))
        return tuple(found)


def _first_worded(part: PreparedPart) -> str | None:
    """The id of the first block of a part that has words."""
    return next((block.block.id for block in _blocks(part) if block.block.id and block.block.text), None)


def _cited(runs: Iterable[Run]) -> list[int]:
    return [run.number for run in runs if run.kind is RunKind.CITATION and run.number is not None]


def _own_runs(block: PreparedBlock) -> Iterator[Run]:
    yield from block.runs
    for row in block.rows:
        for cell in row:
            yield from cell


def _blocks(part: PreparedPart) -> Iterator[PreparedBlock]:
    """All blocks of a part in reading order, what stands inside it included."""
    match part:
        case PreparedListing(items=members) | PreparedQuotation(quotes=members):
            for member in members:
                yield from _blocks(member)
        case PreparedBlock():
            yield part
            for inner in part.inside:
                yield from _blocks(inner)
