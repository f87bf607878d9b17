"""Writes the private font configuration: the typefaces of the product and no others, on every machine."""

from pathlib import Path
from xml.sax.saxutils import escape

_GENERIC = {"serif": "Source Serif 4", "sans-serif": "Source Sans 3", "monospace": "Source Code Pro"}


def write_configuration(fonts: Path, folder: Path) -> Path:
    """A fontconfig file in ``folder`` that knows the fonts in ``fonts`` alone, and keeps its cache in ``folder``."""
    aliases = "".join(
        f'<alias binding="same"><family>{generic}</family><prefer><family>{family}</family></prefer></alias>'
        for generic, family in _GENERIC.items()
    )
    file = folder / "fonts.conf"
    file.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n'
        f"<fontconfig><dir>{escape(str(fonts))}</dir><cachedir>{escape(str(folder / 'cache'))}</cachedir>"
        f"{aliases}</fontconfig>\n",
        encoding="utf-8",
    )
    return file
