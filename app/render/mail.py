"""Mails: their words as plain text and as HTML, and the message with its headers."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from app.render.inline import paragraphs
from app.render.pages import counted
from app.rules.dates import day_in_words
from app.rules.notices import Happening, Topic
from app.text.unseen import is_unseen

LONGEST_SUBJECT = 150
"""Characters of a subject; the whole sentence stands in the mail."""

MOST_IN_DIGEST = 50
"""How many happenings of one charter a daily mail tells; the rest is counted, and stands in the list."""


# Mail programs read these by patterns of their own, which know of no line that goes on in the next one.
_WHOLE_LINES = frozenset({"list-unsubscribe", "list-id", "message-id", "in-reply-to", "references", "subject"})


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

    @property
    def charter(self) -> str:
        """The key of that charter."""
        ...

    @property
    def topic(self) -> Topic | None:
        """What it is about with other happenings, None if it stands alone."""
        ...

    @property
    def personal(self) -> bool:
        """Whether it is meant for its reader in particular."""
        ...

    @property
    def kind(self) -> str:
        """What sort of thing happened, one of `Happening`."""
        ...

    @property
    def button(self) -> str:
        """What leads to it."""
        ...


@dataclass(frozen=True, slots=True)
class Letter:
    """The words of a mail; ``topic`` is the key of what it is about with others, ``charter`` that of its charter."""

    subject: str
    text: str
    html: str
    topic: str = ""
    charter: str = ""


@dataclass(frozen=True, slots=True)
class _Matter:
    """What happened to one thing, or (without ``topic``) what stands alone."""

    topic: Topic | None
    notices: Sequence[Happened]


@dataclass(frozen=True, slots=True)
class _Group:
    """What happened in one charter, what is meant for the reader first; ``more`` is how much else did."""

    organisation: str
    matters: Sequence[_Matter]
    more: int


def notice_letter(told: Happened, *, address: str, unsubscribe: str, reply_to: str = "") -> Letter:
    """A mail about one happening. ``address`` is the public one, ``unsubscribe`` the path that turns mails off.

    Its subject is what it is about, the same for all mails about that: else mail programs would tear them apart. What
    happened is its first line, which lists of mails show beside the subject.
    """
    topic = told.topic
    subject = one_line(told.sentence if topic is None else topic.line)
    made = _letter("notice", subject, {"notice": told, "reply_to": reply_to}, address, unsubscribe)
    return replace(made, topic="" if topic is None else topic.key, charter=told.charter)


def digest_letter(told: Sequence[Happened], *, address: str, unsubscribe: str, reply_to: str = "") -> Letter:
    """A mail about what happened in a day, by charter in the order given and in each by what it is about."""
    words = {"heading": "What happened since yesterday", "why": "You get this once a day because you chose so."}
    return _letter_of_many(told, _things(len(told)), {**words, "reply_to": reply_to}, address, unsubscribe)


def together_letter(told: Sequence[Happened], *, address: str, unsubscribe: str, reply_to: str = "") -> Letter:
    """One mail about all that one act in a charter did, such as the decisions of a meeting; as `notice_letter`."""
    kinds = {one.kind for one in told}
    several = _SEVERAL.get(kinds.pop(), "") if len(kinds) == 1 else ""
    what = several.format(len(told)) if several else _things(len(told))
    why = f"You get this because {'you follow these proposals' if several else 'all of this concerns you'}."
    words = {"heading": f"{what[:1].upper()}{what[1:]}", "why": why}
    made = _letter_of_many(told, what, {**words, "reply_to": reply_to}, address, unsubscribe)
    return replace(made, charter=told[0].charter)


_SEVERAL: dict[str, str] = {
    Happening.DECIDED: "decisions on {} proposals",
    Happening.MERGED: "what became of {} proposals",
}


def _letter_of_many(
    told: Sequence[Happened], what: str, values: dict[str, object], address: str, unsubscribe: str
) -> Letter:
    by_charter: dict[str, list[Happened]] = {}
    for one in told:
        by_charter.setdefault(one.organisation, []).append(one)
    groups = [_group(name, some) for name, some in by_charter.items()]
    whose = groups[0].organisation if len(groups) == 1 else "Your charters"
    yours = sum(one.personal for one in told)
    subject = one_line(f"{whose}: {what}{f', {yours} of them for you' if yours else ''}")
    return _letter("digest", subject, {**values, "groups": groups}, address, unsubscribe)


def _group(organisation: str, told: Sequence[Happened]) -> _Group:
    matters: dict[Topic | None, list[Happened]] = {}
    for one in told:
        matters.setdefault(one.topic, []).append(one)
    ordered = sorted(
        matters.items(), key=lambda matter: (matter[0] is None, not any(one.personal for one in matter[1]))
    )
    shown, left = [], MOST_IN_DIGEST
    for topic, some in ordered:
        if left:
            shown.append(_Matter(topic, some[:left]))
        left -= min(left, len(some))
    return _Group(organisation, shown, max(0, len(told) - MOST_IN_DIGEST))


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
    letter: Letter,
    *,
    key: str,
    to: str,
    sender: str,
    address: str,
    unsubscribe: str | None,
    now: datetime,
    reply_to: str = "",
) -> EmailMessage:
    """The whole mail. Its Message-ID is the same whenever the mail of this ``key`` is sent again.

    All mails about one thing refer to one beginning, which was never sent: so they are one conversation, whichever of
    them somebody gets first. ``reply_to`` is where answers to what happened go, "" for
    back to the sender.
    """
    made = EmailMessage(policy=POLICY)
    name, mailbox = parseaddr(sender)
    made["From"] = f"{_phrase(name)} <{mailbox}>" if name else mailbox
    made["To"] = to
    made["Subject"] = letter.subject
    made["Date"] = format_datetime(now)
    host = mailbox.rpartition("@")[2]
    made["Message-ID"] = f"<{mail_name(key, address)}@{host}>"
    if letter.topic:
        made["In-Reply-To"] = made["References"] = f"<{mail_name(f'about {letter.topic}', address)}@{host}>"
    if reply_to and unsubscribe is not None:
        made["Reply-To"] = reply_to
    made["Auto-Submitted"] = "auto-generated"
    # So that no absence is announced to a mailbox that nobody reads.
    made["X-Auto-Response-Suppress"] = "All"
    if letter.charter:
        made["List-Id"] = f"<{letter.charter}.{host}>"
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
    known = {"reply_to": "", **values, "address": address, "unsubscribe": unsubscribe, "subject": subject}
    text, html = (environment.get_template(f"mail/{template}.{kind}").render(known) for kind in ("txt", "html"))
    return Letter(subject, text, html)


def beginning(text: str, most: int = 300) -> str:
    """How a text begins, cut between words."""
    if len(text) <= most:
        return text
    return f"{text[:most].rpartition(' ')[0] or text[:most]}…"


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
        beginning=beginning,
    )
    return environment
