"""A new section as a form: its heading, its words, and where it shall stand."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.errors import BadInput
from app.text.blocks import Block
from app.text.dialect import check_limits, clean, normalise_reported, plain
from app.text.snapshot import SectionKind, Snapshot
from app.text.submission import ABSENT, SubmittedSection

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class NewSection:
    """What was typed: heading, words, and the key of the section it shall follow ("" for the first place)."""

    heading: str
    words: str
    after: str | None


def typed_new_section(fields: Mapping[str, str]) -> NewSection:
    """The form with what was typed."""
    return NewSection(clean(fields.get("heading", "")), clean(fields.get("words", "")), fields.get("place"))


def read_new_section(
    text: Snapshot, fields: Mapping[str, str], written: Sequence[Block] | None = None
) -> SubmittedSection:
    """The section as it is sent in, with the blocks ``written`` in an editor or the words that were typed.

    BadInput without a heading, without words, or for a place that is none.
    """
    new = typed_new_section(fields)
    heading = " ".join(new.heading.split())
    if not heading:
        raise BadInput("A new section needs a heading.")
    blocks = tuple(written) if written is not None else normalise_reported(new.words.strip("\n") + "\n")[0]
    if not blocks:
        raise BadInput("A new section needs some words: write at least one paragraph.")
    check_limits(blocks, name=heading)
    place = new.after
    if place and text.section(place) is None:
        raise BadInput("Choose where the new section shall stand.")
    return SubmittedSection(
        key=free_key(text, plain(heading)),
        kind=SectionKind.TEXT,
        blocks=blocks,
        heading=heading,
        after=ABSENT if place is None else place or None,
    )


def free_key(text: Snapshot, heading: str) -> str:
    """An address for a section of that name which no section has yet: letters a-z, digits and hyphens."""
    folded = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "-", folded)[:_LONGEST].strip("-") or "section"
    number = 1
    found = key
    while text.section(found) is not None:
        number += 1
        found = f"{key}-{number}"
    return found
