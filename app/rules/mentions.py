"""Mentions: whom the words of a comment call by name, as in “@Anna Maria Rossi, could you look?”."""

import re
from collections.abc import Mapping

# An @ inside a word belongs to an address, not to a name.
_AT = re.compile(r"(?<![\w.@])@(?=\w)")
_LONGEST = 400


def mentioned(text: str, names: Mapping[int, str]) -> set[int]:
    """The people (by id, out of these names) whom a text calls after an @.

    The longest full name that stands there counts, in whatever case; of people with the same full name all are meant.
    Where no full name stands, a first name counts if only one of these people has it.
    """
    full: dict[str, set[int]] = {}
    first: dict[str, set[int]] = {}
    for person, name in names.items():
        folded = _folded(name)
        if folded:
            full.setdefault(folded, set()).add(person)
            first.setdefault(folded.split()[0], set()).add(person)
    called = {name: people for name, people in first.items() if len(people) == 1} | full
    longest_first = sorted(called, key=len, reverse=True)
    found: set[int] = set()
    for at in _AT.finditer(text):
        line = text[at.end() : at.end() + _LONGEST].partition("\n")[0]
        words = _folded(line)
        begun = next((name for name in longest_first if _begins(words, name)), None)
        if begun is not None:
            found |= called[begun]
    return found


def _begins(words: str, name: str) -> bool:
    """Whether the words begin with that name, and not with a longer word that only begins like it."""
    rest = words[len(name) :]
    return words.startswith(name) and not (rest[:1].isalnum() or rest[:1] == "_")


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
