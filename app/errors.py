"""What can go wrong, in the words of the people it happens to. No HTTP in here; each front translates once.

EngrossError
├── BadInput            what was given cannot be understood or used          (422)
│   └── SourceRefused   a file or folder of source form is broken: file, line
├── NotSignedIn         nobody is signed in, or the sign-in is no longer good (401)
├── NotAllowed          the person may see it but may not do it               (403)
├── NotFound            it does not exist, or not for this person             (404)
├── TooLarge            more than is permitted                                (413)
├── Refused             understood and permitted, but not in this state       (409)
│   ├── TextHasMoved            the base revision is no longer the newest
│   ├── MergeConflicts          somebody has to choose between wordings
│   ├── UnconfirmedCombination  a sentence nobody wrote as a whole must be read first
│   ├── MissingChange           a change was chosen without one it needs
│   └── (every other refusal is a Refused with a kind of its own)
├── Stale               If-Match does not fit what is stored                  (412)
├── PreconditionNeeded  If-Match is missing                                   (428)
├── TooMany             the same again too soon or too often                  (429)
└── Unavailable         a part of this machine that is needed is missing      (503)
"""

from collections.abc import Mapping


class EngrossError(Exception):
    """The root. ``message`` says in whole sentences what to do, ``kind`` is a stable slug, ``details`` is JSON-safe."""

    kind = "error"

    def __init__(self, message: str, *, kind: str | None = None, details: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.message = message
        if kind is not None:
            self.kind = kind
        self.details: dict[str, object] = dict(details or {})


class BadInput(EngrossError):
    """What was given cannot be understood or used as it is."""

    kind = "bad-input"


class SourceRefused(BadInput):
    """A source file or folder is broken. ``file`` and ``line`` (from 1, if known) say where; nothing was written."""

    kind = "source-refused"

    def __init__(self, message: str, *, file: str, line: int | None = None) -> None:
        where = f"{file}:{line}" if line is not None else file
        super().__init__(f"{where}: {message}", details={"file": file, "line": line})
        self.file = file
        self.line = line


class NotSignedIn(EngrossError):
    """Nobody is signed in, or the sign-in is no longer good."""

    kind = "not-signed-in"


class NotAllowed(EngrossError):
    """The person may see the thing but may not do this with it."""

    kind = "not-allowed"


class NotFound(EngrossError):
    """The thing does not exist, or does not exist for this person."""

    kind = "not-found"


class TooLarge(EngrossError):
    """More than is permitted; the message says how much is."""

    kind = "too-large"


class Refused(EngrossError):
    """Understood and permitted, but not in the state the thing is in."""

    kind = "refused"


class TextHasMoved(Refused):
    """Somebody merged first: the base revision is no longer the newest."""

    kind = "text-has-moved"


class MergeConflicts(Refused):
    """Changes rewrite the same words; ``details['conflicts']`` lists what somebody has to choose."""

    kind = "conflicts"


class UnconfirmedCombination(Refused):
    """Changes fit into one sentence that nobody wrote as a whole; ``details['combined']`` lists the sentences."""

    kind = "unconfirmed-combination"


class MissingChange(Refused):
    """A chosen change needs another one that was not chosen; ``details['missing']`` names it."""

    kind = "missing-change"


class Stale(EngrossError):
    """The thing was changed by somebody else since it was read."""

    kind = "stale"


class PreconditionNeeded(EngrossError):
    """An If-Match header is needed, so that nobody's work is overwritten unseen."""

    kind = "precondition-needed"


class TooMany(EngrossError):
    """The same was done too often in a short time; the message says when it can be done again."""

    kind = "too-many"


class Unavailable(EngrossError):
    """A part that this needs is missing on the machine; the message says what to install."""

    kind = "unavailable"
