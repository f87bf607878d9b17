"""Reads a bundle that anybody may have made: everything about the zip is measured before anything in it is read."""

import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from app.errors import BadInput

LARGEST_FILE = 200_000_000
"""Bytes a file may have that is checked by a signature: that needs all of it at once."""

_MOST_MEMBERS = 40
_LARGEST_MEMBER = 50_000_000
_LARGEST_TOTAL = 150_000_000
_LARGEST_DIRECTORY = 100_000
_LONGEST_NAME = 200
_END = struct.Struct("<4s4H2LH")
_END_SIGN, _ZIP64_SIGN = b"PK\x05\x06", b"PK\x06\x07"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def read_bundle(path: Path) -> Mapping[str, bytes]:
    """The files in a bundle by name. BadInput says in words what is wrong with one that no program of ours made."""
    if path.stat().st_size > LARGEST_FILE:
        raise BadInput(f"It is larger than {_size(LARGEST_FILE)}, which no bundle is. It was not read.")
    _measure_directory(path)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _measure(members)
            return {member.filename: _read(archive, member) for member in members}
    except BadInput:
        raise
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise BadInput(f"It cannot be read as a zip: {error or type(error).__name__}.") from error


def _measure_directory(path: Path) -> None:
    """How many members the end of the zip speaks of, before a list of them is made."""
    length = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, length - _END.size - 65_557))
        tail = file.read()
    at = tail.rfind(_END_SIGN)
    if at < 0 or len(tail) - at < _END.size:
        raise BadInput("It is not a zip, or its end is missing.")
    _, disk, first_disk, here, members, directory, _, _ = _END.unpack_from(tail, at)
    if _ZIP64_SIGN in tail[max(0, at - 20) : at] or disk or first_disk or here != members:
        raise BadInput("It is a zip of many parts or of the large kind, which no bundle is.")
    if members > _MOST_MEMBERS or directory > _LARGEST_DIRECTORY:
        raise BadInput(f"It holds {members} files; a bundle holds at most {_MOST_MEMBERS}. None was read.")


def _measure(members: list[zipfile.ZipInfo]) -> None:
    names: set[str] = set()
    total = 0
    if len(members) > _MOST_MEMBERS:
        raise BadInput(f"It holds {len(members)} files; a bundle holds at most {_MOST_MEMBERS}. None was read.")
    for member in members:
        name = member.orig_filename
        if not _is_plain(name):
            raise BadInput(f"A file in it has the name {_shown(name)}, which is no plain name of a file.")
        if name in names:
            raise BadInput(f"There are two files in it of the name {_shown(name)}: which one counts, nobody can say.")
        names.add(name)
        if member.flag_bits & 0x1:
            raise BadInput(f"The file {_shown(name)} in it is locked with a password.")
        if member.compress_type not in _METHODS:
            raise BadInput(f"The file {_shown(name)} in it is packed in a way that no bundle is.")
        if member.file_size > _LARGEST_MEMBER:
            raise BadInput(
                f"The file {_shown(name)} in it would have {_size(member.file_size)}; "
                f"at most {_size(_LARGEST_MEMBER)} are read. It was not unpacked."
            )
        total += member.file_size
    if total > _LARGEST_TOTAL:
        raise BadInput(f"Unpacked it would have {_size(total)}; at most {_size(_LARGEST_TOTAL)} are read.")


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """One member. What unpacks to more than it says is not unpacked further."""
    with archive.open(member) as file:
        octets = file.read(member.file_size + 1)
    if len(octets) != member.file_size:
        raise BadInput(f"The file {_shown(member.filename)} in it has another length than the zip says.")
    return octets


def _is_plain(name: str) -> bool:
    return (
        0 < len(name) <= _LONGEST_NAME
        and name.isprintable()
        and not any(sign in name for sign in "/\\:")
        and name.strip(". ") != ""
    )


def _shown(name: str) -> str:
    return ascii(name[:60])


def _size(octets: int) -> str:
    return f"{octets / 1_000_000:,.0f} MB"
