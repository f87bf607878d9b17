"""Which parts of a Word file are the text of the charter, and which stand around it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from app.text.wordfile.expecting import Expected
from app.text.wordfile.lines import text_of
from app.text.wordfile.story import Item, Paragraph, What, WordFile

_FRONT = frozenset({"title", "subtitle", "cover edition", "cover mark", "imprint", "toc heading", "gap", "text end"})
_ANNEXE = frozenset({"annexe title", "annexe place"})
_CITED_IN_NOTES = "notes cited in notes"
_NOT_CITED = "Notes that the text does not cite"
_ANNEXES = "Annexes"
_CONTENTS = "Table of Contents"
_LABELS = ("edition: ", "working text, revision ", "not an approved text")
_CITING = "Cited in the notes:"
_DEEPEST_SHIFT = 3


@dataclass(slots=True)
class Layout:
    """The text, what of the file is not text (``aside``), and the notes that nothing cites, each under a key."""

    text: list[Item] = field(default_factory=list)
    aside: list[Paragraph] = field(default_factory=list)
    unused: dict[str, list[Item]] = field(default_factory=dict)
    shift: int = 0


def layout_of(file: WordFile, expected: Expected) -> Layout:
    """How the file is laid out, with the eyes of whoever wrote the base into it."""
    layout = Layout()
    items = [item for item in file.text if not _is_listed(item)]
    if file.ours:
        start = _start(items, expected)
        layout.aside += [item for item in items[:start] if isinstance(item, Paragraph)]
        _take_apart(items[start:], layout, expected, ours=True)
        return layout
    layout.shift = _shift(items, expected)
    _take_apart(_behind_the_cover(items, layout, expected), layout, expected)
    return layout


def _behind_the_cover(items: Sequence[Item], layout: Layout, expected: Expected) -> list[Item]:
    """What is left of a file that has lost what told it for ours, or never was: without titles and lines of a cover."""
    level, front = layout.shift + 1, expected.base.front
    cover = {_bare(one) for one in (front.organisation, front.title, _CONTENTS)}
    cover |= {_bare(one) for one in (*front.address.splitlines(), *front.contact.splitlines())}
    headings = [
        n
        for n, item in enumerate(items)
        if isinstance(item, Paragraph) and (item.shape.level == level or _bare(item.words) in expected.titles)
    ]
    found: list[Item] = []
    for n, item in enumerate(items):
        if n < (headings[0] if headings else 0) and isinstance(item, Paragraph):
            words = _bare(item.words)
            titled = item.shape.style in ("title", "subtitle") or (item.shape.level or level) < level
            if titled or words in cover or words.startswith(_LABELS):
                layout.aside.append(item)
                continue
        found.append(item)
    return found


def _bare(text: str) -> str:
    return " ".join(text.split()).casefold()


def _is_listed(item: Item) -> bool:
    return isinstance(item, Paragraph) and (item.listing or item.shape.style.startswith(("toc ", "contents ")))


def known_places(item: Item, expected: Expected) -> list[str]:
    """Where in the base the bookmarks of a paragraph or table stand."""
    some = [item] if isinstance(item, Paragraph) else list(item.paragraphs())
    names = (name.lower() for one in some for name in one.places)
    return [expected.names[name] for name in names if name in expected.names]


def _start(items: Sequence[Item], expected: Expected) -> int:
    """Where the text begins: behind the last line of the cover, the imprint and the contents."""
    for n, item in enumerate(items):
        if (isinstance(item, Paragraph) and item.shape.level == 1) or known_places(item, expected):
            first = n
            break
    else:
        first = len(items)
    fronts = [n for n, item in enumerate(items[:first]) if isinstance(item, Paragraph) and item.shape.style in _FRONT]
    return fronts[-1] + 1 if fronts else 0


def _take_apart(items: Sequence[Item], layout: Layout, expected: Expected, *, ours: bool = False) -> None:
    """The text, and what of ours stands behind it."""
    notes = {id for group in expected.notes.values() for id in (group[0].id,)}
    where, key = "", ""
    for n, item in enumerate(items):
        if not isinstance(item, Paragraph):
            where = ""
            layout.text.append(item)
            continue
        style = item.shape.style
        heads = item.shape.level == layout.shift + 1
        if heads:
            where = _heading(item, _next(items, n), expected)
            key = ""
        if (
            (where and heads)
            or style == _CITED_IN_NOTES
            or _is_for_notes(item)
            or (where == "annexes" and (style in _ANNEXE or not item.atoms or not ours))
        ):
            layout.aside.append(item)
        elif where == "unused" and (style == "footnote text" or _of_a_note(item, notes, expected) or key or not ours):
            if not key or _of_a_note(item, notes, expected) or _is_head(item, expected):
                key = f"u{item.number}"
            layout.unused.setdefault(key, []).append(item)
        else:
            layout.text.append(item)


def _is_for_notes(item: Paragraph) -> bool:
    """Whether a paragraph only holds the marks of notes that notes cite, whatever its style became."""
    return item.words.strip() == _CITING and any(atom.what is What.NOTE for atom in item.atoms)


def _next(items: Sequence[Item], n: int) -> str:
    following = items[n + 1] if n + 1 < len(items) else None
    return following.shape.style if isinstance(following, Paragraph) else ""


def _heading(item: Paragraph, following: str, expected: Expected) -> str:
    places = {name.lower() for name in item.places}
    words = " ".join(item.words.split())
    told = {text_of(expected.heading(section)) for section in expected.base.sections}
    annexes = following == "annexe title" or (bool(expected.base.front.annexes) and _ANNEXES not in told)
    if "s_annexes_list" in places or (words == _ANNEXES and annexes):
        return "annexes"
    if "s_unused_notes" in places or (words == _NOT_CITED and _NOT_CITED not in told):
        return "unused"
    return ""


def _of_a_note(item: Paragraph, notes: Collection[str | None], expected: Expected) -> bool:
    return any(link.removeprefix("#b-") in notes for link in known_places(item, expected))


def _is_head(item: Paragraph, expected: Expected) -> bool:
    words = " ".join(item.words.split())
    for group in expected.notes.values():
        line = None if group[0].id is None else expected.line(group[0].id)
        if line is not None and words and text_of(line.runs).replace("\n", " ") == words:
            return True
    return False


def _shift(items: Sequence[Item], expected: Expected) -> int:
    """How many levels too deep the headings of the sections stand in a file of somebody else."""
    wanted = {text_of(expected.heading(section)).casefold() for section in expected.base.sections}
    counts = [0] * (_DEEPEST_SHIFT + 1)
    levels = set()
    for item in items:
        if isinstance(item, Paragraph) and item.shape.level is not None:
            levels.add(item.shape.level)
            if item.shape.level <= _DEEPEST_SHIFT + 1 and " ".join(item.words.split()).casefold() in wanted:
                counts[item.shape.level - 1] += 1
    best = max(range(len(counts)), key=lambda n: (counts[n], -n))
    if counts[best]:
        return best
    return max(0, min(min(levels, default=1) - 1, _DEEPEST_SHIFT))
