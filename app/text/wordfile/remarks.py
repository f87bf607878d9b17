"""The comments of a file as conversations on words of the base."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.text.wordfile.reading import is_there, nothing
from app.text.wordfile.shapes import Remark, Saying
from app.text.wordfile.story import Comment, Paragraph, What, paragraphs
from app.text.wordfile.wanted import Readings

_AROUND = 30
# Over so many paragraphs a comment is followed.
_FURTHEST = 40
_SPACES = re.compile(r"\s+")


@dataclass(slots=True)
class _Place:
    """Where a comment begins: its paragraph, and the characters of each paragraph before anybody's change."""

    paragraph: int
    ranges: dict[int, tuple[int, int]]


def remarks_of(readings: Readings) -> tuple[Remark, ...]:
    """What was said in the file since it left here, each conversation at its place."""
    comments = readings.file.comments
    ids = {one.id for one in comments}
    roots = [one for one in comments if one.parent not in ids or one.parent == one.id]
    places = _places(readings)
    found = []
    for root in roots:
        talk = [root, *_answers(root, comments)]
        new = [one for one in talk if not one.known and one.text]
        if new:
            sayings = tuple(Saying(one.author, one.at, one.text) for one in new)
            found.append(_placed(readings, sayings, root, places))
    return tuple(found)


def _answers(root: Comment, comments: Sequence[Comment]) -> list[Comment]:
    """All that answers a comment, or answers an answer to it, in the order of the file."""
    inside = {root.id}
    found: list[Comment] = []
    grown = True
    while grown:
        more = [one for one in comments if one.parent in inside and one.id not in inside]
        grown = bool(more)
        inside.update(one.id for one in more)
    found += [one for one in comments if one.id in inside and one.id != root.id]
    return found


def _places(readings: Readings) -> Mapping[str, _Place]:
    """Where each comment stands, by its id."""
    found: dict[str, _Place] = {}
    running: dict[str, _Place] = {}
    for one in (
        *paragraphs(readings.file.text),
        *(p for note in readings.file.notes.values() for p in paragraphs(note)),
    ):
        starts = dict.fromkeys(running, 0)
        at = 0
        for atom in one.atoms:
            if atom.what is What.OPENS and atom.text not in found:
                found[atom.text] = running[atom.text] = _Place(one.number, {})
                starts[atom.text] = at
            elif atom.what is What.CLOSES and atom.text in running:
                running.pop(atom.text).ranges[one.number] = (starts.get(atom.text, 0), at)
            elif atom.what is What.SAYS and atom.text not in found:
                found[atom.text] = _Place(one.number, {one.number: (at, at)})
            elif atom.what in (What.WORDS, What.BREAK) and is_there(atom, nothing):
                at += len(atom.text)
        for id, place in list(running.items()):
            place.ranges[one.number] = (starts.get(id, 0), at)
            if len(place.ranges) >= _FURTHEST:
                del running[id]
    return found


def _placed(readings: Readings, sayings: tuple[Saying, ...], root: Comment, places: Mapping[str, _Place]) -> Remark:
    place = places.get(root.id)
    if place is None:
        return Remark(sayings, None, None, resolved=root.done)
    for number, (start, end) in place.ranges.items():
        block = readings.block_at(number)
        if block is not None and start < end:
            quote, prefix, suffix = _quoted(readings, block, number, start, end)
            section = readings.expected.homes.get(block)
            return Remark(sayings, section, block, quote, prefix, suffix, root.done)
    block = next((found for n in place.ranges if (found := readings.block_at(n)) is not None), None)
    section = readings.expected.homes.get(block or "") or readings.section_near(place.paragraph)
    return Remark(sayings, section, block, resolved=root.done)


def _quoted(readings: Readings, block: str, number: int, start: int, end: int) -> tuple[str, str, str]:
    """The words, and those around them, as they are read in the block of the base; nothing if they are not there."""
    before, inside, after = "", "", ""
    line = readings.match.lines.get(block)
    for part in () if line is None else line.parts:
        words = _words(readings.paragraph(part.paragraph))
        if line is not None and line.grid:
            words += " "
        if part.paragraph == number:
            before, inside, after = before + words[:start], words[start:end], words[end:]
        elif inside:
            after += words
        else:
            before += words
    told = readings.expected.line(block)
    runs = () if told is None else (told.runs, *(cell for row in told.grid for cell in row))
    whole = " ".join("".join(text for text, look in run if look.note is None) for run in runs if run)
    quote = _one_line(inside)
    if not quote.strip() or quote.strip() not in _one_line(whole):
        return "", "", ""
    # What is white at the edge of the words belongs around them.
    lead, trail = inside[: len(inside) - len(inside.lstrip())], inside[len(inside.rstrip()) :]
    prefix, suffix = _one_line(before + lead)[-_AROUND:], _one_line(trail + after)[:_AROUND]
    return quote.strip(), prefix.lstrip() if len(prefix) < _AROUND else prefix, suffix


def _words(one: Paragraph) -> str:
    return "".join(
        " " if atom.what is What.BREAK else atom.text
        for atom in one.atoms
        if atom.what in (What.WORDS, What.BREAK) and is_there(atom, nothing)
    )


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", text)
