"""The fields of the front one by one: read as JSON-safe values, set with a check."""

import re
from dataclasses import replace

from app.errors import BadInput
from app.text.digest import front_to_json
from app.text.snapshot import Annexe, Front

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*", re.ASCII)

FIELDS = ("title", "organisation", "address", "contact", "logo", "language", "annexes")


def field_value(front: Front, field: str) -> object:
    """The JSON-safe value of one field."""
    return front_to_json(front)[field]


def with_field(front: Front, field: str, value: object) -> Front:
    """The front with one field set; BadInput for a field that is none or a value that does not fit it."""
    if field not in FIELDS:
        raise BadInput(f"The front has no field {field!r}; it has {', '.join(FIELDS)}.")
    if field == "annexes":
        return replace(front, annexes=_annexes(value))
    if field == "logo" and value is None:
        return replace(front, logo=None)
    if not isinstance(value, str):
        raise BadInput(f"The field {field} of the front is a text.")
    if field in ("title", "language") and not value.strip():
        raise BadInput(f"The field {field} of the front cannot be empty.")
    if field == "language" and not _LANGUAGE.fullmatch(value):
        raise BadInput("The language of the text is a tag like en, en-GB or fr.", kind="bad-front")
    match field:
        case "title":
            return replace(front, title=value)
        case "organisation":
            return replace(front, organisation=value)
        case "address":
            return replace(front, address=value)
        case "contact":
            return replace(front, contact=value)
        case "logo":
            return replace(front, logo=value)
        case _:
            return replace(front, language=value)


def annexes_by_key(value: object) -> dict[str, object]:
    """The annexes of a JSON-safe value by their keys, in order."""
    return {
        annexe.key: {"key": annexe.key, "title": annexe.title, "file": annexe.file, "url": annexe.url}
        for annexe in _annexes(value)
    }


def _annexes(value: object) -> tuple[Annexe, ...]:
    if not isinstance(value, list):
        raise BadInput("The annexes of the front are a list.")
    found: dict[str, Annexe] = {}
    for one in value:
        if not isinstance(one, dict) or not isinstance(one.get("key"), str) or not isinstance(one.get("title"), str):
            raise BadInput("An annexe has a key and a title.")
        if set(one) - {"key", "title", "file", "url"}:
            raise BadInput("An annexe has a key, a title, a file and an address, and nothing else.")
        if one["key"] in found:
            raise BadInput(f"Two annexes have the key {one['key']}.")
        found[one["key"]] = Annexe(one["key"], one["title"], _text(one.get("file")), _text(one.get("url")))
    return tuple(found.values())


def _text(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise BadInput("The file and the address of an annexe are texts.")
    return value
