"""The runs of a paragraph: words with their looks, and what is no words."""

import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

from app.text.dialect import Mark
from app.text.wordfile.package import W
from app.text.wordfile.story import Atom, Change, Paragraph, What
from app.text.wordfile.styles import Looks, is_on, run_marks, value

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SPELLED = re.compile(r"(?:\[U\+[0-9A-F]{4,6}\])+")
_SIGNS = {f"{W}tab": " ", f"{W}ptab": " ", f"{W}noBreakHyphen": "\u2011", f"{W}softHyphen": "\u00ad"}
_BREAKS = frozenset({f"{W}br", f"{W}cr"})
# What Word's own correction puts in of the typefaces of signs; others are named.
_SYMBOLS = {
    0xE0: "→",
    0xDF: "←",
    0xE8: "→",
    0xF3: "↔",
    0x4A: "☺",
    0x4C: "☹",
    0xFC: "✓",
    0xFB: "✗",
    0xA8: "☐",
    0xB7: "•",
}
_OTHER = {
    "strike": "Words that are struck through were read as words",
    "dstrike": "Words that are struck through were read as words",
    "highlight": "A highlight was left out",
    "u": "An underline was left out",
    "vertAlign": "A raised or lowered sign was read as an ordinary one",
    "color": "A colour was left out",
    "shd": "A highlight was left out",
    "sz": "",
}
_DRAWN = frozenset({f"{W}drawing", f"{W}pict", f"{W}object"})
_QUIET = frozenset({"hyperlink", "internet link", "footnote reference", "endnote reference", "annotation reference"})
_COLOURLESS = frozenset({"", "auto", "000000"})


class Runs:
    """The runs of one paragraph, one after the other."""

    def __init__(self, here: Paragraph, looks: Looks, find: Callable[[str, str], None]) -> None:
        self._here, self._looks, self._find = here, looks, find
        self._marks: frozenset[Mark] = frozenset()
        self._was: frozenset[Mark] | None = None
        self._looked: Change | None = None
        self._link: str | None = None
        self._come: tuple[Change, ...] = ()
        self._gone: tuple[Change, ...] = ()
        self._unseen = self._hidden = False
        self._odd: list[str] = []

    def begin(
        self,
        look: ET.Element | None,
        link: str | None,
        come: tuple[Change, ...],
        gone: tuple[Change, ...],
        changed: Callable[[ET.Element], Change],
    ) -> None:
        """A run with these properties, that leads there, and that these people put in or took out."""
        self._link, self._come, self._gone = link, come, gone
        self._was = self._looked = None
        if look is None:
            self._marks, self._unseen, self._hidden, self._odd = frozenset(), False, False, []
            return
        style = self._looks.styles.get(value(look.find(f"{W}rStyle")))
        name = "" if style is None else style.name
        self._marks = run_marks(look, frozenset() if style is None else style.marks)
        self._unseen = name == "unseen character"
        if self._unseen:
            self._marks = frozenset()
        hidden = is_on(look.find(f"{W}vanish"))
        self._hidden = (style is not None and style.hidden) if hidden is None else hidden
        was = look.find(f"{W}rPrChange")
        if was is not None:
            self._looked = changed(was)
            before = was.find(f"{W}rPr")
            old = None if before is None else self._looks.styles.get(value(before.find(f"{W}rStyle")))
            self._was = run_marks(before, frozenset() if old is None else old.marks)
        self._odd = [] if self._unseen or name in _QUIET else _odd(look, linked=link is not None)

    def words(self, e: ET.Element) -> None:
        """The characters of a run."""
        text = e.text or ""
        if e.get(_SPACE) != "preserve":
            text = text.strip(" \t\r\n")
        if self._unseen and _SPELLED.fullmatch(text):
            codes = [int(code, 16) for code in text[3:-1].split("][U+")]
            text = "".join(chr(code) for code in codes if code < 0x110000)
        text = _UNFIT.sub("", text)
        if text:
            self._add(What.WORDS, text)

    def other(self, e: ET.Element) -> None:
        """What stands in a run and is no words."""
        tag = e.tag
        if tag in _SIGNS:
            self._add(What.WORDS, _SIGNS[tag])
        elif tag in _BREAKS:
            if value(e, "type") in ("", "textWrapping"):
                self._add(What.BREAK, "\n")
            else:
                self._add(What.WORDS, " ")
        elif tag == f"{W}sym":
            self._symbol(e)
        elif tag in _DRAWN:
            self._drawn(e)

    def _symbol(self, e: ET.Element) -> None:
        told = value(e, "char")
        code = int(told, 16) if re.fullmatch("[0-9A-Fa-f]{1,6}", told) else 0
        sign = _SYMBOLS.get(code - 0xF000 if 0xF000 <= code < 0xF100 else code)
        if sign is None:
            self._find(f"A sign of the typeface {value(e, 'font') or 'of signs'} was left out.", "")
        else:
            self._add(What.WORDS, sign)

    def _drawn(self, e: ET.Element) -> None:
        boxes = [
            " ".join("".join(t.text or "" for t in p.iter(f"{W}t")) for p in box.iter(f"{W}p"))
            for box in e.iter(f"{W}txbxContent")
        ]
        words = " ".join(dict.fromkeys(box for box in boxes if box.strip()))
        if words:
            self._find(f"The words of a text box were left out: “{words[:400]}”.", "")
        elif self._here.shape.style != "normal" or self._here.number != 1:
            self._find("A picture, drawing or embedded object was left out.", "")

    def _add(self, what: What, text: str) -> None:
        if self._hidden:
            self._find(f"Hidden words were left out: “{text[:200]}”.", "")
            return
        self._here.atoms.append(
            Atom(what, text, self._marks, self._link, self._come, self._gone, self._was, self._looked)
        )
        for odd in self._odd:
            self._find(f"{odd}.", "")
        self._odd = []


def _odd(look: ET.Element, *, linked: bool) -> list[str]:
    """What these properties say that no text of ours can."""
    found: dict[str, None] = {}
    for e in look:
        told = _OTHER.get(e.tag.removeprefix(W))
        if not told:
            continue
        said = value(e)
        if e.tag in (f"{W}color", f"{W}u") and linked:
            continue
        if e.tag in (f"{W}strike", f"{W}dstrike") and not is_on(e):
            continue
        if e.tag == f"{W}color" and (said.lower() in _COLOURLESS or _is_grey(said)):
            continue
        if e.tag == f"{W}shd" and value(e, "fill").lower() in ("", "auto", "ffffff"):
            continue
        if said in ("none", "baseline"):
            continue
        found[told] = None
    return list(found)


def _is_grey(colour: str) -> bool:
    """Whether a colour is none to speak of: black, white, or any grey, as themes have them."""
    return (
        re.fullmatch("[0-9A-Fa-f]{6}", colour) is not None and len({colour[n : n + 2].lower() for n in (0, 2, 4)}) == 1
    )
