"""Any Markdown brought into its canonical form."""

from app.text.blocks import Block
from app.text.dialect.parsing import parse, read
from app.text.dialect.serialising import serialise
from app.text.uncollected import uncollected


@uncollected
def normalise(markdown: str) -> str:
    """The one canonical form of a text; every word stays, and doing it twice changes nothing."""
    return serialise(parse(markdown))


def normalise_reported(markdown: str) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """The blocks of a text, and in words what became something else than it was written as."""
    return read(markdown)
