"""Markdown read into blocks."""

from app.text.blocks import Block
from app.text.dialect.entry import clean
from app.text.dialect.lines import read_tree
from app.text.dialect.notes_definitions import by_citation, distinct
from app.text.dialect.structure import blocks_of, shape
from app.text.uncollected import uncollected


def parse(markdown: str) -> tuple[Block, ...]:
    """The blocks of a text, without ids; its notes come last, in order of first citation, then those nobody cites.

    Any text can be read. TooLarge only for lists and quotes nested more than 120 levels deep.
    """
    return read(markdown)[0]


@uncollected
def read(markdown: str) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """`parse`, and in words what had to become something else than it was written as."""
    links: dict[str, tuple[str, str]] = {}
    root = read_tree(clean(markdown), links)
    shaped = shape(root, links)
    body = blocks_of(root.children, 0)
    groups, renamed = distinct([blocks_of([note], 0) for note in shaped.notes], body)
    for group in by_citation(body, groups):
        body.extend(group)
    retyped = [f"“{_short(text)}” is a single lettered item and became a paragraph" for text in shaped.retyped]
    return tuple(body), (*retyped, *renamed)


def _short(text: str) -> str:
    line = text.replace("\\\n", " ")
    return line if len(line) <= 60 else line[:59].rstrip(" ") + "…"
