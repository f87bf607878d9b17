"""What people are told of, and how they can choose to be told."""

from enum import StrEnum


class Following(StrEnum):
    """How somebody stands to a thing they may hear of."""

    FOLLOWING = "following"
    MUTED = "muted"


class MailChoice(StrEnum):
    """When somebody wants mail."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    NONE = "none"


class ListChoice(StrEnum):
    """Whether somebody wants a list of notices on the site."""

    SHOWN = "shown"
    NONE = "none"


class Happening(StrEnum):
    """What somebody can be told of."""

    PROPOSED = "proposed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    EDITED = "edited"
    REVIEWED = "reviewed"
    RECOMMENDED = "recommended"
    DECIDED = "decided"
    MERGED = "merged"
    REVERTED = "reverted"
    NEEDS_AUTHOR = "needs-author"
    SHARED = "shared"
    SIGNED = "signed"
    AMENDMENT_OFFERED = "amendment-offered"
    AMENDMENT_TAKEN = "amendment-taken"
    MENTIONED = "mentioned"
    COMMENTED = "commented"
    RESOLVED = "resolved"
    ORPHANED = "orphaned"
    PUBLISHED = "published"


PERSONAL = frozenset(
    {
        Happening.RETURNED,
        Happening.NEEDS_AUTHOR,
        Happening.SHARED,
        Happening.AMENDMENT_OFFERED,
        Happening.MENTIONED,
        Happening.ORPHANED,
    }
)
"""What is meant for one person: it is told also to those who muted the thing."""
