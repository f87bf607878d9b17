"""Papers that anybody may ask for are set one at a time: few wait, not for long, and the last ones are kept."""

from threading import BoundedSemaphore

from app.errors import Unavailable
from app.render.kept import Kept
from app.render.pdf.writer import Pdf, set_pages

# So whoever approves an edition never stands behind many readers.
_ONE = BoundedSemaphore(1)
_WAITING = BoundedSemaphore(6)
_LONGEST_WAIT = 45
_PATIENCE = 120
_KEPT: Kept[Pdf] = Kept(16)
_BUSY = "Other PDFs are being made just now. Try again in a minute."


def set_in_turn(html: str) -> Pdf:
    """Print HTML of ours as a PDF, when its turn has come; the same HTML is set once.

    `Unavailable` if too many are being made, or says what to install if the machine cannot set PDFs.
    """
    known = _KEPT.known(html)
    if known is not None:
        return known
    if not _WAITING.acquire(blocking=False):
        raise Unavailable(_BUSY, kind="busy")
    try:
        if not _ONE.acquire(timeout=_LONGEST_WAIT):
            raise Unavailable(_BUSY, kind="busy")
        try:
            return _KEPT.get(html, lambda: set_pages(html, patience=_PATIENCE))
        finally:
            _ONE.release()
    finally:
        _WAITING.release()
