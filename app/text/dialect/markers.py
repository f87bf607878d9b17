"""Markers of list items: how they are read, and how the n-th of a style is written."""

import re
from dataclasses import dataclass
from functools import lru_cache

from app.text.blocks import ListStyle

_BULLETS, _DIGITS = frozenset("-+*"), frozenset("0123456789")
BULLET = re.compile(r"[-+*](?= |$)")
NUMBER = re.compile(r"([0-9]{1,9})[.)](?= |$)")
# Four letters count to 475,254; longer words with a stop are words, unless they are a roman number.
LETTERS = re.compile(r"([A-Z]{1,4}|[a-z]{1,4}|[IVXLCDM]{5,15}|[ivxlcdm]{5,15})[.)](?= |$)")
_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN_PARTS = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}

UPPER = frozenset({ListStyle.UPPER_ALPHA, ListStyle.UPPER_ROMAN})
ALPHA = frozenset({ListStyle.UPPER_ALPHA, ListStyle.LOWER_ALPHA})
LETTERED_IN_ORDER = (ListStyle.UPPER_ALPHA, ListStyle.LOWER_ALPHA, ListStyle.UPPER_ROMAN, ListStyle.LOWER_ROMAN)
LETTERED = frozenset(LETTERED_IN_ORDER)
# Beyond these a list goes on with the last marker: the first two say what list it is.
HIGHEST = {
    ListStyle.BULLET: 0, ListStyle.DECIMAL: 999_999_999, ListStyle.UPPER_ALPHA: 475_254,
    ListStyle.LOWER_ALPHA: 475_254, ListStyle.UPPER_ROMAN: 3999, ListStyle.LOWER_ROMAN: 3999,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker as it was written: ``-``, ``12.``, ``B)``. What letters mean depends on their neighbours.

    ``letters`` are those of a lettered marker; empty for others.
    """

    text: str
    is_bullet: bool
    is_number: bool
    letters: str


@lru_cache(maxsize=1024)
def _marker(text: str) -> Marker:
    is_bullet, is_number = text in _BULLETS, text[0] in _DIGITS
    return Marker(text, is_bullet, is_number, "" if is_bullet or is_number else text[:-1])


def marker_at(line: str, at: int) -> Marker | None:
    """The marker that stands at this place of a line, if one does."""
    character = line[at : at + 1]
    if character in _BULLETS:
        found = BULLET.match(line, at)
    elif character in _DIGITS:
        found = NUMBER.match(line, at)
    else:
        found = lettered_at(line, at)
    return _marker(found[0]) if found is not None else None


def lettered_at(line: str, at: int) -> re.Match[str] | None:
    """The match of a lettered or roman marker at this place."""
    found = LETTERS.match(line, at)
    if found is None or (len(found[1]) > 4 and roman_value(found[1]) is None):
        return None
    return found


def alpha_value(letters: str) -> int | None:
    """A is 1, Z 26, AA 27; None for more than four letters."""
    if not 1 <= len(letters) <= 4:
        return None
    value = 0
    for letter in letters.lower():
        value = value * 26 + ord(letter) - 96
    return value


def roman_value(letters: str) -> int | None:
    """The value of a well-formed roman number up to 3999."""
    upper = letters.upper()
    if not upper or _ROMAN.fullmatch(upper) is None:
        return None
    total = 0
    for here, following in zip(upper, [*upper[1:], ""], strict=True):
        value = _VALUES[here]
        total += -value if following and _VALUES[following] > value else value
    return total


def value_in(letters: str, style: ListStyle) -> int | None:
    """Which number the letters are in this style; None if they are none."""
    if letters.isupper() is not (style in UPPER):
        return None
    return alpha_value(letters) if style in ALPHA else roman_value(letters)


@lru_cache(maxsize=1024)
def values(letters: str) -> tuple[tuple[ListStyle, int], ...]:
    """What number the letters are in every style in which they are one."""
    return tuple((style, value) for style in LETTERED_IN_ORDER if (value := value_in(letters, style)) is not None)


def written(style: ListStyle, number: int) -> str:
    """The canonical marker of this number."""
    if style is ListStyle.BULLET:
        return "-"
    number = max(0 if style is ListStyle.DECIMAL else 1, min(number, HIGHEST[style]))
    if style is ListStyle.DECIMAL:
        return f"{number}."
    letters = _alpha(number) if style in ALPHA else _roman(number)
    return f"{letters if style in UPPER else letters.lower()}."


def _alpha(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _roman(number: int) -> str:
    letters = ""
    for value, part in _ROMAN_PARTS:
        count, number = divmod(number, value)
        letters += part * count
    return letters
