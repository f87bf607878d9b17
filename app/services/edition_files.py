"""The files of an edition besides its PDF: made when it is approved, signed and bundled when it is published."""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from sqlalchemy.orm import Session

from app import clock
from app.db.engine import Database
from app.db.models.charters import Charter
from app.db.models.editions import Edition, EditionFile, File
from app.errors import EngrossError
from app.queries.attachments import edition_attachments
from app.queries.charters import charter_row
from app.queries.edition_files import edition_files, unfinished_editions
from app.queries.edition_records import EditionMaterial, approval_of, edition_material
from app.queries.editions import PUBLIC_STATES, edition_row, file_bytes
from app.queries.revisions import snapshot
from app.render.bundle import BundledAnnexe, Imprint, bundle
from app.render.edition_pages import changes_page, edition_page
from app.render.markdown import charter_markdown
from app.render.pdf.redline import ComparedText, Sheet
from app.rules.edition_files import MEDIA_TYPES, FileKind, FileNames, annexe_name
from app.services import keys, records
from app.services.edition_record import record_bytes, schedule
from app.services.redlines import behind_by_number, redline_sheet, section_names
from app.services.register_table import REGISTER_HEAD, register_line
from app.text.comparing import Comparison, compare

Files = Mapping[FileKind, bytes]


def made_files(material: EditionMaterial) -> dict[FileKind, bytes]:
    """The files of an edition that say what it is; the same edition gives the same bytes."""
    before = material.before
    made = None if before is None else compare(before.text, material.text)
    files = {
        FileKind.RECORD: record_bytes(material, made),
        FileKind.PAGE: page_bytes(material),
        FileKind.TEXT: charter_markdown(material.text).encode(),
        FileKind.DECISIONS: _register(material),
        FileKind.SCHEDULE: _schedule(material, made),
    }
    if made is not None:
        files[FileKind.REDLINE] = changes_page(_sheet(material, made))
    return files


def page_bytes(material: EditionMaterial) -> bytes:
    """The text of an edition as one HTML file."""
    return edition_page(
        material.prepared,
        key=material.key,
        label=material.label,
        effective=material.effective,
        revision=material.revision.number,
        signoffs=material.signoffs,
        approved=material.approval is not None,
    )


def record_of(material: EditionMaterial) -> bytes:
    """The record of an edition, also of one that nobody has approved."""
    before = material.before
    return record_bytes(material, None if before is None else compare(before.text, material.text))


def keep(session: Session, edition: Edition, files: Files, *, now: datetime) -> dict[str, str]:
    """Keep files of an edition by their hashes; the answer names them, for the record."""
    kept: dict[str, str] = {}
    for kind, octets in files.items():
        hash = hashlib.sha256(octets).hexdigest()
        if session.get(File, hash) is None:
            session.add(File(hash=hash, media_type=MEDIA_TYPES[kind], size=len(octets), pages=None, octets=octets))
            session.flush()
        session.add(EditionFile(edition_id=edition.id, kind=kind, hash=hash, made_at=now))
        kept[str(kind)] = hash
    session.flush()
    return kept


