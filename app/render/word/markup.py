"""Words as WordprocessingML: escaped, with what cannot be seen spelled out, and each direction in runs of its own."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from app.text.unseen import is_unseen

# What no file of XML 1.0 can hold stands in no text of ours either, but a file that does not open would be worse.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SIMPLE = re.compile(r"[\x20-\x7e\u00a0-\u00ac\u00ae-\u024f\u2010-\u2027\u20ac]*")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_ODD = {"\n": "<w:br/>", "\t": "<w:tab/>", "\u00ad": "<w:softHyphen/>"}
_RIGHT = frozenset({"R", "AL"})
_LEFT = frozenset({"L"})


def escaped(text: str) -> str:
    """Text for an element or an attribute; what XML cannot hold is spelled out."""
    if _UNFIT.search(text):
        text = _UNFIT.sub(lambda found: spelled(found[0]), text)
    return text.translate(_ESCAPES)


def line(text: str) -> str:
    """Text for names, titles and running lines: on one line, with what cannot be seen spelled out."""
    return escaped("".join(spelled(c) if is_unseen(c) else c for c in " ".join(text.split())))


def spelled(character: str) -> str:
    """The number of a character that cannot be shown as itself: [U+202E]."""
    return f"[U+{ord(character):04X}]"


@lru_cache(maxsize=4096)
def _direction(character: str) -> bool | None:
    """Whether a character is written from right to left; None for what follows its neighbours."""
    found = unicodedata.bidirectional(character)
    return True if found in _RIGHT else False if found in _LEFT else None


def right_to_left(text: str) -> bool:
    """Whether a paragraph runs from right to left: its first letter decides, as everywhere."""
    if text.isascii():
        return False
    return next((way for way in map(_direction, text) if way is not None), False)


def words(text: str, properties: str, tag: str = "w:t") -> str:
    """Runs with these words; ``properties`` are the elements of their look, without ``w:rPr`` around them."""
    if _SIMPLE.fullmatch(text):
        return _run(text, properties, tag) if text else ""
    return "".join(_run(part, _look(properties, way, sign), tag) for part, way, sign in _stretches(text))


def _look(properties: str, right: bool, sign: bool) -> str:
    if sign:
        return '<w:rStyle w:val="Unseen"/>'
    return properties + "<w:rtl/>" if right else properties


def _stretches(text: str) -> Iterator[tuple[str, bool, bool]]:
    """The text in stretches of one direction; characters that act without being seen stand apart, spelled out."""
    right = False
    for unseen, some in groupby(text, key=is_unseen):
        part = "".join(some)
        if unseen:
            yield "".join(map(spelled, part)), False, True
        elif part.isascii():
            yield part, False, False
            right = False
        else:
            start = 0
            for n, character in enumerate(part):
                way = _direction(character)
                if way is not None and way != right:
                    if part[start:n]:
                        yield part[start:n], right, False
                    start, right = n, way
            if part[start:]:
                yield part[start:], right, False


def _run(text: str, properties: str, tag: str) -> str:
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    inside = "".join(
        "".join(_ODD[c] for c in some) if odd else f'<{tag} xml:space="preserve">{escaped("".join(some))}</{tag}>'
        for odd, some in groupby(text, key=_ODD.__contains__)
    )
    return f"<w:r>{look}{inside}</w:r>"


def shortened(text: str, most: int) -> str:
    """Text on one line, cut where it would not fit."""
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
