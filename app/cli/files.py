"""Text files named on the command line."""

from pathlib import Path

from app.errors import SourceRefused


def read_text(file: Path) -> str:
    """The text of a file in UTF-8; SourceRefused names the line that is not."""
    octets = file.read_bytes()
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError as error:
        line = octets[: error.start].count(b"\n") + 1
        raise SourceRefused("This is not UTF-8. Save it as UTF-8 and try again.", file=str(file), line=line) from error
