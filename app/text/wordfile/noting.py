"""Which footnote of a file is which note of the base."""

from collections.abc import Iterator, Mapping, Sequence

from app.text.likeness import Wording
from app.text.wordfile.expecting import Expected
from app.text.wordfile.layout import known_places
from app.text.wordfile.lines import Line
from app.text.wordfile.reading import Reading, nothing
from app.text.wordfile.story import Item, What, WordFile, paragraphs

_ALIKE = 0.5
_NAME = "note"


def labels_of(
    file: WordFile, unused: Mapping[str, list[Item]], expected: Expected, names: Mapping[str, str]
) -> dict[str, str]:
    """The label of every footnote of the file, by the key the file has for it; new ones get labels of their own."""
    keys = [key for key in dict.fromkeys([*_cited(file.text), *file.notes]) if key in file.notes]
    stories: dict[str, list[Item]] = {**{key: file.notes[key] for key in keys}, **unused}
    found: dict[str, str] = {}
    for key, items in stories.items():
        label = _by_place(items, expected)
        if label is not None:
            found[key] = label
    # Citations in a note are read once its own label is known; here its words are enough.
    reading = Reading(names, file.marks, {})
    words = {
        key: _words(reading.lines(items, nothing)) or _words(reading.lines(items, lambda _: True))
        for key, items in stories.items()
    }
    told = {label: _told(expected, label) for label in expected.notes}
    _by_words(words, told, found)
    _by_likeness(words, told, found)
    taken = {*expected.notes, *found.values()}
    for key in keys:
        if key not in found:
            found[key] = _fresh(taken)
            taken.add(found[key])
    return found


def _fresh(taken: set[str]) -> str:
    n = 1
    while f"{_NAME}-{n}" in taken:
        n += 1
    return f"{_NAME}-{n}"


def _cited(items: Sequence[Item]) -> Iterator[str]:
    for one in paragraphs(list(items)):
        yield from (atom.text for atom in one.atoms if atom.what is What.NOTE)


def _by_place(items: Sequence[Item], expected: Expected) -> str | None:
    for item in items:
        for link in known_places(item, expected):
            label = expected.labels.get(link.removeprefix("#b-"))
            if label is not None:
                return label
    return None


def _words(lines: Sequence[Line]) -> str:
    return " ".join(line.text for line in lines if not line.blank)


def _told(expected: Expected, label: str) -> str:
    """The words of a note of the base, without the notes that it cites."""
    lines = (expected.line(block.id) for block in expected.notes[label] if block.id is not None)
    runs = (
        "".join(text for text, look in run if look.note is None)
        for line in lines
        if line is not None
        for run in (line.runs, *(cell for row in line.grid for cell in row))
    )
    return " ".join(text for text in runs if text)


def _by_words(words: Mapping[str, str], told: Mapping[str, str], found: dict[str, str]) -> None:
    """Notes that read the same; of several that do, those that stand in the same order."""
    order: dict[str, list[str]] = {}
    for label, text in told.items():
        order.setdefault(_bare(text), []).append(label)
    taken = set(found.values())
    for key, text in words.items():
        same = order.get(_bare(text), [])
        if key in found or not same:
            continue
        found[key] = next((label for label in same if label not in taken), same[0])
        taken.add(found[key])


def _by_likeness(words: Mapping[str, str], told: Mapping[str, str], found: dict[str, str]) -> None:
    taken = set(found.values())
    free = {label: Wording(text) for label, text in told.items() if label not in taken}
    for key, text in words.items():
        if key in found or not free or not text:
            continue
        wording = Wording(text)
        label, share = max(((one, wording.likeness(other).share) for one, other in free.items()), key=lambda p: p[1])
        if share >= _ALIKE:
            found[key] = label
            del free[label]


def _bare(text: str) -> str:
    return " ".join(text.split())
