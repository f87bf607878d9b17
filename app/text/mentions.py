"""Whom the words of a comment call by name, and whom they seem to call: “@Anna Maria Rossi, could you look?”.

The rules, in their order, at every @ that does not stand inside an address:

1. The longest full name of somebody that stands there is meant, whatever its case, accents and kinds of apostrophe,
   hyphen and blank; also written as one word or with dots (@anna.rossi), and without a title before it. Of people with
   the same full name all are meant.
2. Else a first name (or several, as in “Anna Maria”) or else a surname alone is meant if only one person has it. If a
   surname follows, or the first letter of one, it has to be theirs: “@Anna Schmidt” is not Anna Rossi. What follows is
   taken for a surname if somebody here has it, or if it begins with a capital letter and is no word that begins a
   sentence; small words like “van der” may stand before it.
3. Else nobody is meant.

Scripts that write no blanks between words have no end of a name either: there a name ends where it is complete.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from app.text.folding import folded, followed
from app.text.sentence_words import BEGINNINGS, BEGINNINGS_BEFORE_A_PRONOUN, PARTICLES, PRONOUNS, TITLES

_LONGEST = 400
_MOST = 200
"""So many calls of one comment are read; more is no comment."""

_AT = re.compile("[@＠]")
# Somebody@somewhere.org, of which this is the part after a first @.
_ADDRESS = re.compile(r"[^\s@＠]+@[^\s@]+\.[^\s@]")
_WORD = re.compile(r"[\w'’\-]{1,60}")
# Letters that are no others with an accent, and that people write without it all the same.
_ALIKE = str.maketrans("ıøłđð", "ioldd")
# Asking by turning about: “Pouvez-vous”.
_INVERTED = frozenset(["vous", "tu", "il", "elle", "on", "nous", "je", "ils", "moi", "ce"])
_VOWELS = frozenset("aeiouy")
# Han, kana, Hangul (whose particles follow without a blank), Thai, Lao, Burmese, Khmer, Tibetan.
_UNSPACED = re.compile("[\u0e00-\u0eff\u0f00-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u30ff\u3130-\u318f"
                       "\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")  # fmt: skip


class Outcome(StrEnum):
    """What came of an @ and the words after it."""

    CALLED = "called"
    SEVERAL = "several"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Call:
    """An @ with the name after it, from ``start`` to ``end`` of the text.

    ``people`` (ids) are called if the outcome says so; else they are those who may have been meant.
    """

    start: int
    end: int
    outcome: Outcome
    people: frozenset[int]


def mentioned(text: str, names: Mapping[int, str]) -> set[int]:
    """The people (by id, out of these names) whom a text calls."""
    return {person for call in calls(text, names) if call.outcome is Outcome.CALLED for person in call.people}


def calls(text: str, names: Mapping[int, str]) -> tuple[Call, ...]:
    """Every @ of a text that calls somebody of these people, or seems to call somebody, in order."""
    found: list[Call] = []
    for at in _AT.finditer(text):
        start = at.end()
        if _inside_a_word(text, at.start()) or not text[start : start + 1].isalnum():
            continue
        line = text[start : start + _LONGEST].partition("\n")[0]
        if _ADDRESS.match(line):
            continue
        length, outcome, people = _read(line, _known(tuple(names.items())))
        if len(found) == _MOST:
            break
        found.append(Call(at.start(), start + length, outcome, frozenset(people)))
    return tuple(found)


@lru_cache(maxsize=8)
def _known(names: tuple[tuple[int, str], ...]) -> "_Names":
    # A page asks for many comments of the same people.
    return _Names(dict(names))


class _Names:
    """The ways in which people can be called, folded: by full name, first names, and surname."""

    def __init__(self, names: Mapping[int, str]) -> None:
        self.full: dict[str, set[int]] = {}
        self.first: dict[str, set[int]] = {}
        self.last: dict[str, set[int]] = {}
        self.later: dict[int, tuple[str, ...]] = {}
        for person, name in names.items():
            words = _plain(name).split()
            if not words:
                continue
            bare = words[:]
            while len(bare) > 1 and bare[0].rstrip(".") in TITLES:
                del bare[0]
            for form in {form for said in (words, bare) for form in _forms(said)}:
                self.full.setdefault(form, set()).add(person)
            self.later[person] = tuple(word.rstrip(".") for word in bare[1:])
            for n in range(1, len(bare)):
                self.first.setdefault(" ".join(bare[:n]), set()).add(person)
            if len(bare) > 1:
                particles = next((n for n in range(1, len(bare)) if bare[n] in PARTICLES), len(bare) - 1)
                for form in {bare[-1], " ".join(bare[particles:])}:
                    self.last.setdefault(form, set()).add(person)
        # The lengths that names have, the longest first.
        self.lengths = {
            id(forms): tuple(sorted({len(form) for form in forms}, reverse=True))
            for forms in (self.full, self.first, self.last)
        }
        self.surnames = {word for words in self.later.values() for word in words} - PARTICLES


def _forms(words: list[str]) -> Iterable[str]:
    whole = " ".join(words)
    yield whole
    if "." in whole:
        yield whole.rstrip(".")
        yield whole.replace(".", "")
        initials = [word for word in words if len(word) == 2 and word[1] == "."]
        rest = " ".join(words[len(initials) :])
        if initials == words[: len(initials)]:
            yield from (f"{''.join(initials)} {rest}".strip(), f"{''.join(initials).replace('.', '')} {rest}".strip())
    if len(words) > 1:
        yield from (join.join(words) for join in ("", ".", "_"))


def _read(line: str, known: _Names) -> tuple[int, Outcome, set[int]]:
    """What the words after an @ mean, and how many characters of them are the name."""
    plain, places = followed(line)
    plain = plain.translate(_ALIKE)

    def upto(n: int) -> int:
        """Characters of the line that make the first ``n`` of the folded one, with what belongs to the last."""
        return places[n] if n < len(places) and not plain[n - 1 : n].isspace() else places[n - 1] + 1

    if (n := _longest(plain, known.full, known.lengths[id(known.full)])) is not None:
        people = known.full[plain[:n]]
        if any(known.later[person] for person in people):
            return upto(n), Outcome.CALLED, people
        # Somebody is called Otto and no more: Otto Meier is somebody else.
        more, others = _goes_on(line[upto(n) :], people, known)
        return upto(n) + more, Outcome.CALLED if others else Outcome.NOBODY, people
    for forms in (known.first, known.last):
        n = _longest(plain, forms, known.lengths[id(forms)])
        if n is not None:
            name, rest = forms[plain[:n]], line[upto(n) :]
            more, meant = _goes_on(rest, name, known)
            outcome = Outcome.NOBODY if meant is None else Outcome.CALLED if len(meant) == 1 else Outcome.SEVERAL
            return upto(n) + more, outcome, name if meant is None else meant
    word = _WORD.match(line)
    return len(word[0]) if word else 1, Outcome.NOBODY, set()


def _longest(plain: str, forms: Mapping[str, set[int]], lengths: tuple[int, ...]) -> int | None:
    """The length of the longest of these names that stands at the beginning, as a whole."""
    return next((n for n in lengths if len(plain) >= n and plain[:n] in forms and _ends(plain, n)), None)


def _ends(plain: str, n: int) -> bool:
    """Whether a name ends after ``n`` characters, and no longer word goes on there."""
    last, following, after = plain[n - 1], plain[n : n + 1], plain[n + 1 : n + 2]
    if following.isalnum() or following == "_":
        return _UNSPACED.match(last) is not None
    if following == "-":
        return not after.isalnum()
    if following == "'" and after.isalnum():
        # Anna's and Ayşe'nin are still Anna and Ayşe; O'Brien is not O.
        return n > 1 and plain[n - 2].isalnum()
    return True


def _goes_on(rest: str, name: set[int], known: _Names) -> tuple[int, set[int] | None]:
    """Whom of these people a first name means with what follows it, None for somebody else; and how much of that.

    ``rest`` is the line after the first name.
    """
    if rest[:1] in (".", "_") and rest[1:2].isalnum():
        joined = _WORD.match(rest[1:])
        return 1 + len(joined[0]) if joined else 0, None
    blank = len(rest) - len(rest.lstrip())
    if not blank or not rest.strip():
        return 0, name
    following = rest.split(maxsplit=6)[:6]
    word = _bare(following[0])
    till = blank + len(word)
    said = _plain(word)
    if _is_initial(following[0], word):
        theirs = {person for person in name if any(w.startswith(said) for w in known.later.get(person, ()))}
        return till + following[0].startswith(f"{word}."), theirs or None
    theirs = {person for person in name if said in known.later.get(person, ())}
    if theirs and said not in PARTICLES:
        return till, theirs
    begins = said in BEGINNINGS or (
        said in BEGINNINGS_BEFORE_A_PRONOUN and len(following) > 1 and _plain(_bare(following[1])) in PRONOUNS
    )
    if "-" in said and said.rpartition("-")[2] in _INVERTED:
        begins = True
    if begins and said not in PARTICLES:
        return 0, name
    if said in known.surnames and not begins:
        return till, None
    if said in PARTICLES:
        # “van der Berg” is a surname, “de nouveau” is none.
        surname = next((w for w in following if _plain(_bare(w)) not in PARTICLES), "")
        capital = surname[:1].isupper() and _plain(_bare(surname)) not in BEGINNINGS
        return (rest.index(surname) + len(_bare(surname)), None) if capital else (0, name)
    if word[:1].isupper() and sum(map(str.isalpha, word)) > 1:
        return till, None
    return 0, name


def _bare(word: str) -> str:
    """A word without the marks around it."""
    found = _WORD.match(word)
    return found[0].rstrip("'’-") if found else ""


def _plain(word: str) -> str:
    return folded(word).translate(_ALIKE)


def _is_initial(written: str, word: str) -> bool:
    """Whether this is the first letter of a surname: “B.” or “B”, but not “I” or “A” as a word."""
    if len(word) != 1 or not word.isupper():
        return False
    return written.startswith(f"{word}.") or _plain(word) not in _VOWELS


def _inside_a_word(text: str, at: int) -> bool:
    """Whether an @ stands inside an address, or after another one."""
    before = text[at - 1 : at]
    if not before:
        return False
    return before in "._@＠/+-" or (before.isalnum() and not _UNSPACED.match(before))
