"""What stood tracked or said in a Word file when it left here, so that it is known again when it comes back.

Dates alone do not tell: Word writes the time of its own clock and calls it universal time.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping

_NAME = "Engross knows "
# Word shows properties of so many characters at most.
_LONGEST = 240
_DIGITS = 10


def mark_of(author: str, date: str) -> str:
    """What is written down of somebody's change or comment, by the name and the date that the file has."""
    return hashlib.sha256(f"{author.strip()}\n{date}".encode()).hexdigest()[:_DIGITS]


def properties(marks: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The properties of a file that hold these marks: there is always one, so that a file without is known as older."""
    told, n = "", 1
    for mark in sorted(set(marks)):
        if len(told) + len(mark) >= _LONGEST:
            yield f"{_NAME}{n}", told
            told, n = "", n + 1
        told = f"{told} {mark}".strip()
    yield f"{_NAME}{n}", told or "nothing"


def marks_in(told: Mapping[str, str]) -> frozenset[str] | None:
    """The marks that the properties of a file hold; None for a file in which none were written down."""
    found = [value for name, value in told.items() if name.startswith(_NAME)]
    return frozenset(mark for value in found for mark in value.split()) if found else None
