"""Files of annexes and the logo: which stand in a charter, which did before, and which go with an edition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.db.models.attachments import Attachment, EditionAttachment
from app.db.models.charters import Charter
from app.db.models.editions import Edition, File
from app.db.models.people import Person
from app.queries.editions import file_bytes
from app.queries.naming import shown_name
from app.rules.states import EditionState
from app.text.prepared import AttachedFile, Logo
from app.text.snapshot import Annexe

LOGO = "logo"
_ANNEXE = "annexe:"


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """A file in a place of a charter. ``by`` is None for what an import brought."""

    id: int
    place: str
    hash: str
    name: str
    alt: str
    media_type: str
    size: int
    by: str | None
    at: datetime

    @property
    def annexe(self) -> str:
        """The key of the annexe whose file it is; empty for the logo."""
        return self.place.removeprefix(_ANNEXE) if self.place != LOGO else ""

    @property
    def as_file(self) -> AttachedFile:
        """It as the file of an annexe."""
        return AttachedFile(self.annexe, self.name, self.media_type, self.size, self.hash)


@dataclass(frozen=True, slots=True)
class AnnexeView:
    """An annexe as the newest text declares it, its file, and the files it had before, the newest first."""

    annexe: Annexe
    file: AttachmentView | None
    earlier: Sequence[AttachmentView]
    seen: int


def place_of(annexe: str) -> str:
    """The place where the file of the annexe with that key stands."""
    return f"{_ANNEXE}{annexe}"


def attachments(session: Session, charter: Charter) -> Sequence[AttachmentView]:
    """What stands in a charter now, by place."""
    newest = (
        select(func.max(Attachment.id)).where(Attachment.charter_id == charter.id).group_by(Attachment.place)
    ).scalar_subquery()
    return _views(session, _query(charter).where(Attachment.id.in_(newest)).order_by(Attachment.place))


def edition_attachments(session: Session, charter: Charter, edition: Edition) -> Sequence[AttachmentView]:
    """What goes with an edition: of a draft what stands in the charter now, else what was taken along."""
    if edition.state == EditionState.DRAFT:
        return attachments(session, charter)
    taken = select(EditionAttachment.attachment_id).where(EditionAttachment.edition_id == edition.id)
    return _views(session, _query(charter).where(Attachment.id.in_(taken)).order_by(Attachment.place))


def attachment_at(session: Session, charter: Charter, place: str) -> AttachmentView | None:
    """What stands in one place now."""
    return next((one for one in attachments(session, charter) if one.place == place), None)


def last_change(session: Session, charter: Charter, place: str) -> int:
    """The number of the last act on a place, by which somebody says what they have seen; 0 if there was none."""
    mine = select(func.max(Attachment.id)).where(Attachment.charter_id == charter.id, Attachment.place == place)
    return session.scalar(mine) or 0


def annexe_views(session: Session, charter: Charter, declared: Sequence[Annexe]) -> list[AnnexeView]:
    """Every declared annexe with its file and those before it."""
    history: dict[str, list[AttachmentView]] = {}
    for view in _views(
        session, _query(charter).where(Attachment.charter_id == charter.id).order_by(Attachment.id.desc())
    ):
        history.setdefault(view.annexe, []).append(view)
    newest = _newest(session, charter)
    found = []
    for annexe in declared:
        seen = newest.get(place_of(annexe.key), 0)
        all_of_it = history.get(annexe.key, [])
        file = next((one for one in all_of_it if one.id == seen), None)
        found.append(AnnexeView(annexe, file, [one for one in all_of_it if one.id != seen], seen))
    return found


def earlier_attachment(session: Session, charter: Charter, place: str, id: int) -> AttachmentView | None:
    """A file that stands or stood in a place."""
    mine = _query(charter).where(Attachment.charter_id == charter.id, Attachment.place == place, Attachment.id == id)
    return next(iter(_views(session, mine)), None)


def had_before(session: Session, charter: Charter, place: str, hash: str) -> bool:
    """Whether these bytes stand or stood in that place."""
    mine = select(Attachment.id).where(
        Attachment.charter_id == charter.id, Attachment.place == place, Attachment.hash == hash
    )
    return session.scalar(mine.limit(1)) is not None


def files_of(views: Sequence[AttachmentView]) -> tuple[AttachedFile, ...]:
    """Those that are files of annexes."""
    return tuple(view.as_file for view in views if view.place != LOGO)


def logo_of(session: Session, views: Sequence[AttachmentView]) -> Logo | None:
    """The logo among them, with its bytes."""
    view = next((view for view in views if view.place == LOGO), None)
    return None if view is None else Logo(view.media_type, view.hash, view.alt, file_bytes(session, view.hash))


def _newest(session: Session, charter: Charter) -> Mapping[str, int]:
    rows = session.execute(
        select(Attachment.place, func.max(Attachment.id))
        .where(Attachment.charter_id == charter.id)
        .group_by(Attachment.place)
    )
    return {str(place): int(id) for place, id in rows}


def _query(charter: Charter) -> Select[Attachment, str, int, str]:
    """Rows that name a file; those by which a place became empty are left out."""
    return (
        select(Attachment, File.media_type, File.size, shown_name(charter.id))
        .join(File, File.hash == Attachment.hash)
        .outerjoin(Person, Person.id == Attachment.added_by)
    )


def _views(session: Session, query: Select[Attachment, str, int, str]) -> list[AttachmentView]:
    return [
        AttachmentView(row.id, row.place, row.hash or "", row.name, row.alt, media_type, size, by, row.added_at)
        for row, media_type, size, by in session.execute(query)
    ]
