"""The paragraphs and headings of a text in which words stand."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import dropwhile, islice

from app.queries.found import FoundBlock
from app.text.dialect.inline import plain
from app.text.folding import excerpt, folded
from app.text.notes import numbers
from app.text.places import places
from app.text.snapshot import Section, SectionKind, Snapshot


def blocks_with(
    text: Snapshot,
    words: tuple[str, ...],
    *,
    after: str,
    limit: int,
    unless: Callable[[str | None, str], bool] | None = None,
) -> list[FoundBlock]:
    """The headings and paragraphs in which the words stand, at most ``limit``, in the order of the text.

    A paragraph may leave some words to the name of its section. ``after`` is the key of the one before them; if that
    is found no more, they begin anew. ``unless`` says of which paragraphs nothing is to be told.
    """
    found = _all(text, words, unless)
    if after:
        rest = list(islice(dropwhile(lambda one: one.key != after, found), 1, limit + 1))
        if rest or any(one.key == after for one in _all(text, words, unless)):
            return rest
        found = _all(text, words, unless)
    return list(islice(found, limit))


def _all(
    text: Snapshot, words: tuple[str, ...], unless: Callable[[str | None, str], bool] | None
) -> Iterator[FoundBlock]:
    front = text.front
    cover = " ".join(f"{front.title} {front.organisation} {front.address} {front.contact}".split())
    if unless is None and all(word in folded(cover) for word in words):
        yield FoundBlock("", "Cover", None, "", excerpt(cover, words))
    for section in text.sections:
        name = _name(section)
        of_section = folded(name)
        titled = unless is None and section.kind is not SectionKind.FOOTNOTES
        if titled and all(word in of_section for word in words):
            yield FoundBlock(section.key, name, None, "", excerpt(name, words))
        rest = [word for word in words if word not in of_section] or list(words)
        for at, block in enumerate(section.blocks):
            said = _folded_block(block.text)
            if not all(word in said for word in rest) or (unless is not None and unless(block.id, block.text)):
                continue
            shown = excerpt(" ".join(plain(block.text).split()), words)
            yield FoundBlock(section.key, name, block.id, _place(text, section, at), shown)


def _place(text: Snapshot, section: Section, at: int) -> str:
    named = places(section.blocks, numbers(text).numbers, goals=section.kind is SectionKind.GOALS)
    return str(named[at])


@lru_cache(maxsize=4096)
def _folded_block(text: str) -> str:
    return folded(plain(text))


def _name(section: Section) -> str:
    return " ".join(plain(section.heading).split()) or section.key.capitalize()
