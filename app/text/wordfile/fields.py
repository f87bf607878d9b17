"""Fields of Word: which of their characters are instructions, which are words, and where they lead."""

import re
from dataclasses import dataclass, field

_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')


class Field:
    """One field, by what it is told to do. ``link`` is where its words lead, ``again`` the mark of a note it shows."""

    __slots__ = ("again", "link")

    def __init__(self, told: str) -> None:
        words = [quoted.replace("\\\\", "\\") if quoted else bare for quoted, bare in _WORD.findall(told[:4000])]
        name = words[0].upper() if words else ""
        self.link: str | None = None
        self.again: str | None = None
        if name == "HYPERLINK":
            self.link = _link(words[1:])
        elif name == "NOTEREF" and len(words) > 1:
            self.again = words[1]


def _link(words: list[str]) -> str | None:
    target, anchor, n = "", "", 0
    while n < len(words):
        word = words[n]
        if word.lower() == "\\l" and n + 1 < len(words):
            anchor, n = words[n + 1], n + 1
        elif word.lower() in ("\\o", "\\t") and n + 1 < len(words):
            n += 1
        elif not word.startswith("\\") and not target:
            target = word
        n += 1
    if target:
        return f"{target}#{anchor}" if anchor and "#" not in target else target
    return f"#{anchor}" if anchor else None


@dataclass(slots=True)
class _Open:
    told: str = ""
    result: bool = False
    field: Field | None = None


@dataclass(slots=True)
class Fields:
    """The fields that are open where the walk stands."""

    _open: list[_Open] = field(default_factory=list)

    @property
    def shows(self) -> bool:
        """Whether characters here are words of the text."""
        return all(one.result and (one.field is None or one.field.again is None) for one in self._open)

    @property
    def link(self) -> str | None:
        """Where words lead here."""
        links = (one.field.link for one in reversed(self._open) if one.result and one.field is not None)
        return next((link for link in links if link is not None), None)

    def told(self, words: str) -> None:
        """A part of what a field is told to do."""
        if self._open and not self._open[-1].result:
            self._open[-1].told += words

    def char(self, kind: str) -> str | None:
        """A sign of a field; the answer is the mark of a note that is to be shown here again, if it is."""
        if kind == "begin":
            self._open.append(_Open())
            return None
        if not self._open:
            return None
        one = self._open[-1]
        again = None
        if kind in ("separate", "end") and not one.result:
            one.result, one.field = True, Field(one.told)
            again = one.field.again
        if kind == "end":
            self._open.pop()
        return again

    def end_of_paragraph(self) -> None:
        """A field that was never ended must not swallow what follows."""
        self._open = [one for one in self._open if one.result and (one.field is None or one.field.again is None)]
