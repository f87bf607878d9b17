"""What a search finds: values that pages and the interface show alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.text.folding import Piece


class Sort(StrEnum):
    """The sorts of things a search finds, as they follow each other."""

    WORKING = "working"
    EDITION = "edition"
    PROPOSALS = "proposals"
    THREADS = "threads"


@dataclass(frozen=True, slots=True)
class FoundBlock:
    """A paragraph of the text, or (without ``block``) the heading of a section; without ``section`` the cover.

    ``place`` is where the paragraph stands in its section: "paragraph 2".
    """

    section: str
    section_name: str
    block: str | None
    place: str
    words: Sequence[Piece]

    @property
    def key(self) -> str:
        """What the next page begins after."""
        return self.block or (f"section {self.section}" if self.section else "cover")


@dataclass(frozen=True, slots=True)
class FoundProposal:
    """A proposal, with where the words stand in it: its title, its reasons, or the words of the ``change``.

    ``section`` is what the section is called that the change is of, None where it is of none that is in the text.
    """

    number: int
    title: Sequence[Piece]
    author: str
    state: str
    updated_at: datetime
    where: str
    change: int | None
    section: str | None
    words: Sequence[Piece]

    @property
    def key(self) -> str:
        """What the next page begins after."""
        return str(self.number)


@dataclass(frozen=True, slots=True)
class FoundThread:
    """A thread, with the newest comment in which the words stand."""

    number: int
    comment: int
    subject: str
    state: str
    audience: str
    author: str
    at: datetime
    words: Sequence[Piece]

    @property
    def key(self) -> str:
        """What the next page begins after."""
        return f"{self.number}.{self.comment}"


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found. ``more`` says after what to go on, for each sort of which there is more than is shown.

    ``edition`` are paragraphs of the edition in force where it reads otherwise than the working text, or all that fit
    for those who may not read the working text; ``label`` is what it is called.
    """

    words: tuple[str, ...] = ()
    working: Sequence[FoundBlock] = ()
    edition: Sequence[FoundBlock] = ()
    label: str = ""
    proposals: Sequence[FoundProposal] = ()
    threads: Sequence[FoundThread] = ()
    more: Mapping[Sort, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many things are shown."""
        return len(self.working) + len(self.edition) + len(self.proposals) + len(self.threads)
