"""Inline Markdown read as spans: CommonMark's marks, links and code, and citations; no HTML and no images."""

import re
from collections.abc import Callable, Mapping

from app.text.dialect.emphasis import Pairing, Run, flanks
from app.text.dialect.escapes import ENTITY, PUNCTUATION, entity, unescaped
from app.text.dialect.pieces import Piece, flat
from app.text.dialect.spans import Span, SpanKind
from app.text.dialect.targets import Tail, autolink_at, followed, tail_at

CITATION = re.compile(r"\[\^([^\s\[\]]{1,64})\]")
SPECIAL = re.compile(r"[\\`*_\[\]!<&\n]")
# Words, and the signs that are nothing but themselves where they stand; spaces before a line end are left.
_PLAIN = re.compile(
    r"(?:[^\\`*_\[\]!<&\n ]++| ++(?!\n)|(?<=[A-Za-z0-9])_(?=[A-Za-z0-9])|&(?![#A-Za-z])|!(?!\[)|<(?=[ =]))++"
)
_TICKS = re.compile(r"`+")
_SPACES = re.compile(r" +")
_LABEL_LIMIT = 999
_NO_LINKS: Mapping[str, tuple[str, str]] = {}


def inline(text: str) -> tuple[Span, ...]:
    """The inline text as a reader meets it: spans in order, each with its marks, link and place in the text."""
    return read(text, _NO_LINKS)


def citations(text: str) -> tuple[str, ...]:
    """The labels of the notes that an inline text cites, in order and with repeats."""
    if "[^" not in text:
        return ()
    return tuple(span.note for span in inline(text) if span.note is not None)


def plain(text: str) -> str:
    """What a reader reads: the words without marks, targets and citations; a hard break is a newline."""
    return "".join(span.text for span in inline(text) if span.kind is not SpanKind.CITATION)


def read(text: str, links: Mapping[str, tuple[str, str]]) -> tuple[Span, ...]:
    """`inline` of text whose reference links may be defined elsewhere: normal label → (target, title)."""
    if SPECIAL.search(text) is None:
        return (Span(text, start=0, end=len(text)),) if text else ()
    return _Reading(text, links).spans()


def normal_label(label: str) -> str:
    """A reference label as definitions and uses of it are matched: case and white space do not count."""
    return " ".join(label.split()).casefold().upper().casefold()


