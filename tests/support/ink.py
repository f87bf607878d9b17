"""What is to be seen on a page of a PDF, held against what its text says: each word drawn again from our typefaces.

The text of a PDF can be right while its letters are wrong, when a typeface was cut badly. Poppler draws the page, and
FreeType draws every word of its text from the files of the typefaces, in each of them. The best likeness counts.
"""

import html
import io
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageStat

from app import resources

_WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
_DPI = 200
# In pixels: how large words are when they are compared, and how high they are drawn.
_SIZE, _DRAWN = (96, 32), 64
# From which darkness on it is ink, and how much less like itself a word may be than like another one.
_DARK, _ALIKE = 70, 0.08


@dataclass(frozen=True, slots=True)
class Seen:
    """A word of the text of a page, and how much what stands there looks like it: 1 is the same, 0 anything else."""

    word: str
    likeness: float


def seen_words(pdf: Path, page: int) -> list[Seen]:
    """The words of a page (counted from 1), drawn again in every typeface of ours."""
    faces = sorted(resources.fonts().glob("*.ttf"))
    return [Seen(word, max(_likeness(ink, _drawn(word, face)) for face in faces)) for word, ink in _cut(pdf, page)]


def mistaken_words(pdf: Path, page: int, words: Sequence[str], faces: Sequence[str]) -> list[str]:
    """Those of these words that stand on a page and look more like another one of them, in whichever of the faces."""
    files = [resources.fonts() / f"{face}.ttf" for face in faces]
    mistaken: list[str] = []
    for word, ink in _cut(pdf, page):
        if word in words:
            best = {other: max(_likeness(ink, _drawn(other, face)) for face in files) for other in words}
            # Some letters differ in height alone, and here all are made equally high.
            if best[word] < max(best.values()) - _ALIKE:
                mistaken.append(f"{word} looks like {max(best, key=best.__getitem__)}")
    return mistaken


@dataclass(frozen=True, slots=True)
class _Ink:
    """A word without the paper around it, brought to one size; ``shape`` is how wide it was for its height."""

    picture: Image.Image
    shape: float
    mean: float
    spread: float


def _cut(pdf: Path, page: int) -> list[tuple[str, _Ink | None]]:
    """The words of a page with the ink that stands at their place."""
    drawn = _run("pdftoppm", "-r", str(_DPI), "-gray", "-f", str(page), "-l", str(page), str(pdf))
    picture = Image.open(io.BytesIO(drawn)).convert("L")
    said = _run("pdftotext", "-bbox", "-f", str(page), "-l", str(page), str(pdf), "-").decode()
    scale = _DPI / 72
    found: list[tuple[str, _Ink | None]] = []
    for *edges, word in _WORD.findall(said):
        left, top, right, bottom = (float(edge) * scale for edge in edges)
        found.append(
            (html.unescape(word), _ink(picture.crop((int(left) - 1, int(top), int(right) + 2, int(bottom) + 1))))
        )
    return found


@lru_cache(maxsize=20_000)
def _drawn(word: str, face: Path) -> _Ink | None:
    font = _font(face)
    paper = Image.new("L", (int(font.getlength(word)) + 2 * _DRAWN, 3 * _DRAWN), 255)
    ImageDraw.Draw(paper).text((_DRAWN, _DRAWN // 2), word, font=font, fill=0)
    return _ink(paper)


@lru_cache
def _font(face: Path) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(face), _DRAWN)


def _ink(paper: Image.Image) -> _Ink | None:
    """The ink alone, white on black; None where there is none."""
    inverted = ImageChops.invert(paper)
    edges = inverted.point(lambda value: 255 if value > _DARK else 0).getbbox()
    if edges is None:
        return None
    close = inverted.crop(edges)
    picture = close.resize(_SIZE, Image.Resampling.BOX)
    told = ImageStat.Stat(picture)
    return _Ink(picture, close.width / close.height, told.mean[0], told.stddev[0])


def _likeness(one: _Ink | None, other: _Ink | None) -> float:
    """How the darkness of two words goes together; words of another shape are not alike."""
    if one is None or other is None or not 0.7 < one.shape / other.shape < 1.4:
        return 0.0
    together = ImageStat.Stat(ImageChops.multiply(one.picture, other.picture)).mean[0] * 255 - one.mean * other.mean
    spread = one.spread * other.spread
    return together / spread if spread else 0.0


def _run(*command: str) -> bytes:
    tool = shutil.which(command[0])
    assert tool is not None
    return subprocess.run([tool, *command[1:]], capture_output=True, check=True).stdout
