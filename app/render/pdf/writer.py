"""Sets a prepared edition as a PDF: makes the print HTML and lets a limited child process turn it into pages."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from app import resources
from app.errors import EngrossError, Refused, Unavailable
from app.render.pdf.glyphs import refuse_missing
from app.render.pdf.sheets import print_html
from app.render.press.fontconfig import write_configuration
from app.text.prepared import PreparedEdition

# Seconds on the wall: a long charter takes some ten, a machine that swaps takes more.
PATIENCE = 300

INSTALL = (
    "Setting a PDF needs the Pango libraries. Debian and Ubuntu: apt install libpango-1.0-0 libpangoft2-1.0-0 "
    "libharfbuzz-subset0; macOS: brew install pango."
)


@dataclass(frozen=True, slots=True)
class Pdf:
    """A finished PDF: its bytes, how many pages it has, and the SHA-256 of the bytes in hexadecimal."""

    bytes: bytes
    pages: int
    sha256: str


def render_pdf(prepared: PreparedEdition, *, approved: bool) -> Pdf:
    """The printed charter; the same prepared edition gives the same bytes, in any process, time zone or locale.

    Without ``approved`` every page says that this is not an approved text. An approved edition is refused (`Refused`)
    if a character of it is in no typeface, or if anything about the setting is in doubt; the message names it.
    `Unavailable` says what to install if the machine cannot set PDFs.
    """
    fonts = resources.fonts()
    if approved:
        refuse_missing(prepared, fonts)
    html = print_html(prepared, approved=approved, fonts=fonts)
    written, report = _set(html, fonts)
    complaints = report.get("warnings")
    if approved and complaints:
        raise Refused(
            "The PDF was not stored, because its setting is in doubt: " + "; ".join(map(str, _listed(complaints))),
            kind="pdf-in-doubt",
        )
    pages = report.get("pages")
    return Pdf(written, pages if isinstance(pages, int) else 0, hashlib.sha256(written).hexdigest())


def _set(html: str, fonts: Path) -> tuple[bytes, dict[str, object]]:
    """Run the child process; its answer, or the error that its end means."""
    order = {
        "html": html,
        "assets": str(resources.templates() / "pdf"),
        "identifier": hashlib.sha256(html.encode()).hexdigest()[:32],
    }
    with tempfile.TemporaryDirectory(prefix="engross-pdf-") as scratch:
        configuration = write_configuration(fonts, Path(scratch))
        try:
            child = subprocess.run(
                [sys.executable, "-m", "app.render.press"],
                input=json.dumps(order).encode(),
                capture_output=True,
                timeout=PATIENCE,
                cwd=scratch,
                env=_environment(configuration, Path(scratch)),
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _too_much("time") from None
    report = _report(child.stderr)
    if child.returncode == 0 and child.stdout.startswith(b"%PDF-"):
        return child.stdout, report
    raise _failure(child.returncode, report)


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


def _failure(code: int, report: dict[str, object]) -> EngrossError:
    failed, reason = report.get("failed"), report.get("reason")
    if failed == "libraries":
        return Unavailable(f"{INSTALL} ({reason})", kind="pango-missing")
    if failed == "limits":
        return _too_much(str(reason))
    if code < 0:
        # Killed by a signal: out of processor time, or out of memory in a library that cannot say so.
        return _too_much(f"signal {-code}")
    return Refused(f"The PDF could not be set: {reason or 'the process ended without a word'}.", kind="pdf-failed")


def _too_much(what: str) -> Refused:
    return Refused(
        f"The PDF could not be set within the limits of one text ({what}). Shorten the longest tables and lists.",
        kind="pdf-too-costly",
    )


def _listed(complaints: object) -> list[object]:
    return complaints if isinstance(complaints, list) else [complaints]
