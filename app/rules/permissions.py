"""Who may do what in a charter. What is not said here is not permitted."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Role(StrEnum):
    """What a person is in one charter."""

    MEMBER = "member"
    GOVERNOR = "governor"


class Action(StrEnum):
    """Everything a person can do with a charter."""

    READ_EDITIONS = "read editions"
    READ_WORKING_TEXT = "read the working text"
    READ_UNPUBLISHED_EDITIONS = "read editions that are not published"
    READ_RECORDS = "read the records"
    PROPOSE = "propose"
    REVIEW = "review"
    COMMENT = "comment"
    READ_MEMBERS_THREADS = "read threads that are for members only"
    RESOLVE_THREADS = "resolve threads of others"
    RECOMMEND = "recommend"
    DECIDE = "decide"
    MERGE = "merge"
    KEEP_FILES = "put files of annexes and a logo in place"
    RUN_EDITIONS = "freeze, sign off, approve, publish and withdraw editions"
    MANAGE_MEMBERS = "invite members and change their roles"
    MANAGE_CHARTER = "change the settings of the charter"


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands towards one charter: the role there, and whether they administer the installation.

    ``advises``: the governors named this member to recommend.
    """

    role: Role | None = None
    admin: bool = False
    advises: bool = False


_MEMBER = frozenset(
    {
        Action.READ_EDITIONS,
        Action.READ_WORKING_TEXT,
        Action.READ_UNPUBLISHED_EDITIONS,
        Action.READ_RECORDS,
        Action.PROPOSE,
        Action.REVIEW,
        Action.COMMENT,
        Action.READ_MEMBERS_THREADS,
    }
)
_GOVERNOR = _MEMBER | {
    Action.RESOLVE_THREADS,
    Action.RECOMMEND,
    Action.DECIDE,
    Action.MERGE,
    Action.KEEP_FILES,
    Action.RUN_EDITIONS,
    Action.MANAGE_MEMBERS,
    Action.MANAGE_CHARTER,
}
_ADMINISTRATOR = frozenset(
    {
        Action.READ_EDITIONS,
        Action.READ_WORKING_TEXT,
        Action.READ_UNPUBLISHED_EDITIONS,
        Action.READ_RECORDS,
        Action.READ_MEMBERS_THREADS,
        Action.MANAGE_MEMBERS,
        Action.MANAGE_CHARTER,
    }
)
_READER = frozenset({Action.READ_EDITIONS})
_READER_OF_AN_OPEN_CHARTER = _READER | {Action.READ_WORKING_TEXT, Action.READ_RECORDS}


def permitted(standing: Standing, *, open_charter: bool) -> frozenset[Action]:
    """Everything somebody of that standing may do with a charter that is open to the public or not."""
    allowed = _READER_OF_AN_OPEN_CHARTER if open_charter else _READER
    if standing.role is Role.MEMBER:
        allowed |= _MEMBER
    if standing.role is Role.GOVERNOR:
        allowed |= _GOVERNOR
    if standing.role is not None and standing.advises:
        allowed |= {Action.RECOMMEND}
    if standing.admin:
        allowed |= _ADMINISTRATOR
    return allowed


LINK_LIFE = timedelta(minutes=15)
"""How long a one-time link is good."""

INVITATION_LIFE = timedelta(days=14)
"""How long an invitation is good, from when it was sent last."""

FRESH_SESSION = timedelta(minutes=30)
"""So long after signing in somebody can change how they sign in."""

DEVICE_LIFE = timedelta(days=365)
"""So long a browser is known again after somebody signed in with it."""

IDLE_SESSION = timedelta(days=14)
"""A browser session ends when it has not been used for so long…"""

LONGEST_SESSION = timedelta(days=90)
"""…and at the latest after this."""
