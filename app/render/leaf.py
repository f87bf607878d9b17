"""A charter laid out for a page: each block with the notes it cites, each list item with its marker."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from app.render.pinning import Spot, pinned_block, pinned_part
from app.text.blocks import Kind, ListStyle
from app.text.places import marker
from app.text.prepared import (
    AttachedFile,
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
class Addresses:
    """Where a page leads to from a paragraph, each empty where it does not.

    ``annexes`` is the file of an annexe, with {} in the place of its key.

    ``whence`` is the page that says where its words come from, with {} in the place of the block's id. ``remark``
    begins the address of the form for commenting; what it is about is put behind it. ``propose`` is the form for
    other wording, with {} in the place of the section's key.
    """

    whence: str = ""
    remark: str = ""
    propose: str = ""
    annexes: str = ""


_NOWHERE = Addresses()
_NO_WORDS = Markup("")


@dataclass(frozen=True, slots=True)
class Here:
    """A paragraph as a place: its id in the page, what it is called in a meeting, and what can be done at it.

    ``number`` is printed beside it, "" where it bears a number or letter of its own; ``name`` is said in full:
    Mission, paragraph 3.
    """

    anchor: str
    number: str
    name: str
    whence: str = ""
    remark: str = ""
    propose: str = ""


@dataclass(frozen=True, slots=True)
class MarginNote:
    """A note beside the words that cite it. ``home`` names the section where it stood first, if it is shown again."""

    note: PreparedNote
    home: str | None
    here: Here | None = None


@dataclass(frozen=True, slots=True)
class MarginCard:
    """Something of ours beside the words it is about: an open proposal, a comment, or that there are more of them.

    ``anchor`` is its own id in the page. ``words`` are what it says or would do, ready to be printed; ``meta`` who is
    behind it, ``warning`` what it collides with. ``adds``: it would put something in below these words.
    ``count`` is for how many it stands.
    """

    address: str
    name: str
    title: str = ""
    words: Markup = _NO_WORDS
    meta: str = ""
    warning: str = ""
    anchor: str = ""
    thread: bool = False
    adds: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Margin:
    """What stands beside a block."""

    notes: tuple[MarginNote, ...] = ()
    cards: tuple[MarginCard, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.notes or self.cards)

    def __add__(self, other: "Margin") -> "Margin":
        cards = dict.fromkeys((*self.cards, *other.cards))
        return Margin(self.notes + other.notes, tuple(cards))


@dataclass(frozen=True, slots=True)
class LeafItem:
    """A list item with its marker as it is written ("A.", "3.", "•")."""

    block: PreparedBlock
    marker: str
    margin: Margin
    here: Here | None = None


@dataclass(frozen=True, slots=True)
class LeafPart:
    """One part of a section with what stands beside it; of a list that stands at its ``items``."""

    part: PreparedPart
    items: tuple[LeafItem, ...]
    margin: Margin
    here: Here | None = None


@dataclass(frozen=True, slots=True)
class LeafGoal:
    """A goal: its label, its title, what it says."""

    label: str
    title: PreparedBlock
    parts: tuple[LeafPart, ...]


@dataclass(frozen=True, slots=True)
class LeafSection:
    """A section in reading order. What belongs beside its goals stands below all of them.

    ``remark`` is the form for commenting on it as a whole. ``foot`` are its notes where they stand under it.
    """

    section: PreparedSection
    heading_margin: Margin
    parts: tuple[LeafPart, ...]
    goals: tuple[LeafGoal, ...]
    goal_margin: Margin
    closing: tuple[LeafPart, ...]
    remark: str = ""
    foot: Margin = Margin()

    @property
    def top(self) -> int:
        """The level of its highest heading; pages begin from there, so that no level is left out."""
        return min((b.block.level or 2 for b in self.section.blocks() if b.block.kind is Kind.HEADING), default=2)

    @property
    def columns(self) -> int:
        """Into how many columns its goals go."""
        return len(self.goals) if len(self.goals) <= _COLUMNS else 1


@dataclass(frozen=True, slots=True)
class LeafAnnexe:
    """An annexe with its file, if it has one, and where that is to be had, "" where nothing can be linked to."""

    annexe: Annexe
    file: AttachedFile | None
    address: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """A whole charter text for one page."""

    text: PreparedEdition
    sections: tuple[LeafSection, ...]
    unused: tuple[LeafPart, ...]
    annexes: tuple[LeafAnnexe, ...]


def lay_out(
    prepared: PreparedEdition,
    cards: Mapping[str, Sequence[MarginCard]] | None = None,
    addresses: Addresses = _NOWHERE,
    *,
    spots: Mapping[str, Sequence[Spot]] | None = None,
    notes_below: bool = False,
) -> Leaf:
    """The text with every note in the margin of the words that cite it, once in each section that does.

    ``cards`` are what else stands beside a block or under a heading, by the id of the block or section, ``spots`` the
    marks in the words of a block. With ``notes_below`` a section's notes stand under it and leave the margin to cards.
    """
    return _Layout(prepared, cards or {}, addresses, spots or {}, notes_below=notes_below).leaf()


def markers(listing: PreparedListing) -> Iterator[str]:
    """The markers of a list, in order."""
    style = ListStyle(listing.style)
    for number in range(listing.start, listing.start + len(listing.items)):
        yield "•" if style is ListStyle.BULLET else f"{marker(style, number)}."


class _Layout:
    """One pass over a prepared edition in reading order."""

    def __init__(
        self,
        prepared: PreparedEdition,
        cards: Mapping[str, Sequence[MarginCard]],
        addresses: Addresses,
        spots: Mapping[str, Sequence[Spot]],
        *,
        notes_below: bool,
    ) -> None:
        self._text = prepared
        self._cards = cards
        self._addresses = addresses
        self._spots = spots
        self._notes_below = notes_below
        self._homes: dict[int, PreparedSection] = {}
        self._shown: set[int] = set()
        self._foot: list[MarginNote] = []

    def leaf(self) -> Leaf:
        """Everything laid out."""
        sections = tuple(self._lay_section(section) for section in self._text.sections)
        unused = tuple(self._unused(note) for note in self._text.unused_notes)
        return Leaf(self._text, sections, unused, tuple(map(self._annexe, self._text.front.annexes)))

    def _annexe(self, annexe: Annexe) -> LeafAnnexe:
        file = self._text.file_of(annexe.key)
        there = self._addresses.annexes if file is not None else ""
        return LeafAnnexe(annexe, file, there.replace("{}", annexe.key))

    def _unused(self, note: PreparedNote) -> LeafPart:
        """A note that nothing cites, with what is said of it."""
        cards = tuple(self._cards_on(note.blocks()))
        return LeafPart(pinned_block(note.body, self._spots), (), Margin(cards=cards), self._place(note.body, None))

    def _lay_section(self, section: PreparedSection) -> LeafSection:
        self._shown = set()
        self._foot = []
        self._section = section
        heading = self._margin(self._notes(section.heading), self._cards.get(section.id, ()))
        parts = self._lay_parts(section.parts)
        goals: list[LeafGoal] = []
        below = Margin()
        for goal in section.goals:
            for part in (goal.title, *goal.parts):
                below += self._beside(part)
            title = pinned_block(goal.title, self._spots)
            goals.append(LeafGoal(goal.label, title, tuple(self._bare(part) for part in goal.parts)))
        closing = self._lay_parts(section.closing)
        remark = f"{self._addresses.remark}section={section.key}" if self._addresses.remark else ""
        return LeafSection(section, heading, parts, tuple(goals), below, closing, remark, self._at_foot())

    def _at_foot(self) -> Margin:
        notes = tuple(self._foot)
        return Margin(notes, self._cards_of(notes))

    def _lay_parts(self, parts: Iterable[PreparedPart]) -> tuple[LeafPart, ...]:
        return tuple(self._lay_part(part) for part in parts)

    def _lay_part(self, part: PreparedPart) -> LeafPart:
        return self._with_margins(part, self._beside)

    def _bare(self, part: PreparedPart) -> LeafPart:
        """A part with nothing beside it."""
        return self._with_margins(part, lambda _: Margin())

    def _with_margins(self, part: PreparedPart, beside: Callable[[PreparedPart], Margin]) -> LeafPart:
        shown = pinned_part(part, self._spots) if self._spots else part
        if isinstance(part, PreparedListing):
            assert isinstance(shown, PreparedListing)
            written = zip(shown.items, part.items, markers(part), strict=True)
            items = tuple(LeafItem(new, sign, beside(item), self._here(item)) for new, item, sign in written)
            return LeafPart(shown, items, Margin())
        return LeafPart(shown, (), beside(part), self._here(part))

    def _here(self, part: PreparedPart) -> Here | None:
        """The place of the first block of a part that has words."""
        block = next((b for b in _blocks(part) if b.block.id and b.block.text), None)
        return None if block is None else self._place(block, self._section)

    def _place(self, block: PreparedBlock, section: PreparedSection | None) -> Here | None:
        id, to = block.block.id, self._addresses
        place = self._text.places.get(id or "")
        if id is None or place is None:
            return None
        lettered = block.block.kind is Kind.ITEM and block.block.style is not ListStyle.BULLET
        silent = block.block.kind in (Kind.HEADING, Kind.NOTE) or lettered
        alone = section is None or block.block.kind is Kind.NOTE
        return Here(
            anchor=f"b-{id}",
            number="" if silent else place.short,
            name=f"{str(place)[:1].upper()}{str(place)[1:]}"
            if alone or section is None
            else f"{section.name}, {place}",
            whence=to.whence.format(id) if to.whence else "",
            remark=f"{to.remark}block={id}" if to.remark else "",
            propose=f"{to.propose.format(section.key)}#b-{id}" if to.propose and section is not None else "",
        )

    def _beside(self, part: PreparedPart) -> Margin:
        """What stands beside a part: notes, and the cards of its blocks and of the notes that are shown first here."""
        blocks = list(_blocks(part))
        notes = self._notes(run for block in blocks for run in _own_runs(block))
        return self._margin(notes, self._cards_on(blocks))

    def _margin(self, notes: tuple[MarginNote, ...], cards: Iterable[MarginCard]) -> Margin:
        if self._notes_below:
            self._foot.extend(notes)
            return Margin(cards=tuple(dict.fromkeys(cards)))
        return Margin(notes, tuple(dict.fromkeys((*cards, *self._cards_of(notes)))))

    def _cards_of(self, notes: Iterable[MarginNote]) -> tuple[MarginCard, ...]:
        return tuple(card for one in notes if one.home is None for card in self._cards_on(one.note.blocks()))

    def _cards_on(self, blocks: Iterable[PreparedBlock]) -> Iterator[MarginCard]:
        return (card for block in blocks for card in self._cards.get(block.block.id or "", ()))

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
            waiting.extend(_cited(run for block in note.blocks() for run in _own_runs(block)))
            shown = replace(note, body=pinned_block(note.body, self._spots)) if self._spots else note
            if home is self._section:
                found.append(MarginNote(shown, None, self._place(note.body, self._section)))
            else:
                found.append(MarginNote(note, home.name))
        return tuple(found)


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
