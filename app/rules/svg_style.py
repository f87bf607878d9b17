"""The few properties of a drawing that are kept, and the simple style rules that drawing programs write them in."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.errors import BadInput

_COLOUR = re.compile(
    r"none|currentColor|inherit|transparent|[a-z]{3,25}|#[0-9a-f]{3,8}|(?:rgb|hsl)a?\([-+\d.,%\s/deg]{1,60}\)"
    r"|url\(#[A-Za-z_][\w.-]{0,80}\)(?: (?:none|[a-z]{3,25}|#[0-9a-f]{3,8}))?",
    re.IGNORECASE | re.ASCII,
)
_NUMBER = r"[-+]?(?:\d{1,7}(?:\.\d{0,9})?|\.\d{1,9})(?:px|pt|mm|cm|in|%)?"
_NUMBERS = re.compile(rf"none|inherit|{_NUMBER}(?:[ ,]{{1,3}}{_NUMBER}){{0,19}}", re.ASCII)
_WORD = re.compile(r"[a-z-]{1,20}", re.IGNORECASE)
_TARGET = re.compile(r"none|url\(#[A-Za-z_][\w.-]{0,80}\)", re.ASCII)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"\s*([^{}@]{1,2000})\{([^{}]{0,5000})\}")
_SELECTOR = re.compile(r"([A-Za-z]{1,20}|\*)?([.#][A-Za-z_][\w-]{0,80})?", re.ASCII)
_MOST_RULES = 200

PROPERTIES: Mapping[str, re.Pattern[str]] = {
    **dict.fromkeys(("fill", "stroke", "color", "stop-color"), _COLOUR),
    **dict.fromkeys(("clip-path", "mask"), _TARGET),
    **dict.fromkeys(
        ("fill-opacity", "stroke-opacity", "stop-opacity", "opacity", "stroke-width", "stroke-miterlimit"), _NUMBERS
    ),
    **dict.fromkeys(("stroke-dasharray", "stroke-dashoffset"), _NUMBERS),
    **dict.fromkeys(("fill-rule", "clip-rule", "stroke-linecap", "stroke-linejoin", "display", "visibility"), _WORD),
}
"""What a shape may look like, by the property, and how its values are written."""


def checked(name: str, value: str) -> str:
    """The value of a property. BadInput for one that says anything else, or reaches outside the drawing."""
    plain = value.replace("!important", "").strip().replace("'", "").replace('"', "")
    if not PROPERTIES[name].fullmatch(plain):
        raise BadInput(
            f"Its “{name}” has the value “{value[:60]}”, which is not kept. Save it as a plain SVG, or as a PNG.",
            kind="unsafe-drawing",
        )
    return plain


def declarations(text: str) -> dict[str, str]:
    """What a style attribute or the body of a rule says, property by property; what is not known is left."""
    found: dict[str, str] = {}
    for one in text.split(";"):
        name, colon, value = one.partition(":")
        if colon and value.strip():
            found[name.strip().lower()] = " ".join(value.split())
    return found


@dataclass(frozen=True, slots=True)
class Rules:
    """Style rules by weight, tag, class and id, in the order in which a later one wins."""

    rules: Sequence[tuple[int, str, str, str, Mapping[str, str]]]

    def on(self, tag: str, classes: Sequence[str], id: str) -> dict[str, str]:
        """What they say about an element."""
        said: dict[str, str] = {}
        for _, of_tag, of_class, of_id, properties in self.rules:
            if of_tag in ("", "*", tag) and of_class in ("", *classes) and of_id in ("", id):
                said.update(properties)
        return said


def rules_of(text: str) -> Rules:
    """The rules of a style sheet. BadInput for one that does more than give simple names their looks."""
    rest = _COMMENT.sub("", text).replace("<![CDATA[", "").replace("]]>", "")
    found: list[tuple[int, str, str, str, Mapping[str, str]]] = []
    while rest.strip():
        rule = _RULE.match(rest)
        if rule is None or len(found) >= _MOST_RULES:
            raise _refused()
        properties = declarations(rule[2])
        for selector in rule[1].split(","):
            parts = _SELECTOR.fullmatch(selector.strip())
            if parts is None or not parts[0]:
                raise _refused()
            tag, name = parts[1] or "", parts[2] or ""
            of_class, of_id = (name[1:], "") if name.startswith(".") else ("", name[1:])
            found.append((2 * bool(of_id) + bool(of_class), tag, of_class, of_id, properties))
        rest = rest[rule.end() :]
    return Rules(sorted(found, key=lambda one: one[0]))


def _refused() -> BadInput:
    return BadInput(
        "Its style sheet does more than colour shapes. Save it with “presentation attributes”, as a plain SVG, or as a "
        "PNG.",
        kind="unsafe-drawing",
    )
