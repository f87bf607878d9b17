"""Canonical Markdown cut into stretches, roughly its blocks, without a parser: joined they are the text to the byte."""

import re
from dataclasses import dataclass

from app.text.blocks import Block, Kind

_BLANK = re.compile(r"[ >]*")
_FENCE = re.compile(r"[ >]*(?:(?:[-*+]|\w{1,9}[.)]|\[\^[^\]\s]+\]:) +)*(`{3,}|~{3,})")
_MARKER = re.compile(r"[ >]*(?:[-*+] |#{1,6} |\w{1,9}[.)] |\[\^[^\]\s]+\]:|>)")
_MARKERS = re.compile(rf"(?:{_MARKER.pattern})*[ ]*")
_RULE = re.compile(r"[ >]*-{3,}")


@dataclass(frozen=True, slots=True)
class Stretch:
    """What stands between two blocks (line ends, empty lines), and the block after it."""

    before: str
    kind: Kind
    text: str

    @property
    def whole(self) -> str:
        """The stretch as it stands in the text."""
        return self.before + self.text

    @property
    def as_block(self) -> Block:
        """The stretch as something that can be aligned: without its marker, so that new numbers do not mislead."""
        return Block(self.kind, self.text if self.kind is not Kind.PARAGRAPH else _MARKERS.sub("", self.text, count=1))


def stretches(markdown: str) -> tuple[tuple[Stretch, ...], str]:
    """The stretches of a text, and what stands after the last of them (its final line end)."""
    found: list[Stretch] = []
    end = 0
    for start, stop in _places(markdown):
        text = markdown[start:stop]
        found.append(Stretch(markdown[end:start], _kind(text), text))
        end = stop
    return tuple(found), markdown[end:]


def _places(markdown: str) -> list[tuple[int, int]]:
    """Where each stretch begins and ends, without the line end after it."""
    places: list[tuple[int, int]] = []
    growing = False
    fence = ""
    start = 0
    for line in markdown.split("\n"):
        stop = start + len(line)
        if fence:
            places[-1] = (places[-1][0], stop)
            marks = line.strip(" >")
            if marks.startswith(fence) and not marks.strip(fence[0]):
                fence, growing = "", False
        elif _BLANK.fullmatch(line):
            growing = False
        else:
            if growing and not _MARKER.match(line):
                places[-1] = (places[-1][0], stop)
            else:
                places.append((start, stop))
            opened = _FENCE.match(line)
            fence, growing = opened[1] if opened else "", True
        start = stop + 1
    return places


def _kind(text: str) -> Kind:
    if _FENCE.match(text):
        return Kind.CODE
    if text.lstrip(" >").startswith("|"):
        return Kind.TABLE
    return Kind.RULE if _RULE.fullmatch(text) else Kind.PARAGRAPH
