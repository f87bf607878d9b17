"""An edition, and what changed since the one before, each as one HTML file that asks nobody for anything."""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache

from markupsafe import Markup

from app import resources
from app.render.compared import Style, frame_of, printed_parts
from app.render.leaf import lay_out
from app.render.pages import render
from app.render.pdf.redline import Sheet
from app.text.prepared import Logo, PreparedEdition

_STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)


def edition_page(
    prepared: PreparedEdition,
    *,
    key: str,
    label: str,
    effective: date,
    revision: int,
    signoffs: Sequence[tuple[str, datetime]],
    approved: bool,
) -> bytes:
    """The text of an edition, notes under the sections that cite them; the same edition gives the same bytes."""
    style = _style()
    values: dict[str, object] = {
        # Without places there is nothing of ours beside the paragraphs; their addresses stay.
        "logo": logo_address(prepared.logo),
        "leaf": lay_out(replace(prepared, places={}), notes_below=True),
        "key": key,
        "label": label,
        "effective": effective,
        "revision": revision,
        "signoffs": signoffs,
        "approved": approved,
        "style": Markup(style),
        "policy": policy_of_style(style.encode()),
    }
    return render("editions/file.html", values).strip().encode() + b"\n"


def logo_address(logo: Logo | None) -> str:
    """The logo as an address that holds all of it; "" where there is none."""
    if logo is None:
        return ""
    return f"data:{logo.media_type};base64,{base64.b64encode(logo.octets).decode()}"


def changes_page(sheet: Sheet) -> bytes:
    """What changed in words, then the whole text with its marks."""
    style = _style()
    frame = frame_of(sheet.made, sheet.new.text, "", sheet.names)
    there = {key: place for key, place in frame.annexes.items() if not place.startswith("#")}
    values: dict[str, object] = {
        "sheet": sheet,
        "parts": printed_parts(sheet.made.parts, replace(frame, annexes=there), Style()),
        "style": Markup(style),
        "policy": policy_of_style(style.encode()),
    }
    return render("editions/changes.html", values).strip().encode() + b"\n"


def policy_of_style(style: bytes) -> str:
    """The content policy of a file with exactly this style sheet in it, and nothing else that could act or be asked."""
    digest = base64.b64encode(hashlib.sha256(style).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"


@lru_cache(maxsize=16)
def policy_of_page(page: bytes) -> str:
    """The content policy of a kept file. Its style sheet comes before anything that people wrote."""
    found = _STYLE.search(page, 0, 100_000)
    return policy_of_style(found[1] if found else b"")


def _style() -> str:
    # The same bytes on every system: some checkouts write other line ends.
    written = (resources.templates() / "editions" / "file.css").read_text(encoding="utf-8")
    return "\n" + written.replace("\r\n", "\n")
