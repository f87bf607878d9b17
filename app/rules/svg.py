"""An SVG read with a strict reader and written anew from the shapes a logo needs; nothing else of it is kept."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from app.errors import BadInput
from app.rules.svg_style import PROPERTIES, Rules, checked, declarations, rules_of

MOST_ELEMENTS = 5_000
MOST_DRAWN = 20_000
_DEEPEST = 50
_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_SIDE = 1000

_DRAWN = frozenset(["g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "use", "symbol", "svg"])
_DEFINED = frozenset(["defs", "clipPath", "mask", "linearGradient", "radialGradient", "stop"])
# What says something about the drawing and shows nothing.
_LEFT_OUT = frozenset(["metadata", "title", "desc", "view", "cursor"])
_GEOMETRY = frozenset(
    [
        "x",
        "y",
        "width",
        "height",
        "rx",
        "ry",
        "cx",
        "cy",
        "r",
        "x1",
        "y1",
        "x2",
        "y2",
        "fx",
        "fy",
        "d",
        "points",
        "transform",
        "viewBox",
        "preserveAspectRatio",
        "gradientUnits",
        "gradientTransform",
        "spreadMethod",
        "offset",
        "clipPathUnits",
        "maskUnits",
        "maskContentUnits",
    ]
)
_ID = re.compile(r"[A-Za-z_][\w.-]{0,80}", re.ASCII)
_PLAIN = re.compile(r"[-+.,%\w\s()]*", re.ASCII)
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_LENGTH = re.compile(r"\s*(\d{1,7}(?:\.\d{1,9})?|\.\d{1,9})\s*(px|pt|pc|mm|cm|in)?\s*")
_PIXELS = {None: 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_TOLD = {
    "text": "It holds letters as text, and every reader would see them in another typeface. Turn them into paths "
    "(“create outlines”, “object to path”) and save it again.",
    "image": "There is a picture inside it. Upload that picture as a PNG.",
    "script": "It holds a program. Save it as a plain drawing.",
    "foreignObject": "It holds a piece of a web page. Save it as a plain SVG.",
    "filter": "It uses a filter (a shadow or blur), which not every printer draws alike. Save it without, or as a PNG.",
    "pattern": "It uses a pattern. Save it without, or as a PNG.",
    "marker": "It uses markers (arrow heads). Turn them into paths, or save it as a PNG.",
}
_MOVES = ("animate", "set", "mpath", "discard")


@dataclass(slots=True)
class _Element:
    """An element that is kept, with its attributes by their own names."""

    tag: str
    attributes: dict[str, str]
    classes: tuple[str, ...] = ()
    inside: list["_Element"] = field(default_factory=list)


def safe_svg(octets: bytes) -> bytes:
    """The same drawing as SVG of a few shapes, gradients, clips and masks: no program, letter, link or outside thing.

    The same drawing gives the same bytes. BadInput says what it holds that cannot be kept, and what to do.
    """
    reader = _Reader()
    root, styles = reader.read(octets)
    rules = rules_of("\n".join(styles))
    for element in _every(root):
        _settle(element, rules)
    _check_references(root)
    _measure(root)
    return ("".join(_written(root, outermost=True)) + "\n").encode()


class _Reader:
    """Reads the elements. Entities are refused when they are declared, so that none is ever unfolded."""

    def __init__(self) -> None:
        self._root: _Element | None = None
        self._open: list[_Element] = []
        self._skipped = 0
        self._count = 0
        self._style: list[str] | None = None
        self._styles: list[str] = []

    def read(self, octets: bytes) -> tuple[_Element, list[str]]:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._entity
        parser.SkippedEntityHandler = self._entity
        parser.ExternalEntityRefHandler = self._entity
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._words
        try:
            parser.Parse(octets, True)
        except expat.ExpatError as error:
            raise BadInput(f"This SVG is damaged (line {error.lineno}). Save it again.", kind="broken-file") from error
        except (LookupError, ValueError) as error:
            raise BadInput("This SVG is in an encoding that is not known. Save it in UTF-8.", kind="broken-file") from (
                error
            )
        if self._root is None:
            raise BadInput("This is not an SVG drawing.", kind="file-not-taken")
        return self._root, self._styles

    def _doctype(self, _name: str, _system: str | None, _public: str | None, inside: int) -> None:
        if inside:
            self._entity()

    def _entity(self, *_: object) -> int:
        raise BadInput("It declares entities (a DOCTYPE with contents). Save it as a plain SVG.", kind="unsafe-drawing")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        self._count += 1
        if self._count > MOST_ELEMENTS or len(self._open) + self._skipped >= _DEEPEST:
            raise BadInput(
                f"This drawing has more than {MOST_ELEMENTS:,} parts, or is nested too deep. Simplify it, or save it "
                "as a PNG.",
                kind="drawing-too-large",
            )
        if self._root is None and (space, tag) != (_SVG, "svg"):
            raise BadInput("This is not an SVG drawing.", kind="file-not-taken")
        if self._skipped or space != _SVG or tag in _LEFT_OUT:
            self._skipped += 1
            return
        if tag == "style":
            self._skipped += 1
            self._style = []
            return
        if tag == "a":
            tag, attributes = "g", {k: v for k, v in attributes.items() if not k.endswith("href")}
        if tag not in _DRAWN | _DEFINED:
            moving = "It moves. A printed logo cannot; save it as a plain drawing."
            told = moving if tag.startswith(_MOVES) else _TOLD.get(tag, f"It holds “{tag[:40]}”, which is not kept.")
            raise BadInput(told, kind="unsafe-drawing")
        own = {key.removeprefix(f"{_XLINK} "): value for key, value in attributes.items()}
        element = _Element(tag, own, tuple(own.pop("class", "").split()))
        if self._open:
            self._open[-1].inside.append(element)
        else:
            self._root = element
        self._open.append(element)

    def _end(self, _name: str) -> None:
        if self._style is not None and self._skipped == 1:
            self._styles.append("".join(self._style))
            self._style = None
        if self._skipped:
            self._skipped -= 1
        else:
            self._open.pop()

    def _words(self, words: str) -> None:
        if self._style is not None:
            self._style.append(words)


def _settle(element: _Element, rules: Rules) -> None:
    """Only attributes that are known stay, with values that can do nothing but draw; styles become attributes."""
    given = element.attributes
    styled = {**rules.on(element.tag, element.classes, given.get("id", "")), **declarations(given.get("style", ""))}
    kept: dict[str, str] = {}
    for name in sorted(given.keys() | styled.keys()):
        value = " ".join((styled.get(name) or given.get(name, "")).split())
        if name in PROPERTIES:
            kept[name] = checked(name, value)
        elif name in ("filter", "marker", "marker-start", "marker-mid", "marker-end") and value not in ("", "none"):
            raise BadInput(_TOLD["filter" if name == "filter" else "marker"], kind="unsafe-drawing")
        elif name == "href":
            if not value.startswith("#") or not _ID.fullmatch(value[1:]):
                raise BadInput("It refers to something outside itself. Save it with everything inside.", kind="outside")
            kept[name] = value
        elif name == "id":
            if _ID.fullmatch(value):
                kept[name] = value
        elif name in _GEOMETRY:
            if not _PLAIN.fullmatch(value) or any(abs(float(n)) > 1e6 for n in _NUMBER.findall(value)):
                raise BadInput(f"Its “{name}” has a value that is no measure of a drawing.", kind="unsafe-drawing")
            kept[name] = value
    element.attributes = kept


def _check_references(root: _Element) -> None:
    """What is used in many places is drawn as often: that is counted before anybody draws it, and circles refused."""
    by_id: dict[str, _Element] = {}
    for element in _every(root):
        by_id.setdefault(element.attributes.get("id", ""), element)
    known: dict[int, int] = {}
    waiting: set[int] = set()

    def cost(element: _Element) -> int:
        if id(element) in waiting:
            raise BadInput("It uses a part of itself inside that same part.", kind="unsafe-drawing")
        if id(element) not in known:
            waiting.add(id(element))
            used = (by_id[name] for name in _references(element) if name and name in by_id)
            total = 1 + sum(map(cost, element.inside)) + sum(map(cost, used))
            waiting.discard(id(element))
            known[id(element)] = min(total, MOST_DRAWN + 1)
        return known[id(element)]

    try:
        drawn = cost(root)
    except RecursionError:
        drawn = MOST_DRAWN + 1
    if drawn > MOST_DRAWN:
        raise BadInput(
            f"With what it uses again and again this drawing has more than {MOST_DRAWN:,} parts. Simplify it, or save "
            "it as a PNG.",
            kind="drawing-too-large",
        )


def _references(element: _Element) -> Iterator[str]:
    for name, value in element.attributes.items():
        if name == "href":
            yield value[1:]
        elif name in PROPERTIES and value.startswith("url(#"):
            yield value[5:].partition(")")[0]


def _measure(root: _Element) -> None:
    """Give the drawing a frame and a size: from its viewBox, else from its width and height."""
    own = root.attributes
    box = [float(n) for n in _NUMBER.findall(own.get("viewBox", ""))]
    if len(box) != 4:
        sides = [_LENGTH.fullmatch(own.get(name, "")) for name in ("width", "height")]
        if not all(sides):
            raise BadInput("It does not say how large it is (no viewBox, no width and height).", kind="broken-file")
        box = [0.0, 0.0, *(float(side[1]) * _PIXELS[side[2]] for side in sides if side is not None)]
    width, height = box[2:]
    if width <= 0 or height <= 0 or not 1 / 20 <= width / height <= 20:
        raise BadInput("It is empty, or more than twenty times as long as it is wide.", kind="broken-file")
    scale = _SIDE / max(width, height)
    root.attributes = {
        "xmlns": _SVG,
        **{name: value for name, value in own.items() if name in PROPERTIES},
        "viewBox": " ".join(f"{n:g}" for n in box),
        "width": f"{width * scale:.4g}",
        "height": f"{height * scale:.4g}",
    }


def _every(root: _Element) -> Iterator[_Element]:
    waiting = [root]
    while waiting:
        element = waiting.pop()
        yield element
        waiting.extend(reversed(element.inside))


def _written(element: _Element, *, outermost: bool = False) -> Iterator[str]:
    yield f"<{element.tag}"
    for name, value in element.attributes.items():
        # Older programs, and the one that prints, know this only by its older name.
        yield f" {'xlink:href' if name == 'href' else name}={quoteattr(value)}"
    if outermost:
        yield f' xmlns:xlink="{_XLINK}"'
    if not element.inside:
        yield "/>"
        return
    yield ">"
    for one in element.inside:
        yield from _written(one)
    yield f"</{element.tag}>"
