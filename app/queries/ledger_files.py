"""Whether the files of editions, and the keys that signed them, are the ones the records speak of."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.editions import Edition, EditionFile, File
from app.db.models.records import Record
from app.queries.keys import signing_keys
from app.rules.edition_files import FileKind

Detail = Mapping[str, object]
Acts = Mapping[tuple[str, str], Sequence[tuple[Record, Detail]]]
_MAKING = ("approve edition", "publish edition", "keep edition files")


def audit_files(session: Session, charter: Charter, acts: Acts, faults: list[str]) -> None:
    """Every file of an edition was recorded, none is missing, and the signatures are those of a key of ours."""
    public = [key.public for key in signing_keys(session)]
    for edition in session.scalars(select(Edition).where(Edition.charter_id == charter.id).order_by(Edition.key)):
        name = f"edition {edition.key} of {charter.key}"
        said: dict[str, object] = {}
        for act in _MAKING:
            for _, detail in acts.get((act, f"edition {edition.key}"), ()):
                files = detail.get("files")
                said.update(files if isinstance(files, dict) else {})
        rows = session.execute(select(EditionFile.kind, EditionFile.hash).where(EditionFile.edition_id == edition.id))
        stored: dict[str, str] = {row.kind: row.hash for row in rows}
        for kind in sorted(said.keys() | stored.keys()):
            if stored.get(kind) != said.get(kind):
                faults.append(f"{name}: its file “{kind}” is not the one that was recorded.")
        for signature, signed in (
            (stored.get(FileKind.PDF_SIGNATURE), edition.pdf_hash),
            (stored.get(FileKind.BUNDLE_SIGNATURE), stored.get(FileKind.BUNDLE)),
        ):
            over, octets = _octets(session, signature), _octets(session, signed)
            if signature and not any(key.signed(over, octets) for key in public):
                faults.append(f"{name}: no key of this installation made its signature {signature}.")


def audit_keys(session: Session, acts: Acts, faults: list[str]) -> None:
    """The keys are the ones that were made, in their order."""
    said = {
        object: record.after
        for (act, object), told in acts.items()
        if act in ("make signing key", "rotate signing key")
        for record, _ in told
    }
    stored = {f"key {key.number}": key.public.base64 for key in signing_keys(session)}
    for object in sorted(said.keys() | stored.keys()):
        if said.get(object) != stored.get(object):
            faults.append(f"signing {object}: it is not the one that was recorded.")


def _octets(session: Session, hash: str | None) -> bytes:
    return session.scalar(select(File.octets).where(File.hash == hash)) or b""
