"""Backing up and restoring: everything of an installation in one file, taken while it serves, into either database."""

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import inspect, make_url

from app import __version__
from app.db.engine import Database
from app.db.schema import knows_step, migrate_within, step_within
from app.errors import BadInput, Refused, Unavailable
from app.queries.whole_tables import column_sorts, next_numbers, plain_rows, tables_within
from app.services.backup_file import (
    DATA,
    MANIFEST,
    SEAL,
    WORDS,
    Manifest,
    Part,
    checked_manifest,
    is_backup,
    seal_of,
    table_part,
    table_rows,
)
from app.services.filling import fill, prepare, set_counters

FOLDER = "backups"
"""Inside the data folder: backups that are made before a migration. They are no part of a backup."""

LAST = "last-backup.json"
"""Inside the data folder: when the last backup was made, for `engross doctor`."""

_PIECE = 1 << 20
_TOLD = """This is a backup of an installation of Engross, made {made} at step {step}.

It holds everything: texts, proposals, comments, people with their mail addresses, published files, and the secret key
that editions are signed with. Keep it where only those can read it who may read all of that.

To get it back: `engross restore FILE`, with ENGROSS_DATA_DIR (and ENGROSS_DATABASE_URL, if PostgreSQL shall hold it)
naming a new, empty home. `engross restore --check FILE` says whether the file is whole and changes nothing.

tables/*.jsonl are the tables, one row a line, with the columns that manifest.json names; octets are in base64.
data/ are the other files of the data folder. manifest.json has the SHA-256 of each part, and the last 64 bytes of this
file are the SHA-256 of all bytes before them.
"""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made: where, and what is in it."""

    file: Path
    size: int
    manifest: Manifest


def write_backup(database: Database, folder: Path, file: Path, *, now: datetime) -> Backup:
    """Write everything into a new file that only its owner can read, while the service goes on.

    ``folder`` is the data folder. What was committed when it begins is in it, and nothing half. The file is read back
    before it gets its name. Refused if there is a file of that name, Unavailable if it cannot be written.
    """
    if file.exists():
        raise Refused(f"{file} is there already, and a backup never takes another's place. Choose another name.")
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as opened:
            manifest = _write(database, folder, opened, {beside, file}, now)
            _seal(opened)
        checked_manifest(beside)
        size = beside.stat().st_size
        beside.replace(file)
        _sync_folder(file.parent)
    except OSError as error:
        raise Unavailable(f"The backup {file} cannot be written: {error.strerror or error}.") from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    return Backup(file, size, manifest)


def restore_backup(database: Database, folder: Path, file: Path) -> Manifest:
    """Put a backup that is whole into an empty home: database and data folder.

    BadInput for a file that is not as it was written or from a newer program, Refused if something is there already.
    The tables come at the step they were backed up at and are then brought to the newest, all in one transaction.
    """
    manifest = checked_manifest(file)
    if not knows_step(manifest.step):
        raise BadInput(
            f"{file} was made at step {manifest.step} by Engross {manifest.version}, which is newer than this program. "
            "Restore it with that version.",
            kind="newer-backup",
        )
    with zipfile.ZipFile(file) as archive, database.founding() as connection:
        if step_within(connection) is not None or inspect(connection).get_table_names():
            where = database.engine.url.render_as_string(hide_password=True)
            raise Refused(
                f"The database {where} holds something already. A backup is restored into an empty one only: name a "
                "new one with ENGROSS_DATABASE_URL, or another data folder with ENGROSS_DATA_DIR.",
                kind="not-empty",
            )
        _refuse_full(archive, database, folder, manifest, file)
        prepare(connection)
        migrate_within(connection, manifest.step)
        tables = {table.name: table for table in tables_within(connection)}
        if tables.keys() != manifest.rows.keys():
            other = ", ".join(sorted(tables.keys() ^ manifest.rows.keys()))
            raise BadInput(f"{file} has other tables than step {manifest.step} has: {other}.", kind="backup-differs")
        for name, table in tables.items():
            fill(connection, table, manifest.parts[table_part(name)].columns, table_rows(archive, name))
        set_counters(connection, list(tables.values()), manifest.numbers)
        migrate_within(connection)
        for path in manifest.files:
            _put_file(archive, folder, path)
    return manifest


def note_backup(folder: Path, backup: Backup) -> None:
    """Write down when the last backup was made. That this cannot be written spoils no backup."""
    told = {"made_at": backup.manifest.made_at.isoformat(), "file": str(backup.file.resolve()), "size": backup.size}
    with suppress(OSError):
        folder.joinpath(LAST).write_text(json.dumps(told) + "\n", encoding="utf-8")


def last_backup(folder: Path) -> datetime | None:
    """When the last backup was made with this data folder, None if none is known."""
    try:
        return datetime.fromisoformat(json.loads(folder.joinpath(LAST).read_text(encoding="utf-8"))["made_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(database: Database, folder: Path, opened: IO[bytes], apart: set[Path], now: datetime) -> Manifest:
    parts: dict[str, Part] = {}
    with database.snapshot() as connection, zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED) as archive:
        step = step_within(connection)
        if step is None:
            raise Refused("There is nothing here to back up: the database has no tables yet.", kind="nothing-there")
        about = _TOLD.format(made=now.isoformat(timespec="seconds"), step=step)
        _put(archive, WORDS, [about.encode()], now)
        for table in tables_within(connection):
            rows = 0

            def lines() -> Iterator[bytes]:
                nonlocal rows
                for row in plain_rows(connection, table):  # noqa: B023 (used up within this turn)
                    rows += 1
                    yield json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

            size, sha256 = _put(archive, table_part(table.name), lines(), now)
            parts[table_part(table.name)] = Part(size, sha256, rows, tuple(column_sorts(table)))
        numbers = next_numbers(connection)
        for path in data_files(database, folder, apart):
            with suppress(FileNotFoundError), (folder / path).open("rb") as inside:
                size, sha256 = _put(archive, f"{DATA}{path}", iter(lambda: inside.read(_PIECE), b""), now)
                parts[f"{DATA}{path}"] = Part(size, sha256)
        kind = "sqlite" if database.is_sqlite else "postgresql"
        manifest = Manifest(__version__, step, kind, now, parts, numbers)
        _put(archive, MANIFEST, [manifest.as_json().encode()], now)
        archive.comment = b"0" * SEAL
    return manifest


def _put(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes], now: datetime) -> tuple[int, str]:
    """Write one part; its size and SHA-256."""
    entry = zipfile.ZipInfo(name, now.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o100600 << 16
    size, hashed = 0, hashlib.sha256()
    with archive.open(entry, "w", force_zip64=True) as opened:
        for piece in pieces:
            opened.write(piece)
            hashed.update(piece)
            size += len(piece)
    return size, hashed.hexdigest()


def _seal(opened: IO[bytes]) -> None:
    """Let the last bytes say what all before them are, and see that it is on the disk."""
    length = opened.seek(0, os.SEEK_END) - SEAL
    sealed = seal_of(opened, length)
    opened.seek(length)
    opened.write(sealed.encode())
    opened.flush()
    os.fsync(opened.fileno())


def data_files(database: Database, folder: Path, apart: set[Path]) -> list[str]:
    """The files of the data folder besides the database, as paths inside it. Links out of it are not followed."""
    kept = {one.resolve() for one in apart} | _of_database(database)
    found = []
    for place, folders, names in os.walk(folder, onerror=_refuse_unseen):
        if Path(place) == folder and FOLDER in folders:
            folders.remove(FOLDER)
        for name in names:
            path = Path(place, name)
            inside = path.relative_to(folder).as_posix()
            if path.is_symlink() or not path.is_file() or path.resolve() in kept or inside == LAST or is_backup(path):
                continue
            found.append(inside)
    return sorted(found)


def _refuse_unseen(error: OSError) -> None:
    """A folder that cannot be looked into is not left out in silence. One that is gone again, or not there yet, is."""
    if not isinstance(error, FileNotFoundError):
        raise error


def _of_database(database: Database) -> set[Path]:
    name = make_url(database.url).database if database.is_sqlite else None
    return {Path(f"{name}{ending}").resolve() for ending in ("", "-wal", "-shm", "-journal")} if name else set()


def _refuse_full(archive: zipfile.ZipFile, database: Database, folder: Path, manifest: Manifest, file: Path) -> None:
    """Refused if the data folder holds anything. What a restoring that was broken off left there may stay."""
    for path in data_files(database, folder, {file}):
        name = f"{DATA}{path}"
        if name not in manifest.parts or (folder / path).read_bytes() != archive.read(name):
            raise Refused(
                f"The data folder {folder} is not empty: {path} is there. A backup is restored into an empty one only: "
                "name a new one with ENGROSS_DATA_DIR.",
                kind="not-empty",
            )


def _put_file(archive: zipfile.ZipFile, folder: Path, path: str) -> None:
    target = folder / path
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with archive.open(f"{DATA}{path}") as inside:
        _write_whole(target, lambda: inside.read(_PIECE))


def _write_whole(target: Path, read: Callable[[], bytes]) -> None:
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
        while piece := read():
            opened.write(piece)
        opened.flush()
        os.fsync(opened.fileno())


def _sync_folder(folder: Path) -> None:
    # So that the name of the file is on the disk too. Not every system lets a folder be opened.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
