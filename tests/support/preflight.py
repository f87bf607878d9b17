"""PDFBox's preflight, which looks at a PDF as PDF/A-1b, and what it may say of ours, which is PDF/A-3a."""

import re
import shutil
import subprocess
from pathlib import Path

_JARS = Path("/usr/share/java")
_NAMES = ("preflight", "pdfbox2", "xmpbox", "fontbox2", "commons-logging", "jaxb-api", "javax.activation")
_COMPLAINT = re.compile(r"^(\d+(?:\.\d+)*) : (.+)$", re.MULTILINE)

ALLOWED = {
    "1.4": "/XRef cross reference streams are not allowed",
    "1.2.7": "Filter specified in metadata dictionary",
    "3.1.11": "The CIDSet entry is missing for the Composite Subset",
}
"""What PDF/A-1 forbids or asks for, and PDF/A-2 and 3 do not: PDF 1.5 has cross references in compressed streams,
metadata may be compressed, and a CIDSet is optional (ISO 19005-3, 6.2.11.4.2: one that is there has to be whole).
"""
WITH_SOURCE = {
    "1.2.9": "EmbeddedFile entry is present in a FileSpecification dictionary",
    "1.4.7": "EmbeddedFile entry is present in the Names dictionary",
}
"""The enclosed file, which is what PDF/A-3 was made for."""


def present() -> bool:
    """Whether this machine has it: Debian's libpdfbox2-java with what that needs, and a Java runtime."""
    return shutil.which("java") is not None and all((_JARS / f"{name}.jar").is_file() for name in _NAMES)


def complaints(file: Path) -> list[tuple[str, str]]:
    """What it finds, each with its code; empty for a valid PDF/A-1b."""
    path = ":".join(str(_JARS / f"{name}.jar") for name in _NAMES)
    done = subprocess.run(
        ["java", "-Djava.awt.headless=true", "-cp", path, "org.apache.pdfbox.preflight.Validator_A1b", file.name],
        cwd=file.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert "PDF/A-1b file" in said, said
    found = _COMPLAINT.findall(said)
    assert found or "is a valid PDF/A-1b file" in said, said
    return found


def unexpected(file: Path, *, source: bool = False) -> list[str]:
    """What it finds and must not; with ``source`` the file may enclose another one."""
    allowed = {**ALLOWED, **(WITH_SOURCE if source else {})}
    return [f"{code}: {words}" for code, words in complaints(file) if not words.endswith(allowed.get(code, "\0"))]
