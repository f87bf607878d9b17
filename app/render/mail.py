"""Mails: their words as plain text and as HTML, and the message with its headers."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app import resources
from app.render.inline import is_unseen, paragraphs
from app.render.pages import counted
from app.rules.dates import day_in_words

LONGEST_SUBJECT = 150
"""Characters of a subject; the whole sentence stands in the mail."""

MOST_IN_DIGEST = 50
"""How many happenings of one charter a daily mail tells; the rest is counted, and stands in the list."""


# Mail programs read these by patterns of their own, which know of no line that goes on in the next one.
_WHOLE_LINES = frozenset({"list-unsubscribe", "message-id", "subject"})


class _Whole(EmailPolicy):
    """How a mail is written: as every server takes it, addresses on one line, subjects so that no blank gets in."""

    def fold(self, name: str, value: str) -> str:
        """One header as text."""
        if name.lower() not in _WHOLE_LINES:
            return str(super().fold(name, value))
        if not value.isascii():
            value = Header(str(value), "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {value}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        """One header as it is sent."""
        return self.fold(name, value).encode() if name.lower() in _WHOLE_LINES else super().fold_binary(name, value)


POLICY = _Whole(linesep="\r\n")


class Happened(Protocol):
    """What a mail says of one happening."""

    @property
    def sentence(self) -> str:
        """What happened."""
        ...

    @property
    def quote(self) -> str:
        """The words it is about, "" if there are none."""
        ...

    @property
    def address(self) -> str:
        """The path of the page that shows it."""
        ...

    @property
    def why(self) -> str:
        """Why the reader is told."""
        ...

    @property
    def organisation(self) -> str:
        """Whose charter it is about."""
        ...


@dataclass(frozen=True, slots=True)
class Letter:
    """The words of a mail."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class _Group:
    """What happened in one charter; ``more`` is how much else did."""

    organisation: str
    notices: Sequence[Happened]
    more: int


def notice_letter(told: Happened, *, address: str, unsubscribe: str) -> Letter:
    """A mail about one happening. ``address`` is the public one, ``unsubscribe`` the path that turns mails off."""
    return _letter("notice", one_line(told.sentence), {"notice": told}, address, unsubscribe)


def digest_letter(told: Sequence[Happened], *, address: str, unsubscribe: str) -> Letter:
    """A mail about what happened in a day, grouped by charter in the order given."""
    by_charter: dict[str, list[Happened]] = {}
    for one in told:
        by_charter.setdefault(one.organisation, []).append(one)
    groups = [
        _Group(name, some[:MOST_IN_DIGEST], max(0, len(some) - MOST_IN_DIGEST)) for name, some in by_charter.items()
    ]
    subject = one_line(f"{groups[0].organisation if len(groups) == 1 else 'Your charters'}: {_things(len(told))}")
    return _letter("digest", subject, {"groups": groups}, address, unsubscribe)


def sign_in_letter(name: str, *, address: str, link: str) -> Letter:
    """A mail with a link that signs somebody in; ``link`` is its path."""
    return _letter("sign_in", "Your link to sign in", {"name": name, "link": link}, address)


def alert_letter(name: str, what: str, at: datetime, *, address: str) -> Letter:
    """A mail about a way into somebody's account that was added or changed; ``what`` says it in words."""
    when = f"{day_in_words(at.date())}, {at:%H:%M} UTC"
    return _letter("alert", "A way to sign in was changed", {"name": name, "what": what, "when": when}, address)


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invitation says: whom it is for ("" if no name is known), by whom, to what, as what, and until when."""

    name: str
    by: str
    organisation: str
    title: str
    role: str
    ends: str


def invitation_letter(invited: Invited, *, address: str, link: str) -> Letter:
    """A mail with an invitation to a charter; ``link`` is the path that accepts it."""
    subject = one_line(f"{invited.by} invites you to the charter of {invited.organisation}")
    return _letter("invitation", subject, {"invited": invited, "link": link}, address)


def message(
    letter: Letter, *, key: str, to: str, sender: str, address: str, unsubscribe: str | None, now: datetime
) -> EmailMessage:
    """The whole mail. Its Message-ID is the same whenever the mail of this ``key`` is sent again."""
    made = EmailMessage(policy=POLICY)
    name, mailbox = parseaddr(sender)
    made["From"] = f"{_phrase(name)} <{mailbox}>" if name else mailbox
    made["To"] = to
    made["Subject"] = letter.subject
    made["Date"] = format_datetime(now)
    made["Message-ID"] = f"<{mail_name(key, address)}@{mailbox.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    if unsubscribe is not None:
        made["List-Unsubscribe"] = f"<{address}{unsubscribe}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # Quoted-printable goes through every server as it is, whatever letters and however long the lines.
    made.set_content(letter.text, cte="quoted-printable")
    made.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    return made


def mail_name(key: str, address: str) -> str:
    """A name for the mail of this key of this installation that says nothing of what is in it."""
    return hashlib.sha256(f"{address}\n{key}".encode()).hexdigest()[:32]


def plain_words(text: str) -> str:
    """Text in which every character that acts without being seen is shown by its number, so that it acts no more."""
    return "".join(f"[U+{ord(c):04X}]" if is_unseen(c) else c for c in text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """Text as one line of a header: nothing in it can end the line, and nothing in it reads as an encoded word."""
    line = " ".join(plain_words(" ".join(text.split())).split()).replace("=?", "= ?")
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1].rstrip() + "…"


def _letter(template: str, subject: str, values: dict[str, object], address: str, unsubscribe: str = "") -> Letter:
    environment = _environment(resources.templates())
    known = {**values, "address": address, "unsubscribe": unsubscribe, "subject": subject}
    text, html = (environment.get_template(f"mail/{template}.{kind}").render(known) for kind in ("txt", "html"))
    return Letter(subject, text, html)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in plain_words(text).split("\n"))


def _phrase(name: str) -> str:
    return '"' + name.replace("\\", "").replace('"', "") + '"'


def _things(count: int) -> str:
    return "one thing happened" if count == 1 else f"{count} things happened"


@lru_cache(maxsize=2)
def _environment(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        plain_words=plain_words,
        quoted=_quoted,
        words=plain_words,
        paragraphs=lambda text: paragraphs(plain_words(text)),
        counted=counted,
    )
    return environment
