"""Whether what is stored is what was written: the chains of records and the hashes of texts and files."""

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import exists, func, literal, select, text, union_all
from sqlalchemy.orm import Session

from app.db.base import Base
from app.db.models.attachments import Attachment
from app.db.models.charters import Charter
from app.db.models.editions import Edition, EditionFile, File
from app.db.models.records import Record
from app.db.models.revisions import Body, Revision
from app.errors import BadInput
from app.queries.ledger import audit, detail_of
from app.queries.ledger_revisions import STORING, Ids, audit_revision
from app.queries.records import record_values
from app.queries.revisions import bodies
from app.rules.chains import FIRST_LINK, link_hash
from app.rules.edition_files import MEDIA_TYPES
from app.rules.file_kinds import PDF, SVG, recognised
from app.text.digest import digest, unpack


@dataclass(frozen=True, slots=True)
class Verification:
    """What was looked at, and every fault found, each naming the row. No fault means that all of it fits."""

    records: int
    bodies: int
    files: int
    revisions: int
    faults: tuple[str, ...]


def verify(session: Session) -> Verification:
    """Look at every record, stored text, revision and file."""
    faults: list[str] = []
    records = _verify_chains(session, faults)
    texts = _verify_bodies(session, faults)
    files = _verify_files(session, faults)
    revisions = _verify_revisions(session, faults)
    audit(session, faults)
    _verify_references(session, faults)
    return Verification(records, texts, files, revisions, tuple(faults))


def _verify_chains(session: Session, faults: list[str]) -> int:
    count = 0
    last: dict[str, tuple[int, str]] = {}
    for record in _each(session, select(Record).order_by(Record.chain, Record.number)):
        count += 1
        number, previous = last.get(record.chain, (0, FIRST_LINK))
        name = f"record {record.number} of the chain “{record.chain}”"
        if record.number != number + 1:
            faults.append(f"{name}: the record before it is missing (number {record.number - 1}).")
        elif record.previous != previous:
            faults.append(f"{name}: does not fit the record before it; one of the two was changed.")
        if record.hash != link_hash(record_values(record), record.previous):
            faults.append(f"{name}: was changed after it was written.")
        last[record.chain] = (record.number, record.hash)
    charters = session.scalars(select(Charter)).all()
    for chain in sorted(last.keys() - {"installation", *(charter.key for charter in charters)}):
        faults.append(f"charter {chain}: it is gone, but its records are here.")
    for charter in charters:
        ends = _record_of_head(session, charter)
        if ends is not None:
            faults.append(ends)
    return count


def _verify_references(session: Session, faults: list[str]) -> None:
    """Whatever a row names is there; the database sees to that, unless somebody has told it not to."""
    if session.get_bind().dialect.name == "sqlite":
        for table, row, target, _ in session.execute(text("PRAGMA foreign_key_check")):
            faults.append(f"the table {table}: its row {row} names one of {target} that is not there.")
        return
    asked = []
    for table in Base.metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda one: one.parent.name):
            there = key.column.table.alias()
            found = exists().where(there.c[key.column.name] == key.parent)
            lost = select(func.count()).where(key.parent.is_not(None), ~found).scalar_subquery()
            asked.append(select(literal(table.name), literal(str(key.column)), lost))
    for name, target, count in session.execute(union_all(*asked)):
        if count:
            faults.append(f"the table {name}: {count} of its rows name a {target} that is not there.")


def _record_of_head(session: Session, charter: Charter) -> str | None:
    """Records cut off at the end leave a chain that fits; the revisions they speak of give it away."""
    named = session.scalars(select(Record.object).where(Record.chain == charter.key, Record.act.in_(STORING))).all()
    if f"revision {charter.head}" not in set(named):
        return f"charter {charter.key}: no record speaks of its newest revision {charter.head}; records are missing."
    return None


def _verify_bodies(session: Session, faults: list[str]) -> int:
    count = 0
    for body in _each(session, select(Body)):
        count += 1
        if digest(body.canonical) != body.hash:
            faults.append(f"body {body.hash}: its text was changed after it was written.")
    return count


def _verify_files(session: Session, faults: list[str]) -> int:
    count = 0
    media_types = {str(kind): media_type for kind, media_type in MEDIA_TYPES.items()}
    kinds: set[tuple[str | None, str | None]] = {
        (row.hash, media_types.get(row.kind)) for row in session.scalars(select(EditionFile))
    }
    kinds |= {(hash, PDF.media_type) for hash in session.scalars(select(Edition.pdf_hash))}
    put = select(Attachment.hash, Attachment.name)
    names: dict[str | None, list[str]] = {}
    for hash, name in session.execute(put):
        names.setdefault(hash, []).append(name)
    said = {hash for hash, _ in kinds}
    for file in _each(session, select(File), batch=4):
        count += 1
        # By hand SQLite takes words where octets belong.
        if not isinstance(file.octets, bytes) or hashlib.sha256(file.octets).hexdigest() != file.hash:
            faults.append(f"file {file.hash}: its bytes were changed after they were written.")
        elif file.size != len(file.octets):
            faults.append(f"file {file.hash}: its size is not that of its bytes.")
        elif (file.hash in said or file.hash in names) and not (
            (file.hash, file.media_type) in kinds or file.media_type in _forms(file.octets, names.get(file.hash, ()))
        ):
            faults.append(f"file {file.hash}: what sort of file it is said to be is not what it is.")
    for edition in session.scalars(select(Edition).where(Edition.pdf_hash.is_not(None))):
        if session.scalar(select(File.hash).where(File.hash == edition.pdf_hash)) is None:
            faults.append(f"edition {edition.key}: its file {edition.pdf_hash} is missing.")
    return count


def _forms(octets: bytes, names: Iterable[str]) -> Iterable[str]:
    """The sorts of file that these bytes can be, under the names they were put in place with."""
    for name in names:
        with suppress(BadInput):
            yield SVG.media_type if name.endswith(f".{SVG.ending}") else recognised(octets, name).media_type


def _verify_revisions(session: Session, faults: list[str]) -> int:
    """History is linear and whole, each text can be put together, and it is the one the records speak of."""
    count = 0
    for charter in session.scalars(select(Charter).order_by(Charter.key)).all():
        said = {
            record.object: (record, detail_of(record))
            for record in session.scalars(select(Record).where(Record.chain == charter.key, Record.act.in_(STORING)))
        }
        ids = Ids()
        number = 0
        for revision in session.scalars(
            select(Revision).where(Revision.charter_id == charter.id).order_by(Revision.number)
        ):
            count += 1
            name = f"revision {revision.number} of {charter.key}"
            if revision.number != number + 1 or revision.parent != (number or None):
                faults.append(f"{name}: history is not linear here (its parent is {revision.parent}).")
            audit_revision(charter, revision, said.get(f"revision {revision.number}"), faults)
            try:
                # Not from memory: what matters is what is stored.
                whole = unpack(revision.front_hash, revision.outline_hash, lambda hashes: bodies(session, hashes))
                ids.read(whole, revision.number)
            except (KeyError, ValueError, TypeError):
                faults.append(f"{name}: its text cannot be put together; a body is missing or broken.")
            number = revision.number
        ids.audit(session, charter, faults)
        if number != charter.head:
            faults.append(f"charter {charter.key}: its newest revision is {number}, but it names {charter.head}.")
    return count


def _each(session: Session, query: object, batch: int = 500) -> Iterable:  # type: ignore[type-arg]
    return session.scalars(query, execution_options={"yield_per": batch})  # type: ignore[call-overload, no-any-return]
