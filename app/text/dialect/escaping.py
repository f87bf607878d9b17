"""Backslashes that keep the lines of a paragraph from being read as the beginning of something else."""

import re

from app.text.dialect.markers import BULLET, NUMBER, lettered_at
from app.text.dialect.openings import DEFINITION, FENCE, HEADING, NOTE, UNDERLINE, is_delimiter_row, is_rule

_CLOSING = re.compile(r"(?:^|(?<= ))#+$")
_BEGINNINGS = frozenset("#>-+*_=`~|:[0123456789 ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


def paragraph_lines(text: str, *, letters: bool) -> list[str]:
    """The lines of a paragraph as they are written; ``letters`` says whether a lettered beginning would be an item."""
    first, *rest = _beginning(text, letters).split("\n")
    return [first, *(_later_line(line) for line in rest)]


def heading_words(text: str) -> str:
    """The words of a heading; hashes at their end are escaped, or they would be taken for closing ones."""
    found = _CLOSING.search(text) if text.endswith("#") else None
    return text if found is None else f"{text[: found.start()]}\\{text[found.start() :]}"


def begins_lettered(text: str) -> bool:
    """Whether a paragraph begins like a lettered item."""
    return text[:1].isalpha() and lettered_at(text, 0) is not None


def _beginning(text: str, letters: bool) -> str:
    """The text with a beginning that reads as words."""
    if not text or text[0] not in _BEGINNINGS:
        return text
    if text[0] == "[":
        return _undefined(text)
    found = lettered_at(text, 0)
    if found is not None:
        rest = text[found.end() + 1 :]
        # Alone it stays a paragraph, unless what follows the letter would be read as more than words.
        alone = not letters and not rest.startswith((" ", "\n")) and _beginning(rest, True) == rest
        return text if alone else _before_last(text, found.end())
    line, gap, rest = text.partition("\n")
    return _escaped(line) + gap + rest


def _later_line(line: str) -> str:
    if not line or line[0] not in _BEGINNINGS:
        return line
    if UNDERLINE.match(line) or is_delimiter_row(line):
        return "\\" + line
    found = lettered_at(line, 0)
    if found is not None:
        return _before_last(line, found.end())
    note = NOTE.match(line)
    if note is not None:
        return _before_last(line, note.end())
    return _escaped(line)


def _escaped(line: str) -> str:
    if HEADING.match(line) or line[0] == ">" or BULLET.match(line) or is_rule(line.removesuffix("\\")):
        return "\\" + line
    number = NUMBER.match(line)
    if number is not None:
        return _before_last(line, number.end())
    fence = FENCE.match(line)
    if line[0] == "~" and fence is not None:
        return "\\" + line
    if fence is not None:
        # Each of them: with one escaped, the others could pair with a run further on.
        return "\\" + "\\".join(fence[0]) + line[fence.end() :]
    return line


def _before_last(line: str, end: int) -> str:
    return f"{line[: end - 1]}\\{line[end - 1 :]}"


def _undefined(text: str) -> str:
    """A paragraph that would be read as the definition of a note or of a link, with its colon escaped."""
    found = NOTE.match(text) or DEFINITION.match(text)
    return text if found is None else _before_last(text, found.end())
