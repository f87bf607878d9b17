"""Conflicts as pages ask about them, and what a form chose: the same for a merge and for taking one back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.errors import BadInput
from app.text.dialect import clean
from app.text.weave import Choice, Conflict, Resolution
from app.web.deciding import words_digest
from app.web.own_words import Shown
from app.web.wordings import Wordings

_CONFLICT = re.compile(r"choice\.([0-9a-f]{1,64}(?:-[0-9]{1,6})?)")
_NAMES: Mapping[str, str] = {
    Choice.STANDING: "The text as it stands",
    Choice.PROPOSED: "The proposal",
    Choice.BOTH: "Both, one after the other",
    Choice.TEXT: "Own words",
}
_AMONG: Mapping[str, str] = {
    Choice.STANDING: "The one wording",
    Choice.PROPOSED: "The other wording",
}


@dataclass(frozen=True, slots=True)
class Option:
    """One way to settle a conflict, read in full before it is chosen."""

    value: str
    name: str
    redline: Markup | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A conflict as the page asks about it; ``own`` is the field for words that somebody writes.

    ``form`` says what the wordings are a piece of: a "row" of a table, "blocks", or "" for words. ``problem`` says why
    what somebody chose does not count.
    """

    of: Conflict
    base: Markup
    section: str
    settled: bool
    options: Sequence[Option]
    own: Shown
    form: str
    problem: str = ""


def question(
    conflict: Conflict,
    called: Mapping[str, str],
    typed: Mapping[str, str],
    words: Wordings,
    *,
    settled: bool,
    names: Mapping[str, str] | None = None,
) -> Question:
    """What the page asks about a conflict; ``called`` are the names of sections, ``names`` other names of choices."""
    chosen = typed.get(f"choice.{conflict.id}", "")
    readings = {
        Choice.STANDING: conflict.standing,
        Choice.PROPOSED: conflict.proposed,
        Choice.BOTH: conflict.both,
        Choice.TEXT: "",
    }
    # Where changes of this merge meet each other, one of them already stands in what this merge has made so far.
    among = len(conflict.refs) > 1 and conflict.standing != conflict.base
    given = {choice: name for choice, name in (names or {}).items() if choice != Choice.STANDING or among}
    named = {**_NAMES, **(_AMONG if among else {}), **given}
    options = [
        Option(
            value=choice,
            name=named[choice],
            redline=words.changed(conflict.base, readings[choice]) if readings[choice].strip() else None,
            chosen=chosen == choice,
        )
        for choice in conflict.choices
    ]
    problem = ""
    if chosen and not settled:
        if chosen in conflict.choices:
            problem = "Write the words that shall stand here, or choose another way."
        else:
            problem = f"“{named.get(chosen, 'What was chosen')}” is not on offer here. Choose one of these."
    place = called.get(conflict.section or "", "")
    return Question(
        of=conflict,
        base=words.plain(conflict.base),
        section=place[:1].upper() + place[1:],
        settled=settled,
        options=options,
        own=words.field(conflict).shown(typed),
        form=words.form,
        problem=problem,
    )


def sides(refs: Sequence[str], told: Mapping[str, str]) -> Mapping[str, str]:
    """Whose words each side of a conflict of these changes is; ``told`` names each change. Empty if it cannot be said.

    The last of them, with what its proposal brings along, is the proposed side; what came before it stands already.
    """
    if not refs or any(ref not in told for ref in refs):
        return {}
    proposal = refs[-1].partition(".")[0]
    proposed = [ref for ref in refs if ref.partition(".")[0] == proposal]
    standing = [ref for ref in refs if ref not in proposed]
    if [*standing, *proposed] != list(refs):
        return {}
    whose: dict[str, str] = {Choice.PROPOSED: _all_of(proposed, told)}
    if standing:
        whose[Choice.STANDING] = _all_of(standing, told)
    return whose


def _all_of(refs: Sequence[str], told: Mapping[str, str]) -> str:
    if len(refs) == 1:
        return told[refs[0]]
    named = f"{', '.join(refs[:-1])} and {refs[-1]}"
    if len({ref.partition(".")[0] for ref in refs}) == 1:
        return f"{named} {told[refs[0]].removeprefix(refs[0]).strip()}"
    return f"What comes of {named}"


def later(conflicts: Sequence[Conflict]) -> tuple[list[Conflict], list[Conflict]]:
    """The open conflicts to ask now, and those about the same sentence that depend on how one of these is settled."""
    now: list[Conflict] = []
    after: list[Conflict] = []
    for one in conflicts:
        waits = any(
            one.block is not None and (one.block, one.base) == (first.block, first.base) and {*first.refs} < {*one.refs}
            for first in now
        )
        (after if waits else now).append(one)
    return now, after


def unanswered(typed: Mapping[str, str], ids: Sequence[str]) -> list[str]:
    """What somebody wrote for conflicts that are asked no more; words that the form itself offered are not counted."""
    found = []
    for id in ids:
        words = typed.get(f"text.{id}", "").strip()
        offered = typed.get(f"was.{id}") == words_digest(words) and typed.get(f"choice.{id}") != Choice.TEXT
        if words and not offered:
            found.append(words)
    return found


def resolutions_of(fields: Mapping[str, str], *, lenient: bool = False) -> dict[str, Resolution]:
    """What a form chose, by conflict. BadInput for words that cannot be taken; ``lenient`` leaves them out instead."""
    found: dict[str, Resolution] = {}
    for name, choice in fields.items():
        named = _CONFLICT.fullmatch(name)
        if named is None or choice not in set(Choice):
            continue
        own = fields.get(f"text.{named[1]}", "").replace("\r\n", "\n")
        try:
            found[named[1]] = Resolution(choice, clean(own) if choice == Choice.TEXT else None)
        except BadInput:
            if not lenient:
                raise
    return found
