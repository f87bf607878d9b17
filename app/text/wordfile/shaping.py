"""What a paragraph is by its properties, over those of its style and of its list."""

from functools import lru_cache
from xml.etree import ElementTree as ET

from app.text.wordfile.package import W
from app.text.wordfile.story import Shape
from app.text.wordfile.styles import Looks, indent, number, numbered, value


def shape_of(look: ET.Element | None, looks: Looks) -> Shape:
    """The shape of a paragraph with these properties."""
    if look is None:
        return _shape(looks.default.name, looks.default.level, "", 0, looks.default.left, "", None)
    style = looks.style(value(look.find(f"{W}pStyle")))
    level = style.level
    outline = look.find(f"{W}outlineLvl")
    if outline is not None:
        told = number(value(outline), 9)
        level = told + 1 if told < 9 else None
    list, depth = numbered(look.find(f"{W}numPr"), (style.list, style.depth))
    counted = looks.level(list, depth) if list else None
    base = style.left if counted is None or not counted.left else counted.left
    left = indent(look.find(f"{W}ind"), base)
    side = value(look.find(f"{W}jc"))
    if counted is None:
        return _shape(style.name, level, "", 0, left, side, None)
    return Shape(style.name, level, list, depth, counted.style, counted.start, left, side)


@lru_cache(maxsize=1024)
def _shape(style: str, level: int | None, list: str, depth: int, left: int, side: str, item: None) -> Shape:
    return Shape(style, level, list, depth, item, 1, left, side)
