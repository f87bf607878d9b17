"""What became of a change that met other words in its merge: whether its own words are the ones that were chosen."""

import json
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.decisions import MergedChange
from app.db.models.proposals import ProposedChange
from app.text.digest import canonical
from app.text.weave import Proposed, Weave, classify_all
from app.text.woven import Choice, Class, Resolution


class Took(StrEnum):
    """Which words were chosen where a change met others: its own, both, words of whoever chose, or those it met."""

    IN = "in"
    BOTH = "both"
    OWN = "own"
    LEFT = "left"


Settlement = tuple[Took, dict[str, Resolution]]


def settlements(woven: Weave, made: Sequence[Proposed], resolutions: Mapping[str, Resolution]) -> dict[str, Settlement]:
    """For each change that met a conflict in this merge: which words were taken, and the choices about it."""
    about: dict[str, dict[str, Resolution]] = {}
    for conflict in woven.settled:
        for ref in conflict.refs:
            about.setdefault(ref, {})[conflict.id] = resolutions[conflict.id]
    fits = classify_all(woven.snapshot, [one for one in made if one.ref in about])
    found = {}
    for ref, choices in about.items():
        said = {one.choice for one in choices.values()}
        if fits[ref].cls is Class.ALREADY:
            took = Took.IN
        elif said <= {Choice.BOTH}:
            took = Took.BOTH
        else:
            took = Took.OWN if Choice.TEXT in said else Took.LEFT
        found[ref] = took, choices
    return found


def settlement_text(took: Took, choices: Mapping[str, Resolution]) -> str:
    """A settlement as it is stored with the merged change."""
    told = {id: {"choice": one.choice, "text": one.text} for id, one in choices.items()}
    return canonical({"words": took, "choices": told})


def took(stored: str | None) -> str:
    """Which words were taken, by what is stored with a merged change; "" if it met nothing or nobody noted it."""
    value = json.loads(stored) if stored else {}
    said = value.get("words") if isinstance(value, dict) else None
    return said if said in set(Took) else ""


def settled_changes(session: Session, changes: Collection[int]) -> dict[int, str]:
    """Which of these changes (row ids) met others in the merge they are in the text by, and what was taken there."""
    rows = session.execute(
        select(MergedChange.change_id, MergedChange.resolution)
        .join(ProposedChange, ProposedChange.id == MergedChange.change_id)
        .where(
            MergedChange.change_id.in_(changes),
            MergedChange.revision == ProposedChange.merged_revision,
            MergedChange.resolution.is_not(None),
        )
    )
    return {change: words for change, stored in rows if (words := took(stored))}
