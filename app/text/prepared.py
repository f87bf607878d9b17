"""The prepared edition: a charter text made ready once, with every number and reference settled, for all writers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from datetime import date as Day
from enum import StrEnum

from app.text.blocks import Block
from app.text.dialect import Mark
from app.text.places import Place
from app.text.snapshot import Annexe, Front, SectionKind


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """What an edition says about itself: its key ("2025-05"), label ("May 2025"), effective day and state."""

    date: str
    label: str
    effective: Day
    state: str


@dataclass(frozen=True, slots=True)
class RevisionFacts:
    """Which revision a text is, and when it was made."""

    number: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """The file of an annexe: its ``name`` is safe on every machine, ``size`` is in bytes, ``sha256`` in hexadecimal."""

    annexe: str
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Logo:
    """The group's logo, made safe: a PNG or SVG. ``alt`` says in words what it shows, for those who do not see it."""

    media_type: str
    sha256: str
    alt: str
    octets: bytes = field(repr=False)


class RunKind(StrEnum):
    """What a run of an inline text is."""

    WORDS = "words"
    CITATION = "citation"
    BREAK = "break"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of inline text of one look and one target.

    Words lead at most to one place: ``url`` outside, ``anchor`` inside this text, or ``annexe``, an annexe declared in
    the front. A citation has the ``number`` of its note, the note's ``anchor``, and says whether it is the ``first`` of
    that number; its text is the number. A citation of a note that is not there is words: the characters as written.
    """

    text: str
    marks: frozenset[Mark] = frozenset()
    kind: RunKind = RunKind.WORDS
    url: str | None = None
    anchor: str | None = None
    annexe: Annexe | None = None
    number: int | None = None
    first: bool = False


def plain(runs: Iterable[Run]) -> str:
    """What a reader reads in them on one line, without note numbers."""
    words = "".join(" " if run.kind is RunKind.BREAK else run.text for run in runs if run.kind is not RunKind.CITATION)
    return " ".join(words.split())


@dataclass(frozen=True, slots=True)
class PreparedBlock:
    """One block with its words settled, and what stands inside it (items, quotes and notes only).

    ``rows`` are the cells of a table, header first; then ``runs`` is empty. Code has its characters in ``block.text``.
    """

    block: Block
    runs: tuple[Run, ...] = ()
    rows: tuple[tuple[tuple[Run, ...], ...], ...] = ()
    inside: tuple["PreparedPart", ...] = ()

    @property
    def anchor(self) -> str | None:
        """The address of the block inside the text: ``b-`` and its permanent id."""
        return None if self.block.id is None else f"b-{self.block.id}"


@dataclass(frozen=True, slots=True)
class PreparedListing:
    """A list: ``style`` and ``start`` stand on every item's block; ``loose`` asks for air between the items."""

    items: tuple[PreparedBlock, ...]
    loose: bool

    @property
    def start(self) -> int:
        """The number of the first item."""
        return 1 if self.items[0].block.start is None else self.items[0].block.start

    @property
    def style(self) -> str:
        """How the markers are written."""
        return str(self.items[0].block.style or "bullet")


@dataclass(frozen=True, slots=True)
class PreparedQuotation:
    """One quotation of one or more blocks."""

    quotes: tuple[PreparedBlock, ...]


PreparedPart = PreparedBlock | PreparedListing | PreparedQuotation


@dataclass(frozen=True, slots=True)
class PreparedGoal:
    """A goal: its label ("Goal 1") comes from the order, its title from the heading block that opens it."""

    number: int
    title: PreparedBlock
    parts: tuple[PreparedPart, ...]

    @property
    def label(self) -> str:
        """What the goal is called."""
        return f"Goal {self.number}"


@dataclass(frozen=True, slots=True)
class PreparedSection:
    """A section in reading order: ``parts``, then ``goals`` with what closes them in ``closing`` (goals sections only).

    ``heading`` may be empty; ``name`` never is.
    """

    id: str
    key: str
    kind: SectionKind
    heading: tuple[Run, ...]
    name: str
    parts: tuple[PreparedPart, ...]
    goals: tuple[PreparedGoal, ...] = ()
    closing: tuple[PreparedPart, ...] = ()

    @property
    def anchor(self) -> str:
        """The address of the section inside the text: its key."""
        return self.key

    def blocks(self) -> Iterator[PreparedBlock]:
        """Every block of the section in reading order, what stands inside others after what holds it."""
        yield from _each(self.parts)
        for goal in self.goals:
            yield goal.title
            yield from _each(goal.parts)
        yield from _each(self.closing)


