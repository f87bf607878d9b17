"""Word documents of texts for all fronts: an edition, a revision, the working text."""

import hashlib
from threading import BoundedSemaphore

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.deps import CharterAccess, EditionAccess
from app.errors import NotFound, Unavailable
from app.files import file_response
from app.queries.printing import prepared_edition, prepared_revision
from app.render.word import MEDIA_TYPE, render_word
from app.rules.edition_files import FileNames
from app.rules.states import FIXED_EDITION
from app.text.prepared import PreparedEdition

# The longest texts take a second of a processor: one at a time leaves the others served.
_ONE = BoundedSemaphore(1)
_LONGEST_WAIT = 45


def edition_word(request: Request, where: EditionAccess) -> Response:
    """An edition as a Word document. It is a reading of the fixed text, made when it is asked for, and not its file."""
    at, edition = where.at, where.edition
    approved = edition.state in FIXED_EDITION
    octets = text_word(at.session, prepared_edition(at.session, at.charter, edition), approved=approved)
    name = f"{FileNames(at.charter.key, edition.key).stem}{'' if approved else '-not-approved'}.docx"
    return word_response(request, octets, name)


def revision_word(request: Request, at: CharterAccess, number: int) -> Response:
    """A revision as a Word document, marked as not approved; NotFound if there is none of that number."""
    octets = text_word(at.session, revision_text(at.session, at.charter, number), approved=False)
    return word_response(request, octets, f"{at.charter.key}-charter-revision-{number}.docx")


def revision_text(session: Session, charter: Charter, number: int) -> PreparedEdition:
    """A revision made ready; NotFound if there is none of that number."""
    if not 1 <= number <= charter.head:
        raise NotFound(f"There is no revision {number} of this charter; the newest is {charter.head}.")
    return prepared_revision(session, charter, number)


def text_word(session: Session, prepared: PreparedEdition, *, approved: bool) -> bytes:
    """The Word document of a text; meanwhile nothing of the database is held."""
    session.rollback()
    if not _ONE.acquire(timeout=_LONGEST_WAIT):
        raise Unavailable("Other Word documents are being made just now. Try again in a minute.", kind="busy")
    try:
        return render_word(prepared, approved=approved)
    finally:
        _ONE.release()


def word_response(request: Request, octets: bytes, name: str) -> Response:
    """A Word document to be saved; its tag is that of its bytes, and whoever has it is not sent it again."""
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    sha256 = hashlib.sha256(octets).hexdigest()
    return file_response(request, octets, sha256, MEDIA_TYPE, name, public=False, headers=headers)
