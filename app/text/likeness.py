"""How much two blocks have in common, counted in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.text.blocks import Block
from app.text.words import is_word, tokens


@dataclass(frozen=True, slots=True)
class Likeness:
    """``kept`` words stand in both texts in the same order; ``share`` is twice that by all words of both, 0 to 1."""

    kept: int
    share: float
    shorter: int
    longer: int


class Wording:
    """The words of one text, ready to be compared with many others."""

    __slots__ = ("_places", "words")

    def __init__(self, text: str) -> None:
        self.words: list[str] = [token.casefold() for token in tokens(text) if is_word(token)]
        self._places: dict[str, int] | None = None

    @classmethod
    def of(cls, block: Block) -> "Wording":
        """The words of a block."""
        return cls(block.text)

    def likeness(self, other: "Wording") -> Likeness:
        """What this text and the other have in common."""
        total = len(self.words) + len(other.words)
        kept = self.kept_words(other.words)
        return Likeness(
            kept=kept,
            share=2 * kept / total if total else 0.0,
            shorter=min(len(self.words), len(other.words)),
            longer=max(len(self.words), len(other.words)),
        )

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
