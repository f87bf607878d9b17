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
from app.queries.naming import shown_name
from app.rules.addresses import is_key
from app.rules.states import EditionState

# The bytes of published files are served from memory: reading them from the database each time is ten times slower.
_KEPT_FILES = 32
# Larger ones are few and asked for seldom; so the memory for all of them stays below 150 MB.
_LARGEST_KEPT = 4_000_000
_files: OrderedDict[str, bytes] = OrderedDict()
_lock = Lock()

PUBLIC_STATES = (EditionState.PUBLISHED, EditionState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class SignOffView:
    """A governor's name under a candidate."""

    person: str
    at: datetime
    person_id: int


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


def shown_edition(session: Session, charter: Charter, day: date) -> Edition | None:
    """What a charter shows the public on that day: the edition in force, else the newest that was ever published.

    One that holds only later, or no longer, says so; but what somebody was once given stays to be read.
    """
    query = select(Edition).where(Edition.charter_id == charter.id, Edition.state.in_(PUBLIC_STATES))
    newest = query.order_by(Edition.effective.desc(), Edition.id.desc()).limit(1)
    return edition_in_force(session, charter, day) or session.scalar(newest)


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
    return _views(session, charter, rows, today)


def edition_view(session: Session, charter: Charter, edition: Edition, *, today: date) -> EditionView:
    """One edition with its sign-offs."""
    return _views(session, charter, [edition], today)[0]


def _views(session: Session, charter: Charter, rows: Sequence[Edition], today: date) -> list[EditionView]:
    """The editions as people see them, in as many questions for fifty as for one."""
    signoffs: dict[int, list[SignOffView]] = {row.id: [] for row in rows}
    signed = session.execute(
        select(SignOff.edition_id, shown_name(charter.id), SignOff.created_at, Person.id)
        .join(Person, Person.id == SignOff.person_id)
        .where(SignOff.edition_id.in_(list(signoffs)), SignOff.lapsed_at.is_(None))
        .order_by(SignOff.id)
    )
    for edition_id, name, at, person in signed:
        signoffs[edition_id].append(SignOffView(name, at, person))
    hashes = [row.pdf_hash for row in rows if row.pdf_hash]
    stored = session.execute(select(File.hash, File.pages, File.size).where(File.hash.in_(hashes))) if hashes else ()
    files = {file.hash: file for file in stored}
    current = edition_in_force(session, charter, today)
    return [
        EditionView(
            key=row.key,
            label=row.label,
            revision=row.revision,
            effective=row.effective,
            state=row.state,
            state_reason=row.state_reason,
            standing=_standing(row, current, today),
            signoffs=signoffs[row.id],
            signoffs_required=charter.signoffs_required,
            created_at=row.created_at,
            approved_at=row.approved_at,
            published_at=row.published_at,
            withdrawn_at=row.withdrawn_at,
            pdf_hash=row.pdf_hash,
            pdf_pages=files[row.pdf_hash].pages if row.pdf_hash in files else None,
            pdf_size=files[row.pdf_hash].size if row.pdf_hash in files else None,
            lock=row.lock,
        )
        for row in rows
    ]


def file_bytes(session: Session, hash: str) -> bytes:
    """The bytes kept under that SHA-256; NotFound if there are none."""
    with _lock:
        if hash in _files:
            _files.move_to_end(hash)
            return _files[hash]
    octets = session.scalar(select(File.octets).where(File.hash == hash))
    if octets is None:
        raise NotFound("There is no such file.")
    if len(octets) > _LARGEST_KEPT:
        return octets
    with _lock:
        _files[hash] = octets
        while len(_files) > _KEPT_FILES:
            _files.popitem(last=False)
    return octets


def _standing(edition: Edition, current: Edition | None, today: date) -> str:
    if edition.state != EditionState.PUBLISHED:
        return {
            EditionState.DRAFT: "Draft",
            EditionState.CANDIDATE: "Candidate",
            EditionState.APPROVED: "Approved, not published",
            EditionState.WITHDRAWN: "Withdrawn",
        }[EditionState(edition.state)]
    if edition.effective > today:
        return "In force later"
    return "In force" if current is not None and current.id == edition.id else "Superseded"
