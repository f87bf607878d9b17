"""How much two blocks have in common, counted in words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.text.words import UNSPACED

# Coarser and much faster than tokens: only what is compared here.
_WORD = re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+")


@dataclass(frozen=True, slots=True)
class Likeness:
    """``kept`` words stand in both texts in the same order; ``share`` is twice that by all words of both, 0 to 1."""

    kept: int
    share: float
    shorter: int
    longer: int


class Wording:
    """The words of one text, ready to be compared with many others."""

    __slots__ = ("_numbered", "_places", "words")

    def __init__(self, text: str) -> None:
        self.words: list[str] = _WORD.findall(text.casefold())
        self._places: dict[str, int] | None = None
        self._numbered: frozenset[tuple[str, int] | str] | None = None

    def likeness(self, other: "Wording") -> Likeness:
        """What this text and the other have in common."""
        return self._likeness(other, self.kept_words(other.words))

    def likeness_at_most(self, other: "Wording") -> Likeness:
        """The same without regard to order: never less than the likeness, and much faster to have."""
        return self._likeness(other, len(self._each_word() & other._each_word()))

    def share_at_most(self, other: "Wording", least: float) -> float:
        """The share of `likeness_at_most`; 0 where it is less than the least one that is asked for."""
        both = len(self.words) + len(other.words)
        if not both or 2 * min(len(self.words), len(other.words)) < least * both:
            return 0.0
        share = 2 * len(self._each_word() & other._each_word()) / both
        return share if share >= least else 0.0

    def _likeness(self, other: "Wording", kept: int) -> Likeness:
        shorter, longer = sorted((len(self.words), len(other.words)))
        return Likeness(kept, 2 * kept / (shorter + longer) if longer else 0.0, shorter, longer)

    def _each_word(self) -> frozenset[tuple[str, int] | str]:
        """The words as a set in which a word that stands n times stands n times."""
        if self._numbered is None:
            again: dict[str, int] = {}
            numbered: set[tuple[str, int] | str] = set()
            for word in self.words:
                if word in numbered:
                    again[word] = again.get(word, 0) + 1
                    numbered.add((word, again[word]))
                else:
                    numbered.add(word)
            self._numbered = frozenset(numbered)
        return self._numbered

    def kept_words(self, words: Sequence[str]) -> int:
        """The length of the longest common subsequence of words.

        One bit for each of our words, all handled at once as one large number (Hyyrö's bit-parallel recurrence): a bit
        falls to zero where the subsequence grows.
        """
        if self._places is None:
            places: dict[str, int] = {}
            for n, word in enumerate(self.words):
                places[word] = places.get(word, 0) | 1 << n
            self._places = places
        full = (1 << len(self.words)) - 1
        row = full
        for word in words:
            match = self._places.get(word)
            if match is not None:
                met = row & match
                row = (row + met | row - met) & full
        return len(self.words) - row.bit_count()
