"""What somebody sends in to propose a new text: the sections they rewrote, and fields of the front."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from app.text.blocks import Block
from app.text.snapshot import SectionKind


class Absent(Enum):
    """Says that something was not sent at all, where None means something else."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


@dataclass(frozen=True, slots=True)
class SubmittedSection:
    """One section as its author wants it; None leaves kind, blocks or heading as they are.

    ``blocks`` may carry the ids their sender knows, and definitions of notes, which go to the footnotes section.
    ``after`` is the key of the section it shall follow, None for the first place, ABSENT for where it is.
    """

    key: str
    kind: SectionKind | None = None
    blocks: tuple[Block, ...] | None = None
    heading: str | None = None
    after: str | Absent | None = ABSENT
    remove: bool = False


@dataclass(frozen=True, slots=True)
class Submission:
    """A whole proposal as it was sent: sections that are not named stay untouched, and so do fields of the front."""

    sections: tuple[SubmittedSection, ...] = ()
    front: Mapping[str, object] = field(default_factory=dict)
