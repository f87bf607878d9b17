"""Inline text as pieces that an editor can hold: words with their marks, citations, line breaks; and back."""

from collections.abc import Mapping, Sequence

from app.errors import BadInput
from app.text.dialect import Mark, Part, SpanKind, clean, inline, normal, written_inline
from app.text.dialect.inline import CITATION
from app.text.dialect.targets import followed, typed_target


def inline_to_json(text: str) -> list[dict[str, object]]:
    """The pieces in order: ``{text, marks?, link?}``, ``{note, marks?, link?}`` or ``{break: true, marks?, link?}``."""
    made: list[dict[str, object]] = []
    for part in normal(inline(text)):
        piece: dict[str, object]
        if part.kind is SpanKind.BREAK:
            piece = {"break": True}
        else:
            piece = {"note" if part.kind is SpanKind.CITATION else "text": part.text}
        if part.marks:
            piece["marks"] = sorted(part.marks)
        if part.link is not None:
            piece["link"] = part.link
        made.append(piece)
    return made


def inline_from_json(pieces: object) -> str:
    """Inline Markdown that reads as these pieces. BadInput for what are no pieces, and for characters no text holds."""
    if not isinstance(pieces, list):
        raise unreadable()
    return written_inline(part for piece in pieces for part in _parts(piece))


def unreadable() -> BadInput:
    """What is said where an editor sends something that is none of its texts."""
    return BadInput("What the editor sent could not be read. Load the page again: what you typed is kept.")


def _parts(piece: object) -> Sequence[Part]:
    if not isinstance(piece, dict):
        raise unreadable()
    marks, link = _marks(piece), _link(piece)
    if piece.get("break") is True:
        return (Part("\n", SpanKind.BREAK, marks - {Mark.CODE}, link),)
    note = piece.get("note")
    if note is not None:
        if not isinstance(note, str) or CITATION.fullmatch(f"[^{note}]") is None or clean(note) != note:
            raise unreadable()
        return (Part(note, SpanKind.CITATION, marks, link),)
    # Runs of white space are one space wherever words are read, but code is kept as it is, on one line.
    # A sign before them, since a byte-order mark is dropped where a text begins, and these words begin none.
    text = clean(f".{_words(piece)}")[1:].replace("\n", " ")
    return (Part(text, SpanKind.WORDS, marks, link),) if text else ()


def _words(piece: Mapping[str, object]) -> str:
    text = piece.get("text")
    if not isinstance(text, str):
        raise unreadable()
    return text


def _marks(piece: Mapping[str, object]) -> frozenset[Mark]:
    given = piece.get("marks", [])
    if not isinstance(given, list) or not all(mark in set(Mark) for mark in given):
        raise unreadable()
    return frozenset(Mark(mark) for mark in given)


def _link(piece: Mapping[str, object]) -> str | None:
    link = piece.get("link")
    if link is None:
        return None
    if not isinstance(link, str):
        raise unreadable()
    target = typed_target(clean(link).strip())
    if not followed(target):
        raise BadInput(
            f"A link cannot lead to “{link[:200]}”: begin it with https:// or mailto:, or take the link off.",
            kind="bad-link",
        )
    return target
