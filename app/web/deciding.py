"""What a form of the desk says: the verdict of the button that was pressed, and what else was written beside it."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.errors import BadInput
from app.rules.states import Outcome
from app.services.decisions import Verdict
from app.text.digest import digest

_REF = r"\d{1,9}\.\d{1,9}"
REFS = re.compile(rf"{_REF}(?:,{_REF})*")
"""Names of changes with commas between them."""

_DECIDE = re.compile(rf"({_REF}) (adopted|adopted_amended|rejected|deferred)")
_OF_ONE = re.compile(rf"(reason|text|take|was|over)\.({_REF})")
_TOGETHER = frozenset({Outcome.ADOPTED, Outcome.REJECTED, Outcome.DEFERRED})


@dataclass(frozen=True, slots=True)
class Said:
    """The changes that were decided on with one press, each with its verdict."""

    verdicts: list[tuple[str, Verdict]]

    @property
    def refs(self) -> list[str]:
        """The names of the changes."""
        return [ref for ref, _ in self.verdicts]

    @property
    def over(self) -> list[str]:
        """Those whose decision shall be superseded."""
        return [ref for ref, verdict in self.verdicts if verdict.supersedes]


def said(fields: Mapping[str, str]) -> Said:
    """The verdict of the button beside one change, or of the one for all that are ticked. BadInput for neither."""
    pressed = _DECIDE.fullmatch(fields.get("decide", ""))
    if pressed is not None:
        return Said([_verdict(fields, pressed[1], pressed[2])])
    outcome = fields.get("ticked", "")
    if outcome not in _TOGETHER:
        raise BadInput("Press one of the buttons beside a change, or tick some and decide on them together.")
    ticked = [named[2] for name in fields if (named := _OF_ONE.fullmatch(name)) and named[1] == "take"]
    if not ticked:
        raise BadInput("Tick the changes first that you want to decide on together.")
    # What is decided already is decided again by itself, with the decision before one's eyes.
    open_ones = [ref for ref in ticked if f"over.{ref}" not in fields]
    if not open_ones:
        raise BadInput("All that you ticked is decided already. Decide again on each by itself.")
    return Said([_verdict(fields, ref, outcome) for ref in open_ones])


def words_digest(words: str) -> str:
    """By which a form knows whether somebody changed the words it offered."""
    return digest(_lines(words).strip())[:16]


def left_over(fields: Mapping[str, str], done: Collection[str]) -> dict[str, str]:
    """What was ticked and written for other changes than those ``done``; empty if there is nothing of the kind."""
    kept: dict[str, str] = {}
    for name, value in fields.items():
        named = _OF_ONE.fullmatch(name)
        if named is None or named[2] in done or named[1] in ("was", "over"):
            continue
        offered = named[1] == "text" and fields.get(f"was.{named[2]}") == words_digest(value)
        if value.strip() and not offered:
            kept[name] = value
    return kept


@dataclass(frozen=True, slots=True)
class Stray:
    """What somebody wrote for a change that is not on the page any more: the reason, and words to be adopted."""

    ref: str
    reason: str
    words: str


def strays(fields: Mapping[str, str], shown: Collection[str]) -> list[Stray]:
    """What was written for changes that are not ``shown``, so that it is not lost with their fields."""
    kept = left_over(fields, shown)
    refs = dict.fromkeys(named[2] for name in kept if (named := _OF_ONE.fullmatch(name)) and named[1] != "take")
    return [Stray(ref, kept.get(f"reason.{ref}", ""), kept.get(f"text.{ref}", "")) for ref in refs]


def _verdict(fields: Mapping[str, str], ref: str, outcome: str) -> tuple[str, Verdict]:
    text = _lines(fields.get(f"text.{ref}", "")) if outcome == Outcome.ADOPTED_AMENDED else None
    if text is not None and not text.strip():
        raise BadInput(f"Change {ref}: write the words in which it is adopted.")
    own = fields.get(f"reason.{ref}", "")
    reason = own if own.strip() else fields.get("common", "") if "ticked" in fields else own
    return ref, Verdict(0, outcome, _lines(reason), text, bool(fields.get(f"over.{ref}")))


def _lines(words: str) -> str:
    return words.replace("\r\n", "\n")
