"""Charters: which there are, and what each says of itself."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.errors import NotFound
from app.rules.addresses import is_key
from app.text.digest import canonical, digest


@dataclass(frozen=True, slots=True)
class SectionHead:
    """A section in a list: its permanent id, key, kind and heading."""

    id: str
    key: str
    kind: str
    heading: str


@dataclass(frozen=True, slots=True)
class CharterView:
    """A charter as lists and pages name it; ``head`` is None for those who may not see the working text."""

    key: str
    title: str
    organisation: str
    language: str
    open: bool
    rule: str
    quorum: int
    signoffs_required: int
    former_members: str
    head: int | None
    edition: str | None
    sections: Sequence[SectionHead]


@dataclass(frozen=True, slots=True)
class CharterSettings:
    """What governors can set: whether readers see the working text, how much agreement changes and editions need.

    ``former_members`` says how those are shown who have a role no more.
    """

    open: bool
    rule: str
    quorum: int
    signoffs_required: int
    former_members: str


def charter_settings(charter: Charter) -> CharterSettings:
    """The settings of a charter as they are now."""
    return CharterSettings(
        charter.open, charter.rule, charter.quorum, charter.signoffs_required, charter.former_members
    )


def settings_digest(charter: Charter) -> str:
    """A short hash of the settings: another one as soon as any of them is changed."""
    return digest(canonical(asdict(charter_settings(charter))))[:16]


def charter_row(session: Session, key: str, *, lock: bool = False) -> Charter:
    """The charter of that key; NotFound if there is none. ``lock`` holds its row until the transaction ends.

    Every act on a charter takes the lock first: on PostgreSQL acts on one charter then follow each other, as they do
    on SQLite anyway.
    """
    if not is_key(key):
        raise NotFound("There is no charter at this address.")
    query = select(Charter).where(Charter.key == key)
    if lock:
        query = query.with_for_update()
    found = session.scalar(query)
    if found is None:
        raise NotFound("There is no charter at this address.")
    return found


def charter_of(session: Session, id: int) -> Charter:
    """The charter with that row id, which is known to be there."""
    return session.get_one(Charter, id)


def charter_rows(session: Session) -> Sequence[Charter]:
    """All charters by key."""
    return session.scalars(select(Charter).order_by(Charter.key)).all()
