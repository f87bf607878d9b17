"""Where links lead: which targets are followed, and how a target is read and written."""

import re
import unicodedata
from dataclasses import dataclass

from app.text.dialect.escapes import ENTITY, PUNCTUATION, entity, unescaped

_FOLLOWED = re.compile(r"(?:https?://[^/?#]|mailto:.|#.|annexe:.)", re.IGNORECASE | re.DOTALL)
_AUTOLINK = re.compile(r"<((?:https?://[^/?#\s<>]|mailto:)[^\s<>]*)>", re.IGNORECASE)
_EMAIL = re.compile(
    r"<([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*)>"
)
_ANGLED = re.compile(r"<((?:[^<>\n\\]|\\.)*)>")
_TITLE = re.compile(r"\"((?:[^\"\\]|\\[\s\S])*)\"|'((?:[^'\\]|\\[\s\S])*)'|\(((?:[^()\\]|\\[\s\S])*)\)")
_SPACE = re.compile(r"[ \n]*")
_BARE = re.compile(r"(?:[^\s()\\\x00-\x20\x7f]|\\[!-/:-@\[-`{-~]|\\(?!\s))+|[()]|\\")
# Brackets in a target nest no deeper than anybody writes, so that a text of nothing but brackets is read quickly.
_DEEPEST = 8
# What a target written without angle brackets cannot hold, or what would begin code; percent-encoded as browsers do.
_UNWRITABLE = re.compile(r"[\s<>`\x00-\x20\x7f]")

_UNTYPABLE = re.compile(r"[\s<>\x00-\x20\x7f]")


@dataclass(frozen=True, slots=True)
class Tail:
    """What follows the words of a link: ``(target "title")``. ``end`` is the place after it."""

    target: str
    title: str
    end: int


def followed(target: str) -> bool:
    """Whether a link to this target is a link: http(s), mailto, a place in the charter, an annexe."""
    return _FOLLOWED.match(target) is not None


def read_target(source: str) -> str:
    """A target with its escapes resolved and everything in it that would break a line or a bracket encoded."""
    target = unescaped(source)
    return _UNWRITABLE.sub(_percent, target if target.isascii() else unicodedata.normalize("NFC", target))


def typed_target(link: str) -> str:
    """A target as somebody typed or chose it, without escapes: what no link can hold is encoded."""
    return _UNTYPABLE.sub(_percent, link if link.isascii() else unicodedata.normalize("NFC", link))


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode())


def tail_at(text: str, at: int) -> Tail | None:
    """The tail of a link if one begins at this opening parenthesis."""
    space = _SPACE.match(text, at + 1)
    assert space is not None
    start = end = space.end()
    angled = _ANGLED.match(text, start)
    if angled is not None:
        source, end = angled[1], angled.end()
    elif text.startswith("<", start):
        return None
    else:
        found = _bare_end(text, start)
        if found is None:
            return None
        source, end = text[start:found], found
    space = _SPACE.match(text, end)
    assert space is not None
    title = ""
    if space.end() > end:
        words = _TITLE.match(text, space.end())
        if words is not None:
            title = unescaped(next(group for group in words.groups() if group is not None))
            space = _SPACE.match(text, words.end())
            assert space is not None
    if not text.startswith(")", space.end()):
        return None
    return Tail(read_target(source), title, space.end() + 1)


def _bare_end(text: str, start: int) -> int | None:
    """Where a target without angle brackets ends; its parentheses are balanced."""
    depth, at = 0, start
    while (piece := _BARE.match(text, at)) is not None:
        if piece[0] == "(":
            depth += 1
            if depth > _DEEPEST:
                return None
        elif piece[0] == ")":
            if depth == 0:
                return at
            depth -= 1
        at = piece.end()
    return None if depth else at


def autolink_at(text: str, at: int) -> tuple[str, str, int] | None:
    """The words, target and end of an autolink such as ``<https://example.org>`` that begins here."""
    found = _AUTOLINK.match(text, at)
    if found is not None:
        return (found[1], found[1], found.end()) if followed(found[1]) else None
    found = _EMAIL.match(text, at)
    return (found[1], f"mailto:{found[1]}", found.end()) if found is not None else None


def autolink(words: str, target: str) -> str | None:
    """The link as an autolink if that says the same."""
    source = f"<{words}>"
    return source if autolink_at(source, 0) == (words, target, len(source)) else None


def written_target(target: str) -> str:
    """A target as it stands between the parentheses of a link."""
    open_places: list[int] = []
    lone: set[int] = set()
    for at, character in enumerate(target):
        if character == "(":
            open_places.append(at)
            if len(open_places) > _DEEPEST - 1:
                return _escaped(target, {n for n, c in enumerate(target) if c in "()"})
        elif character == ")":
            if open_places:
                open_places.pop()
            else:
                lone.add(at)
    return _escaped(target, lone | set(open_places))


def _escaped(target: str, places: set[int]) -> str:
    written: list[str] = []
    for at, character in enumerate(target):
        following = target[at + 1 : at + 2]
        if at in places or (character == "\\" and (not following or following in PUNCTUATION)):
            written.append("\\")
        elif character == "&":
            found = ENTITY.match(target, at)
            if found is not None and entity(found[0]) is not None:
                written.append("\\")
        written.append(character)
    return "".join(written)
