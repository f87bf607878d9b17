"""Footnotes across a whole charter: their numbers by first citation, what dangles, what nobody cites, their order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.text.blocks import Block, Kind
from app.text.dialect import citations
from app.text.snapshot import Section, Snapshot


@dataclass(frozen=True, slots=True)
class NoteNumbers:
    """Which number each note bears; ``dangling`` are labels without a note, ``unused`` notes that nothing cites.

    A note cited again keeps its number. A note cited only inside other notes is numbered after those the text cites.
    """

    numbers: Mapping[str, int]
    dangling: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()


def numbers(snapshot: Snapshot) -> NoteNumbers:
    """The numbers of the notes by first citation, front to back, headings, items and table cells included."""
    notes = note_blocks(snapshot)
    found: dict[str, None] = {}
    for section in snapshot.sections:
        found.update(dict.fromkeys(citations(section.heading)))
        for block in outside_notes(section.blocks):
            found.update(dict.fromkeys(cited_by(block)))
    # A note may cite notes that nothing has cited yet; they join the end of the line.
    waiting = list(found)
    for label in waiting:
        fresh = [cited for block in notes.get(label, ()) for cited in cited_by(block) if cited not in found]
        found.update(dict.fromkeys(fresh))
        waiting.extend(dict.fromkeys(fresh))
    return NoteNumbers(
        {label: n for n, label in enumerate((label for label in found if label in notes), start=1)},
        tuple(label for label in found if label not in notes),
        tuple(label for label in notes if label not in found),
    )


def note_blocks(snapshot: Snapshot) -> dict[str, tuple[Block, ...]]:
    """Every note with what belongs to it, by label, as they stand; of two notes with one label the first."""
    found: dict[str, tuple[Block, ...]] = {}
    for section in snapshot.sections:
        for group in groups(section.blocks):
            if group[0].kind is Kind.NOTE and group[0].label is not None:
                found.setdefault(group[0].label, group)
    return found


def groups(blocks: Sequence[Block]) -> Iterator[tuple[Block, ...]]:
    """The blocks in groups: a note with what belongs to it is one, any other block stands alone."""
    group: list[Block] = []
    for block in blocks:
        if group and group[0].kind is Kind.NOTE and block.depth > group[0].depth:
            group.append(block)
            continue
        if group:
            yield tuple(group)
        group = [block]
    if group:
        yield tuple(group)


def outside_notes(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks without the notes and what belongs to them."""
    return tuple(group[0] for group in groups(blocks) if group[0].kind is not Kind.NOTE)


def cited_by(block: Block) -> tuple[str, ...]:
    """The labels a block cites, in order; code cites nothing."""
    return () if block.kind is Kind.CODE else citations(block.text)


def ordered(snapshot: Snapshot) -> Snapshot:
    """The same charter with the notes of every section in order of first citation, those nobody cites last.

    What else stands in such a section comes before its notes.
    """
    if not any(block.kind is Kind.NOTE for _, _, block in snapshot.placed_blocks()):
        return snapshot
    given = numbers(snapshot).numbers
    sections = tuple(_ordered(section, given) for section in snapshot.sections)
    return snapshot if sections == snapshot.sections else replace(snapshot, sections=sections)


def settled(snapshot: Snapshot) -> Snapshot:
    """The same charter with all notes in an order that its words alone decide: those nobody cites stand by label.

    Where a note stands that nobody cites says nothing, so two texts that differ in nothing else are the same text.
    """
    if not any(block.kind is Kind.NOTE for _, _, block in snapshot.placed_blocks()):
        return snapshot
    given = numbers(snapshot).numbers
    return replace(snapshot, sections=tuple(_ordered(s, given, by_label=True) for s in snapshot.sections))


def _ordered(section: Section, given: Mapping[str, int], *, by_label: bool = False) -> Section:
    whole = list(groups(section.blocks))
    notes = [group for group in whole if group[0].kind is Kind.NOTE]
    if not notes:
        return section
    others = [group for group in whole if group[0].kind is not Kind.NOTE]
    if by_label:
        notes.sort(key=lambda group: group[0].label or "")
    notes.sort(key=lambda group: given.get(group[0].label or "", len(given) + 1))
    blocks = tuple(block for group in [*others, *notes] for block in group)
    return section if blocks == section.blocks else replace(section, blocks=blocks)
