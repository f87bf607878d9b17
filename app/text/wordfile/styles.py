"""The styles and lists of a Word file: what a paragraph is, whatever language its styles are named in."""

import re
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from app.text.blocks import ListStyle
from app.text.dialect import Mark
from app.text.wordfile.package import Package, W

_HEADING = re.compile(r"heading ([1-9])")
_LONGEST_CHAIN = 20
_NO = frozenset({"0", "false", "off", "none"})
_MONO = re.compile(r"courier|consol|mono|menlo|lucida sans typewriter|typewriter", re.IGNORECASE)
_CODE = frozenset({"inline code", "html code", "html typewriter", "source text", "verbatim char", "code", "code char"})
_FORMATS = {
    "bullet": ListStyle.BULLET,
    "upperLetter": ListStyle.UPPER_ALPHA,
    "lowerLetter": ListStyle.LOWER_ALPHA,
    "upperRoman": ListStyle.UPPER_ROMAN,
    "lowerRoman": ListStyle.LOWER_ROMAN,
}


def value(e: ET.Element | None, name: str = "val") -> str:
    """An attribute of Word; "" where it is missing."""
    return "" if e is None else e.get(W + name) or ""


def number(text: str, otherwise: int = 0) -> int:
    """A whole number of a file, which may say anything."""
    return int(text) if text.isascii() and text.lstrip("-").isdigit() and len(text) < 10 else otherwise


def is_on(e: ET.Element | None) -> bool | None:
    """Whether a property is switched on, off (False), or not spoken of (None)."""
    return None if e is None else value(e) not in _NO


@dataclass(frozen=True, slots=True)
class Style:
    """A style with all it has from those it is based on. ``level`` is that of a heading, from 1; None for others."""

    name: str = ""
    level: int | None = None
    list: str = ""
    depth: int = 0
    left: int = 0
    marks: frozenset[Mark] = frozenset()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """How the items of a level of a list are counted; ``left`` is their indent."""

    style: ListStyle
    start: int
    left: int


PLAIN_STYLE = Style()


@dataclass(slots=True)
class Looks:
    """The styles and the lists of a file, asked for by the names the text has for them."""

    styles: dict[str, Style] = field(default_factory=dict)
    levels: dict[tuple[str, int], Level] = field(default_factory=dict)
    default: Style = PLAIN_STYLE

    def style(self, id: str) -> Style:
        """The style of that id; the usual one of the file where there is none."""
        return self.styles.get(id, self.default)

    def level(self, list: str, depth: int) -> Level | None:
        """A level of a list; None where its items bear no sign."""
        return self.levels.get((list, depth))


def looks_of(package: Package, styles: str | None, numbering: str | None) -> Looks:
    """The styles and lists of a file, from the parts that hold them."""
    looks = Looks()
    tree = None if styles is None else package.tree(styles)
    if tree is not None:
        _read_styles(tree, looks)
    tree = None if numbering is None else package.tree(numbering)
    if tree is not None:
        _read_lists(tree, looks)
    return looks


def _read_styles(tree: ET.Element, looks: Looks) -> None:
    elements = {value(e, "styleId"): e for e in tree.findall(f"{W}style")}
    for id, e in elements.items():
        chain = [e]
        while len(chain) < _LONGEST_CHAIN:
            base = elements.get(value(chain[-1].find(f"{W}basedOn")))
            if base is None or base in chain:
                break
            chain.append(base)
        made = PLAIN_STYLE
        for one in reversed(chain):
            made = _styled(made, one)
        looks.styles[id] = made
        if value(e, "default") not in ("", *_NO) and value(e, "type") == "paragraph":
            looks.default = made


