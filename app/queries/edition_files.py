"""The files of editions besides their PDFs: which there are, by what they are, and what is still to be made."""

from collections.abc import Mapping, Sequence

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.editions import Edition, EditionFile
from app.queries.editions import PUBLIC_STATES
from app.rules.edition_files import FileKind
from app.rules.states import EditionState


def edition_files(session: Session, edition: Edition) -> Mapping[FileKind, str]:
    """The SHA-256 of each file of an edition."""
    rows = session.execute(select(EditionFile.kind, EditionFile.hash).where(EditionFile.edition_id == edition.id))
    return {FileKind(kind): hash for kind, hash in rows}


def unfinished_editions(session: Session) -> Sequence[tuple[str, str]]:
    """Charter and edition where files are missing that an earlier version of the program did not make."""

    def lacks(kind: FileKind) -> object:
        return ~exists().where(EditionFile.edition_id == Edition.id, EditionFile.kind == kind)

    record, bundle = lacks(FileKind.RECORD), lacks(FileKind.BUNDLE)
    rows = session.execute(
        select(Charter.key, Edition.key)
        .join(Charter, Charter.id == Edition.charter_id)
        .where(
            Edition.pdf_hash.is_not(None),
            or_(
                and_(Edition.state == EditionState.APPROVED, record),  # type: ignore[arg-type]
                and_(Edition.state.in_(PUBLIC_STATES), bundle),  # type: ignore[arg-type]
            ),
        )
        .order_by(Edition.effective, Edition.id)
    )
    return [(charter, edition) for charter, edition in rows]


def editions_with_file(session: Session, hash: str) -> Sequence[tuple[str, str, str]]:
    """Charter, edition and state of what has a file with that SHA-256, its PDF included."""
    named = exists().where(EditionFile.edition_id == Edition.id, EditionFile.hash == hash)
    rows = session.execute(
        select(Charter.key, Edition.key, Edition.state)
        .join(Charter, Charter.id == Edition.charter_id)
        .where(or_(Edition.pdf_hash == hash, named))
        .order_by(Edition.id)
    )
    return [(charter, edition, state) for charter, edition, state in rows]