def sign(session: Session, charter: Charter, edition: Edition, *, now: datetime) -> dict[str, object]:
    """Sign the files of an approved edition and bundle them, once and for ever; the answer is for the record.

    What an earlier version of the program did not make at approval is made first.
    """
    known = edition_files(session, edition)
    told: dict[str, str] = {}
    if edition.pdf_hash is None or FileKind.BUNDLE in known:
        return {}
    if FileKind.RECORD not in known:
        told.update(keep(session, edition, _late_files(session, charter, edition), now=now))
        known = edition_files(session, edition)
    pair = keys.key_pair(session, now=now)
    pdf = file_bytes(session, edition.pdf_hash)
    inside = {kind: file_bytes(session, hash) for kind, hash in known.items()}
    names = names_of(charter.key, edition.key, inside)
    front = snapshot(session, charter, edition.revision).front
    imprint = Imprint(front.organisation, front.title, edition.label, edition.effective)
    titles = {annexe.key: annexe.title for annexe in front.annexes}
    annexes = [
        BundledAnnexe(annexe_name(one.annexe, one.name), titles[one.annexe], file_bytes(session, one.hash))
        for one in edition_attachments(session, charter, edition)
        if one.annexe in titles
    ]
    zipped = bundle(names, pdf, inside, imprint, pair, annexes)
    signed = {
        FileKind.BUNDLE: zipped,
        FileKind.PDF_SIGNATURE: pair.sign(pdf),
        FileKind.BUNDLE_SIGNATURE: pair.sign(zipped),
    }
    told.update(keep(session, edition, signed, now=now))
    return {"files": told, "key": pair.public.id}


def names_of(charter: str, edition: str, files: Files) -> FileNames:
    """The names of these files: which edition came before stands in the record."""
    before = json.loads(files[FileKind.RECORD])["before"]
    return FileNames(charter, edition, None if before is None else before["key"])


def catch_up(database: Database) -> None:
    """Make the files that an earlier version of the program did not; where none is missing, one question is asked.

    The PDFs stay as they are. An edition whose text is broken is left alone: `engross verify` names what is wrong.
    """
    with database.reading() as session:
        missing = unfinished_editions(session)
    for charter_key, key in missing:
        with suppress(EngrossError, KeyError, ValueError, TypeError), database.writing() as session:
            charter = charter_row(session, charter_key, lock=True)
            edition = edition_row(session, charter, key, unpublished=True)
            _finish(session, charter, edition, clock.now())


def _finish(session: Session, charter: Charter, edition: Edition, now: datetime) -> None:
    if edition.state in PUBLIC_STATES:
        told = sign(session, charter, edition, now=now)
    elif FileKind.RECORD not in edition_files(session, edition):
        told = {"files": keep(session, edition, _late_files(session, charter, edition), now=now)}
    else:
        told = {}
    if told:
        object = f"edition {edition.key}"
        records.append(session, charter.key, by=None, now=now, act="keep edition files", object=object, detail=told)


def _late_files(session: Session, charter: Charter, edition: Edition) -> Files:
    """What should have been made at approval."""
    return made_files(edition_material(session, charter, edition, approval_of(session, edition)))


def _sheet(material: EditionMaterial, made: Comparison) -> Sheet:
    before = material.before
    assert before is not None, "there is something to compare with"
    old = ComparedText(before.label, before.revision, before.made_at, approved=True, text=before.text)
    new = ComparedText(
        material.label,
        material.revision.number,
        material.revision.made_at,
        approved=material.approval is not None,
        text=material.text,
    )
    return redline_sheet(material.charter, old, new, made, behind_by_number(material.behind, made))


def _register(material: EditionMaterial) -> bytes:
    texts = (material.text if material.before is None else material.before.text, material.text)
    by_key = section_names(texts[1], texts[0])
    names = {section.id: by_key[section.key] for text in texts for section in text.sections}
    return (REGISTER_HEAD + "".join(register_line(entry, names) for entry in material.changed)).encode()


def _schedule(material: EditionMaterial, made: Comparison | None) -> bytes:
    """The schedule of changes as plain text."""
    title = f"{material.text.front.organisation}: {material.text.front.title}, {material.label}"
    if material.before is None or made is None:
        return f"{title}\n\nThis is the first edition.\n".encode()
    lines = [title, f"Changes since {material.before.label}", ""]
    for one in schedule(material, made):
        changes = one["changes"]
        refs = f" (proposal {', '.join(changes)})" if isinstance(changes, list) and changes else ""
        lines.append(f"{one['number']}. {one['text']}{refs}")
    if len(lines) == 3:
        lines.append("The two texts say the same, to the last character.")
    return ("\n".join(lines) + "\n").encode()
