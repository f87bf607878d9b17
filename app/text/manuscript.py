"""A section as an editor holds it: blocks with their pieces, the notes it cites, and what of it is sent in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.errors import BadInput
from app.text.blocks import Block, Kind, block_from_json, block_to_json
from app.text.dialect import canonical_blocks, check_limits, clean, serialise
from app.text.dialect.tables import cells_of, row_of
from app.text.inline_json import inline_from_json, inline_to_json, unreadable
from app.text.notes import cited_by, groups, numbers, outside_notes
from app.text.places import kind_name
from app.text.snapshot import Section, SectionKind, Snapshot
from app.text.submission import SubmittedSection

_MOST_BLOCKS = 20_000
Value = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Sent:
    """What an editor sent of one section: its blocks, and other sections whose notes were rewritten in it."""

    blocks: tuple[Block, ...]
    others: tuple[SubmittedSection, ...] = ()


def manuscript(text: Snapshot, section: Section) -> dict[str, object]:
    """The section for an editor: ``{kind, blocks, notes, cited_before, cited_after, labels}``.

    ``notes`` are the blocks of the notes it cites that stand in other sections. ``cited_before`` and ``cited_after``
    are the labels that other parts of the charter cite, in order, so that numbers can be counted while somebody
    writes; ``labels`` are those that are taken.
    """
    before, after = _cited_elsewhere(text, section)
    return {
        "kind": str(section.kind),
        "blocks": block_values(section.blocks),
        "notes": block_values(_notes_of(text, section)),
        "cited_before": before,
        "cited_after": after,
        "labels": sorted({b.label for _, _, b in text.placed_blocks() if b.label is not None}),
    }


def blank_manuscript(text: Snapshot) -> dict[str, object]:
    """What an editor holds where a new section begins: nothing but what it needs to number notes."""
    given = numbers(text).numbers
    return {
        "kind": str(SectionKind.TEXT),
        "blocks": [],
        "notes": [],
        "cited_before": list(given),
        "cited_after": [],
        "labels": sorted({b.label for _, _, b in text.placed_blocks() if b.label is not None}),
    }


def _cited_elsewhere(text: Snapshot, section: Section) -> tuple[list[str], list[str]]:
    before: dict[str, None] = {}
    after: dict[str, None] = {}
    found = before
    for other in text.sections:
        if other.id == section.id:
            found = after
            continue
        labels = [label for block in outside_notes(other.blocks) for label in cited_by(block)]
        found.update(dict.fromkeys(labels))
    return list(before), list(after)


def _notes_of(text: Snapshot, section: Section) -> list[Block]:
    """The notes that the section cites and that stand elsewhere, in order of their numbers, with what is in them."""
    cited = {label for block in section.blocks for label in cited_by(block)}
    given = numbers(text).numbers
    found = [
        group
        for other in text.sections
        if other.id != section.id
        for group in groups(other.blocks)
        if group[0].kind is Kind.NOTE and group[0].label in cited
    ]
    found.sort(key=lambda group: given.get(group[0].label or "", 0))
    return [block for group in found for block in group]


def block_values(blocks: Sequence[Block]) -> list[dict[str, object]]:
    """Blocks as an editor holds them."""
    return [_block_value(block) for block in blocks]


def _block_value(block: Block) -> dict[str, object]:
    value = block_to_json(block)
    if block.kind is Kind.TABLE:
        value["rows"] = [[inline_to_json(cell) for cell in cells_of(row)] for row in block.text.split("\n")]
    elif block.kind not in (Kind.CODE, Kind.RULE):
        value["inline"] = inline_to_json(block.text)
    if block.kind is not Kind.CODE:
        del value["text"]
    return value


def read_manuscript(text: Snapshot, section: Section, value: object) -> Sent:
    """What an editor sent back for the section, over the text it was given.

    A block that says ``same`` is taken as it is, to the byte, and so is one whose pieces say what they said. Notes
    that are not among ``notes`` any more stay: leaving out a citation takes out no note. BadInput, in words, for
    what cannot be taken.
    """
    if not isinstance(value, dict):
        raise unreadable()
    known = {block.id: block for _, _, block in text.placed_blocks() if block.id is not None}
    blocks = [_block(given, known) for given in _values(value, "blocks")]
    notes = [_block(given, known) for given in _values(value, "notes")]
    elsewhere = {block.id for other in text.sections if other.id != section.id for block in other.blocks}
    rewritten = {note.id: note for note in notes if note.id in elsewhere}
    fresh = [note for note in notes if note.id not in elsewhere and note.text.strip()]
    made = canonical_blocks(levelled([*blocks, *fresh]))
    check_limits(made, name=section.key)
    return Sent(made, _rewritten(text, section, rewritten))


def read_new_manuscript(text: Snapshot, value: object) -> tuple[Block, ...]:
    """What an editor sent for a section that is not there yet: its blocks, and the new notes cited in it."""
    if not isinstance(value, dict):
        raise unreadable()
    known = {block.id: block for _, _, block in text.placed_blocks() if block.id is not None}
    notes = [_block(given, known) for given in _values(value, "notes")]
    fresh = [note for note in notes if note.id is None and note.text.strip()]
    return canonical_blocks(levelled([*(_block(given, {}) for given in _values(value, "blocks")), *fresh]))


def read_wording(value: object) -> str:
    """The Markdown of what an editor sent of words that are no section; "" if nothing was written.

    The value is ``{form, blocks}``. The form "line" is one paragraph, "rows" are those of one table without what stands
    under its header, "blocks" are whatever was written. BadInput, in words, for what cannot be taken.
    """
    if not isinstance(value, dict):
        raise unreadable()
    blocks = [_block(given, {}) for given in _values(value, "blocks")]
    form = value.get("form")
    if form == "rows":
        if len(blocks) != 1 or blocks[0].kind is not Kind.TABLE:
            raise unreadable()
        return blocks[0].text if blocks[0].text.strip("| \n") else ""
    if form not in ("line", "blocks") or (form == "line" and [block.kind for block in blocks] != [Kind.PARAGRAPH]):
        raise unreadable()
    if not any(block.text.strip() or block.kind is Kind.RULE for block in blocks):
        return ""
    return serialise(canonical_blocks(levelled(blocks))).strip("\n")


def _values(value: Value, name: str) -> Sequence[Value]:
    # Without its blocks it would be a section that somebody emptied.
    given = value.get(name, [] if name == "notes" else None)
    if not isinstance(given, list) or len(given) > _MOST_BLOCKS or not all(isinstance(one, dict) for one in given):
        raise unreadable()
    return given


def _block(given: Value, known: Mapping[str, Block]) -> Block:
    id = given.get("id")
    old = known.get(id) if isinstance(id, str) else None
    if given.get("same") is True:
        if old is None:
            raise BadInput(
                "A paragraph that you left as it was is not in this text any more. Load the page again; "
                "what you typed is kept.",
                kind="unknown-block",
            )
        return old
    try:
        block = block_from_json({**given, "text": "", "id": None if old is None else id})
        block = block.with_text(_text(block.kind, given))
    except (KeyError, ValueError, TypeError) as error:
        raise unreadable() from error
    if block.kind is Kind.TABLE and block.align is None:
        raise unreadable()
    return old if old is not None and _says_the_same(old, block) else block


def _says_the_same(old: Block, new: Block) -> bool:
    """Whether nothing was changed but how the same is written."""
    if old.form != new.form:
        return False
    if old.text == new.text:
        return True
    if old.kind in (Kind.CODE, Kind.TABLE, Kind.RULE):
        return False
    return inline_to_json(old.text) == inline_to_json(new.text)


def _text(kind: Kind, given: Value) -> str:
    if kind is Kind.RULE:
        return ""
    if kind is Kind.CODE:
        text = given.get("text")
        if not isinstance(text, str):
            raise unreadable()
        return clean(text)
    if kind is Kind.TABLE:
        rows = given.get("rows")
        if not isinstance(rows, list) or not rows or not all(isinstance(row, list) for row in rows):
            raise unreadable()
        return "\n".join(row_of([inline_from_json(cell).replace("\\\n", " ") for cell in row]) for row in rows)
    text = inline_from_json(given.get("inline", []))
    return text.replace("\\\n", " ") if kind is Kind.HEADING else text


def levelled(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with none deeper than what is left around it can hold."""
    made: list[Block] = []
    for block in blocks:
        above = made[-1] if made else None
        holds = above is not None and above.kind in (Kind.ITEM, Kind.QUOTE, Kind.NOTE)
        deepest = 0 if above is None else above.depth + (1 if holds else 0)
        made.append(block if block.depth <= deepest else replace(block, depth=deepest))
    return made


