"""Whether merged wordings still say what their marks say: emphasis, links and code paired, nothing come loose."""

from collections import Counter
from functools import lru_cache

from app.text.blocks import Kind
from app.text.dialect import canonical_inline, plain

_KEPT_LENGTH = 8_000
_MARKS = "*_`[]()<>\\|"


def marks_pair(merged: str, base: str, ours: str, theirs: str) -> bool:
    """Whether a merged inline text has no mark come loose that none of the texts it was made of shows to readers.

    A mark that lost its partner becomes a character people read, so it is found by counting those.
    """
    if not any(mark in merged for mark in _MARKS):
        return True
    shown, before, mine, other = (_loose(text) for text in (merged, base, ours, theirs))
    if any(
        shown[mark] > before[mark] + max(0, mine[mark] - before[mark]) + max(0, other[mark] - before[mark])
        for mark in shown
    ):
        return False
    canonical = all(_is_canonical(text) for text in (base, ours, theirs))
    return not canonical or _is_canonical(merged)


def own_words(text: str, kind: Kind) -> str:
    """What a person typed in the place of a wording of that kind, in canonical form; prose is one line."""
    words = text.strip()
    return words if kind in (Kind.TABLE, Kind.CODE) else canonical_inline(words)


def _loose(text: str) -> Counter[str]:
    # Many edits of one block are tried in a row, so that its words are asked for again and again. Very long texts are
    # not kept.
    return (_counted if len(text) <= _KEPT_LENGTH else _counted.__wrapped__)(text)


@lru_cache(maxsize=512)
def _counted(text: str) -> Counter[str]:
    return Counter(character for character in plain(text) if character in _MARKS)


def _is_canonical(text: str) -> bool:
    return (_asked if len(text) <= _KEPT_LENGTH else _asked.__wrapped__)(text)


@lru_cache(maxsize=512)
def _asked(text: str) -> bool:
    return canonical_inline(text) == text
