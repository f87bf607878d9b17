"""Labels of notes under another name, in definitions and wherever they are cited."""

from collections.abc import Container, Mapping
from dataclasses import replace

from app.text.blocks import Block, Kind
from app.text.dialect import citations, inline


def free_label(label: str, taken: Container[str]) -> str:
    """The label itself if it is free, else with the first number from 2 that makes it so."""
    name, n = label, 2
    while name in taken:
        name, n = f"{label}-{n}", n + 1
    return name


def relabelled(block: Block, names: Mapping[str, str]) -> Block:
    """The block with its own label and the labels it cites under their new names."""
    if block.kind is Kind.NOTE and block.label is not None and block.label in names:
        block = replace(block, label=names[block.label])
    return block if block.kind is Kind.CODE else block.with_text(relabelled_text(block.text, names))


def relabelled_text(text: str, names: Mapping[str, str]) -> str:
    """The inline text citing the new names; what only looks like a citation, in code say, stays."""
    if not any(label in names for label in citations(text)):
        return text
    for span in reversed(inline(text)):
        if span.note is not None and span.note in names:
            text = f"{text[: span.start]}[^{names[span.note]}]{text[span.end :]}"
    return text
