"""LibreOffice as a judge of our Word files: many of them converted in one call, in a home of its own."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

_CALL = ("soffice", "--headless", "--norestore")


def converted(files: Iterable[Path], ending: str, folder: Path) -> dict[str, bytes]:
    """The files in another form (pdf, txt:Text …), by their names without ending."""
    home = folder / "office-home"
    done = subprocess.run(
        [*_CALL, f"-env:UserInstallation=file://{home}", "--convert-to", ending, "--outdir", folder, *files],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    short = ending.partition(":")[0]
    made = {file.stem: file.read_bytes() for file in folder.glob(f"*.{short}")}
    assert made, done.stderr
    return made
