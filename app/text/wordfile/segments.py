"""The sections of a reading: where each begins, and which of the base it is."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.text.blocks import Kind
from app.text.likeness import Wording
from app.text.wordfile.expecting import Expected
from app.text.wordfile.lines import Line, plainer, text_of, tidy
from app.text.wordfile.package import refused

_HEADING = 20
_ALIKE = 0.5
_MOST_ALIKE = 200
_MOST = 2_000
Hint = Callable[[Line], str | None]


@dataclass(slots=True)
class Segment:
    """Lines under one heading. ``section`` is the id of the section of the base they are, None for a new one.

    ``heading`` is None for lines that stand before the first heading, or where there is none.
    """

    heading: Line | None
    lines: list[Line] = field(default_factory=list)
    section: str | None = None


def segments(
    lines: Sequence[Line], expected: Expected, heads: Mapping[int, str], *, loose: bool = False
) -> list[Segment]:
    """The lines cut where sections begin. ``heads`` are the sections whose headings the paragraphs are known to be.

    ``loose``: a line that reads like the heading of a section is it, whatever it looks like.
    """
    titles = expected.titles if loose else {}
    found = [Segment(None)]
    keys = {f"#{section.key}": section.id for section in expected.base.sections}
    claimed: set[str] = set()
    for line in lines:
        links = [link for link in _links(line, expected) if link in keys]
        id = keys[links[0]] if links else None
        if id in claimed:
            id = None
        named = titles.get(line.text.casefold()) if line.form.kind is Kind.PARAGRAPH else None
        if line.form.kind is Kind.HEADING and line.form.level == 1 and not line.blank:
            id = id or next((heads[p.paragraph] for p in line.parts if p.before and p.paragraph in heads), None)
            found.append(Segment(line, section=None if id in claimed else id))
        elif named is not None and named not in claimed and not links:
            line.runs = tidy(plainer(line.runs))
            found.append(Segment(line, section=named))
        elif id is not None and not (line.blank and line.form.kind is not Kind.RULE):
            # What begins with its text, and not with a heading: the bookmark of the section stands at its first words.
            own = id == expected.opening or any(link.startswith("#b-") for link in _links(line, expected))
            found.append(Segment(None, [line], id) if own else Segment(line, section=id))
        else:
            found[-1].lines.append(line)
            continue
        if found[-1].section is not None:
            claimed.add(found[-1].section)
    if len(found) > _MOST:
        raise refused("This Word file has more headings than a charter has sections.", "too-many-sections")
    return [one for one in found if one.heading is not None or any(not line.blank for line in one.lines)]


def _links(line: Line, expected: Expected) -> Iterator[str]:
    names = (name.lower() for name in line.places)
    return (expected.names[name] for name in names if name in expected.names)


def recognise(found: Sequence[Segment], expected: Expected, hint: Hint, *, in_order: bool) -> None:
    """Say of every segment which section it is: by its words, its heading and its place."""
    shown = [section for section in expected.base.sections if expected.shows(section)]
    if in_order and _stand_in_order(found, expected):
        return
    taken = {one.section for one in found if one.section is not None}
    headings = {section.id: text_of(expected.heading(section)).casefold() for section in shown}
    homes = _homes(expected)
    scores: list[tuple[float, int, int, str]] = []
    for n, one in enumerate(found):
        if one.section is not None:
            continue
        votes: Counter[str] = Counter()
        for line in one.lines:
            block = hint(line)
            home = expected.homes.get(block) if block is not None else homes.get(line.text)
            if home is not None:
                votes[home] += 1 + len(line.text)
        title = None if one.heading is None else text_of(one.heading.runs).casefold()
        for place, section in enumerate(shown):
            score = float(votes[section.id])
            quiet = section.id == expected.opening
            if title is not None and title == headings[section.id]:
                score += _HEADING * (0.5 if quiet else 1)
            if title is None and not quiet and not score:
                continue
            if title is None and quiet:
                score += _HEADING
            if score:
                scores.append((-score, abs(place - n), n, section.id))
    for _, _, n, id in sorted(scores):
        if found[n].section is None and id not in taken:
            found[n].section = id
            taken.add(id)
    _by_likeness(found, {id: told for id, told in headings.items() if id not in taken})


def _by_likeness(found: Sequence[Segment], free: dict[str, str]) -> None:
    new = [one for one in found if one.section is None and one.heading is not None]
    for one in new[:_MOST_ALIKE]:
        if one.heading is None or not free:
            continue
        title = Wording(text_of(one.heading.runs))
        id, share = max(((id, title.likeness(Wording(told)).share) for id, told in free.items()), key=lambda p: p[1])
        if share >= _ALIKE:
            one.section = id
            del free[id]


def _stand_in_order(found: Sequence[Segment], expected: Expected) -> bool:
    """Whether the sections are those of the base, one by one; then they are told so."""
    shown = [section for section in expected.base.sections if expected.shows(section)]
    if len(found) != len(shown):
        return False
    for one, section in zip(found, shown, strict=True):
        if one.section not in (None, section.id):
            return False
        if one.heading is None and section.id != expected.opening:
            return False
        if one.heading is not None and one.heading.runs != expected.heading(section):
            return False
    for one, section in zip(found, shown, strict=True):
        one.section = section.id
    return True


def _homes(expected: Expected) -> dict[str, str]:
    """The sections of the lines that stand in one section alone, by their words."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for section in expected.base.sections:
        for block in expected.sections[section.id]:
            line = None if block.id is None else expected.line(block.id)
            if line is not None and not line.blank and found.setdefault(line.text, section.id) != section.id:
                twice.add(line.text)
    return {text: home for text, home in found.items() if text not in twice}
