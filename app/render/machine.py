"""What `engross doctor` says about printing: the typefaces, Pango, HarfBuzz-Subset, and the built assets."""

from collections.abc import Callable
from dataclasses import dataclass

from app import resources
from app.errors import Unavailable
from app.render.pdf.writer import INSTALL
from app.render.press.process import press


@dataclass(frozen=True, slots=True)
class Check:
    """One part of the machine: its name, whether it is as it should be, and in words what is there or what to do."""

    name: str
    ok: bool
    words: str


def printing_checks() -> tuple[Check, ...]:
    """Every part that pages and PDFs need; the server runs without them, but approves no edition."""
    checks = [
        _present("style sheets and scripts", lambda: f"built: {resources.built_assets()}"),
        _present("typefaces", lambda: f"{len(list(resources.fonts().glob('*.ttf')))} files in {resources.fonts()}"),
    ]
    if checks[-1].ok:
        checks += _libraries()
    return tuple(checks)


def _present(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except Unavailable as missing:
        return Check(name, False, missing.message)


def _libraries() -> list[Check]:
    report = press({}, resources.fonts(), patience=60).report
    if "pango" not in report:
        return [Check("Pango", False, f"{INSTALL} ({report.get('reason', 'no answer')})")]
    subsets = report.get("subsets") is True
    return [
        Check("Pango", True, f"Pango {report['pango']}, WeasyPrint {report.get('weasyprint')}"),
        Check("HarfBuzz-Subset", subsets, "there" if subsets else f"missing: PDFs would differ. {INSTALL}"),
    ]
