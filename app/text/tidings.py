"""What a merge leaves worth knowing although its words are right: notes and links that changed under them."""

from collections.abc import Iterator, Sequence

from app.text.blocks import Block, Kind
from app.text.change import ChangeKind
from app.text.dialect import citations, inline
from app.text.notes import note_blocks
from app.text.snapshot import Section, Snapshot
from app.text.wordmerge import touched_sentences
from app.text.woven import Proposed

_EDITS = frozenset({ChangeKind.REPLACE, ChangeKind.RETYPE})


def tidings(head: Snapshot, chosen: Sequence[Proposed], result: Snapshot) -> Iterator[str]:
    """In words: sentences whose notes somebody else rewrote, and links that lead nowhere now."""
    yield from _rewritten_notes(chosen, result)
    before = set(_lost_links(head))
    for section, target in _lost_links(result):
        if (section, target) not in before:
            yield f"A link in the section {section} leads to #{target}, which is not in the text now."


def _rewritten_notes(chosen: Sequence[Proposed], result: Snapshot) -> Iterator[str]:
    now = note_blocks(result)
    if not now:
        return
    own = {(one.proposal, one.change.block) for one in chosen if one.change.kind in _EDITS}
    notes_of: dict[int, dict[str, tuple[Block, ...]]] = {}
    for one in chosen:
        change = one.change
        if change.kind not in _EDITS or change.old is None or change.new is None or "[^" not in change.old.text:
            continue
        if id(one.base) not in notes_of:
            notes_of[id(one.base)] = note_blocks(one.base)
        touched = touched_sentences(change.old.text, change.new.text, change.old.kind)
        for label in dict.fromkeys(label for sentence in sorted(touched) for label in citations(sentence)):
            was, is_now = notes_of[id(one.base)].get(label), now.get(label)
            if was is None or is_now is None or was[0].text == is_now[0].text or (one.proposal, was[0].id) in own:
                continue
            yield f"{one.ref} changes words that cite the note {label}, which others have rewritten: read both."


def _lost_links(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """The references inside the charter that lead to no section and no block."""
    there = {section.key for section in snapshot.sections}
    there.update(f"b-{block.id}" for _, _, block in snapshot.placed_blocks())
    for section in snapshot.sections:
        for text in _texts(section):
            if "](#" not in text:
                continue
            for span in inline(text):
                if span.link is not None and span.link.startswith("#") and span.link[1:] not in there:
                    yield section.key, span.link[1:]


def _texts(section: Section) -> Iterator[str]:
    yield section.heading
    yield from (block.text for block in section.blocks if block.kind is not Kind.CODE)
