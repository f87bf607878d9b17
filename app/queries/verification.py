"""Whether what is stored is what was written: the chains of records and the hashes of texts and files."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.editions import Edition, File
from app.db.models.records import Record
from app.db.models.revisions import Body, Revision
from app.queries.ledger import audit, detail_of
from app.queries.records import record_values
from app.queries.revisions import bodies
from app.rules.chains import FIRST_LINK, link_hash
from app.text.digest import digest, unpack

_STORING = ("import", "merge", "revert")
"""The acts that store a revision."""


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
    for charter in session.scalars(select(Charter)):
        ends = _record_of_head(session, charter)
        if ends is not None:
            faults.append(ends)
    return count


def _record_of_head(session: Session, charter: Charter) -> str | None:
    """Records cut off at the end leave a chain that fits; the revisions they speak of give it away."""
    named = session.scalars(select(Record.object).where(Record.chain == charter.key, Record.act.in_(_STORING))).all()
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
    for file in _each(session, select(File), batch=4):
        count += 1
        # By hand SQLite takes words where octets belong.
        if not isinstance(file.octets, bytes) or hashlib.sha256(file.octets).hexdigest() != file.hash:
            faults.append(f"file {file.hash}: its bytes were changed after they were written.")
    for edition in session.scalars(select(Edition).where(Edition.pdf_hash.is_not(None))):
        if session.scalar(select(File.hash).where(File.hash == edition.pdf_hash)) is None:
            faults.append(f"edition {edition.key}: its file {edition.pdf_hash} is missing.")
    return count


def _verify_revisions(session: Session, faults: list[str]) -> int:
    """History is linear and whole, each text can be put together, and it is the one the records speak of."""
    count = 0
    for charter in session.scalars(select(Charter).order_by(Charter.key)).all():
        said = {
            record.object: (record.after, detail_of(record).get("front"))
            for record in session.scalars(select(Record).where(Record.chain == charter.key, Record.act.in_(_STORING)))
        }
        number = 0
        for revision in session.scalars(
            select(Revision).where(Revision.charter_id == charter.id).order_by(Revision.number)
        ):
            count += 1
            name = f"revision {revision.number} of {charter.key}"
            if revision.number != number + 1 or revision.parent != (number or None):
                faults.append(f"{name}: history is not linear here (its parent is {revision.parent}).")
            if said.get(f"revision {revision.number}") != (revision.outline_hash, revision.front_hash):
                faults.append(f"{name}: its text is not the one that was recorded.")
            try:
                # Not from memory: what matters is what is stored.
                unpack(revision.front_hash, revision.outline_hash, lambda hashes: bodies(session, hashes))
            except (KeyError, ValueError, TypeError):
                faults.append(f"{name}: its text cannot be put together; a body is missing or broken.")
            number = revision.number
        if number != charter.head:
            faults.append(f"charter {charter.key}: its newest revision is {number}, but it names {charter.head}.")
    return count


def _each(session: Session, query: object, batch: int = 500) -> Iterable:  # type: ignore[type-arg]
    return session.scalars(query, execution_options={"yield_per": batch})  # type: ignore[call-overload, no-any-return]