@dataclass(frozen=True, slots=True)
class PreparedNote:
    """A footnote. ``number`` is None for a note that nothing cites."""

    number: int | None
    label: str
    body: PreparedBlock

    @property
    def anchor(self) -> str:
        """The address of the note inside the text."""
        return f"note.{self.number}" if self.number is not None else f"unused-note.{self.label}"

    def blocks(self) -> Iterator[PreparedBlock]:
        """The note and the blocks inside it."""
        yield from _each((self.body,))


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A line of the contents: section headings are level 1, headings inside sections and goals deeper."""

    level: int
    name: str
    anchor: str


class Fault(StrEnum):
    """What keeps a text from being an edition, or is worth a look before it becomes one."""

    DANGLING_NOTE = "dangling-note"
    DANGLING_REFERENCE = "dangling-reference"
    UNDECLARED_ANNEXE = "undeclared-annexe"
    UNUSED_NOTE = "unused-note"
    ANNEXE_WITHOUT_FILE = "annexe-without-file"

    @property
    def forbids_freezing(self) -> bool:
        """Whether a text with it cannot be frozen; otherwise it is a warning."""
        return self not in (Fault.UNUSED_NOTE, Fault.ANNEXE_WITHOUT_FILE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: in which section, in which block if known, and the label or target that does not fit."""

    fault: Fault
    section: str
    block: str | None
    target: str


@dataclass(frozen=True, slots=True)
class PreparedEdition:
    """A whole charter text with everything settled. ``notes`` stand in the order of their numbers, unused ones last.

    ``files`` are those of its annexes. ``places`` says of each block, by its id, where it stands: paragraph 2, item C.
    """

    charter: str
    front: Front
    edition: EditionFacts | None
    revision: RevisionFacts | None
    sections: tuple[PreparedSection, ...]
    notes: tuple[PreparedNote, ...]
    outline: tuple[OutlineEntry, ...]
    findings: tuple[Finding, ...] = field(default=())
    files: tuple[AttachedFile, ...] = ()
    logo: Logo | None = None
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)

    @property
    def label(self) -> str:
        """Which text this is, in words: "Edition: May 2025", or "Working text, revision 12"."""
        if self.edition is not None:
            return f"Edition: {self.edition.label}"
        return "Working text" if self.revision is None else f"Working text, revision {self.revision.number}"

    @property
    def moment(self) -> datetime:
        """The moment the text is dated: the edition's effective day, else when its revision was made."""
        if self.edition is not None:
            return datetime.combine(self.edition.effective, time(), UTC)
        return datetime(1970, 1, 1, tzinfo=UTC) if self.revision is None else self.revision.made_at.astimezone(UTC)

    def file_of(self, annexe: str) -> AttachedFile | None:
        """The file of the annexe with that key, None if it has none."""
        return next((file for file in self.files if file.annexe == annexe), None)

    @property
    def annexes_at_hand(self) -> tuple[Annexe, ...]:
        """The annexes that somebody can get at: with a file or an address."""
        return tuple(a for a in self.front.annexes if a.url is not None or self.file_of(a.key) is not None)

    @property
    def worth_a_look(self) -> tuple[Finding, ...]:
        """The faults of the text, then the annexes that nobody can get at."""
        at_hand = self.annexes_at_hand
        bare = (Finding(Fault.ANNEXE_WITHOUT_FILE, "", None, a.key) for a in self.front.annexes if a not in at_hand)
        return (*self.findings, *bare)

    def note(self, number: int) -> PreparedNote:
        """The note with that number."""
        return self.notes[number - 1]

    @property
    def unused_notes(self) -> tuple[PreparedNote, ...]:
        """The notes that nothing cites."""
        return tuple(note for note in self.notes if note.number is None)


def _each(parts: tuple[PreparedPart, ...]) -> Iterator[PreparedBlock]:
    for part in parts:
        match part:
            case PreparedListing(items=members) | PreparedQuotation(quotes=members):
                yield from _each(members)
            case PreparedBlock():
                yield part
                yield from _each(part.inside)
