"""Starts the press: one child process per order, with a clean environment, and a clock on the wall."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from app.render.press.fontconfig import write_configuration

# Seconds on the wall: a long charter takes some ten, a machine that swaps takes more.
PATIENCE = 300


@dataclass(frozen=True, slots=True)
class Pressed:
    """What came out: the bytes written, the report, and the exit code (negative: the signal that ended it)."""

    written: bytes
    report: dict[str, object]
    code: int


def press(order: dict[str, str], fonts: Path, *, patience: float = PATIENCE) -> Pressed:
    """Run one order; a press that takes longer than ``patience`` seconds is ended and reported as such."""
    with tempfile.TemporaryDirectory(prefix="engross-press-") as scratch:
        configuration = write_configuration(fonts, Path(scratch))
        try:
            child = subprocess.run(
                [sys.executable, "-m", "app.render.press"],
                input=json.dumps(order).encode(),
                capture_output=True,
                timeout=patience,
                cwd=scratch,
                env=_environment(configuration, Path(scratch)),
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Pressed(b"", {"failed": "limits", "reason": "time"}, 1)
    return Pressed(child.stdout, _report(child.stderr), child.returncode)


def _environment(configuration: Path, scratch: Path) -> dict[str, str]:
    """All that the child may know: no secrets of the server, one time zone, one language, one set of fonts."""
    environment = {
        "FONTCONFIG_FILE": str(configuration),
        "HOME": str(scratch),
        "LC_ALL": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).resolve().parents[3]), *filter(os.path.isdir, sys.path)]),
        "PYTHONWARNINGS": "ignore",
        "SOURCE_DATE_EPOCH": "0",
        "TMPDIR": str(scratch),
        "TZ": "UTC",
        "XDG_CACHE_HOME": str(scratch),
    }
    if sys.platform == "darwin":
        environment["DYLD_FALLBACK_LIBRARY_PATH"] = "/opt/homebrew/lib:/usr/local/lib:/usr/lib"
    return environment


def _report(stderr: bytes) -> dict[str, object]:
    """The last line of what the child said, if it is a report."""
    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    try:
        report = json.loads(lines[-1]) if lines else {}
    except ValueError:
        report = {"failed": "rendering", "reason": lines[-1]}
    return report if isinstance(report, dict) else {}
