"""Conflicts as pages ask about them, and what a form chose: the same for a merge and for taking one back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.errors import BadInput
from app.text.dialect import clean
from app.text.html import HtmlFrame
from app.text.weave import Choice, Conflict, Resolution
from app.web.changes import print_plain, print_words

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
    """A conflict as the page asks about it; ``own`` are the words somebody wrote, or may begin with.

    ``problem`` says why what somebody chose does not count.
    """

    of: Conflict
    base: Markup
    section: str
    settled: bool
    options: Sequence[Option]
    own: str
    problem: str = ""


def question(
    conflict: Conflict,
    called: Mapping[str, str],
    typed: Mapping[str, str],
    frame: HtmlFrame,
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
    named = {**_NAMES, **(_AMONG if among else {}), **(names or {})}
    options = [
        Option(
            value=choice,
            name=named[choice],
            redline=print_words(conflict.base, readings[choice], frame) if readings[choice].strip() else None,
            chosen=chosen == choice,
        )
        for choice in conflict.choices
    ]
    own = typed.get(f"text.{conflict.id}", "") or conflict.proposed.strip()
    problem = ""
    if chosen and not settled:
        if chosen in conflict.choices:
            problem = "Write the words that shall stand here, or choose another way."
        else:
            problem = f"“{named.get(chosen, 'What was chosen')}” is not on offer here. Choose one of these."
    base = print_plain(conflict.base, frame)
    return Question(conflict, base, called.get(conflict.section or "", ""), settled, options, own, problem)


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
