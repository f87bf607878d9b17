"""The file of a backup: what is in it, and whether it is whole.

It is a zip that any program opens: a few words on what it is, every table as lines of JSON, the other files of the data
folder, and a manifest with the SHA-256 of each. Its last 64 bytes are the SHA-256 of all before them, so that not one
byte can change or be missing unseen.
"""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO

from app.errors import BadInput

FORMAT = "engross-backup/1"
WORDS, MANIFEST = "engross-backup.txt", "manifest.json"
TABLES, DATA = "tables/", "data/"
SEAL = 64
"""Bytes at the end: the SHA-256 of what comes before, in hexadecimal."""

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a backup: its size and SHA-256; of a table also its columns and how many rows it has."""

    size: int
    sha256: str
    rows: int | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. ``step`` is that of the schema, ``numbers`` the next number of each table."""

    version: str
    step: str
    database: str
    made_at: datetime
    parts: Mapping[str, Part]
    numbers: Mapping[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        return {
            name.removeprefix(TABLES).removesuffix(".jsonl"): part.rows or 0
            for name, part in self.parts.items()
            if name.startswith(TABLES)
        }

    @property
    def files(self) -> list[str]:
        """The files of the data folder, as paths inside it."""
        return [name.removeprefix(DATA) for name in self.parts if name.startswith(DATA)]

    def as_json(self) -> str:
        """The manifest as it stands in the file."""
        parts = {
            name: {"size": part.size, "sha256": part.sha256}
            | ({} if part.rows is None else {"rows": part.rows, "columns": part.columns})
            for name, part in sorted(self.parts.items())
        }
        told = {
            "format": FORMAT,
            "version": self.version,
            "step": self.step,
            "database": self.database,
            "made_at": self.made_at.isoformat(),
            "numbers": self.numbers,
            "parts": parts,
        }
        return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def table_part(table: str) -> str:
    """The name of the part that holds a table."""
    return f"{TABLES}{table}.jsonl"


def is_backup(file: Path) -> bool:
    """Whether a file begins as a backup does."""
    try:
        with file.open("rb") as opened:
            beginning = opened.read(64)
    except OSError:
        return False
    return beginning.startswith(b"PK\x03\x04") and WORDS.encode() in beginning


def seal_of(file: IO[bytes], length: int) -> str:
    """The SHA-256 of the first ``length`` bytes of a file."""
    file.seek(0)
    hashed = hashlib.sha256()
    while length > 0 and (piece := file.read(min(_PIECE, length))):
        hashed.update(piece)
        length -= len(piece)
    return hashed.hexdigest()


def checked_manifest(file: Path) -> Manifest:
    """The manifest of a backup that is whole. BadInput for any other file; it names each part that differs."""
    if not is_backup(file):
        raise BadInput(f"{file} is no backup of Engross.", kind="not-a-backup")
    size = file.stat().st_size
    with file.open("rb") as opened:
        sealed = seal_of(opened, size - SEAL)
        whole = opened.read(SEAL) == sealed.encode()
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _manifest(archive)
            faults = list(_faults(archive, manifest))
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        KeyError,
        TypeError,
        NotImplementedError,
    ) as e:
        cut = "" if whole else " Its end is missing, so it was cut short, or changed there."
        raise BadInput(
            f"{file} cannot be read as a backup any more: {_reason(e)}.{cut} Nothing was restored; take another one.",
            kind="backup-differs",
        ) from e
    if not faults and not whole:
        faults = ["bytes outside its parts differ from what was written"]
    if faults:
        listed = "".join(f"\n- {fault}" for fault in faults)
        raise BadInput(
            f"{file} is not as it was written. Nothing was restored; take another one.{listed}",
            kind="backup-differs",
            details={"faults": faults},
        )
    return manifest


def table_rows(archive: zipfile.ZipFile, table: str) -> Iterator[list[str | int | bool | None]]:
    """The rows of a table, one after the other."""
    with archive.open(table_part(table)) as lines:
        for line in lines:
            yield json.loads(line)


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    told = json.loads(archive.read(MANIFEST))
    if told["format"] != FORMAT:
        raise ValueError(f"it is written as {told['format']}, and this version of Engross reads {FORMAT}")
    parts = {
        str(name): Part(
            int(part["size"]), str(part["sha256"]), part.get("rows"), tuple(str(c) for c in part.get("columns", ()))
        )
        for name, part in told["parts"].items()
    }
    numbers = {str(table): int(number) for table, number in told["numbers"].items()}
    made = datetime.fromisoformat(told["made_at"])
    return Manifest(str(told["version"]), str(told["step"]), str(told["database"]), made, parts, numbers)


def _faults(archive: zipfile.ZipFile, manifest: Manifest) -> Iterator[str]:
    there = set(archive.namelist())
    for name in sorted(there - manifest.parts.keys() - {WORDS, MANIFEST}):
        yield f"{name}: was not in it when it was written"
    for name, part in sorted(manifest.parts.items()):
        if name not in there:
            yield f"{name}: is missing"
            continue
        if name.startswith(DATA) and not _stays_inside(name.removeprefix(DATA)):
            yield f"{name}: would be written outside of the data folder"
            continue
        try:
            size, lines, sha256 = _measured(archive, name)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            yield f"{name}: cannot be read any more ({_reason(error)})"
            continue
        if sha256 != part.sha256:
            now, then = f"{size} bytes with the SHA-256 {sha256}", f"{part.size} with {part.sha256}"
            yield f"{name}: was changed (it has {now}; {then} were written)"
        elif part.rows is not None and lines != part.rows:
            yield f"{name}: has {lines} rows, and {part.rows} were written"


def _measured(archive: zipfile.ZipFile, name: str) -> tuple[int, int, str]:
    size, lines, hashed = 0, 0, hashlib.sha256()
    with archive.open(name) as opened:
        while piece := opened.read(_PIECE):
            size += len(piece)
            lines += piece.count(b"\n")
            hashed.update(piece)
    return size, lines, hashed.hexdigest()


def _stays_inside(path: str) -> bool:
    pure = PurePosixPath(path)
    return bool(path) and not pure.is_absolute() and ".." not in pure.parts and "\0" not in path and "\\" not in path


def _reason(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__
