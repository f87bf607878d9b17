"""Which files the press may load: the style sheets of the PDF by their bare names, and nothing else in the world."""

from pathlib import Path

SCHEME = "asset:"
LOGO_ADDRESS = "asset:logo"


def asset_file(folder: Path, address: str) -> Path | None:
    """The style sheet in ``folder`` behind an address such as ``asset:charter.css``, or None for any other address."""
    name = address.removeprefix(SCHEME)
    file = folder / name
    if name == address or Path(name).name != name or file.suffix != ".css" or not file.is_file():
        return None
    return file
