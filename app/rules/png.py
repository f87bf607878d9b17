"""A PNG taken apart before anybody draws it: measured, checked, and kept without anything but its picture."""

import struct
import zlib
from collections.abc import Iterator

from app.errors import BadInput

MOST_PIXELS = 4_000_000
LONGEST_SIDE = 4_000
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# How many numbers a pixel has, by the colour type, and how many bits each may have.
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
# The seven passes of an interlaced picture: where each begins and how far its pixels lie apart.
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_KEPT = (b"PLTE", b"tRNS")


def safe_png(octets: bytes) -> bytes:
    """The same picture in a file that holds nothing else: no words, places, profiles, films or hidden tails.

    Its size is read before anything is unpacked, and no more is unpacked than that size needs. The same picture gives
    the same bytes. BadInput for what is broken or larger than a logo has to be.
    """
    chunks = list(_chunks(octets))
    if not chunks or chunks[0][0] != b"IHDR" or len(chunks[0][1]) != 13 or chunks[-1][0] != b"IEND":
        raise _broken()
    header = chunks[0][1]
    width, height, depth, colour, packing, filtering, interlaced = struct.unpack(">2I5B", header)
    if depth not in _DEPTHS.get(colour, ()) or packing or filtering or interlaced > 1 or not width or not height:
        raise _broken()
    if max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS:
        raise BadInput(
            f"This picture has {width:,} × {height:,} pixels; a logo has at most {LONGEST_SIDE:,} on a side and "
            f"{MOST_PIXELS // 1_000_000} million together. 1,000 × 400 are plenty for print.",
            kind="picture-too-large",
        )
    bits = depth * _CHANNELS[colour]
    data = b"".join(content for name, content in chunks if name == b"IDAT")
    _check_pixels(data, list(_rows(width, height, bits, interlaced=bool(interlaced))))
    kept = {name: content for name, content in chunks if name in _KEPT}
    _check_palette(kept, colour, depth)
    made = _SIGNATURE + _chunk(b"IHDR", header)
    made += b"".join(_chunk(name, kept[name]) for name in _KEPT if name in kept)
    return made + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunks(octets: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of every chunk up to the end of the picture; what is hidden behind that is left."""
    if not octets.startswith(_SIGNATURE):
        raise _broken()
    at = len(_SIGNATURE)
    while True:
        if at + 12 > len(octets):
            raise _broken()
        length = int.from_bytes(octets[at : at + 4], "big")
        name, end = octets[at + 4 : at + 8], at + 8 + length
        content = octets[at + 8 : end]
        if end + 4 > len(octets) or zlib.crc32(name + content) != int.from_bytes(octets[end : end + 4], "big"):
            raise _broken()
        yield name, content
        if name == b"IEND":
            return
        at = end + 4


def _rows(width: int, height: int, bits: int, *, interlaced: bool) -> Iterator[tuple[int, int]]:
    """For each pass over the picture how many rows it has, and how many bytes each of them."""
    for left, top, across, down in _PASSES if interlaced else ((0, 0, 1, 1),):
        columns, rows = -(-(width - left) // across), -(-(height - top) // down)
        if columns > 0 and rows > 0:
            yield rows, (columns * bits + 7) // 8


def _check_pixels(data: bytes, passes: list[tuple[int, int]]) -> None:
    """The pixels unpack to exactly what the size of the picture needs, and each row begins as rows do."""
    needed = sum(rows * (length + 1) for rows, length in passes)
    unpacking = zlib.decompressobj()
    try:
        pixels = unpacking.decompress(data, needed + 1)
    except zlib.error as error:
        raise _broken() from error
    if len(pixels) != needed or not unpacking.eof:
        raise _broken()
    at = 0
    for rows, length in passes:
        if any(pixels[at + n * (length + 1)] > 4 for n in range(rows)):
            raise _broken()
        at += rows * (length + 1)


def _check_palette(kept: dict[bytes, bytes], colour: int, depth: int) -> None:
    palette = kept.get(b"PLTE", b"")
    if colour == 3 and not (palette and len(palette) % 3 == 0 and len(palette) // 3 <= 2**depth):
        raise _broken()
    if colour != 3:
        kept.pop(b"PLTE", None)
    most = {0: 2, 2: 6, 3: len(palette) // 3}.get(colour, 0)
    seen = kept.get(b"tRNS")
    if seen is not None and not (0 < len(seen) <= most and (colour == 3 or len(seen) == most)):
        raise _broken()


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _broken() -> BadInput:
    return BadInput("This PNG is damaged. Save it again from the program it was drawn with.", kind="broken-file")
