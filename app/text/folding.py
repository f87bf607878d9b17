"""Texts as a search compares them: without accents, case, and what only typographers tell apart."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

# What a keyboard writes for what a printer sets.
_PLAIN = str.maketrans(dict.fromkeys("‘’‚‛ʼ´`", "'") | dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‐‑‒–—―−", "-"))
_UNSEEN = ("Mn", "Cf", "Cc", "Cs")

MOST_WORDS = 10
"""A search is for so many words at most; who looks for a sentence puts it in quotation marks."""

_SOUGHT = re.compile(r'"([^"]*)"|([^\s"]+)')


def folded(text: str) -> str:
    """The text in lower case, without accents and signs that are not seen, its blanks one space each."""
    if not text.isascii() or "`" in text:
        text = "".join(_letter(character) for character in text.translate(_PLAIN))
    return " ".join(text.lower().split())


@lru_cache(maxsize=8192)
def _letter(character: str) -> str:
    """One character as it is compared: é is e, ß is ss, a soft hyphen is nothing."""
    if character.isspace():
        return " "
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(part for part in parts if unicodedata.category(part) not in _UNSEEN).translate(_PLAIN)


def sought(query: str) -> tuple[str, ...]:
    """What a query asks for, folded: each word, and as one what stands in quotation marks; at most `MOST_WORDS`."""
    plain = "".join(" " if unicodedata.category(c) == "Cc" else c for c in query).translate(_PLAIN)
    found = (folded(phrase or word) for phrase, word in _SOUGHT.findall(plain))
    return tuple(dict.fromkeys(word for word in found if word))[:MOST_WORDS]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of an excerpt; ``hit``: these are what was looked for."""

    text: str
    hit: bool


def excerpt(text: str, words: Sequence[str], *, longest: int = 240) -> tuple[Piece, ...]:
    """The words around the first thing found, in at most about ``longest`` characters, with everything found marked.

    If nothing is found, the text as it begins.
    """
    plain, places = followed(text)
    hits = _merged((at, at + len(word)) for word in words for at in _all(plain, word))
    first = places[hits[0][0]] if hits else 0
    start = _at_blank(text, max(0, first - longest // 3)) if first > longest // 3 else 0
    end = min(len(text), start + longest)
    if end < len(text):
        end = max(text.rfind(" ", start, end), first + 1)
    pieces: list[Piece] = [Piece("…", False)] if start else []
    done = start
    for begin, stop in hits:
        here, there = places[begin], places[stop - 1] + 1
        if there > len(text) or here < done or here >= end:
            continue
        # Marks that are not seen belong to the letter before them.
        while there < len(text) and unicodedata.category(text[there]) in ("Mn", "Cf"):
            there += 1
        pieces += [Piece(text[done:here], False), Piece(text[here:there], True)]
        done = there
    pieces.append(Piece(text[done : max(end, done)], False))
    if max(end, done) < len(text):
        pieces.append(Piece(" …", False))
    return tuple(piece for piece in pieces if piece.text)


def followed(text: str) -> tuple[str, list[int]]:
    """`folded`, with the place in the text of each of its characters."""
    letters: list[str] = []
    places: list[int] = []
    for at, character in enumerate(text):
        told = character.lower() if character.isascii() and character != "`" else _letter(character.translate(_PLAIN))
        for letter in " " if character.isspace() else told:
            if letter.isspace() and (not letters or letters[-1] == " "):
                continue
            letters.append(" " if letter.isspace() else letter)
            places.append(at)
    return "".join(letters), places


def _all(text: str, word: str) -> list[int]:
    found: list[int] = []
    at = text.find(word)
    while at >= 0 and len(found) < 100:
        found.append(at)
        at = text.find(word, at + len(word))
    return found


def _merged(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for begin, stop in sorted(ranges):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((begin, stop))
    return merged


def _at_blank(text: str, at: int) -> int:
    """The beginning of a word near there."""
    blank = text.find(" ", at)
    return at if blank < 0 or blank - at > 40 else blank + 1