def _rewritten(text: Snapshot, section: Section, notes: Mapping[str | None, Block]) -> tuple[SubmittedSection, ...]:
    """The other sections in which notes stand that read otherwise now."""
    sent = []
    for other in text.sections:
        if other.id == section.id:
            continue
        blocks = [notes.get(block.id, block) for block in other.blocks]
        if tuple(blocks) != other.blocks:
            sent.append(SubmittedSection(key=other.key, blocks=canonical_blocks(blocks)))
    return tuple(sent)


def over_newer(
    value: object, then: tuple[Snapshot, Section], now: tuple[Snapshot, Section]
) -> tuple[dict[str, object], list[tuple[str, str]]]:
    """What an editor sent over an older text, brought to a newer one: what it leaves as it was is as the newer says.

    The answer is what the editor is to hold, and the words, each with the name of its place, that the newer text has
    where both rewrote the same: in the editor stands what was sent. What the newer text took out and nobody rewrote
    here goes; what it put in stands behind the block it stands behind there.
    """
    if not isinstance(value, dict):
        raise unreadable()
    newer: dict[str, object] = {}
    beside: list[tuple[str, str]] = []
    for part, old_blocks, new_blocks in (
        ("blocks", then[1].blocks, now[1].blocks),
        ("notes", _notes_of(*then), _notes_of(*now)),
    ):
        newer[part] = _brought(_values(value, part), old_blocks, new_blocks, beside)
    return newer, beside


def _brought(
    sent: Sequence[Value], then: Sequence[Block], now: Sequence[Block], beside: list[tuple[str, str]]
) -> list[Value]:
    was, is_now = ({block.id: block for block in blocks} for blocks in (then, now))
    made: list[Value] = []
    for one in sent:
        id = one.get("id")
        old, new = (was.get(id), is_now.get(id)) if isinstance(id, str) else (None, None)
        touched = one.get("same") is not True and (old is None or _block(one, {str(id): old}) != old)
        if touched and new is not None and new != old:
            beside.append((kind_name(new), new.text))
        if touched:
            made.append(one)
        elif new is not None:
            made.append({"id": new.id, "same": True})
    here = {one.get("id") for one in made}
    before: str | None = None
    for block in now:
        if block.id not in was and block.id not in here:
            places = (n + 1 for n, one in enumerate(made) if one.get("id") == before)
            made.insert(next(places, len(made)) if before is not None else 0, {"id": block.id, "same": True})
        before = block.id
    return made
