"""What two texts have in common at the beginning and at the end: it is the same and needs no search."""

from collections.abc import Sequence

# Marks of code blocks: an empty line inside one ends nothing.
_FENCES = ("```", "~~~")
_GAP = "\n\n"
# Equal stretches go by so many values at once.
_STRIDE = 16


def equal_ends(old: Sequence[object], new: Sequence[object]) -> tuple[int, int]:
    """How many values are the same at the beginning, and how many of the others at the end."""
    most = min(len(old), len(new))
    first = last = 0
    while first + _STRIDE <= most and old[first : first + _STRIDE] == new[first : first + _STRIDE]:
        first += _STRIDE
    while first < most and old[first] == new[first]:
        first += 1
    most -= first
    i, j = len(old), len(new)
    while last + _STRIDE <= most and old[i - last - _STRIDE : i - last] == new[j - last - _STRIDE : j - last]:
        last += _STRIDE
    while last < most and old[i - last - 1] == new[j - last - 1]:
        last += 1
    return first, last


def equal_paragraphs(old: str, new: str) -> tuple[int, int]:
    """How many characters two Markdown texts have in common at the beginning and at the end, cut between paragraphs.

    The beginning ends before an empty line. Before the end a paragraph that is the same stays with what is compared,
    so that what came or went right before it has something to stand before. A text with code fences near its edits is
    cut before the fence.
    """
    first = _equal_start(old, new, min(len(old), len(new)))
    if first < len(old) or first < len(new):
        cuts = [place for fence in _FENCES if (place := old.find(fence, 0, first)) >= 0]
        first = max(0, old.rfind(_GAP, 0, min([first, *cuts])))
    last = _equal_end(old, new, min(len(old), len(new)) - first)
    if last:
        gap = old.find(_GAP, len(old) - last)
        edge = old.find(_GAP, gap + len(_GAP)) if gap >= 0 else -1
        last = len(old) - edge if edge >= 0 else 0
    if last and any(fence in text[first : len(text) - last] for fence in _FENCES for text in (old, new)):
        last = 0
    return first, last


def _equal_start(old: str, new: str, most: int) -> int:
    """The length of the common beginning, found by halving."""
    low, step = 0, 64
    while low < most:
        high = min(low + step, most)
        if old[low:high] == new[low:high]:
            low, step = high, step * 4
        elif high - low == 1:
            break
        else:
            step = max(1, (high - low) // 2)
    return low


def _equal_end(old: str, new: str, most: int) -> int:
    low, step = 0, 64
    i, j = len(old), len(new)
    while low < most:
        high = min(low + step, most)
        if old[i - high : i - low] == new[j - high : j - low]:
            low, step = high, step * 4
        elif high - low == 1:
            break
        else:
            step = max(1, (high - low) // 2)
    return low
