"""Files as people upload them: small ones of each kind, a PNG of any size, an SVG."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
OTHER_PDF = PDF.replace(b"1.7", b"1.6")
SVG = (
    b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100"><defs>'
    b'<clipPath id="c"><circle cx="50" cy="50" r="45"/></clipPath></defs><style>.a{fill:#0b5563}</style>'
    b'<g clip-path="url(#c)"><rect class="a" width="100" height="100"/></g>'
    b'<path d="M120 30h160v10h-160z" style="fill:#083f4a;fill-opacity:.8"/></svg>'
)


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int = 30, height: int = 10, *, more: bytes = b"", data: bytes | None = None) -> bytes:
    """A picture in one green; ``more`` are chunks before its pixels, ``data`` others than those it should have."""
    header = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\x0b\x55\x63" * width) * height) if data is None else data
    parts = chunk(b"IHDR", header) + more + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def packed(members: Mapping[str, bytes]) -> bytes:
    """A zip with these members, in this order."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, octets in members.items():
            archive.writestr(name, octets)
    return made.getvalue()


DOCX = packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"})
ODT = packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"})
