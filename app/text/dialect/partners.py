"""Which lines that begin with a first letter have the second further down, so that they may interrupt a paragraph."""

from collections.abc import Sequence

from app.text.dialect.markers import lettered_at

_SECONDS = {"A": "B", "a": "b", "I": "II", "i": "ii"}


def partners(lines: Sequence[str]) -> dict[int, str]:
    """Line number → first letter, for lines whose second letter stands below before the next empty line."""
    found: dict[int, str] = {}
    seen: set[str] = set()
    for number in range(len(lines) - 1, -1, -1):
        bare = lines[number].lstrip(" >")
        if not bare:
            seen.clear()
            continue
        matched = lettered_at(bare, 0)
        if matched is None:
            continue
        if _SECONDS.get(matched[1]) in seen:
            found[number] = matched[1]
        if matched[1] in ("B", "b", "II", "ii"):
            seen.add(matched[1])
    return found
