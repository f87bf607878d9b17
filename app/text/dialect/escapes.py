"""Backslash escapes and entities of Markdown, read."""

import re
from html.entities import html5

PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_REFERENCE = re.compile(rf"\\([!-/:-@\[-`{{-~])|{ENTITY.pattern}")
# White space which would hide a line end, a tab or a page end in a text that `clean` had made free of them.
_BLANKS = frozenset({9, 10, 12, 13, 0x2028, 0x2029})
_REPLACEMENT = "\ufffd"


def entity(source: str) -> str | None:
    """The characters an entity stands for, or None if there is no such entity.

    What `clean` refuses comes out as the replacement character, and line ends and tabs as a space.
    """
    if source[1] != "#":
        return html5.get(source[1:])
    code = int(source[3:-1], 16) if source[2] in "xX" else int(source[2:-1])
    if code in _BLANKS:
        return " "
    if code < 0x20 or 0x7F <= code <= 0x9F or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return _REPLACEMENT
    return chr(code)


def unescaped(source: str) -> str:
    """The text with its escapes and entities resolved, and nothing else read as markup."""
    if "\\" not in source and "&" not in source:
        return source
    return _REFERENCE.sub(_resolve, source)


def _resolve(found: re.Match[str]) -> str:
    if found[1] is not None:
        return found[1]
    characters = entity(found[0])
    if characters is None:
        return found[0]
    return " " if characters in ("\n", "\t") else characters
