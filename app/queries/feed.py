"""What the public can subscribe to: editions that were published, and those that were withdrawn."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.editions import Edition
from app.db.models.records import Record
from app.queries.editions import PUBLIC_STATES

_MOST = 50


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One happening: an edition was published, or (``withdrawn``) withdrawn for that reason. ``id`` is permanent."""

    id: str
    key: str
    label: str
    effective: date
    at: datetime
    withdrawn: bool
    reason: str
    has_pdf: bool


@dataclass(frozen=True, slots=True)
class Feed:
    """The newest happenings first; ``id`` is that of the feed, ``updated`` the moment of the newest one."""

    id: str
    updated: datetime
    entries: Sequence[FeedEntry]


def feed(session: Session, charter: Charter) -> Feed:
    """What happened to the editions of a charter that everybody may know of."""
    first = session.scalar(select(Record.hash).where(Record.chain == charter.key, Record.number == 1)) or charter.key

    def permanent(what: str) -> str:
        # Made of the first record of the charter, which no move to another address and no new name can change.
        return uuid.uuid5(uuid.NAMESPACE_OID, f"{first} {what}").urn

    rows = session.scalars(
        select(Edition).where(Edition.charter_id == charter.id, Edition.state.in_(PUBLIC_STATES))
    ).all()
    entries: list[FeedEntry] = []
    for row in rows:
        for at, withdrawn in ((row.published_at, False), (row.withdrawn_at, True)):
            if at is None:
                continue
            entries.append(
                FeedEntry(
                    id=permanent(f"edition {row.key} {'withdrawn' if withdrawn else 'published'}"),
                    key=row.key,
                    label=row.label,
                    effective=row.effective,
                    at=at,
                    withdrawn=withdrawn,
                    reason=row.state_reason if withdrawn else "",
                    has_pdf=row.pdf_hash is not None,
                )
            )
    entries.sort(key=lambda entry: (entry.at, entry.id), reverse=True)
    updated = entries[0].at if entries else charter.created_at
    return Feed(permanent("editions"), updated, entries[:_MOST])
