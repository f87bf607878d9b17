"""Words written so that they are read as words: which characters of a text need a backslash, and which do not."""

import re
from dataclasses import dataclass

from app.text.dialect.emphasis import flanks
from app.text.dialect.escapes import ENTITY, PUNCTUATION, entity
from app.text.dialect.inline import SPECIAL
from app.text.dialect.targets import autolink_at, followed, tail_at

_RUNS = re.compile(r"\*+|_+|`+|\\|\[|\]|<|&|!")
_RUNS_OF = {character: re.compile(re.escape(character) + "+") for character in "*_"}
_TICKS = re.compile("`+")
_CITING = re.compile(r"\[\^[^\s\[\]]*(?:\]|\Z)")
_LINKING = re.compile(r"<(?:https?://|mailto:|[^\s<>@]*@)[^\s<>]*\Z|<(?:h|m|[\w.+-]+\Z)[\w:/]{0,8}\Z", re.IGNORECASE)


@dataclass(slots=True)
class Chunk:
    """A piece of the text being written: words to be escaped as needed, or markup as it is."""

    text: str
    is_words: bool
    in_link: bool = False
    # The first words of a link, which must not read as the label of a note.
    begins_link: bool = False
    # Markup of a link, which makes what looks like a bracket before it inactive.
    ends_link: bool = False
    # Markup that opens or closes emphasis.
    opens_mark: bool = False
    closes_mark: bool = False
    # The first or last character is written as an entity, so that the mark beside it is one.
    guard_first: bool = False
    guard_last: bool = False


class Escaping:
    """The chunks of one text with the escapes they need; ``thorough`` escapes whatever might ever be markup."""

    def __init__(self, chunks: list[Chunk], *, thorough: bool) -> None:
        self._chunks = chunks
        self._thorough = thorough
        self._whole = "".join(chunk.text for chunk in chunks)
        self._has_stars = any("*" in chunk.text for chunk in chunks if not chunk.is_words)
        self._has_ticks = any("`" in chunk.text for chunk in chunks if not chunk.is_words)
        # Brackets that are open so far: place after it, whether an image's.
        self._brackets: list[tuple[int, bool]] = []
        self._inactive = 0
        self._bare_stars = not self._has_stars and not self._pairs("*")
        self._bare_lines = not self._pairs("_")
        self._bare_ticks = not self._has_ticks and self._one_run_of_ticks()

    def written(self) -> str:
        """The whole text."""
        parts: list[str] = []
        at = 0
        for chunk in self._chunks:
            if not chunk.is_words:
                parts.append(chunk.text)
                if chunk.ends_link:
                    self._inactive = len(self._brackets)
            else:
                parts.append(self._words(chunk, at))
            at += len(chunk.text)
        return "".join(parts)

    def _words(self, chunk: Chunk, offset: int) -> str:
        text = chunk.text
        start, end = int(chunk.guard_first), len(text) - int(chunk.guard_last)
        first = f"&#{ord(text[0])};" if chunk.guard_first else ""
        if chunk.guard_first and chunk.guard_last and len(text) == 1:
            return first
        last = f"&#{ord(text[-1])};" if chunk.guard_last else ""
        if chunk.begins_link and not first and text.startswith("^"):
            first = "\\"
        if SPECIAL.search(text) is None:
            return f"{first}{text[start:end]}{last}"
        parts = [first]
        at = start
        for found in _RUNS.finditer(text, start, end):
            parts.append(text[at : found.start()])
            at = found.end()
            bare = not self._thorough and self._is_bare(chunk, found[0], found.start(), offset)
            parts.append(found[0] if bare else "".join(f"\\{character}" for character in found[0]))
        parts += (text[at:end], last)
        return "".join(parts)

    def _is_bare(self, chunk: Chunk, sign: str, at: int, offset: int) -> bool:
        following = self._whole[offset + at + len(sign) : offset + at + len(sign) + 1]
        match sign[0]:
            case "*":
                return self._is_bare_run(sign, offset + at, following, self._bare_stars)
            case "_":
                return self._is_bare_run(sign, offset + at, following, self._bare_lines)
            case "`":
                return self._bare_ticks
            case "\\":
                before_entity = chunk.guard_last and at + 2 == len(chunk.text)
                return bool(following) and following not in PUNCTUATION and following != "\n" and not before_entity
            case "&":
                found = ENTITY.match(chunk.text, at)
                return found is None or entity(found[0]) is None
            case "<":
                return autolink_at(chunk.text, at) is None and _LINKING.match(chunk.text, at) is None
            case "!":
                # Before words that look like a link it stands for an image, which is text; before a link it would
                # take the link away.
                return at + 1 < len(chunk.text) or following != "[" or self._whole.startswith("[^", offset + at + 1)
            case "[":
                return self._opens_bare(chunk, at, offset)
        return self._closes_bare(chunk, at, offset)

    def _is_bare_run(self, sign: str, at: int, following: str, alone: bool) -> bool:
        before = self._whole[at - 1 : at] if at else ""
        if sign[0] in (before, following):
            return False
        return alone or not any(flanks(before, following, sign[0]))

    def _opens_bare(self, chunk: Chunk, at: int, offset: int) -> bool:
        if chunk.in_link or _CITING.match(chunk.text, at) is not None:
            return False
        self._brackets.append((offset + at + 1, at > 0 and chunk.text[at - 1] == "!"))
        return True

    def _closes_bare(self, chunk: Chunk, at: int, offset: int) -> bool:
        if chunk.in_link:
            return False
        if not self._brackets:
            return True
        inside, image = self._brackets[-1]
        place = offset + at
        if (image or len(self._brackets) > self._inactive) and chunk.text.startswith("(", at + 1):
            tail = tail_at(self._whole, place + 1)
            is_text = image or (tail is not None and not followed(tail.target)) or not self._whole[inside:place].strip()
            if tail is not None and not (is_text and tail.end <= offset + len(chunk.text)):
                return False
        self._brackets.pop()
        self._inactive = min(self._inactive, len(self._brackets))
        return True

    def _pairs(self, character: str) -> bool:
        """Whether runs of this character in the words might make emphasis with each other."""
        if character not in self._whole:
            return False
        opened = False
        at = 0
        runs = _RUNS_OF[character]
        for chunk in self._chunks:
            for found in runs.finditer(chunk.text) if chunk.is_words else ():
                start, end = at + found.start(), at + found.end()
                before = self._whole[start - 1 : start] if start else ""
                opens, closes = flanks(before, self._whole[end : end + 1], character)
                if opened and closes:
                    return True
                opened = opened or opens
            at += len(chunk.text)
        return False

    def _one_run_of_ticks(self) -> bool:
        """Whether no backticks could ever close what others open, even where a line's first ones get a backslash."""
        return (
            "`" not in self._whole
            or sum(len(_TICKS.findall(chunk.text)) for chunk in self._chunks if chunk.is_words) <= 1
        )
