"""What all answers share: the base of their shapes, and values that stand in many."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Ref = Annotated[str, Field(description="A change as people name it: 12.3 is the third of proposal 12")]


class Shape(BaseModel):
    """The base of every answer. Here no field may be missing and none stand unnamed; others see it may grow."""

    model_config = ConfigDict(extra="forbid")


class Tally(Shape):
    """How those who may speak stand towards a change, and whether the charter's rule is met by that."""

    support: int
    object: int
    abstain: int
    silent: int
    rule_met: bool
    quorum_reached: bool
