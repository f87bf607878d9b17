"""Strict TOML with line numbers: tables are asked key by key and refuse what nobody asked for."""

import datetime
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.errors import BadInput, SourceRefused
from app.text.dialect import clean

_HEADER = re.compile(r"\s*\[{1,2}\s*([A-Za-z0-9_-]+)\s*(?:\.\s*([A-Za-z0-9_-]+)[^\]]*)?\]")
_ENTRY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")
_LAST_LINE = re.compile(r"at line (\d+)")
_FENCES = ('"""', "'''")


@dataclass(slots=True)
class Table:
    """One table of a TOML file. Say with `allow` which keys it may have, then ask for them."""

    file: str
    name: str
    values: Mapping[str, object]
    lines: Mapping[str, int]
    line: int

    def allow(self, *known: str) -> None:
        """Refuse any other key: most likely it is misspelt, and silence would lose what it says."""
        for key in self.values:
            if key not in known:
                raise self.refused(f'"{key}" is not known in {self.name}; known are: {", ".join(known)}.', key)

    def refused(self, message: str, key: str | None = None) -> SourceRefused:
        """The refusal of this table or of one key in it, with the line it stands on."""
        line = self.line if key is None else self.lines.get(key, self.line)
        return SourceRefused(message, file=self.file, line=line)

    def text(self, key: str) -> str | None:
        """The string under a key, cleaned as all text is on entry, or None if the key is not there."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.refused(f"{self._named(key)} must be a text in quotation marks.", key)
        try:
            return clean(value)
        except BadInput as fault:
            raise self.refused(f"{self._named(key)}: {fault.message}", key) from None

    def needed(self, key: str) -> str:
        """The string under a key that must be there and not be empty."""
        value = self.text(key)
        if value is None:
            raise self.refused(f"{self._named(key)} is missing.")
        if not value.strip():
            raise self.refused(f"{self._named(key)} is empty.", key)
        return value

    def flag(self, key: str) -> bool:
        """Whether the key is there and true."""
        value = self.values.get(key)
        if value is None:
            return False
        if not isinstance(value, bool):
            raise self.refused(f"{self._named(key)} must be true or false.", key)
        return value

    def day_or_text(self, key: str) -> str | None:
        """A date, which TOML lets people write with quotation marks or without."""
        value = self.values.get(key)
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return value.isoformat()
        return self.text(key)

    def _named(self, key: str) -> str:
        return f'"{key}" in {self.name}'


class Tables:
    """A TOML file as tables, each knowing its lines."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._values = _loaded(file, text)
        self._places = _places(text)

    def allow(self, *known: str) -> None:
        """Refuse any other table, and any key above the first one."""
        for name in self._values:
            if name not in known:
                raise SourceRefused(
                    f'"{name}" is not known here; known are: {", ".join(known)}.',
                    file=self._file,
                    line=self._line(name),
                )

    def one(self, name: str) -> Table | None:
        """The table ``[name]``, or None if there is none."""
        value = self._values.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise SourceRefused(f"Write [{name}] once, as a table.", file=self._file, line=self._line(name))
        return self._table(f"[{name}]", value, name, 0)

    def many(self, name: str) -> tuple[Table, ...]:
        """The tables ``[[name]]`` in order."""
        value = self._values.get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise SourceRefused(f"Write [[{name}]] for each {name}.", file=self._file, line=self._line(name))
        return tuple(self._table(f"[[{name}]]", one, name, index) for index, one in enumerate(value))

    def _table(self, shown: str, values: dict[str, object], name: str, index: int) -> Table:
        line, keys = self._places.tables.get((name, index), (self._line(name), {}))
        return Table(self._file, shown, values, keys, line)

    def _line(self, name: str) -> int:
        first = self._places.tables.get((name, 0))
        return first[0] if first else self._places.above.get(name, 1)


@dataclass(slots=True)
class _Places:
    """Where each table and each key in it stands, and each key above the first table."""

    above: dict[str, int] = field(default_factory=dict)
    tables: dict[tuple[str, int], tuple[int, dict[str, int]]] = field(default_factory=dict)


def _loaded(file: str, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        words = str(fault)
        found = _LAST_LINE.search(words)
        line = int(found[1]) if found else text.rstrip("\n").count("\n") + 1
        raise SourceRefused(f"This is not TOML: {words}.", file=file, line=line) from None
    except (ValueError, RecursionError):
        # A number of thousands of digits or thousands of brackets; nobody writes that in earnest.
        raise SourceRefused("This is not TOML that can be read.", file=file, line=1) from None


def _places(text: str) -> _Places:
    """The places in a file that is good TOML. tomllib does not tell lines, so they are looked at once more."""
    places = _Places()
    keys = places.above
    seen: dict[str, int] = {}
    inside: str | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        if inside is None:
            header, entry = _HEADER.match(line), _ENTRY.match(line)
            if header:
                name, inner = header[1], header[2]
                if inner is None:
                    seen[name] = seen.get(name, -1) + 1
                _, outer = places.tables.setdefault((name, seen.setdefault(name, 0)), (number, {}))
                keys = outer if inner is None else {}
                if inner is not None:
                    outer.setdefault(inner, number)
            elif entry:
                keys.setdefault(entry[1], number)
        inside = _fence_after(line, inside)
    return places


def _fence_after(line: str, inside: str | None) -> str | None:
    """The quotation marks of the text over several lines that is still open after this line, if one is."""
    at = 0
    while True:
        if inside is not None:
            closing = line.find(inside, at)
            if closing < 0:
                return inside
            at, inside = closing + 3, None
        openings = [(line.find(fence, at), fence) for fence in _FENCES if line.find(fence, at) >= 0]
        if not openings:
            return None
        at, inside = min(openings)
        at += 3


def toml_table(header: str, entries: Iterable[tuple[str, str | bool | None]]) -> str:
    """A TOML table with its entries; those that are None are left out."""
    lines = [header]
    for key, value in entries:
        if isinstance(value, bool):
            lines.append(f"{key} = {'true' if value else 'false'}")
        elif value is not None:
            lines.append(f"{key} = {toml_text(value)}")
    return "\n".join(lines) + "\n"


def toml_text(text: str) -> str:
    """The text as a TOML string on one line; what cannot be seen is written as its number, so that it can."""
    pieces: list[str] = []
    for letter in text:
        # An accent right behind an escape would melt into its last letter when the file is brought to NFC.
        melts = bool(pieces) and pieces[-1].startswith("\\") and unicodedata.category(letter).startswith("M")
        pieces.append(_ESCAPES.get(letter) or (_numbered(letter) if melts or _is_unseen(letter) else letter))
    return '"' + "".join(pieces) + '"'


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def _is_unseen(letter: str) -> bool:
    # The joiners are part of how words of some scripts are spelt and stay as they are.
    return letter not in "\u200c\u200d" and unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp")


def _numbered(letter: str) -> str:
    return f"\\u{ord(letter):04X}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08X}"
