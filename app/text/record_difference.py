"""Where two records of one edition differ, in words: which section, which block, which other part."""

import json
from collections.abc import Iterator, Mapping, Sequence

MOST = 12
"""So many differences are named one by one."""

_LONGEST = 80


def read_record(octets: bytes) -> Mapping[str, object] | None:
    """A record as values, None if it is none."""
    try:
        value = json.loads(octets)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def record_differences(found: bytes, published: bytes) -> list[str]:
    """What the record that was found says otherwise than the one that was published."""
    new, old = read_record(found), read_record(published)
    if new is None or old is None:
        return ["it cannot be read as JSON any more"]
    told = [
        f"“{name}” is not as published"
        for name in sorted(new.keys() | old.keys())
        if name != "sections" and new.get(name) != old.get(name)
    ]
    told += _sections(_by_id(new.get("sections")), _by_id(old.get("sections")))
    if not told and found != published:
        told.append("it says the same in other bytes: it was written anew")
    return _shortened(told)


def differences_from_text(found: bytes, text: str) -> list[str]:
    """Where a record says otherwise than the Markdown of the same edition, which is known to be good."""
    record = read_record(found)
    if record is None:
        return ["it cannot be read as JSON any more"]
    told: list[str] = []
    for section in _by_id(record.get("sections")).values():
        for block in _by_id(section.get("blocks")).values():
            lines = str(block.get("text", "")).split("\n")
            if any(line.strip() not in text for line in lines):
                told.append(f"{_place(section, block)} says {_quoted(block)}, which is not in the published text")
    return _shortened(told)


def _sections(new: Mapping[str, Mapping[str, object]], old: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    for id, section in old.items():
        here = new.get(id)
        if here is None:
            yield f"the section {_named(section)} is missing"
            continue
        if any(here.get(part) != section.get(part) for part in ("key", "kind", "heading")):
            yield f"the heading or kind of the section {_named(section)} is not as published"
        yield from _blocks(section, _by_id(here.get("blocks")), _by_id(section.get("blocks")))
        if here.get("markdown") != section.get("markdown"):
            yield f"the Markdown of the section {_named(section)} is not as published"
    for id, section in new.items():
        if id not in old:
            yield f"the section {_named(section)} was added"
    if list(new) != list(old) and new.keys() == old.keys():
        yield "the sections are in another order"


def _blocks(
    section: Mapping[str, object], new: Mapping[str, Mapping[str, object]], old: Mapping[str, Mapping[str, object]]
) -> Iterator[str]:
    for id, block in old.items():
        here = new.get(id)
        if here is None:
            yield f"{_place(section, block)} is missing: {_quoted(block)}"
        elif here.get("text") != block.get("text"):
            yield f"{_place(section, block)} says {_quoted(here, block)} where {_quoted(block, here)} was published"
        elif here != block:
            yield f"{_place(section, block)} has the words that were published, but something about it is different"
    for id, block in new.items():
        if id not in old:
            yield f"{_place(section, block)} was added: {_quoted(block)}"
    if list(new) != list(old) and new.keys() == old.keys():
        yield f"the blocks of the section {_named(section)} are in another order"


def _by_id(listed: object) -> dict[str, Mapping[str, object]]:
    rows: Sequence[object] = listed if isinstance(listed, list) else []
    return {str(row.get("id")): row for row in rows if isinstance(row, dict)}


def _named(section: Mapping[str, object]) -> str:
    return f"“{str(section.get('key'))[:_LONGEST]}”"


def _place(section: Mapping[str, object], block: Mapping[str, object]) -> str:
    place = str(block.get("place") or "")[:_LONGEST]
    return f"in the section {_named(section)}, {place + ', ' if place else ''}block {str(block.get('id'))[:_LONGEST]},"


def _quoted(block: Mapping[str, object], other: Mapping[str, object] | None = None) -> str:
    """The words of a block, from shortly before they begin to differ from another's."""
    words = " ".join(str(block.get("text")).split())
    begin = 0
    if other is not None:
        others = " ".join(str(other.get("text")).split())
        same = next((n for n, (one, two) in enumerate(zip(words, others, strict=False)) if one != two), len(words))
        begin = max(0, same - _LONGEST // 2)
    end = begin + _LONGEST
    return f"“{'…' if begin else ''}{words[begin:end]}{'…' if len(words) > end else ''}”"


def _shortened(told: list[str]) -> list[str]:
    return told if len(told) <= MOST else [*told[:MOST], f"and {len(told) - MOST} more differences"]
