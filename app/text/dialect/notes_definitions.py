"""The notes of a text: one definition a label, in order of first citation."""

from collections.abc import Sequence
from itertools import chain

from app.text.blocks import Block, Kind
from app.text.dialect.inline import citations

_LONGEST_LABEL = 64


def distinct(groups: Sequence[list[Block]], body: Sequence[Block]) -> tuple[list[list[Block]], list[str]]:
    """The notes (each with what belongs to it) with a label of its own for each, and in words which got another.

    A new label is one that nothing in the text cites, or it would begin to mean something.
    """
    labels = {group[0].label or "" for group in groups}
    if len(labels) < len(groups):
        labels.update(label for block in chain(body, *groups) for label in cited_by(block))
    seen: set[str] = set()
    kept: list[list[Block]] = []
    reports: list[str] = []
    ends: dict[str, int] = {}
    again: set[str] = set()
    for group in groups:
        label = group[0].label or ""
        if label in seen:
            number = ends.get(label, 2)
            while (fresh := _with_number(label, number)) in labels:
                number += 1
            ends[label] = number + 1
            labels.add(fresh)
            twice = "twice; the second" if label not in again else "again; this one"
            reports.append(f"note “{label}” is defined {twice} is now “{fresh}”")
            again.add(label)
            group = [_labelled(group[0], fresh), *group[1:]]
            label = fresh
        seen.add(label)
        kept.append(group)
    return kept, reports


def _with_number(label: str, number: int) -> str:
    end = f"-{number}"
    return label[: _LONGEST_LABEL - len(end)] + end


def _labelled(note: Block, label: str) -> Block:
    return Block(note.kind, note.text, note.depth, label=label)


def by_citation(body: Sequence[Block], groups: Sequence[list[Block]]) -> list[list[Block]]:
    """The notes in order of first citation; those cited only by notes after those, those cited nowhere last."""
    notes = {group[0].label or "": group for group in groups}
    found: dict[str, None] = {}
    for block in body:
        found.update(dict.fromkeys(cited_by(block)))
    # A note may cite notes that nothing has cited yet; they join the end of the line.
    waiting = list(found)
    for label in waiting:
        cited = dict.fromkeys(one for block in notes.get(label, ()) for one in cited_by(block))
        fresh = [one for one in cited if one not in found]
        found.update(dict.fromkeys(fresh))
        waiting.extend(fresh)
    ordered = [notes[label] for label in found if label in notes]
    return ordered + [group for label, group in notes.items() if label not in found]


def cited_by(block: Block) -> tuple[str, ...]:
    """The labels a block cites; code cites nothing."""
    return () if block.kind is Kind.CODE else citations(block.text)
