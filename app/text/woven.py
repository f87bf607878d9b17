"""What a merge of several changes comes to: how each fits, what must be chosen, what must be read, the text."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.text.change import Change
from app.text.labels import free_label
from app.text.snapshot import Snapshot


class Class(StrEnum):
    """How a change fits a text; it is exactly one of these."""

    APPLIES = "applies"
    MOVED = "moved"
    ALREADY = "already"
    COMBINED = "combined"
    CONFLICT = "conflict"
    ORPHANED = "orphaned"


class Choice(StrEnum):
    """What somebody can choose in a conflict: the text as it stands, the proposal, both, or words of their own."""

    STANDING = "standing"
    PROPOSED = "proposed"
    BOTH = "both"
    TEXT = "text"


ANY_CHOICE = (Choice.STANDING, Choice.PROPOSED, Choice.BOTH, Choice.TEXT)
NO_BOTH = (Choice.STANDING, Choice.PROPOSED, Choice.TEXT)
STANDING_ONLY = (Choice.STANDING,)
ONE_OF_TWO = (Choice.STANDING, Choice.PROPOSED)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A change with its name ("12.3": the proposal, a stop, the number) and the text it was made on."""

    ref: str
    change: Change
    base: Snapshot

    @property
    def proposal(self) -> str:
        """The proposal the change belongs to."""
        return self.ref.rpartition(".")[0] or self.ref


@dataclass(frozen=True, slots=True)
class Resolution:
    """What somebody chose in one conflict; ``text`` are their own words where they chose those."""

    choice: Choice | str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """The class of one change; ``confirm``: it is part of a sentence that nobody has written as a whole."""

    cls: Class
    confirm: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something only a person can choose, as whole sentences (or paragraphs, or a place) in each reading.

    ``section`` and ``block`` are ids, ``refs`` the changes that meet here; ``choices`` are the ones that make sense.
    The id is a digest of what is shown, so a choice made for one conflict is never taken for another.
    """

    id: str
    section: str | None
    block: str | None
    base: str
    standing: str
    proposed: str
    both: str
    refs: tuple[str, ...]
    why: str
    choices: tuple[Choice, ...] = ANY_CHOICE


@dataclass(frozen=True, slots=True)
class Combined:
    """A sentence of the result that nobody has written as a whole, and the changes whose words went into it."""

    id: str
    block: str | None
    section: str | None
    sentence: str
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weave:
    """A merge that was tried: the text it gives, and everything somebody must know before it may land.

    ``conflicts`` await a choice; where one is open the text stands as it was. ``settled`` have had theirs.
    ``problems`` say in words what keeps the text from holding together, ``notices`` what is only worth knowing.
    ``outdated`` are the ids of resolutions for which there is no conflict (any more).
    """

    snapshot: Snapshot
    classes: Mapping[str, Fit]
    conflicts: tuple[Conflict, ...] = ()
    settled: tuple[Conflict, ...] = ()
    combined: tuple[Combined, ...] = ()
    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    outdated: tuple[str, ...] = ()


@dataclass(slots=True)
class Verdicts:
    """The conflicts of one merge as they are met, and the choices that were made for them beforehand."""

    resolutions: Mapping[str, Resolution]
    met: list[tuple[Conflict, Resolution | None]] = field(default_factory=list)

    @property
    def open(self) -> tuple[Conflict, ...]:
        """The conflicts nobody has settled."""
        return tuple(conflict for conflict, resolution in self.met if resolution is None)

    @property
    def settled(self) -> tuple[Conflict, ...]:
        """The conflicts for which somebody chose."""
        return tuple(conflict for conflict, resolution in self.met if resolution is not None)

    @property
    def outdated(self) -> tuple[str, ...]:
        """The resolutions that met no conflict."""
        return tuple(sorted(set(self.resolutions) - {conflict.id for conflict, _ in self.met}))

    def ask(
        self,
        *,
        section: str | None,
        block: str | None,
        base: str,
        standing: str,
        proposed: str,
        refs: Iterable[str],
        why: str,
        both: str | None = None,
        choices: tuple[Choice, ...] = ANY_CHOICE,
    ) -> Resolution | None:
        """Name a conflict, and answer with what somebody chose for it, if that is one of the choices on offer."""
        other = standing if both is None else both
        id = self._free_id(digest_of(section, block, base, standing, proposed, other))
        conflict = Conflict(
            id, section, block, base, standing, proposed, other, tuple(dict.fromkeys(refs)), why, choices
        )
        resolution = self.resolutions.get(id)
        if resolution is not None and not _fits(resolution, choices):
            resolution = None
        self.met.append((conflict, resolution))
        return resolution

    def _free_id(self, id: str) -> str:
        """Two conflicts that read the same are told apart by their order."""
        return free_label(id, {conflict.id for conflict, _ in self.met})


def _fits(resolution: Resolution, choices: tuple[Choice, ...]) -> bool:
    return resolution.choice in choices and (resolution.choice != Choice.TEXT or bool((resolution.text or "").strip()))


def digest_of(*parts: str | None) -> str:
    """A short name for exactly these words, the same on every machine."""
    told = "\x1f".join("\x00" if part is None else part for part in parts)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]
