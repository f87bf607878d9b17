"""Whether merged wordings still say what their marks say: emphasis, links and code paired, nothing come loose."""

from collections import Counter

from app.text.dialect import canonical_inline, plain

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
    canonical = all(canonical_inline(text) == text for text in (base, ours, theirs))
    return not canonical or canonical_inline(merged) == merged


def _loose(text: str) -> Counter[str]:
    return Counter(character for character in plain(text) if character in _MARKS)
