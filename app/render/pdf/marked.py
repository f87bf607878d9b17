"""Redlines and other words of people as they are printed on papers for a meeting: with signs, and nothing for ears.

What ears hear instead of marks, the tags of the PDF say: `app/render/press/marks.py`.
"""

import html as markup
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app import resources
from app.render.pdf.glyphs import held, needs_sign, seen, words
from app.rules.dates import day_in_words

_TAG = re.compile(r"(<[^>]*>)")
_EARS = re.compile(r'<span class="vh">[^<]*</span>')
# Exactly what the engine writes; the words of a text cannot look like this, since its "<" are escaped.
_CITATION = re.compile(r'<a class="ref"[^>]*>([^<]*)</a>')
_INSIDE = re.compile(r'<a href="#[^"]*">(.*?)</a>', re.DOTALL)
_PARAGRAPHS = re.compile(r"\n\s*\n")


def signs(drawable: frozenset[str]) -> Callable[[str], str]:
    """What puts a sign into HTML of the engine for every character that has no glyph, or would not be seen."""

    def sign(html: str) -> str:
        return "".join(piece if piece.startswith("<") else signed(piece, drawable) for piece in _TAG.split(html))

    return sign


def signed(piece: str, drawable: frozenset[str]) -> str:
    """A piece of HTML without elements, with signs."""
    if all(character in drawable and not needs_sign(character, drawable) for character in set(piece)):
        return piece
    return str(words(markup.unescape(piece), drawable))


def alone(html: str, drawable: frozenset[str]) -> Markup:
    """A redline that stands by itself: its notes and the places it leads to are not on this paper."""
    silent = _CITATION.sub(r'<span class="ref">\1</span>', _EARS.sub("", html))
    return Markup(signs(drawable)(_INSIDE.sub(r"\1", silent)))


def paragraphs(text: str, drawable: frozenset[str]) -> Markup:
    """What somebody wrote into a form as paragraphs: an empty line ends one, a line end is kept."""
    written = text.replace("\r\n", "\n").strip()
    parts = _PARAGRAPHS.split(written) if written else []
    return Markup("").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(words(line, drawable) for line in part.split("\n")))
        for part in parts
    )


@cache
def paper_environment(fonts: Path) -> Environment:
    """The templates of papers, with what they call words, days and signs."""
    drawable = held(fonts)
    environment = Environment(
        loader=FileSystemLoader(resources.templates() / "pdf"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        words=lambda text: words(text, drawable),
        seen=lambda text: seen(text, drawable),
        day=lambda moment: day_in_words(moment.date() if hasattr(moment, "hour") else moment),
        paragraphs=lambda text: paragraphs(text, drawable),
    )
    return environment
