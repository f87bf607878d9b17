"""Front matter: the fields some files begin with, which are ordinary text here."""

import re
from collections.abc import Sequence

_FIELD = re.compile(r"[A-Za-z_][\w .-]*:(?: |$)")
_LINE = re.compile(r"[A-Za-z_][\w .-]*:(?: |$)| +\S|- |-$|#|[\]}]")


def front_matter(lines: Sequence[str]) -> int:
    """How many lines at the beginning of a file are front matter with its two rows of dashes; 0 for none.

    Only what reads as fields from its first line on counts: a text may as well begin with a rule.
    """
    if len(lines) < 3 or lines[0].rstrip(" ") != "---" or _FIELD.match(lines[1]) is None:
        return 0
    for number, line in enumerate(lines[1:], start=2):
        if line.rstrip(" ") in ("---", "..."):
            return number
        if line.strip(" ") and _LINE.match(line) is None:
            return 0
    return 0


def as_paragraph(lines: Sequence[str]) -> str:
    """The lines as inline text, each kept as a line by a hard break."""
    kept = [line.strip(" ") for line in lines if line.strip(" ")]
    return "\\\n".join("\\" + line if line.startswith("-") else line for line in kept)
