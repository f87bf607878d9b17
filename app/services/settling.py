"""What has to be settled before words become text: conflicts chosen, old choices made anew, new sentences read."""

from collections.abc import Mapping, Sequence

from app.errors import MergeConflicts, Refused, UnconfirmedCombination
from app.queries.merging import combined_to_json, conflict_to_json
from app.text.weave import Combined, Conflict, Resolution

Confirmed = bool | Sequence[str]
"""Which combined sentences somebody has read: all of them, none, or those of these ids."""


def refuse_conflicts(
    conflicts: Sequence[Conflict], outdated: Sequence[str], resolutions: Mapping[str, Resolution], *, because: str
) -> None:
    """MergeConflicts while somebody has to choose; Refused if a choice is for what there is not any more.

    ``because`` says in a sentence or two why there is something to choose.
    """
    if conflicts:
        raise MergeConflicts(
            because + _not_on_offer(conflicts, resolutions),
            details={
                "conflicts": [conflict_to_json(conflict) for conflict in conflicts],
                "outdated": list(outdated),
            },
        )
    if outdated:
        raise Refused(
            "A choice was made for words that read differently now, or for a conflict there is not: "
            f"{', '.join(outdated)}. Look at the preview again and choose anew.",
            kind="outdated-resolution",
            details={"resolutions": list(outdated)},
        )


def refuse_unread(combined: Sequence[Combined], confirmed: Confirmed, *, because: str) -> None:
    """UnconfirmedCombination while there is a sentence that nobody has written as a whole, nor read.

    ``because`` says where it comes from, and asks for reading it.
    """
    if confirmed is True:
        return
    read = set(confirmed) if confirmed is not False else set()
    unread = [one for one in combined if one.id not in read]
    if unread:
        raise UnconfirmedCombination(
            because + " · ".join(f"“{one.sentence.strip()}”" for one in unread),
            details={"combined": [combined_to_json(one) for one in unread]},
        )


def _not_on_offer(conflicts: Sequence[Conflict], resolutions: Mapping[str, Resolution]) -> str:
    """A sentence about choices that do not count, since they are not on offer for their conflict; "" if all are."""
    wrong = [one for one in conflicts if one.id in resolutions]
    if not wrong:
        return ""
    chosen = resolutions[wrong[0].id].choice
    if chosen in wrong[0].choices:
        return " Own words were chosen, but none were given."
    return f" “{chosen}” was chosen where it is not on offer; there it is: {', '.join(wrong[0].choices)}."
