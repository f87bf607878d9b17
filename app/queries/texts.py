"""Texts people can name and compare: an edition by its key, a revision by its number, or the working text."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.errors import NotFound
from app.queries.editions import edition_row
from app.queries.revisions import snapshot
from app.rules.permissions import Action
from app.text.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class NamedText:
    """A text with what it is called; ``edition`` is its key if it is one, else None."""

    name: str
    revision: int
    edition: str | None
    snapshot: Snapshot


def named_text(session: Session, charter: Charter, reference: str, allowed: frozenset[Action]) -> NamedText:
    """The text that "2025-05", "12" or "working" stands for; NotFound for what there is not, or not for this person."""
    if reference in ("working", "head"):
        _may_see_working(allowed)
        return NamedText("Working text", charter.head, None, snapshot(session, charter, charter.head))
    if reference.isascii() and reference.isdigit() and len(reference) <= 9:
        _may_see_working(allowed)
        number = int(reference)
        return NamedText(f"Revision {number}", number, None, snapshot(session, charter, number))
    unpublished = Action.READ_UNPUBLISHED_EDITIONS in allowed
    edition = edition_row(session, charter, reference, unpublished=unpublished)
    return NamedText(edition.label, edition.revision, edition.key, snapshot(session, charter, edition.revision))


def _may_see_working(allowed: frozenset[Action]) -> None:
    if Action.READ_WORKING_TEXT not in allowed:
        raise NotFound("There is no such text at this address.")
