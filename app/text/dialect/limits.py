"""How much a text may hold when it is saved."""

from collections.abc import Sequence

from app.errors import BadInput, TooLarge
from app.text.blocks import Block, Kind
from app.text.dialect.serialising import serialise

DEEPEST = 6
MOST_WORDS = 20_000
MOST_BYTES = 200_000


def check_limits(blocks: Sequence[Block], *, name: str) -> None:
    """Refuse what is too much to keep in one section, whose name the message says.

    BadInput for lists and quotes nested deeper than six levels; TooLarge for a block beyond 20,000 words and for a
    section that is written with more than 200 kB.
    """
    outside = 0
    for number, block in enumerate(blocks, start=1):
        if block.depth == 0:
            # A note holds what belongs to it, but is itself neither list nor quotation.
            outside = int(block.kind is Kind.NOTE)
        where = f"in {name}, block {number}"
        if block.depth - outside >= DEEPEST + (block.kind not in (Kind.ITEM, Kind.QUOTE)):
            raise BadInput(
                f"Lists and quotes may be nested {DEEPEST} levels deep; {where}, one is deeper.",
                kind="too-deep",
                details={"section": name, "block": block.id, "number": number, "deepest": DEEPEST},
            )
        words = len(block.text.split())
        if words > MOST_WORDS:
            raise TooLarge(
                f"A block may hold {MOST_WORDS:,} words; {where}, there are {words:,}. Split it.",
                details={"section": name, "block": block.id, "number": number, "words": words, "most": MOST_WORDS},
            )
    size = len(serialise(blocks).encode())
    if size > MOST_BYTES:
        raise TooLarge(
            f"A section may hold {MOST_BYTES // 1000} kB of text; {name} has {size / 1000:,.0f} kB. Split it.",
            details={"section": name, "bytes": size, "most": MOST_BYTES},
        )
