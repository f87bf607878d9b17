"""How one proposal can stand to another one."""

from dataclasses import dataclass
from enum import StrEnum


class RelationKind(StrEnum):
    """``alternative``: another way to reach the same; ``amendment``: other wording that its author may take over."""

    ALTERNATIVE = "alternative"
    AMENDMENT = "amendment"


@dataclass(frozen=True, slots=True)
class Relation:
    """What a proposal is to the one numbered ``to``."""

    kind: RelationKind
    to: int
