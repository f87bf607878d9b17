"""Which characters the typefaces hold, and what is printed for those that have no shape of their own."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup, escape

from app.errors import Refused
from app.text.blocks import Kind
from app.text.prepared import PreparedBlock, PreparedEdition, plain

# What shapes its neighbours or breaks a line and needs no glyph: joiners, variation selectors, soft hyphen, newline.
_SHAPING = re.compile("[\u00ad\u034f\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef\n]")

# What would act without being seen: directions, zero-width spaces, line separators, tags.
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp"})


@lru_cache(maxsize=2)
def held(fonts: Path) -> frozenset[str]:
    """The characters that at least one typeface of the folder can draw."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    found: set[str] = set()
    for file in sorted(fonts.glob("*.ttf")):
        with TTFont(file, lazy=True) as font:
            found.update(map(chr, font.getBestCmap()))
    return frozenset(found)


def words(text: str, drawable: frozenset[str]) -> Markup:
    """The text as markup; a character that would not be seen, or has no glyph, is printed as its code: U+202E."""
    pieces: list[Markup] = []
    for character in text:
        if needs_sign(character, drawable):
            pieces.append(Markup('<span class="sign">U+%s</span>') % f"{ord(character):04X}")
        else:
            pieces.append(escape(character))
    return Markup("").join(pieces)


def seen(text: str, drawable: frozenset[str]) -> str:
    """The text for titles, running lines and bookmarks, where there is no markup: codes stand in brackets."""
    return "".join(f"[U+{ord(c):04X}]" if needs_sign(c, drawable) else c for c in text)


def needs_sign(character: str, drawable: frozenset[str]) -> bool:
    """Whether the character cannot be printed as itself."""
    if _SHAPING.match(character):
        return False
    return is_unseen(character) or character not in drawable


def is_unseen(character: str) -> bool:
    """Whether the character does something without showing itself."""
    return unicodedata.category(character) in _UNSEEN and not _SHAPING.match(character)


def refuse_missing(prepared: PreparedEdition, fonts: Path) -> None:
    """Refuse a text with characters that no typeface holds, naming each and the section where it first stands."""
    drawable = held(fonts)
    missing: dict[str, str] = {}
    for place, text in _texts(prepared):
        for character in set(text) - drawable:
            if needs_sign(character, drawable) and not is_unseen(character):
                missing.setdefault(character, place)
    if missing:
        named = [f"{c} (U+{ord(c):04X} {unicodedata.name(c, 'unnamed')}) in {missing[c]}" for c in sorted(missing)]
        raise Refused(
            f"The typefaces of the PDF have no glyph for {'; '.join(named)}. Write it in another way.",
            kind="missing-glyph",
            details={"characters": [{"code": f"U+{ord(c):04X}", "where": missing[c]} for c in sorted(missing)]},
        )


def _texts(prepared: PreparedEdition) -> Iterator[tuple[str, str]]:
    front = prepared.front
    yield "the front", " ".join((front.title, front.organisation, front.address, front.contact, prepared.label))
    for annexe in prepared.annexes_at_hand:
        yield f"the annexe “{annexe.title}”", f"{annexe.title} {annexe.url or ''}"
    for section in prepared.sections:
        yield section.name, plain(section.heading)
        for block in section.blocks():
            yield section.name, _text(block)
    for note in prepared.notes:
        place = f"note {note.number or note.label}"
        for block in note.blocks():
            yield place, _text(block)


def _text(block: PreparedBlock) -> str:
    if block.block.kind is Kind.CODE:
        return block.block.text
    cells = "".join(run.text for row in block.rows for cell in row for run in cell)
    return "".join(run.text for run in block.runs) + cells
