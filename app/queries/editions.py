"""Editions: which there are, which is in force, and their files."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.editions import Edition, File, SignOff
from app.db.models.people import Person
from app.errors import NotFound
from app.rules.addresses import is_key
from app.rules.states import EditionState

# The bytes of published files are served from memory: reading them from the database each time is ten times slower.
_KEPT_FILES = 32
_files: OrderedDict[str, bytes] = OrderedDict()
_lock = Lock()

PUBLIC_STATES = (EditionState.PUBLISHED, EditionState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class SignOffView:
    """A governor's name under a candidate."""

    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EditionView:
    """An edition. ``standing`` says in words what people see: "In force", "Superseded", "Candidate"…"""

    key: str
    label: str
    revision: int
    effective: date
    state: str
    state_reason: str
    standing: str
    signoffs: Sequence[SignOffView]
    signoffs_required: int
    created_at: datetime
    approved_at: datetime | None
    published_at: datetime | None
    withdrawn_at: datetime | None
    pdf_hash: str | None
    pdf_pages: int | None
    pdf_size: int | None
    lock: int


def edition_row(session: Session, charter: Charter, key: str, *, unpublished: bool) -> Edition:
    """The edition of that key; NotFound if there is none, or if it is not public and ``unpublished`` is not allowed."""
    found = None
    if is_key(key):
        found = session.scalar(select(Edition).where(Edition.charter_id == charter.id, Edition.key == key))
    if found is None or (found.state not in PUBLIC_STATES and not unpublished):
        raise NotFound("There is no such edition of this charter.")
    return found


def edition_in_force(session: Session, charter: Charter, day: date) -> Edition | None:
    """The published edition with the latest effective date not after that day; of two, the one published later."""
    return session.scalar(
        select(Edition)
        .where(
            Edition.charter_id == charter.id,
            Edition.state == EditionState.PUBLISHED,
            Edition.effective <= day,
        )
        .order_by(Edition.effective.desc(), Edition.published_at.desc(), Edition.id.desc())
        .limit(1)
    )


def edition_of_revision(session: Session, charter: Charter, revision: int) -> Edition | None:
    """The published edition of exactly that revision, the latest if there are several."""
    return session.scalar(
        select(Edition)
        .where(Edition.charter_id == charter.id, Edition.revision == revision, Edition.state == EditionState.PUBLISHED)
        .order_by(Edition.effective.desc(), Edition.id.desc())
        .limit(1)
    )


def editions(session: Session, charter: Charter, *, unpublished: bool, today: date) -> list[EditionView]:
    """All editions somebody may see, the newest first."""
    query = select(Edition).where(Edition.charter_id == charter.id)
    if not unpublished:
        query = query.where(Edition.state.in_(PUBLIC_STATES))
    rows = session.scalars(query.order_by(Edition.effective.desc(), Edition.id.desc())).all()
    return [edition_view(session, charter, row, today=today) for row in rows]


def edition_view(session: Session, charter: Charter, edition: Edition, *, today: date) -> EditionView:
    """One edition with its sign-offs."""
    names = session.execute(
        select(Person.name, SignOff.created_at)
        .join(SignOff, SignOff.person_id == Person.id)
        .where(SignOff.edition_id == edition.id, SignOff.lapsed_at.is_(None))
        .order_by(SignOff.id)
    )
    file = (
        session.execute(select(File.pages, File.size).where(File.hash == edition.pdf_hash)).first()
        if edition.pdf_hash
        else None
    )
    return EditionView(
        key=edition.key,
        label=edition.label,
        revision=edition.revision,
        effective=edition.effective,
        state=edition.state,
        state_reason=edition.state_reason,
        standing=_standing(session, charter, edition, today),
        signoffs=[SignOffView(name, at) for name, at in names],
        signoffs_required=charter.signoffs_required,
        created_at=edition.created_at,
        approved_at=edition.approved_at,
        published_at=edition.published_at,
        withdrawn_at=edition.withdrawn_at,
        pdf_hash=edition.pdf_hash,
        pdf_pages=file.pages if file else None,
        pdf_size=file.size if file else None,
        lock=edition.lock,
    )


def file_bytes(session: Session, hash: str) -> bytes:
    """The bytes kept under that SHA-256; NotFound if there are none."""
    with _lock:
        if hash in _files:
            _files.move_to_end(hash)
            return _files[hash]
    octets = session.scalar(select(File.octets).where(File.hash == hash))
    if octets is None:
        raise NotFound("There is no such file.")
    with _lock:
        _files[hash] = octets
        while len(_files) > _KEPT_FILES:
            _files.popitem(last=False)
    return octets


def has_file(session: Session, hash: str) -> bool:
    """Whether a file with that SHA-256 is kept here."""
    return session.scalar(select(File.hash).where(File.hash == hash)) is not None


def _standing(session: Session, charter: Charter, edition: Edition, today: date) -> str:
    if edition.state != EditionState.PUBLISHED:
        return {
            EditionState.DRAFT: "Draft",
            EditionState.CANDIDATE: "Candidate",
            EditionState.APPROVED: "Approved, not published",
            EditionState.WITHDRAWN: "Withdrawn",
        }[EditionState(edition.state)]
    if edition.effective > today:
        return "In force later"
    current = edition_in_force(session, charter, today)
    return "In force" if current is not None and current.id == edition.id else "Superseded"
