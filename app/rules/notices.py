"""What people are told of, and how they can choose to be told."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
    TO_SIGN = "to-sign"
    PUBLISHED = "published"
    EDITION_WITHDRAWN = "edition-withdrawn"


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


_REASONS: dict[str, str] = {
    Happening.PROPOSED: "have a role",
    Happening.PUBLISHED: "have a role",
    Happening.EDITION_WITHDRAWN: "have a role",
    Happening.TO_SIGN: "are a governor",
    Happening.RETURNED: "work on {}",
    Happening.NEEDS_AUTHOR: "work on {}",
    Happening.AMENDMENT_OFFERED: "work on {}",
    Happening.SHARED: "were asked to look at {}",
    Happening.MENTIONED: "were named in it",
    Happening.ORPHANED: "wrote in {}",
}


def why_told(kind: str, object: str) -> str:
    """Why somebody is told of such a happening, as it goes on after "You get this because you"."""
    return _REASONS.get(kind, "follow {}").format(object)


_BUTTONS: dict[str, str] = {
    Happening.PROPOSED: "Read it and take a position",
    Happening.RETURNED: "To your proposal",
    Happening.NEEDS_AUTHOR: "To your proposal",
    Happening.AMENDMENT_OFFERED: "See what is offered",
    Happening.MENTIONED: "Read and answer",
    Happening.COMMENTED: "Read and answer",
    Happening.TO_SIGN: "Read it and sign off",
    Happening.PUBLISHED: "Read the edition",
}


def button_of(kind: str) -> str:
    """What the button of a mail about such a happening says."""
    return _BUTTONS.get(kind, "See it")


@dataclass(frozen=True, slots=True)
class Topic:
    """What several happenings can be about: ``line`` names it in a subject, ``address`` is the path of its page.

    ``key`` is the same for everything that belongs together, so that mail programs show it as one conversation.
    """

    key: str
    line: str
    address: str


DIGEST = "digest"
"""What the key of a daily mail begins with."""


def spoken(sentence: str, quote: str = "") -> str:
    """A sentence and the words it is about, as they are kept in one text: the sentence is its first line."""
    return "\n\n".join(part for part in (" ".join(sentence.split()), quote.strip()) if part)


def sentence_and_quote(words: str) -> tuple[str, str]:
    """The sentence of such a text, and the words it is about ("" if there are none)."""
    sentence, _, quote = words.partition("\n\n")
    return sentence, quote


def mail_key(person: int, notice: str) -> str:
    """The key of the mail that tells one person of the notice with that key."""
    return f"{person} {notice}"


def digest_key(person: int, day: date) -> str:
    """The key of one person's mail of one day."""
    return f"{person} {DIGEST} {day.isoformat()}"


def newest_digest(now: datetime, hour: int) -> datetime:
    """The newest moment at which daily mails were due; they tell what happened before it."""
    today = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if now >= today else today - timedelta(days=1)