def _styled(base: Style, e: ET.Element) -> Style:
    name = value(e.find(f"{W}name")).lower()
    look, run = e.find(f"{W}pPr"), e.find(f"{W}rPr")
    level, list, depth, left = base.level, base.list, base.depth, base.left
    if look is not None:
        outline = look.find(f"{W}outlineLvl")
        if outline is not None:
            level = _level(number(value(outline), 9))
        list, depth = numbered(look.find(f"{W}numPr"), (list, depth))
        left = indent(look.find(f"{W}ind"), left)
    found = _HEADING.fullmatch(name)
    if found is not None and (look is None or look.find(f"{W}outlineLvl") is None):
        level = int(found[1])
    if name.startswith("toc"):
        level = None
    character = value(e, "type") == "character"
    marks = run_marks(run, base.marks) if character else frozenset()
    if character:
        if name in _CODE:
            marks |= {Mark.CODE}
        if name in ("strong", "intense emphasis"):
            marks |= {Mark.STRONG}
        if name in ("emphasis", "intense emphasis"):
            marks |= {Mark.EMPHASIS}
    hidden = is_on(None if run is None else run.find(f"{W}vanish"))
    return Style(name, level, list, depth, left, marks, base.hidden if hidden is None else hidden)


def _level(outline: int) -> int | None:
    return outline + 1 if 0 <= outline < 9 else None


def numbered(e: ET.Element | None, base: tuple[str, int] = ("", 0)) -> tuple[str, int]:
    """The list and the level in it that a paragraph names, over those of its style."""
    if e is None:
        return base
    list, depth = e.find(f"{W}numId"), e.find(f"{W}ilvl")
    return (
        base[0] if list is None else value(list),
        base[1] if depth is None else max(0, min(8, number(value(depth)))),
    )


def indent(e: ET.Element | None, base: int = 0) -> int:
    """How far a paragraph stands in, in twentieths of a point."""
    if e is None:
        return base
    told = value(e, "left") or value(e, "start")
    return number(told.partition(".")[0], base) if told else base


def run_marks(run: ET.Element | None, base: frozenset[Mark] = frozenset()) -> frozenset[Mark]:
    """How words look that have these properties over others."""
    if run is None:
        return base
    marks = set(base)
    for tag, mark in (("b", Mark.STRONG), ("i", Mark.EMPHASIS)):
        on = is_on(run.find(W + tag))
        if on is not None:
            (marks.add if on else marks.discard)(mark)
    fonts = run.find(f"{W}rFonts")
    if fonts is not None and _MONO.search(value(fonts, "ascii") or value(fonts, "hAnsi")):
        marks.add(Mark.CODE)
    return frozenset(marks)


def _read_lists(tree: ET.Element, looks: Looks) -> None:
    kinds = {value(e, "abstractNumId"): e for e in tree.findall(f"{W}abstractNum")}
    linked = {value(e.find(f"{W}styleLink")): e for e in kinds.values() if e.find(f"{W}styleLink") is not None}
    for e in tree.findall(f"{W}num"):
        kind = kinds.get(value(e.find(f"{W}abstractNumId")))
        if kind is None:
            continue
        link = value(kind.find(f"{W}numStyleLink"))
        found = {value(one, "ilvl"): one for one in linked.get(link, kind).findall(f"{W}lvl")}
        starts: dict[str, int] = {}
        for over in e.findall(f"{W}lvlOverride"):
            own, start = over.find(f"{W}lvl"), over.find(f"{W}startOverride")
            if own is not None:
                found[value(over, "ilvl")] = own
            if start is not None:
                starts[value(over, "ilvl")] = number(value(start), 1)
        for depth, one in found.items():
            level = _counted(one, starts.get(depth))
            if level is not None:
                looks.levels[value(e, "numId"), number(depth)] = level


def _counted(e: ET.Element, start: int | None) -> Level | None:
    form, sign = value(e.find(f"{W}numFmt")), value(e.find(f"{W}lvlText"))
    if form == "none" or (form != "bullet" and not sign):
        return None
    look = e.find(f"{W}pPr")
    left = indent(None if look is None else look.find(f"{W}ind"))
    first = number(value(e.find(f"{W}start")), 1) if start is None else start
    return Level(_FORMATS.get(form, ListStyle.DECIMAL), max(0, first), left)
