"""`engross verify`: the chains and hashes of this installation, or whether one file is what a group published."""

import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError
from sqlalchemy.orm import Session

from app.cli.bundles import read_bundle
from app.cli.checking import (
    Checked,
    Result,
    TrustedKey,
    check_bundle,
    check_signature,
    compare_bundles,
    read_signature,
    sha256_of,
    trusted_keys,
)
from app.cli.installation import opened
from app.db.engine import Database
from app.db.schema import current_step, newest_step
from app.errors import BadInput, EngrossError, NotFound
from app.queries.charters import charter_row
from app.queries.edition_files import edition_files, editions_with_file
from app.queries.editions import PUBLIC_STATES, edition_row, file_bytes
from app.queries.keys import signing_keys
from app.queries.verification import verify
from app.rules.edition_files import RECORD_NAME, FileKind
from app.services.edition_record import moment
from app.settings import load_settings
from app.text.record_difference import read_record

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NAMED = re.compile(r"([a-z0-9-]+)-charter-([0-9]{4}-[0-9]{2}(?:-[0-9]{2})?)(?![0-9-])")


@click.command("verify")
@click.argument("file", required=False, type=_FILE)
@click.option("--signature", type=_FILE, help="A signature kept apart from the file: 64 bytes, as published beside it.")
@click.option("--key", "key_file", type=_FILE, help="The public key you trust, in PEM, or a list of keys as published.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def verify_command(file: Path | None, signature: Path | None, key_file: Path | None, as_json: bool) -> None:
    """Check the audit chains and stored hashes; or whether a PDF or bundle is what a group published.

    A file is looked up here by its SHA-256. If it is not known here, its signature is checked, for which no database
    is needed. What cannot be checked is not good.
    """
    if file is None:
        if signature is not None or key_file is not None:
            raise click.UsageError("Name the file that the signature or key is for.")
        _verify_installation(as_json)
        return
    trusted = [] if key_file is None else trusted_keys(key_file)
    sha256 = sha256_of(file)
    with _installation() as session:
        checked = _check(file, sha256, signature, trusted, session)
    if as_json:
        told = {
            "file": str(file),
            "sha256": sha256,
            "result": str(checked.result),
            "good": checked.good,
            "key": checked.key,
            "told": checked.told,
            "differences": checked.differences,
        }
        click.echo(json.dumps(told, indent=1))
    else:
        for line in checked.told:
            click.echo(_seen(f"{file}: {line}"), err=not checked.good)
        for line in checked.differences:
            click.echo(_seen(f"{file}: {line}"), err=True)
        if checked.result is Result.DIFFERS:
            click.echo(_seen(f"{file}: this is NOT what was published."), err=True)
        elif checked.result is Result.UNCHECKED:
            click.echo(_seen(f"{file}: it could not be checked."), err=True)
    sys.exit(0 if checked.good else 1)


def _check(
    file: Path, sha256: str, signature: Path | None, trusted: Sequence[TrustedKey], session: Session | None
) -> Checked:
    """The file by its hash in this installation, else by a signature, else by what this installation has instead."""
    if session is not None and (known := editions_with_file(session, sha256)):
        return _known(known, sha256)
    # Who names a key asks about that key; else what is said here counts.
    here = session if not trusted else None
    trusted = trusted or ([] if session is None else _own_keys(session))
    with file.open("rb") as opened_file:
        beginning = opened_file.read(8)
    try:
        if beginning.startswith(b"PK") or file.suffix.lower() == ".zip":
            return _check_zip(file, signature, trusted, here)
        if signature is not None and trusted:
            return check_signature(file, signature, trusted)
    except BadInput as error:
        return Checked(Result.DIFFERS, differences=[error.message])
    told = [f"no edition of this installation has the SHA-256 {sha256}."] if session is not None else []
    instead = _instead(file, session)
    if instead:
        return Checked(Result.DIFFERS, told, [instead])
    if signature is not None:
        told.append("Its signature can be checked with the public key: name it with --key.")
    elif session is None:
        told = [
            f"there is no installation here that could know it. Its SHA-256 is {sha256}: compare that with the one the "
            "group gives, or name its signature with --signature and the public key with --key."
        ]
    else:
        told.append("To check it by its signature, name that with --signature and the public key with --key.")
    return Checked(Result.UNCHECKED, told)


def _own_keys(session: Session) -> Sequence[TrustedKey]:
    return [
        TrustedKey(
            key.public,
            f"this installation signed with it from {moment(key.since)}"
            + (f" until {moment(key.until)}" if key.until else " on"),
        )
        for key in signing_keys(session)
    ]


def _known(known: Sequence[tuple[str, str, str]], sha256: str) -> Checked:
    charter, key, state = next((one for one in known if one[2] in PUBLIC_STATES), known[0])
    which = f"the edition {key} of {charter}"
    if state not in PUBLIC_STATES:
        return Checked(Result.UNCHECKED, [f"it is a file of {which}, SHA-256 {sha256}, which is not published yet."])
    told = [f"is a file this installation published, of {which}, SHA-256 {sha256}."]
    if state == "withdrawn":
        told.append("that edition was withdrawn since: it no longer holds.")
    return Checked(Result.PUBLISHED, told)


def _check_zip(file: Path, signature: Path | None, trusted: Sequence[TrustedKey], session: Session | None) -> Checked:
    over = None
    if signature is not None:
        over = read_signature(signature)
        if trusted and (whole := check_signature(file, signature, trusted)).good:
            return whole
    files = read_bundle(file)
    checked = check_bundle(files, trusted, over)
    if checked.good or session is None:
        return checked
    published = _published_bundle(files, file, session)
    if published is None:
        return checked
    differences = list(compare_bundles(files, published))
    if differences:
        return Checked(Result.DIFFERS, ["this installation published another bundle of that edition."], differences)
    return Checked(
        Result.DIFFERS, differences=["the files in it are as published, but the zip around them was packed anew."]
    )


def _published_bundle(files: Mapping[str, bytes], file: Path, session: Session) -> dict[str, bytes] | None:
    """What this installation published of the edition that a bundle says it is, None if it has none such."""
    record = read_record(files.get(RECORD_NAME, b"")) or {}
    edition = record.get("edition")
    charter, key = str(record.get("charter", "")), str(edition.get("key", "")) if isinstance(edition, dict) else ""
    for charter_key, edition_key in ((charter, key), *_names(*files, file.name)):
        try:
            row = edition_row(session, charter_row(session, charter_key), edition_key, unpublished=False)
            hash = edition_files(session, row).get(FileKind.BUNDLE)
        except EngrossError:
            continue
        if hash is not None:
            with zipfile.ZipFile(io.BytesIO(file_bytes(session, hash))) as archive:
                return {name: archive.read(name) for name in archive.namelist()}
    return None


def _instead(file: Path, session: Session | None) -> str:
    """What this installation published of the edition that the name of a file speaks of."""
    for charter, key in _names(file.name) if session is not None else ():
        assert session is not None
        try:
            row = edition_row(session, charter_row(session, charter), key, unpublished=False)
        except NotFound:
            continue
        if row.pdf_hash is not None and file.suffix.lower() == ".pdf":
            return f"the PDF of the edition {key} of {charter} was published with the SHA-256 {row.pdf_hash}."
    return ""


def _names(*names: str) -> Iterator[tuple[str, str]]:
    """Charter and edition as the names of files say them."""
    for name in names:
        for found in _NAMED.finditer(name):
            yield found[1], found[2]


@contextmanager
def _installation() -> Iterator[Session | None]:
    """The database of an installation that is here, to be read; None where there is none. Nothing is made."""
    settings = load_settings()
    database: Database | None = None
    try:
        url = make_url(settings.database)
        if url.get_backend_name() != "sqlite" or (url.database and Path(url.database).is_file()):
            database = Database(settings.database)
            if current_step(database) != newest_step():
                click.echo("The database here is not at the step of this program and is not asked.", err=True)
                database.close()
                database = None
    except (ArgumentError, ValueError, TypeError, DatabaseError):
        click.echo("The database of this installation cannot be asked.", err=True)
        database = None
    if database is None:
        yield None
        return
    try:
        with database.reading() as session:
            yield session
    finally:
        database.close()


def _verify_installation(as_json: bool) -> None:
    with opened() as (_, database), database.reading() as session:
        found = verify(session)
    if as_json:
        value = {
            "records": found.records,
            "revisions": found.revisions,
            "bodies": found.bodies,
            "files": found.files,
            "faults": list(found.faults),
        }
        click.echo(json.dumps(value, ensure_ascii=False, indent=1))
    else:
        for fault in found.faults:
            click.echo(fault, err=True)
        looked = f"{found.records} records, {found.revisions} revisions, {found.bodies} texts, {found.files} files"
        click.echo(f"Looked at {looked}: " + (f"{len(found.faults)} faults." if found.faults else "everything fits."))
    sys.exit(1 if found.faults else 0)


def _seen(line: str) -> str:
    """A line in which nothing that a stranger wrote acts on the terminal."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in line)


COMMANDS = (verify_command,)
