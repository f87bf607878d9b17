"""Importing a charter from source form: the first time as revision 1, later as a three-way merge."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.models.charters import Charter
from app.db.models.editions import Edition
from app.errors import BadInput, MergeConflicts
from app.queries.charters import charter_row
from app.queries.editions import edition_row
from app.queries.imports import edition_to_json, import_bases
from app.queries.revisions import head_snapshot
from app.rules.addresses import RESERVED_KEYS, is_key
from app.rules.states import EditionState
from app.services import consequences, editions, records
from app.services.import_files import bring_files
from app.services.revisions import store_bodies, store_revision
from app.text.align import assign_ids
from app.text.digest import digest, pack
from app.text.merge import merge_snapshots
from app.text.snapshot import Section, Snapshot
from app.text.source_values import Source, SourceEdition
from app.tokens import new_id


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: ``revision`` is the new one, None if nothing had changed; ``first`` if the charter is new.

    ``files`` are the names of those that were put in place: of annexes, and a logo.
    """

    charter: str
    revision: int | None
    first: bool
    files: tuple[str, ...] = ()


def import_source(session: Session, source: Source, *, key: str, now: datetime) -> Imported:
    """Bring a source into the charter of that key, made if absent.

    Again: what changed in the source since its last import is merged into the working text as one revision, and what
    was merged since stays. MergeConflicts names what does not fit; then nothing is written.
    """
    if not is_key(key) or key in RESERVED_KEYS:
        raise BadInput(
            "The key of a charter is made of lower-case letters, digits and hyphens, like peps, and is not an address "
            "of ours like api.",
            kind="bad-key",
        )
    charter = session.scalar(select(Charter).where(Charter.key == key).with_for_update())
    if charter is None:
        return _first_import(session, source, key, now)
    if charter.imported_outline is None:
        raise BadInput(f"The charter {key} was not made by an import, so there is nothing to merge a source with.")
    # A folder can be older than the last import: an export that was brought in without any effect must not make the
    # folder it began with look as if somebody had taken out what was merged since.
    base = min(import_bases(session, charter), key=lambda earlier: _distance(source, earlier))
    theirs = _with_ids(source, base)
    if theirs == base:
        return Imported(key, None, first=False, files=bring_files(session, charter, source, now=now))
    standing = head_snapshot(session, charter)
    merged = merge_snapshots(base, standing, theirs)
    if merged.conflicts:
        told = "; ".join(c.why for c in merged.conflicts)
        raise MergeConflicts(
            f"The source and the working text of {key} changed the same words, so nothing was imported: {told}",
            details={
                "conflicts": [{"why": c.why, "standing": c.standing, "proposed": c.proposed} for c in merged.conflicts]
            },
        )
    number = None
    if merged.snapshot != standing:
        store_revision(
            session, charter, merged.snapshot, by=None, now=now, message="Imported from source again", act="import"
        )
        number = charter.head
        consequences.follow(session, charter, standing, number, by=None, now=now)
    _remember(session, charter, theirs, source.edition, now)
    return Imported(key, number, first=False, files=bring_files(session, charter, source, now=now))


def _first_import(session: Session, source: Source, key: str, now: datetime) -> Imported:
    charter = Charter(key=key, open=source.open, created_at=now)
    session.add(charter)
    session.flush()
    text = _with_ids(source, None)
    records.append(
        session, key, by=None, now=now, act="found charter", object=f"charter {key}", detail={"open": source.open}
    )
    store_revision(session, charter, text, by=None, now=now, message="Imported from source", act="import")
    consequences.follow(session, charter, None, charter.head, by=None, now=now)
    _remember(session, charter, text, source.edition, now)
    return Imported(key, charter.head, first=True, files=bring_files(session, charter, source, now=now))


def _remember(session: Session, charter: Charter, text: Snapshot, edition: SourceEdition | None, now: datetime) -> None:
    """Keep what was imported as the base of the next import."""
    packed = pack(text)
    store_bodies(session, packed)
    charter.imported_front, charter.imported_outline = packed.front, packed.outline
    charter.imported_edition = None if edition is None else edition_to_json(edition)
    session.flush()
    records.append(
        session,
        charter.key,
        by=None,
        now=now,
        act="keep imported source",
        object=f"charter {charter.key}",
        after=packed.outline,
        detail={"front": packed.front, "edition": digest(charter.imported_edition or "")},
    )


def _with_ids(source: Source, base: Snapshot | None) -> Snapshot:
    """The source as a snapshot: sections keep the ids of the base by key, blocks by likeness, the rest get new ones."""
    sections = []
    for section in source.sections:
        earlier = base.section(section.key) if base is not None else None
        blocks = assign_ids(earlier.blocks if earlier else (), section.blocks, new_id)
        id = earlier.id if earlier else new_id()
        sections.append(Section(id, section.key, section.kind, section.heading, blocks))
    return Snapshot(source.front, tuple(sections))


_BEGUN = (EditionState.DRAFT, EditionState.CANDIDATE, EditionState.APPROVED)


def _distance(source: Source, earlier: Snapshot) -> int:
    """How many headings and blocks of the two are not the same."""
    counts = [
        Counter(
            (section.key, part)
            for section in sections
            for part in (section.heading, *(replace(block, id=None) for block in section.blocks))
        )
        for sections in (source.sections, earlier.sections)
    ]
    return ((counts[0] - counts[1]) + (counts[1] - counts[0])).total() + (source.front != earlier.front)


def publish_source_edition(
    database: Database, key: str, edition: SourceEdition, revision: int | None, now: datetime
) -> None:
    """Publish the dated edition a source stands for, of that revision, unless there is one of that date already.

    The import is recorded as the actor and no sign-off is invented. Can be called again when the PDF could not be made;
    without ``revision`` only an edition that was begun then is taken up.
    """
    with database.writing() as session:
        charter = charter_row(session, key, lock=True)
        row = session.scalar(select(Edition).where(Edition.charter_id == charter.id, Edition.key == edition.date))
        if row is None:
            if revision is None:
                return
            row = editions.draft(
                session,
                charter,
                by=None,
                now=now,
                revision=revision,
                date_text=edition.date,
                label=edition.label,
                effective=edition.effective,
            )
        if row.created_by is not None or row.state not in _BEGUN:
            return
        if row.state == EditionState.DRAFT:
            editions.freeze(session, charter, row, by=None, now=now)
        state = row.state
    if state == EditionState.CANDIDATE:
        editions.approve(database, key, edition.date, by=None, now=now)
    with database.writing() as session:
        charter = charter_row(session, key, lock=True)
        row = edition_row(session, charter, edition.date, unpublished=True)
        editions.publish(session, charter, row, by=None, now=now)
