"""The cover of a charter as a form: title, organisation, address, contact, language and annexes."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.errors import BadInput
from app.text.dialect import clean
from app.text.snapshot import Front
from app.web.cover_annexes import read_annexes

_LINES = ("title", "organisation", "contact", "language")
_NAMES = {
    "title": "Title",
    "organisation": "Organisation",
    "address": "Address",
    "contact": "Contact",
    "language": "Language of the text",
}
_HINTS = {
    "title": "as it stands on the cover",
    "address": "one line for each line of the address",
    "language": "a tag like en, en-GB or fr",
}


@dataclass(frozen=True, slots=True)
class CoverField:
    """One field of the form: its name in the front, what people call it, and what stands in it."""

    name: str
    label: str
    hint: str
    value: str
    rows: int


def typed_cover(front: Front, fields: Mapping[str, str]) -> list[CoverField]:
    """The form with what was typed, or with what stands on the cover."""
    made = []
    for name, label in _NAMES.items():
        value = fields.get(f"f.{name}", getattr(front, name))
        made.append(CoverField(name, label, _HINTS.get(name, ""), value, 4 if name == "address" else 1))
    return made


def read_cover(front: Front, fields: Mapping[str, str]) -> dict[str, object]:
    """The fields that were changed. BadInput for a title or language that is empty, and for an annexe that is none."""
    wanted: dict[str, object] = {}
    for name in _NAMES:
        typed = clean(fields.get(f"f.{name}", getattr(front, name)))
        value = " ".join(typed.split()) if name in _LINES else "\n".join(line.strip() for line in typed.split("\n"))
        value = value.strip()
        if value == getattr(front, name).strip():
            continue
        if not value and name in ("title", "language"):
            raise BadInput(f"“{_NAMES[name]}” cannot be left empty.")
        wanted[name] = value
    annexes = read_annexes(front, fields)
    if annexes is not None:
        wanted["annexes"] = annexes
    return wanted
