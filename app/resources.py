"""The only place that knows where templates, charter sources, migrations, typefaces and built assets lie."""

import json
from functools import lru_cache
from pathlib import Path

from app.errors import Unavailable

_PACKAGE = Path(__file__).resolve().parent
_BUNDLED = _PACKAGE / "_bundled"

# An installed wheel carries these folders inside the package; a checkout has them beside it.
_HOME = _BUNDLED if _BUNDLED.is_dir() else _PACKAGE.parent

_HOW_TO_BUILD = "Run `python hatch_build.py` in the checkout, or install the package, which does the same."


def templates() -> Path:
    """The folder of the Jinja templates."""
    return _folder("templates")


def charter_sources() -> Path:
    """The folder of the charters that come with the product, one folder each."""
    return _folder("charter_source")


def migrations() -> Path:
    """The folder of the Alembic environment and its versions."""
    return _folder("migrations")


def fonts() -> Path:
    """The folder of the complete typefaces that the PDF is set in."""
    folder = _PACKAGE / "render" / "fonts"
    if not any(folder.glob("*.ttf")):
        raise Unavailable(f"The typefaces of the PDF are missing. {_HOW_TO_BUILD}", kind="fonts-missing")
    return folder


def built_assets() -> Path:
    """The folder of what browsers fetch; every file in it but the manifest is named by the hash of its bytes."""
    folder = _PACKAGE / "web" / "static" / "built"
    if not (folder / "manifest.json").is_file():
        raise Unavailable(f"The style sheets and scripts are not built. {_HOW_TO_BUILD}", kind="assets-missing")
    return folder


def asset(name: str) -> str:
    """The file name, inside `built_assets`, of the asset that the sources call ``name`` ("engross.css")."""
    folder = built_assets()
    changed = (folder / "manifest.json").stat().st_mtime_ns
    try:
        return _manifest(folder, changed)[name]
    except KeyError:
        raise Unavailable(f"There is no built asset {name}. {_HOW_TO_BUILD}", kind="assets-missing") from None


@lru_cache(maxsize=4)
def _manifest(folder: Path, changed: int) -> dict[str, str]:  # noqa: ARG001 (a new build is a new key)
    entries = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return {str(plain): str(hashed) for plain, hashed in entries.items()}


def _folder(name: str) -> Path:
    folder = _HOME / name
    if not folder.is_dir():
        raise Unavailable(f"The folder {name} of the program is missing at {_HOME}.", kind="folder-missing")
    return folder
