"""Word documents that come back, for all fronts: what each person changed in one, and what it would do to the text."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.deps import CharterAccess
from app.errors import BadInput, EngrossError, TooLarge
from app.queries.members import MemberView, members
from app.queries.proposal_lists import ProposalHead
from app.queries.relations import wanting
from app.queries.revisions import snapshot
from app.services.attachments import LARGEST_FILE
from app.text.derive import Derived, derive
from app.text.snapshot import Snapshot
from app.text.submission import Submission
from app.text.wanted import wanted
from app.text.wordfile import Brought, Left, Remark, Suggestion, bring, open_word
from app.tokens import new_id
from app.word import in_turn

LARGEST_CARRIED = 1_300_000
"""Bytes of a document without its pictures that a form can carry on until somebody says what to do with it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What one person changed, as a proposal would have it; ``problem`` says why it can be none.

    ``author`` is the name in the document, "" for what was not tracked; ``member`` is who has that name here, if just
    one does. ``same`` are open proposals that want exactly this.
    """

    author: str
    suggestion: Suggestion
    derived: Derived | None
    same: Sequence[ProposalHead] = ()
    member: MemberView | None = None
    problem: str = ""

    @property
    def submission(self) -> Submission:
        """What would be sent in."""
        return self.suggestion.submission


@dataclass(frozen=True, slots=True)
class Returned:
    """A document read against the revision it was made from, or against the working text if it does not say.

    ``named`` says that the document names that revision itself. ``known`` tracked changes and ``known_remarks``
    comments stood in it already when it left here. ``parts`` are those of the file that were read.
    """

    revision: int
    base: Snapshot
    named: bool
    wishes: Sequence[Wish]
    remarks: Sequence[Remark]
    left: Sequence[Left]
    known: int
    known_remarks: int
    parts: Mapping[str, bytes]

    @property
    def empty(self) -> bool:
        """Whether nothing in it could become a proposal or a comment."""
        return not self.remarks and all(wish.derived is None for wish in self.wishes)


def returned(at: CharterAccess, octets: bytes, revision: int | None = None, *, holding: bool = False) -> Returned:
    """What a document brings. BadInput, with what to do, for a file that is no Word document or of another charter.

    ``revision`` is the one it was read against before; it is looked at again on that one. ``holding``: the request has
    the database for writing, so it does not wait for other documents, or everybody who writes would wait with it.
    """
    if len(octets) > LARGEST_FILE:
        raise TooLarge(f"A file may have {LARGEST_FILE // 1_000_000} MB at most. Take the pictures out of it.")
    charter = at.charter
    file = open_word(octets) if holding else in_turn(lambda: open_word(octets))
    if file.charter is not None and file.charter != charter.key:
        raise BadInput(
            "This document holds the text of another charter. Open that charter and bring it back there.",
            kind="other-charter",
        )
    named = file.charter is not None and file.revision is not None and 1 <= file.revision <= charter.head
    number = revision if revision is not None else file.revision if named and file.revision else charter.head
    if not 1 <= number <= charter.head:
        raise BadInput(f"The revision has to be one from 1 to {charter.head}.", kind="no-such-revision")
    base = snapshot(at.session, charter, number)
    brought: Brought = bring(file, base) if holding else in_turn(lambda: bring(file, base))
    people = [one for one in members(at.session, charter) if one.id != at.by.id]
    return Returned(
        number,
        base,
        named,
        [_wish(at, base, one, people) for one in brought.suggestions],
        brought.remarks,
        brought.left,
        brought.known,
        brought.known_remarks,
        file.parts,
    )


def carried(found: Returned) -> bytes:
    """The document with nothing in it but what was read: pictures and what else nobody looked at are left out.

    TooLarge, with what to do, for more than a form can carry on.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as kept:
        for name, part in found.parts.items():
            kept.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    if made.tell() > LARGEST_CARRIED:
        raise TooLarge("The text of this document is too long to be taken in one go. Bring it back in parts.")
    return made.getvalue()


def _wish(at: CharterAccess, base: Snapshot, suggestion: Suggestion, people: Sequence[MemberView]) -> Wish:
    try:
        derived = derive(base, suggestion.submission, new_id)
    except EngrossError as error:
        return Wish(suggestion.author, suggestion, None, problem=error.message)
    if not derived.changes:
        return Wish(suggestion.author, suggestion, None, problem="This is the text as it stands.")
    alike = [one for one in people if _name(one.name) == _name(suggestion.author)]
    return Wish(
        suggestion.author,
        suggestion,
        derived,
        wanting(at.session, at.charter, wanted(derived.changes), besides=None),
        alike[0] if len(alike) == 1 else None,
    )


def _name(name: str) -> str:
    return " ".join(name.casefold().split())
