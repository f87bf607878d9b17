"""New notes of different proposals under one label: the later one is renamed, in its note and where it is cited."""

from collections.abc import Sequence
from dataclasses import replace

from app.text.blocks import Block, Kind
from app.text.change import Change, ChangeKind
from app.text.ground import Ground
from app.text.labels import free_label, relabelled, relabelled_text
from app.text.sequence import by_proposal
from app.text.woven import Proposed


def with_free_labels(ground: Ground, chosen: Sequence[Proposed]) -> tuple[list[Proposed], tuple[str, ...]]:
    """The changes with labels that no other note of the text or an earlier proposal bears, and in words what changed.

    A proposal that brings a note cites it only with its own changes, so renaming it in all of them is exact. A note
    that reads the same under the same label is the same note and keeps its name.
    """
    if not _new_notes(chosen):
        return list(chosen), ()
    taken = {label: group[0] for label, group in ground.notes.items()}
    ids = {block.id for block in taken.values()}
    renamed: dict[str, dict[str, str]] = {}
    notices: list[str] = []
    for changes in by_proposal(chosen):
        names: dict[str, str] = {}
        for note in _new_notes(changes):
            label = note.label or ""
            there = taken.get(label)
            if there is not None and there.text != note.text and note.id not in ids:
                names[label] = free_label(label, taken)
                notices.append(f"There is another note called {label}, so the new one is now called {names[label]}.")
            taken.setdefault(names.get(label, label), note)
        renamed[changes[0].proposal] = names
    if not notices:
        return list(chosen), ()
    return [replace(one, change=_with_names(one.change, renamed[one.proposal])) for one in chosen], tuple(notices)


def _new_notes(changes: Sequence[Proposed]) -> list[Block]:
    return [
        one.change.new
        for one in changes
        if one.change.kind is ChangeKind.INSERT and one.change.new is not None and one.change.new.kind is Kind.NOTE
    ]


def _with_names(change: Change, names: dict[str, str]) -> Change:
    if not names:
        return change
    head = change.head_new
    return replace(
        change,
        new=None if change.new is None else relabelled(change.new, names),
        head_new=None if head is None else replace(head, heading=relabelled_text(head.heading, names)),
    )
