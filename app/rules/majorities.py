"""How much agreement a change has, and whether a decision goes against the charter's own rule."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.rules.states import ADOPTED, Outcome


class Position(StrEnum):
    """What a member thinks of a proposal."""

    SUPPORT = "support"
    OBJECT = "object"
    ABSTAIN = "abstain"


class Rule(StrEnum):
    """How much agreement a change needs, by the charter's own setting."""

    GOVERNORS = "governors"
    MAJORITY = "majority"
    TWO_THIRDS = "two_thirds"
    NO_OBJECTION = "no_objection"


RULES: Mapping[str, str] = {
    Rule.GOVERNORS: "the governors decide; reviews advise them",
    Rule.MAJORITY: "more support than objections",
    Rule.TWO_THIRDS: "two thirds of those who take a side support it",
    Rule.NO_OBJECTION: "no objection is open",
}
"""What has to be so for a change to have the agreement the charter asks for, by the name of the rule."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Who has spoken, counted; ``silent`` are the members who have not: silence is not consent."""

    support: int
    object: int
    abstain: int
    silent: int

    @property
    def spoken(self) -> int:
        """How many have taken a position, abstentions included."""
        return self.support + self.object + self.abstain


def tally(positions: Iterable[str], members: int) -> Tally:
    """Count the positions (one a person) of a charter with that many members."""
    counted = list(positions)
    support, objections, abstentions = (counted.count(p) for p in Position)
    return Tally(support, objections, abstentions, max(0, members - len(counted)))


def agreed(rule: str, quorum: int, count: Tally) -> bool:
    """Whether the charter's rule is met: enough have spoken, and enough of them agree."""
    if count.spoken < quorum:
        return False
    match Rule(rule):
        case Rule.GOVERNORS:
            return True
        case Rule.MAJORITY:
            return count.support > count.object
        case Rule.TWO_THIRDS:
            return count.support > 0 and 3 * count.support >= 2 * (count.support + count.object)
        case Rule.NO_OBJECTION:
            return count.object == 0


def against_rule(rule: str, quorum: int, count: Tally, outcome: str) -> bool:
    """Whether that outcome goes against the rule, so that the governors owe a public reason.

    Adopting what the rule does not carry does, and so does rejecting what members have carried; where the governors
    decide on their own, they may reject as they see fit. Deferring never does.
    """
    met = agreed(rule, quorum, count)
    if Outcome(outcome) in ADOPTED:
        return not met
    return Outcome(outcome) is Outcome.REJECTED and met and Rule(rule) is not Rule.GOVERNORS and count.spoken > 0
