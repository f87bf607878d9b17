"""How those are shown who had a role in a charter and have none any more."""

from enum import StrEnum


class Former(StrEnum):
    """What the governors of a charter choose."""

    NAMED = "named"
    UNNAMED = "unnamed"


FORMER_MEMBER = "a former member"
"""What stands in the place of the name where it is not shown."""
