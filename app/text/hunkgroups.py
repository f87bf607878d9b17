"""Groups of word edits of two sides that overlap or touch, and what each of them reads as."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.text.worddiff import Hunk, hunks

# Rewritings of more tokens than this are not searched for one inside the other.
_SEARCHED = 6_000


@dataclass(frozen=True, slots=True)
class Group:
    """Edits of one or both sides that overlap or touch between two tokens of the base.

    ``ours`` and ``theirs`` are what the stretch reads as on either side, ``standing`` and ``proposed`` what it reads
    as after the merge, with our words or with theirs; they differ only if the group ``clashes``.
    """

    start: int
    end: int
    ours: str
    theirs: str
    standing: str
    proposed: str
    both: str
    insertions: tuple[str, ...]
    deleted_by_ours: frozenset[int]
    deleted_by_theirs: frozenset[int]
    kept: tuple[int, ...]

    @property
    def clashes(self) -> bool:
        """Whether somebody has to choose."""
        return self.standing != self.proposed


def replay(base: Sequence[str], edits: Sequence[Hunk]) -> str:
    """The text that the edits make of the base tokens."""
    return "".join(_applied(base, edits, 0, len(base)))


def group_hunks(base: Sequence[str], ours: Sequence[Hunk], theirs: Sequence[Hunk]) -> tuple[Group, ...]:
    """All edits of both sides in groups, in the order of the base; groups never touch each other."""
    bounds: list[_Bounds] = []
    sides = [(hunk.start, 0, hunk) for hunk in ours] + [(hunk.start, 1, hunk) for hunk in theirs]
    for start, side, hunk in sorted(sides, key=lambda edit: (edit[2].start, edit[2].end, edit[1])):
        if not bounds or start > bounds[-1].end:
            bounds.append(_Bounds(start, start))
        bounds[-1].end = max(bounds[-1].end, hunk.end)
        (bounds[-1].theirs if side else bounds[-1].ours).append(hunk)
    return tuple(_group(base, bound.start, bound.end, bound.ours, bound.theirs) for bound in bounds)


@dataclass(slots=True)
class _Bounds:
    """A group as it grows."""

    start: int
    end: int
    ours: list[Hunk] = field(default_factory=list)
    theirs: list[Hunk] = field(default_factory=list)


def _group(base: Sequence[str], start: int, end: int, ours: list[Hunk], theirs: list[Hunk]) -> Group:
    our_text, their_text = (_applied(base, edits, start, end) for edits in (ours, theirs))
    our_words, their_words = "".join(our_text), "".join(their_text)
    if not ours or not theirs:
        standing = proposed = our_words if ours else their_words
    elif (larger := _larger(base[start:end], our_text, their_text)) is not None:
        standing = proposed = "".join(larger)
    else:
        standing, proposed = our_words, their_words
    deleted_by_ours = frozenset(n for hunk in ours for n in range(hunk.start, hunk.end))
    deleted_by_theirs = frozenset(n for hunk in theirs for n in range(hunk.start, hunk.end))
    return Group(
        start,
        end,
        our_words,
        their_words,
        standing,
        proposed,
        standing if standing == proposed else _joined(standing, proposed),
        tuple("".join(hunk.new_tokens) for hunk in (*ours, *theirs)),
        deleted_by_ours,
        deleted_by_theirs,
        tuple(n for n in range(start, end) if n not in deleted_by_ours and n not in deleted_by_theirs),
    )


def _applied(base: Sequence[str], edits: Sequence[Hunk], start: int, end: int) -> list[str]:
    text, at = [], start
    for hunk in edits:
        text += [*base[at : hunk.start], *hunk.new_tokens]
        at = hunk.end
    return text + list(base[at:end])


def _larger(base: Sequence[str], ours: list[str], theirs: list[str]) -> list[str] | None:
    """The side that holds every edit of the other, if there is one: the same edit on both sides counts once."""
    if ours == theirs:
        return ours
    if len(base) + len(ours) + len(theirs) > _SEARCHED:
        return None
    our_edits, their_edits = (set(hunks(base, side, tidy=False)) for side in (ours, theirs))
    if their_edits <= our_edits:
        return ours
    return theirs if our_edits <= their_edits else None


def _joined(first: str, second: str) -> str:
    """Both wordings, one after the other, with exactly one space where words would run together."""
    if not first.strip() or not second.strip():
        return first + second if not (first and second) else (first if first.strip() else second)
    if first[-1] == " " and second[0] == " ":
        return first + second[1:]
    return first + second if first[-1].isspace() or second[0].isspace() else f"{first} {second}"
