"""What a thread is about, in the words of a sentence."""

import json
from collections.abc import Mapping
from functools import lru_cache

from app.text.anchor_json import anchor_from_json
from app.text.anchors import Anchor, Reach
from app.text.dialect import plain

_SHORT = 80


def stored_anchor(value: str | None) -> Anchor | None:
    """The anchor as the program wrote it; None for a thread that does not hang on the text."""
    return None if value is None else _read(value)


@lru_cache(maxsize=4096)
def _read(value: str) -> Anchor:
    # Lists and the working text show the same threads to everybody.
    return anchor_from_json(_object(value))


def subject(proposal: int | None, change: int | None, anchor: Anchor | None) -> str:
    """“key partners”, the section “Vision”, proposal 12, change 12.1: what a thread hangs on, inside a sentence.

    ``proposal`` and ``change`` are numbers, of a thread on these; ``anchor`` is where it hangs on the text.
    """
    if proposal is not None:
        return f"proposal {proposal}" if change is None else f"change {proposal}.{change}"
    return "a part of the text" if anchor is None else quoted(anchor)


@lru_cache(maxsize=4096)
def quoted(anchor: Anchor) -> str:
    """“key partners”, the section “Vision”: what an anchor was made on, inside a sentence."""
    quote = shortened(plain(anchor.quote))
    if anchor.reach is Reach.SECTION:
        return f"the section “{quote}”" if quote else "a section"
    return f"“{quote}”" if quote else "a part of the text"


def shortened(text: str, most: int = _SHORT) -> str:
    """The beginning of a text on one line, cut between words, with an ellipsis where something was left out."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    cut = line[: most + 1].rpartition(" ")[0] or line[:most]
    return f"{cut.rstrip(' ,;:.')}…"


def _object(value: str) -> Mapping[str, object]:
    found = json.loads(value)
    if not isinstance(found, dict):
        raise ValueError("an anchor is an object")
    return found
