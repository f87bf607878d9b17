"""What a merge would do, as pages and the interface show it."""

from dataclasses import dataclass

from app.text.snapshot import Snapshot
from app.text.weave import Combined, Conflict, Weave


@dataclass(frozen=True, slots=True)
class Preview:
    """A merge that was tried and not written: on which revision, from which text, with what result."""

    base_revision: int
    before: Snapshot
    woven: Weave


def conflict_to_json(conflict: Conflict) -> dict[str, object]:
    """A conflict as somebody has to read it: the sentence in the base, as it stands, as proposed, and with both.

    ``choices`` are those that settle it; edit against delete, for one, cannot be settled by both.
    """
    return {
        "id": conflict.id,
        "section": conflict.section,
        "block": conflict.block,
        "base": conflict.base,
        "standing": conflict.standing,
        "proposed": conflict.proposed,
        "both": conflict.both,
        "changes": list(conflict.refs),
        "choices": [str(choice) for choice in conflict.choices],
        "why": conflict.why,
    }


def combined_to_json(combined: Combined) -> dict[str, object]:
    """A sentence that several changes make together."""
    return {
        "id": combined.id,
        "section": combined.section,
        "block": combined.block,
        "sentence": combined.sentence,
        "changes": list(combined.refs),
    }