class _Reading:
    """One pass over an inline text. Time is linear and nothing recurses, whatever stands in it."""

    def __init__(self, text: str, links: Mapping[str, tuple[str, str]]) -> None:
        self._text = text
        self._last = len(text.rstrip(" \n"))
        self._links = links
        self._pieces: list[Piece | Run] = []
        self._pairing = Pairing()
        # Opening brackets that wait: place of the piece, whether an image's, the newest unpaired run before it.
        self._brackets: list[tuple[int, bool, int]] = []
        self._inactive = 0
        self._links_found: list[tuple[int, int, str]] = []
        self._ticks: dict[int, list[int]] | None = None

    def spans(self) -> tuple[Span, ...]:
        """The whole text as spans."""
        text, at, end = self._text, 0, len(self._text)
        while at < end:
            reader = _READERS.get(text[at])
            if reader is not None:
                at = reader(self, at)
            else:
                found = _PLAIN.match(text, at)
                assert found is not None
                self._pieces.append(Piece(found[0], at, found.end()))
                at = found.end()
        self._pairing.pair()
        return tuple(flat(self._pieces, self._pairing.pairs, self._links_found))

    def _words(self, words: str, start: int, end: int) -> int:
        self._pieces.append(Piece(words, start, end))
        return end

    def backslash(self, at: int) -> int:
        """A backslash: an escape, a hard break, or itself."""
        following = self._text[at + 1 : at + 2]
        if following == "\n" and at + 2 < self._last:
            return self._break(at, at + 2)
        if following and following in PUNCTUATION:
            return self._words(following, at, at + 2)
        return self._words("\\", at, at + 1)

    def space(self, at: int) -> int:
        """Spaces: before a line end they may make it a hard break."""
        found = _SPACES.match(self._text, at)
        assert found is not None
        end = found.end()
        if self._text.startswith("\n", end):
            if end - at > 1 and end < self._last:
                return self._break(at, end + 1)
            return self.newline(end, at)
        found = _PLAIN.match(self._text, at)
        assert found is not None
        return self._words(found[0], at, found.end())

    def newline(self, at: int, start: int | None = None) -> int:
        """A soft break, which is a space."""
        found = _SPACES.match(self._text, at + 1)
        return self._words(" ", at if start is None else start, found.end() if found is not None else at + 1)

    def _break(self, at: int, end: int) -> int:
        found = _SPACES.match(self._text, end)
        end = found.end() if found is not None else end
        self._pieces.append(Piece("\n", at, end, SpanKind.BREAK))
        return end

    def backtick(self, at: int) -> int:
        """Backticks: code, if as many close it."""
        found = _TICKS.match(self._text, at)
        assert found is not None
        inner = found.end()
        close = self._closing_ticks(inner - at, inner)
        if close is None:
            return self._words(found[0], at, inner)
        code = self._text[inner:close].replace("\n", " ")
        if code.startswith(" ") and code.endswith(" ") and code.strip(" "):
            code = code[1:-1]
        end = close + inner - at
        self._pieces.append(Piece(code, at, end, is_code=True))
        return end

    def _closing_ticks(self, width: int, after: int) -> int | None:
        """Where the next run of so many backticks begins."""
        if self._ticks is None:
            self._ticks = {}
            for found in _TICKS.finditer(self._text):
                self._ticks.setdefault(found.end() - found.start(), []).append(found.start())
            for places in self._ticks.values():
                places.reverse()
        places = self._ticks.get(width, [])
        while places and places[-1] < after:
            places.pop()
        return places[-1] if places else None

    def run(self, at: int) -> int:
        """A run of ``*`` or ``_``."""
        text, character = self._text, self._text[at]
        end = at + 1
        while text.startswith(character, end):
            end += 1
        opens, closes = flanks(text[at - 1 : at] if at else "", text[end : end + 1], character)
        run = Run(character, at, end - at, opens, closes, end - at)
        self._pieces.append(run)
        if opens or closes:
            self._pairing.add(run)
        return end

    def entity(self, at: int) -> int:
        """An entity or a mere sign."""
        found = ENTITY.match(self._text, at)
        characters = entity(found[0]) if found is not None else None
        if found is None or characters is None:
            return self._words("&", at, at + 1)
        return self._words(" " if characters in ("\n", "\t") else characters, at, found.end())

    def angle(self, at: int) -> int:
        """An autolink or a mere sign."""
        found = autolink_at(self._text, at)
        if found is None:
            return self._words("<", at, at + 1)
        words, target, end = found
        self._pieces.append(Piece(words, at, end, link=target))
        return end

    def bang(self, at: int) -> int:
        """An exclamation mark: an image's, or itself."""
        if self._text.startswith("[", at + 1) and CITATION.match(self._text, at + 1) is None:
            return self._bracket(at, image=True)
        return self._words("!", at, at + 1)

    def open(self, at: int) -> int:
        """A citation or an opening bracket."""
        found = CITATION.match(self._text, at)
        if found is None:
            return self._bracket(at, image=False)
        self._pieces.append(Piece(found[1], at, found.end(), SpanKind.CITATION))
        return found.end()

    def _bracket(self, at: int, *, image: bool) -> int:
        self._brackets.append((len(self._pieces), image, self._pairing.last))
        return self._words("![" if image else "[", at, at + (2 if image else 1))

    def close(self, at: int) -> int:
        """A closing bracket: of a link, if it is one."""
        if not self._brackets:
            return self._words("]", at, at + 1)
        piece, image, bottom = self._brackets.pop()
        active = len(self._brackets) >= self._inactive
        self._inactive = min(self._inactive, len(self._brackets))
        opening = self._pieces[piece]
        assert isinstance(opening, Piece)
        if not (image or active):
            return self._words("]", at, at + 1)
        tail = tail_at(self._text, at + 1) if self._text.startswith("(", at + 1) else None
        by_label = None if tail is not None else self._reference(opening.end, at)
        found = tail or by_label
        if found is None:
            return self._words("]", at, at + 1)
        if image or not followed(found.target) or not self._shows(piece + 1):
            return self._unfollowed(at, found, by_label is not None)
        self._pairing.pair(bottom)
        opening.text = ""
        self._links_found.append((opening.start, at, found.target))
        self._inactive = len(self._brackets)
        if found.title.strip():
            self._words(f" ({found.title})", at, found.end)
        return found.end

    def _unfollowed(self, at: int, tail: Tail, by_label: bool) -> int:
        """An image, or a link that is not followed: its characters are text, whatever they would mark elsewhere."""
        if not by_label:
            return self._words(unescaped(self._text[at : tail.end]).replace("\n", " "), at, tail.end)
        title = f' "{tail.title}"' if tail.title else ""
        return self._words(f"]({tail.target}{title})", at, tail.end)

    def _reference(self, start: int, at: int) -> Tail | None:
        """The tail that the definition of a label gives to ``[words][label]``, ``[label][]`` or ``[label]``."""
        if not self._links:
            return None
        label, end = self._text[start:at] if at - start <= _LABEL_LIMIT else "", at + 1
        if self._text.startswith("[", at + 1) and CITATION.match(self._text, at + 1) is None:
            close = self._text.find("]", at + 2, at + 2 + _LABEL_LIMIT)
            if close >= 0:
                named = self._text[at + 2 : close]
                if named.strip():
                    label = named
                end = close + 1
        definition = self._links.get(normal_label(label)) if label.strip() else None
        return Tail(definition[0], definition[1], end) if definition is not None else None

    def _shows(self, first: int) -> bool:
        """Whether the pieces from here on show anything, so that a link has words to click on."""
        for at in range(first, len(self._pieces)):
            piece = self._pieces[at]
            if isinstance(piece, Run) or piece.text.strip():
                return True
        return False


_READERS: Mapping[str, Callable[[_Reading, int], int]] = {
    "\\": _Reading.backslash, "`": _Reading.backtick, "*": _Reading.run, "_": _Reading.run, "[": _Reading.open,
    "]": _Reading.close, "!": _Reading.bang, "<": _Reading.angle, "&": _Reading.entity, "\n": _Reading.newline,
    " ": _Reading.space,
}  # fmt: skip
