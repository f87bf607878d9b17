"""An anchor as it is stored and as the interface shows it."""

from collections.abc import Mapping

from app.text.anchors import Anchor, Reach


def anchor_to_json(anchor: Anchor) -> dict[str, object]:
    """Everything about an anchor, JSON-safe, so that it can be carried on from there."""
    return {
        "reach": str(anchor.reach),
        "section": anchor.section,
        "block": anchor.block,
        "revision": anchor.revision,
        "start": anchor.start,
        "end": anchor.end,
        "quote": anchor.quote,
        "prefix": anchor.prefix,
        "suffix": anchor.suffix,
        "kept": [list(one) for one in anchor.kept],
        "moved": anchor.moved,
        "changed": anchor.changed,
        "orphaned": anchor.orphaned,
    }


def anchor_from_json(value: Mapping[str, object]) -> Anchor:
    """The inverse of `anchor_to_json`; a value this program did not write is a KeyError or ValueError."""
    block, kept = value["block"], value["kept"]
    if not isinstance(kept, list):
        raise ValueError("an anchor has the ranges of words that were kept")
    return Anchor(
        section=str(value["section"]),
        block=None if block is None else str(block),
        revision=_number(value["revision"]),
        start=_number(value["start"]),
        end=_number(value["end"]),
        quote=str(value["quote"]),
        prefix=str(value["prefix"]),
        suffix=str(value["suffix"]),
        kept=tuple((_number(low), _number(high)) for low, high in kept),
        reach=Reach(str(value["reach"])),
        moved=value["moved"] is True,
        changed=value["changed"] is True,
        orphaned=value["orphaned"] is True,
    )


def anchor_shown(anchor: Anchor) -> dict[str, object]:
    """What a reader needs to find the words, and what to show beside them where they were changed or are gone."""
    return {
        "state": str(anchor.state),
        "section": anchor.section,
        "block": anchor.block,
        "start": anchor.start,
        "end": anchor.end,
        "quote": anchor.quote,
        "revision": anchor.revision,
    }


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("a whole number is needed")
    return value
