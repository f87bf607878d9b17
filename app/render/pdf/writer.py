"""Sets a prepared edition as a PDF: makes the print HTML, has it pressed, and looks at what came out."""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore

from app import resources
from app.errors import EngrossError, Refused, Unavailable
from app.render.pdf.glyphs import refuse_missing
from app.render.pdf.sheets import print_html
from app.render.press.process import PATIENCE, Pressed, press
from app.text.prepared import Logo, PreparedEdition

INSTALL = (
    "Setting a PDF needs the Pango libraries. On Debian and Ubuntu: apt install libpango-1.0-0 libpangoft2-1.0-0 "
    "libharfbuzz-subset0. On macOS: brew install pango."
)


@dataclass(frozen=True, slots=True)
class Pdf:
    """A finished PDF: its bytes, how many pages it has, and the SHA-256 of the bytes in hexadecimal."""

    bytes: bytes
    pages: int
    sha256: str


# A press takes a whole processor: more at once would only be slower, and would starve those who read.
_PRESSES = BoundedSemaphore(2)
_LONGEST_WAIT = 120


def render_pdf(prepared: PreparedEdition, *, approved: bool, source: bytes = b"", patience: float = PATIENCE) -> Pdf:
    """The printed charter, tagged, as PDF/A-3a and PDF/UA-1, with its ``source`` (UTF-8) inside as ``edition.json``.

    The same prepared edition and source give the same bytes, in any process, time zone or locale.

    Without ``approved`` every page says that this is not an approved text. An approved edition is refused (`Refused`)
    if a character of it is in no typeface, or if anything about the setting is in doubt; the message names it.
    What takes longer than ``patience`` seconds, or more memory than a text may, is ended and refused as well.
    `Unavailable` says what to install if the machine cannot set PDFs, or that too many others are being made.
    """
    with _a_press():
        return _pressed(prepared, approved, source, patience)


def set_pages(html: str, *, patience: float) -> Pdf:
    """Print HTML of ours set as pages, for a paper that nobody approves. ``patience`` is in seconds on the wall."""
    with _a_press():
        return _finished(press(_order(html), resources.fonts(), patience=patience))


@contextmanager
def _a_press() -> Iterator[None]:
    """One of the presses of this machine for as long as a PDF takes."""
    if not _PRESSES.acquire(timeout=_LONGEST_WAIT):
        raise Unavailable("Other PDFs are being made just now. Try again in a minute.", kind="busy")
    try:
        yield
    finally:
        _PRESSES.release()


def _pressed(prepared: PreparedEdition, approved: bool, source: bytes, patience: float) -> Pdf:
    fonts = resources.fonts()
    if approved:
        refuse_missing(prepared, fonts)
    # A note that is longer than its page has no foot to stand at; then all notes are set after the text.
    for notes_at_foot in (True, False):
        html = print_html(prepared, approved=approved, fonts=fonts, notes_at_foot=notes_at_foot)
        pressed = press(_order(html, source, prepared.logo), fonts, patience=patience)
        if pressed.report.get("failed") != "lost" or not prepared.notes:
            break
    pdf = _finished(pressed)
    if approved:
        _refuse_doubts(pressed)
    return pdf


def _finished(pressed: Pressed) -> Pdf:
    """What came out of the press, or why nothing did."""
    pages = pressed.report.get("pages")
    if pressed.code != 0 or not isinstance(pages, int) or not pressed.written.startswith(b"%PDF-"):
        raise _failure(pressed)
    return Pdf(pressed.written, pages, hashlib.sha256(pressed.written).hexdigest())


def _order(html: str, source: bytes = b"", logo: Logo | None = None) -> dict[str, str]:
    order = {
        "html": html,
        "source": source.decode(),
        "assets": str(resources.templates() / "pdf"),
        "identifier": hashlib.sha256(html.encode() + source).hexdigest()[:32],
    }
    if logo is not None:
        order |= {"logo": base64.b64encode(logo.octets).decode(), "logo_type": logo.media_type}
    return order


def _refuse_doubts(pressed: Pressed) -> None:
    if not pressed.report.get("subsets"):
        # Without it the fonts are cut by another program, and the same edition would have other bytes.
        raise Unavailable(f"HarfBuzz-Subset is missing. {INSTALL}", kind="pango-missing")
    complaints = pressed.report.get("complaints")
    if complaints:
        said = "; ".join(str(line) for line in complaints) if isinstance(complaints, list) else str(complaints)
        raise Refused(f"The PDF is not used, because its setting is in doubt: {said}", kind="pdf-in-doubt")


def _failure(pressed: Pressed) -> EngrossError:
    failed, reason = pressed.report.get("failed"), pressed.report.get("reason")
    if failed == "libraries":
        return Unavailable(f"{INSTALL} ({reason})", kind="pango-missing")
    if failed == "lost":
        return Refused(f"The PDF is not used, because words would be missing from it: {reason}", kind="pdf-in-doubt")
    # A signal ends a press that is out of processor time, or out of memory in a library that cannot say so.
    if failed == "limits" or pressed.code < 0:
        return Refused(
            f"The PDF cannot be set within the limits for one text ({reason or f'signal {-pressed.code}'}). "
            "Look for what no page can hold: a word of thousands of letters, a table or list of thousands of lines, "
            "hundreds of notes in one paragraph. Shorten or divide it.",
            kind="pdf-too-costly",
        )
    return Refused(f"The PDF could not be set: {reason or 'the press ended without a word'}.", kind="pdf-failed")
