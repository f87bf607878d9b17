"""Inline Markdown read as spans: CommonMark's marks, links and code, and citations; no HTML and no images."""

import re
from collections.abc import Mapping
from itertools import groupby

from app.text.dialect.emphasis import Pairing, Run, flanks
from app.text.dialect.escapes import ENTITY, PUNCTUATION, entity, unescaped
from app.text.dialect.spans import Mark, Span, SpanKind
from app.text.dialect.targets import Tail, autolink_at, followed, tail_at

CITATION = re.compile(r"\[\^([^\s\[\]]{1,64})\]")
SPECIAL = re.compile(r"[\\`*_\[\]!<&\n]")
_PLAIN = re.compile(r"[^\\`*_\[\]!<&\n ]+(?: +[^\\`*_\[\]!<&\n ]+)*")
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
        self._pieces: list[Span | Run] = []
        self._pairing = Pairing()
        # Opening brackets that wait: place of the piece, whether an image's, the newest unpaired run before it.
        self._brackets: list[tuple[int, bool, int]] = []
        self._inactive = 0
        self._links_found: list[tuple[int, int, str]] = []
        self._ticks: dict[int, list[int]] | None = None

    def spans(self) -> tuple[Span, ...]:
        text, at, end = self._text, 0, len(self._text)
        readers = {
            "\\": self._backslash, "`": self._backtick, "*": self._run, "_": self._run, "[": self._open,
            "]": self._close, "!": self._bang, "<": self._angle, "&": self._entity, "\n": self._newline,
            " ": self._space,
        }  # fmt: skip
        while at < end:
            reader = readers.get(text[at])
            if reader is not None:
                at = reader(at)
            else:
                found = _PLAIN.match(text, at)
                assert found is not None
                at = self._words(found[0], at, found.end())
        self._pairing.pair()
        return self._flat()

    def _words(self, words: str, start: int, end: int) -> int:
        self._pieces.append(Span(words, start=start, end=end))
        return end

    def _backslash(self, at: int) -> int:
        following = self._text[at + 1 : at + 2]
        if following == "\n" and at + 2 < self._last:
            return self._break(at, at + 2)
        if following and following in PUNCTUATION:
            return self._words(following, at, at + 2)
        return self._words("\\", at, at + 1)

    def _space(self, at: int) -> int:
        found = _SPACES.match(self._text, at)
        assert found is not None
        end = found.end()
        if self._text.startswith("\n", end):
            if end - at > 1 and end < self._last:
                return self._break(at, end + 1)
            return self._newline(end, at)
        return self._words(found[0], at, end)

    def _newline(self, at: int, start: int | None = None) -> int:
        found = _SPACES.match(self._text, at + 1)
        return self._words(" ", at if start is None else start, found.end() if found is not None else at + 1)

    def _break(self, at: int, end: int) -> int:
        found = _SPACES.match(self._text, end)
        end = found.end() if found is not None else end
        self._pieces.append(Span("\n", SpanKind.BREAK, start=at, end=end))
        return end

    def _backtick(self, at: int) -> int:
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
        self._pieces.append(Span(code, marks=frozenset({Mark.CODE}), start=at, end=end))
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

    def _run(self, at: int) -> int:
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

    def _entity(self, at: int) -> int:
        found = ENTITY.match(self._text, at)
        characters = entity(found[0]) if found is not None else None
        if found is None or characters is None:
            return self._words("&", at, at + 1)
        return self._words(" " if characters in ("\n", "\t") else characters, at, found.end())

    def _angle(self, at: int) -> int:
        found = autolink_at(self._text, at)
        if found is None:
            return self._words("<", at, at + 1)
        words, target, end = found
        self._pieces.append(Span(words, link=target, start=at, end=end))
        return end

    def _bang(self, at: int) -> int:
        if self._text.startswith("[", at + 1) and CITATION.match(self._text, at + 1) is None:
            return self._bracket(at, image=True)
        return self._words("!", at, at + 1)

    def _open(self, at: int) -> int:
        found = CITATION.match(self._text, at)
        if found is None:
            return self._bracket(at, image=False)
        self._pieces.append(Span(found[1], SpanKind.CITATION, start=at, end=found.end(), note=found[1]))
        return found.end()

    def _bracket(self, at: int, *, image: bool) -> int:
        self._brackets.append((len(self._pieces), image, self._pairing.last))
        return self._words("![" if image else "[", at, at + (2 if image else 1))

    def _close(self, at: int) -> int:
        if not self._brackets:
            return self._words("]", at, at + 1)
        piece, image, bottom = self._brackets.pop()
        active = len(self._brackets) >= self._inactive
        self._inactive = min(self._inactive, len(self._brackets))
        opening = self._pieces[piece]
        assert isinstance(opening, Span)
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
        self._pieces[piece] = Span("", start=opening.start, end=opening.end)
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

    def _flat(self) -> tuple[Span, ...]:
        events: list[tuple[int, Mark, int]] = []
        for pair in self._pairing.pairs:
            events += ((pair.open, pair.mark, 1), (pair.close, pair.mark, -1))
        events.sort(key=lambda event: event[0])
        self._links_found.sort()
        depth = {Mark.EMPHASIS: 0, Mark.STRONG: 0}
        marks: frozenset[Mark] = frozenset()
        spans: list[Span] = []
        event = link = 0
        for piece in self._pieces:
            text = piece.text if isinstance(piece, Span) else piece.character * piece.count
            if not text:
                continue
            start = piece.start
            if event < len(events) and events[event][0] <= start:
                while event < len(events) and events[event][0] <= start:
                    depth[events[event][1]] += events[event][2]
                    event += 1
                marks = frozenset(mark for mark, open_ in depth.items() if open_)
            while link < len(self._links_found) and self._links_found[link][1] <= start:
                link += 1
            target = None
            if link < len(self._links_found) and self._links_found[link][0] <= start:
                target = self._links_found[link][2]
            if isinstance(piece, Run):
                spans.append(Span(text, marks=marks, link=target, start=start, end=start + piece.count))
            else:
                spans.append(
                    Span(text, piece.kind, marks | piece.marks, target or piece.link, start, piece.end, piece.note)
                )
        return tuple(_joined(spans))


def _joined(spans: list[Span]) -> list[Span]:
    """Words that touch in the text and are alike become one span."""
    joined: list[Span] = []
    for (kind, marks, link), group in groupby(spans, key=lambda span: (span.kind, span.marks, span.link)):
        if kind is not SpanKind.WORDS or Mark.CODE in marks:
            joined += group
            continue
        waiting: list[Span] = []
        for span in group:
            if waiting and waiting[-1].end != span.start:
                joined.append(_one(waiting, marks, link))
                waiting = []
            waiting.append(span)
        joined.append(_one(waiting, marks, link))
    return joined


def _one(spans: list[Span], marks: frozenset[Mark], link: str | None) -> Span:
    if len(spans) == 1:
        return spans[0]
    text = "".join(span.text for span in spans)
    return Span(text, SpanKind.WORDS, marks, link, spans[0].start, spans[-1].end)
