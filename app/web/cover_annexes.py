"""The annexes of a charter as part of the form of its cover: which there are, what they are called, where they are."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.errors import BadInput
from app.text.dialect import clean
from app.text.digest import annexe_to_json
from app.text.snapshot import Annexe, Front

_ADDRESS = re.compile(r"https?://[^\s/<>\"]+(?:/[^\s<>\"]*)?", re.IGNORECASE)
_LONGEST_KEY = 60
_LONGEST = 1_000
MOST_ANNEXES = 100


@dataclass(frozen=True, slots=True)
class CoverAnnexe:
    """An annexe in the form, as it was typed; ``name`` is what it was called before. ``key`` is "+" for a new one."""

    key: str
    name: str
    title: str
    url: str
    taken_out: bool = False


def typed_annexes(front: Front, fields: Mapping[str, str]) -> list[CoverAnnexe]:
    """The annexes of the form, and one that can be added, with what was typed or with what stands on the cover."""
    shown = [*front.annexes, Annexe("+", "")]
    return [
        CoverAnnexe(
            one.key,
            one.title,
            fields.get(f"x.{one.key}.title", one.title),
            fields.get(f"x.{one.key}.url", one.url or ""),
            fields.get(f"x.{one.key}.out") == "yes",
        )
        for one in shown
    ]


def read_annexes(front: Front, fields: Mapping[str, str]) -> list[dict[str, object]] | None:
    """The annexes that are wanted, as a field of the front; None if nothing about them was changed.

    BadInput for one without a title, and for an address that is none.
    """
    wanted: list[Annexe] = []
    declared = {annexe.key: annexe for annexe in front.annexes}
    for typed in typed_annexes(front, fields):
        title, url = _line(typed.title), _line(typed.url)
        if typed.taken_out or (typed.key == "+" and not title and not url):
            continue
        if not title:
            called = f"The annexe “{typed.name}”" if typed.name else "The new annexe"
            raise BadInput(f"{called} needs a title." + (" To take it out, tick that." if typed.name else ""))
        if url and not _ADDRESS.fullmatch(url):
            raise BadInput(f"The address of “{title}” has to begin with https:// or http://.")
        key = typed.key if typed.key != "+" else free_annexe_key(title, declared)
        there = declared.get(key)
        wanted.append(Annexe(key, title, there.file if there is not None else None, url or None))
    if len(wanted) > MOST_ANNEXES:
        raise BadInput(f"A charter may have {MOST_ANNEXES} annexes.")
    return None if tuple(wanted) == front.annexes else [annexe_to_json(one) for one in wanted]


def free_annexe_key(title: str, taken: Collection[str]) -> str:
    """The key by which the text will cite an annexe of that title: letters a-z, digits and hyphens."""
    folded = unicodedata.normalize("NFKD", re.sub("['’ʼ]", "-", title)).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "-", folded)[:_LONGEST_KEY].strip("-") or "annexe"
    number, found = 1, key
    while found in taken:
        number += 1
        found = f"{key}-{number}"
    return found


def _line(typed: str) -> str:
    words = " ".join(clean(typed).split())
    if len(words) > _LONGEST:
        raise BadInput(f"A title or an address may have {_LONGEST:,} characters at most.")
    return words
