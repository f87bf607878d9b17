"""What a test may need of the machine: looked for, named when missing, required where ENGROSS_TEST_REQUIRE is all."""

import os
import shutil
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.support import preflight
from tests.support.postgres import find_binaries

# Beside the environment of the tests, where `make test` puts it.
AXE = Path(sys.prefix) / "node" / "node_modules" / "axe-core" / "axe.min.js"

# Its folder is not on everybody's path.
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")

NEEDS = {
    "axe": ("axe-core", AXE.is_file),
    "postgres": ("PostgreSQL 15 or later", lambda: find_binaries() is not None),
    "browser": ("Chromium", lambda: shutil.which("chromium") is not None),
    "openssl": ("OpenSSL's command", lambda: shutil.which("openssl") is not None),
    "qpdf": ("qpdf", lambda: shutil.which("qpdf") is not None),
    "preflight": ("PDFBox preflight (Debian: libpdfbox2-java, with Java)", preflight.present),
    "systemd": ("systemd-analyze", lambda: shutil.which("systemd-analyze") is not None),
    "nginx": ("nginx", lambda: NGINX is not None),
    "office": (
        "LibreOffice Writer (Debian: libreoffice-writer-nogui)",
        lambda: shutil.which("soffice") is not None,
    ),
    "poppler": ("poppler-utils", lambda: all(shutil.which(t) for t in ("pdftotext", "pdftoppm", "pdfinfo"))),
}

left_out: Counter[str] = Counter()


def required() -> bool:
    """Whether nothing may be left out."""
    return os.environ.get("ENGROSS_TEST_REQUIRE") == "all"


def mark_missing(tests: list[pytest.Item]) -> None:
    """Pass over tests whose part of the machine is missing, and count them; or fail at once if all is required."""
    for marker, (name, present) in NEEDS.items():
        concerned = [test for test in tests if test.get_closest_marker(marker)]
        if not concerned or present():
            continue
        if required():
            pytest.exit(f"{name} is required here and missing: {len(concerned)} tests need it.", returncode=3)
        left_out[name] += len(concerned)
        for test in concerned:
            test.add_marker(pytest.mark.skip(reason=f"{name} is not on this machine"))
