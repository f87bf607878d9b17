"""Folders of charter source on disk."""

from pathlib import Path

from app.errors import SourceRefused
from app.rules.addresses import RESERVED_KEYS
from app.text.source import read_source
from app.text.source_values import Source

_LARGEST_TEXT = 2_000_000
_LARGEST_FILE = 20_000_000
_MOST_FILES = 1_000


def read_folder(folder: Path) -> Source:
    """Read a folder of charter source as a whole, or refuse it naming file and line. Hidden files are passed over."""
    files: dict[str, bytes] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if not path.is_file():
            raise SourceRefused("Only files belong into a folder of charter source.", file=path.name)
        largest = _LARGEST_TEXT if path.suffix in (".md", ".toml") else _LARGEST_FILE
        if path.stat().st_size > largest:
            raise SourceRefused(f"This file is larger than {largest:,} bytes.", file=path.name)
        files[path.name] = path.read_bytes()
        if len(files) > _MOST_FILES:
            raise SourceRefused(f"There are more than {_MOST_FILES} files.", file=folder.name)
    return read_source(files, reserved=RESERVED_KEYS)
