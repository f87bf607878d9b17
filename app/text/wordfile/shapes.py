"""What comes back in a Word document: what each person changed and said, and what of it could not be brought."""

from dataclasses import dataclass
from datetime import datetime

from app.text.submission import Submission


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What one person changed. ``author`` is the name in the file, "" for what was changed without being tracked.

    ``submission`` is what `derive` takes, on the base that was given; ``changed_at`` the newest moment of it (None:
    unknown).
    """

    author: str
    submission: Submission
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Saying:
    """What one person said in a comment; ``at`` is None where the file does not tell."""

    author: str
    at: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment of the file, with its answers. ``section`` and ``block`` are ids in the base, None if it hangs on
    nothing there.

    ``quote`` are the words it hangs on as plain text of that block in the base, with ``prefix`` and ``suffix`` around
    them ("" if only the block is known).
    """

    sayings: tuple[Saying, ...]
    section: str | None
    block: str | None
    quote: str = ""
    prefix: str = ""
    suffix: str = ""
    resolved: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """Something of the file that was not brought: what it is in plain words, and the beginning of the words there."""

    what: str
    where: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What a Word document brings to a text.

    ``suggestions`` are what was changed without being tracked, if anything, then each person's, in the order of their
    first changes. ``known`` counts the tracked changes that stood in the document already when it left here, and
    ``known_remarks`` the comments; neither is brought.
    """

    suggestions: tuple[Suggestion, ...] = ()
    remarks: tuple[Remark, ...] = ()
    left: tuple[Left, ...] = ()
    known: int = 0
    known_remarks: int = 0
