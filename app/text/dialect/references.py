"""Definitions of reference links at the beginning of a paragraph: ``[label]: target "title"``."""

import re

from app.text.dialect.escapes import unescaped
from app.text.dialect.inline import normal_label
from app.text.dialect.openings import DEFINITION
from app.text.dialect.targets import followed, read_target

_TARGET = re.compile(r" *\n? *(?:<((?:[^<>\n\\]|\\.)*)>|([^\s<]\S*))")
_TITLE = re.compile(
    r"(?: +| *\n *)(?:\"((?:[^\"\\]|\\[\s\S])*)\"|'((?:[^'\\]|\\[\s\S])*)'|\(((?:[^()\\]|\\[\s\S])*)\)) *(?=\n|$)"
)
_END = re.compile(r" *(?:\n|$)")
_PLACE = re.compile(r"[/.#]")
_LONGEST_LABEL = 999


def taken(text: str, links: dict[str, tuple[str, str]]) -> str:
    """The paragraph without the definitions it begins with, which join ``links``; the first of a label counts.

    What has the shape of a definition but leads to a mere word (``[Note]: agreed``) stays text, so that none is lost.
    """
    at = 0
    while text.startswith("[", at) and not text.startswith("[^", at):
        label = DEFINITION.match(text, at)
        if label is None or len(label[1]) > _LONGEST_LABEL or not label[1].strip():
            break
        target = _TARGET.match(text, label.end())
        if target is None:
            break
        address = read_target(target[1] if target[1] is not None else target[2])
        if not followed(address) and _PLACE.search(address) is None:
            break
        title, end = "", target.end()
        named = _TITLE.match(text, end)
        if named is not None:
            title = " ".join(unescaped(next(part for part in named.groups() if part is not None)).split("\n"))
            end = named.end()
        after = _END.match(text, end)
        if after is None:
            break
        links.setdefault(normal_label(label[1]), (address, title))
        at = after.end()
    return text[at:]
