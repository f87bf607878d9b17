"""Whether the files of editions, and the keys that signed them, are the ones the records speak of."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.editions import Edition, EditionFile, File
from app.db.models.keys import SigningKey
from app.errors import BadInput
from app.queries.ledger_acts import Acts
from app.rules.edition_files import FileKind
from app.signing import PublicKey, pair_of, public_key

_MAKING = ("approve edition", "publish edition", "keep edition files")


def audit_files(session: Session, charter: Charter, acts: Acts, faults: list[str]) -> None:
    """Every file of an edition was recorded, none is missing, and the signatures are those of a key of ours."""
    public = _keys(session)
    for edition in session.scalars(select(Edition).where(Edition.charter_id == charter.id).order_by(Edition.key)):
        name = f"edition {edition.key} of {charter.key}"
        said: dict[str, object] = {}
        made_at: dict[str, datetime] = {}
        for act in _MAKING:
            for record, detail in acts.get((act, f"edition {edition.key}"), ()):
                files = detail.get("files")
                said.update(files if isinstance(files, dict) else {})
                made_at.update(dict.fromkeys(map(str, files if isinstance(files, dict) else ()), record.at))
        rows = session.scalars(select(EditionFile).where(EditionFile.edition_id == edition.id)).all()
        stored: dict[str, str] = {row.kind: row.hash for row in rows}
        for row in rows:
            if row.made_at != made_at.get(row.kind, row.made_at):
                faults.append(f"{name}: when its file “{row.kind}” was made is not what was recorded.")
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


def _keys(session: Session) -> list[PublicKey]:
    """The keys that can be read; one that cannot is named where the keys are looked at."""
    found = []
    for stored in session.scalars(select(SigningKey.public).order_by(SigningKey.number)):
        with suppress(BadInput):
            found.append(public_key(stored))
    return found


def audit_keys(session: Session, acts: Acts, faults: list[str]) -> None:
    """The keys are the ones that were made, in their order."""
    said = {
        object: record
        for (act, object), told in acts.items()
        if act in ("make signing key", "rotate signing key")
        for record, _ in told
    }
    rows = {f"key {row.number}": row for row in session.scalars(select(SigningKey).order_by(SigningKey.number))}
    for object in sorted(said.keys() | rows.keys()):
        row, record = rows.get(object), said.get(object)
        if row is None or record is None or (row.public, row.created_at) != (record.after, record.at):
            faults.append(f"signing {object}: it is not the one that was recorded.")
            continue
        follower = said.get(f"key {row.number + 1}")
        if row.retired_at != (follower.at if follower is not None else None) or not _signs(row):
            faults.append(f"signing {object}: until when it signs, or with what, is not what was recorded.")


def _signs(row: SigningKey) -> bool:
    """Whether the secret half is there just as long as the key signs, and is that of its public half."""
    if row.secret is None or row.retired_at is not None:
        return row.secret is None and row.retired_at is not None
    try:
        return pair_of(row.secret).public.base64 == row.public
    except (BadInput, ValueError, TypeError):
        return False


def _octets(session: Session, hash: str | None) -> bytes:
    return session.scalar(select(File.octets).where(File.hash == hash)) or b""
