"""Mentions: whom the words of a comment call by name, as in “@Anna Maria Rossi, could you look?”."""

import re
from collections.abc import Mapping

# An @ inside a word belongs to an address, not to a name.
_AT = re.compile(r"(?<![\w.@])@(?=\w)")
_LONGEST = 400


def mentioned(text: str, names: Mapping[int, str]) -> set[int]:
    """The people (by id, out of these names) whom a text calls after an @.

    The longest full name that stands there counts, in whatever case; of people with the same full name all are meant.
    Where no full name stands, a first name counts if only one of these people has it, unless a surname follows that is
    not theirs: a word with a capital letter.
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
        if begun is not None and (begun in full or not _goes_on(line.split(), begun)):
            found |= called[begun]
    return found


def _goes_on(words: list[str], first_name: str) -> bool:
    """Whether a surname follows a first name: a word with a capital letter, of more letters than one."""
    return (
        _folded(words[0]) == first_name
        and len(words) > 1
        and words[1][0].isupper()
        and sum(map(str.isalpha, words[1])) > 1
    )


def _begins(words: str, name: str) -> bool:
    """Whether the words begin with that name, and not with a longer word that only begins like it."""
    rest = words[len(name) :]
    return words.startswith(name) and not (rest[:1].isalnum() or rest[:1] == "_")


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
