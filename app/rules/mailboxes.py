"""E-mail addresses and names of people, one by one and as somebody pastes a list of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import BadInput

LONGEST_NAME = 200
LONGEST_SHORT_NAME = 60
LONGEST_ENTRY = 600
MOST_INVITED = 200
"""So many people can be invited at once."""

_ADDRESS = re.compile(r"[^\s@<>\"',;:\\()\[\]]{1,64}@[^\s@<>\"',;:\\()\[\]]{1,190}")
_BETWEEN = re.compile(r"[\n;,]")
# What stands before the people of a mail that somebody copied the head of.
_HEADING = re.compile(r"\s*(?:to|cc|bcc|from|an|von|kopie|à|de)\s*:\s*", re.IGNORECASE)
# One person ends and the next begins with nothing but blanks between them.
_RUN_ON = re.compile(r"(?<=>)\s+")
_IN_BRACKETS = re.compile(r"(.*\S)\s*[(\[](\S+@[^\s)\]]+)[)\]]")


def mailbox(email: str) -> str:
    """The address as it is kept, in lower case; BadInput for what cannot be one."""
    address = email.strip().lower()
    if not _ADDRESS.fullmatch(address) or not address.isprintable():
        raise BadInput("That does not look like an e-mail address. One looks like name@example.org.")
    return address


def full_name(name: str) -> str:
    """The name as it is kept, on one line; BadInput for none, and for what cannot be shown."""
    line = " ".join(name.split())
    if not line or len(line) > LONGEST_NAME or not line.isprintable():
        raise BadInput(f"A name of 1 to {LONGEST_NAME} printable characters is needed.")
    return line


def short_name(name: str) -> str:
    """What somebody calls a thing of theirs, on one line; BadInput for none, and for what cannot be shown."""
    line = " ".join(name.split())
    if not line or len(line) > LONGEST_SHORT_NAME or not line.isprintable():
        raise BadInput(f"Give it a name of 1 to {LONGEST_SHORT_NAME} printable characters, like “Laptop”.")
    return line


@dataclass(frozen=True, slots=True)
class Pasted:
    """One entry of a pasted list as it stood there, with what was understood of it, or what is wrong with it."""

    line: int
    text: str
    email: str = ""
    name: str = ""
    problem: str = ""


def pasted_people(text: str) -> Sequence[Pasted]:
    """The people of a pasted list: one a line, or with commas or semicolons between them.

    Each is an address alone, or with a name: “Anna Weber <anna@example.org>”, “Weber, Anna <anna@example.org>” with or
    without quotation marks, “anna@example.org (Anna Weber)”, “Anna Weber (anna@example.org)”, or name and address with
    a tab or blanks between them, as a table gives them. An address that stands there twice is said to be so.
    """
    found: list[Pasted] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        for entry in _parted(_HEADING.sub("", line, count=1) if _HEADING.match(line) else line):
            one = _understood(number, entry)
            if not one.problem and one.email in seen:
                first = seen[one.email]
                where = "on this line" if first == number else f"on line {first}"
                one = Pasted(number, entry, one.email, one.name, f"This address stands {where} already.")
            seen.setdefault(one.email, number)
            found.append(one)
    return found


def _parted(line: str) -> list[str]:
    """The entries of one line, also of people who stand one behind the other with nothing but blanks between them."""
    found: list[str] = []
    for entry in (part for whole in _entries(line) for part in _run_on(whole)):
        parts = entry.split()
        if len(parts) < 2 or not all("@" in part for part in parts):
            found.append(entry)
            continue
        # “a@x.org <mailto:a@x.org>” is one address, as it is pasted from a mail.
        found += list({_bare(part).lower(): part for part in parts}.values())
    return found


def _run_on(entry: str) -> list[str]:
    found: list[str] = []
    for part in _RUN_ON.split(entry):
        if found and "@" not in part:
            found[-1] += f" {part}"
        else:
            found.append(part)
    return found


def _entries(line: str) -> list[str]:
    """The entries of one line. A comma inside quotation marks, or between the names of one person, parts nothing."""
    parts: list[str] = []
    held, quoted = "", False
    for character in line:
        if character == '"':
            quoted = not quoted
        if not quoted and _BETWEEN.match(character):
            parts.append(held)
            held = ""
        else:
            held += character
    parts.append(held)
    entries: list[str] = []
    waiting = ""
    for part in parts:
        if not part.strip():
            continue
        # “Weber, Anna <anna@…>”: what has no address of its own belongs to what follows, if that ends with one.
        whole = f"{waiting}, {part.strip()}" if waiting else part.strip()
        if "@" in part:
            if waiting and not part.strip().endswith(">"):
                entries.append(waiting)
                whole = part.strip()
            entries.append(whole)
            waiting = ""
        else:
            waiting = whole
    return [*entries, *([waiting] if waiting else [])]


def _understood(line: int, entry: str) -> Pasted:
    name, address = "", entry
    if len(entry) > LONGEST_ENTRY:
        return Pasted(line, entry, problem="This is too long to be one person. Put each on a line of their own.")
    if (bracketed := _IN_BRACKETS.fullmatch(entry)) is not None:
        name, address = bracketed[1], bracketed[2]
    elif entry.endswith(">") and "<" in entry:
        name, _, address = entry[:-1].rpartition("<")
    elif (inside := re.fullmatch(r"(\S+@\S+)\s*\((.*)\)", entry)) is not None:
        address, name = inside[1], inside[2]
    elif (words := entry.split()) and len(words) > 1 and sum("@" in word for word in words) == 1:
        address = next(word for word in words if "@" in word)
        name = " ".join(word for word in words if word != address)
    address = _bare(address)
    if "@" not in address:
        return Pasted(line, entry, problem="There is no e-mail address here.")
    try:
        email = mailbox(address)
    except BadInput as wrong:
        return Pasted(line, entry, problem=wrong.message)
    try:
        return Pasted(line, entry, email, _named(name))
    except BadInput as wrong:
        return Pasted(line, entry, email, problem=wrong.message)


def _bare(address: str) -> str:
    """An address without what pasting puts around it."""
    return address.strip().strip("<>").removeprefix("mailto:").rstrip(".")


def _named(name: str) -> str:
    """The name without the quotation marks around it, and with the family name last; "" for none."""
    plain = " ".join(name.strip().strip("\"'‘’“”").rstrip(":").split())
    family, comma, first = plain.partition(", ")
    if comma and first and "," not in first:
        plain = f"{first} {family}"
    return full_name(plain) if plain else ""
