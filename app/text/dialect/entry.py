"""The rules by which any text enters: line ends, tabs, Unicode form, and what no text may hold."""

import re
import unicodedata

from app.errors import BadInput

# Controls other than tab, newline, form feed and carriage return; DEL and C1; halves of surrogate pairs.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_TAB_STOP = 4


def clean(text: str) -> str:
    """The text as everything else takes it: LF line ends, spaces for tabs, no byte-order marks before it, Unicode NFC.

    A form feed and Unicode's line separator become a line end and its paragraph separator an empty line, so that
    no line structure hides in a character that looks like a space. Joiners, no-break spaces, zero-width spaces and
    bidirectional controls stay. BadInput, with the line, for NUL, other controls and lone surrogates.
    """
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    if not text.isascii():
        text = text.replace("\u2028", "\n").replace("\u2029", "\n\n")
    found = _FORBIDDEN.search(text)
    if found is not None:
        line = text.count("\n", 0, found.start()) + 1
        raise BadInput(
            f"Line {line} holds {_name(found[0])}, which no text may hold: remove it.", details={"line": line}
        )
    if "\t" in text:
        text = text.expandtabs(_TAB_STOP)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def showable(text: str) -> str:
    """The text to be shown again where it was refused: a sign stands where ``clean`` found what no text may hold."""
    return _FORBIDDEN.sub("\ufffd", text)


def _name(character: str) -> str:
    if character == "\x00":
        return "a NUL character"
    code = f"U+{ord(character):04X}"
    half = "\ud800" <= character <= "\udfff"
    return f"half of a surrogate pair ({code})" if half else f"the control character {code}"
