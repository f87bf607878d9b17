"""A whole charter as one Markdown file in the canonical form: section headings of level 1, notes at the end."""

from app.text.blocks import Block, Kind
from app.text.dialect import serialise
from app.text.notes import groups
from app.text.snapshot import Snapshot


def charter_markdown(text: Snapshot) -> str:
    """The text of all sections in order; the front is not part of it."""
    blocks: list[Block] = []
    notes: list[Block] = []
    for section in text.sections:
        if section.heading:
            blocks.append(Block(Kind.HEADING, section.heading, level=1))
        for group in groups(section.blocks):
            (notes if group[0].kind is Kind.NOTE else blocks).extend(group)
    return serialise([*blocks, *notes])
