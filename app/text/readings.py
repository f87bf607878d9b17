"""What a reader reads of a text: its characters without Markdown, each with the way it looks and where it leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from app.text.dialect import Mark, SpanKind, inline
from app.text.effort import BLOCK_STEPS, Effort
from app.text.worddiff import rewordings
from app.text.words import tokens


@dataclass(frozen=True, slots=True)
class Look:
    """How characters look and where they lead: ``note`` is the label of a citation, ``is_break`` a line break."""

    marks: frozenset[Mark] = frozenset()
    link: str | None = None
    note: str | None = None
    is_break: bool = False


PLAIN = Look()


class Fate(StrEnum):
    """What happened to characters that a reader sees."""

    KEPT = "kept"
    DELETED = "deleted"
    INSERTED = "inserted"
    REFORMATTED = "reformatted"


@dataclass(frozen=True, slots=True)
class Shown:
    """Characters of one fate and one look. ``was`` is the look before, of what was reformatted."""

    fate: Fate
    text: str
    look: Look
    was: Look | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read of a text, in runs of one look."""

    runs: tuple[tuple[str, Look], ...]

    @property
    def text(self) -> str:
        """The characters alone."""
        return "".join(words for words, _ in self.runs)

    @property
    def looks(self) -> list[Look]:
        """The look of every character."""
        return [look for words, look in self.runs for _ in words]

    def __add__(self, other: "Reading") -> "Reading":
        return Reading(self.runs + other.runs)


def reading(text: str) -> Reading:
    """What is read of an inline text. A citation reads as it is written, ``[^label]``; a hard break as a line end."""
    runs: list[tuple[str, Look]] = []
    for span in inline(text):
        if span.kind is SpanKind.BREAK:
            runs.append(("\n", Look(is_break=True)))
        elif span.note is not None:
            runs.append((f"[^{span.note}]", Look(span.marks, span.link, span.note)))
        else:
            runs.append((span.text, Look(span.marks, span.link) if span.marks or span.link else PLAIN))
    return Reading(tuple(runs))


def verbatim(text: str) -> Reading:
    """A text in which nothing is Markdown, such as code."""
    return Reading(((text, PLAIN),) if text else ())


def shown(read: Reading, fate: Fate) -> tuple[Shown, ...]:
    """A whole reading with one fate."""
    return tuple(Shown(fate, words, look) for words, look in read.runs)


def compared(old: Reading, new: Reading, effort: Effort | None = None) -> tuple[Shown, ...]:
    """What became of the characters: words that only look different are reformatted, not deleted and inserted."""
    if old == new:
        return shown(new, Fate.KEPT)
    spare = effort or Effort(BLOCK_STEPS)
    part = spare.share(BLOCK_STEPS)
    old_tokens = _tokens(old)
    hunks, _ = rewordings(old_tokens, _tokens(new), part)
    spare.take_back(part)
    old_text, new_text, old_looks, new_looks = old.text, new.text, old.looks, new.looks
    pieces: list[Shown] = []
    at = i = j = 0

    def keep(length: int) -> None:
        nonlocal i, j
        pieces.extend(_kept(new_text[j : j + length], old_looks[i : i + length], new_looks[j : j + length]))
        i, j = i + length, j + length

    for hunk in hunks:
        keep(_length(old_tokens[at : hunk.start]))
        gone, come = _length(old_tokens[hunk.start : hunk.end]), _length(hunk.new_tokens)
        pieces.extend(_runs(Fate.DELETED, old_text[i : i + gone], old_looks[i : i + gone]))
        pieces.extend(_runs(Fate.INSERTED, new_text[j : j + come], new_looks[j : j + come]))
        at, i, j = hunk.end, i + gone, j + come
    keep(_length(old_tokens[at:]))
    return tuple(pieces)


def _tokens(read: Reading) -> list[str]:
    """The tokens of what is read; a citation is one, whatever its label is made of."""
    found: list[str] = []
    for is_citation, run in groupby(read.runs, key=lambda run: run[1].note is not None):
        words = [text for text, _ in run]
        found.extend(words if is_citation else tokens("".join(words)))
    return found


def _length(some: Sequence[str]) -> int:
    return sum(map(len, some))


def _runs(fate: Fate, text: str, looks: Sequence[Look]) -> tuple[Shown, ...]:
    pieces: list[Shown] = []
    at = 0
    for look, run in groupby(looks):
        end = at + sum(1 for _ in run)
        pieces.append(Shown(fate, text[at:end], look))
        at = end
    return tuple(pieces)


def _kept(text: str, before: Sequence[Look], after: Sequence[Look]) -> list[Shown]:
    pieces: list[Shown] = []
    at = 0
    for (was, look), run in groupby(zip(before, after, strict=True)):
        end = at + sum(1 for _ in run)
        if was == look:
            pieces.append(Shown(Fate.KEPT, text[at:end], look))
        else:
            pieces.append(Shown(Fate.REFORMATTED, text[at:end], look, was))
        at = end
    return pieces
