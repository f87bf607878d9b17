"""The charter.toml of a source folder: whose charter it is, its front, its sections in order, its edition."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.errors import BadInput, SourceRefused
from app.text.blocks import Block, Kind
from app.text.dialect import canonical_blocks
from app.text.snapshot import Annexe, Front, SectionKind
from app.text.source_toml import Table, Tables
from app.text.source_values import SourceEdition

OUTLINE_FILE = "charter.toml"

_KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_FILE = re.compile(r"[^./\\\x00-\x1f][^/\\\x00-\x1f]*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_MONTH_OR_DAY = re.compile(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?")
_WEB = re.compile(r"https?://[^\s/][^\s]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DeclaredSection:
    """A section as charter.toml names it, with the file its text is in and the lines to point at."""

    key: str
    kind: SectionKind
    heading: str
    file: str
    line: int
    heading_line: int


@dataclass(frozen=True, slots=True)
class Outline:
    """Everything that charter.toml says."""

    key: str
    open: bool
    front: Front
    sections: tuple[DeclaredSection, ...]
    edition: SourceEdition | None
    named_files: tuple[str, ...]
    logo_alt: str = ""


def read_outline(text: str, reserved: Collection[str]) -> Outline:
    """The outline written in this TOML; SourceRefused with the line if anything about it is wrong or unknown."""
    tables = Tables(OUTLINE_FILE, text)
    tables.allow("charter", "front", "edition", "section", "annexe")
    charter, front, edition = tables.one("charter"), tables.one("front"), tables.one("edition")
    sections, annexes = tables.many("section"), tables.many("annexe")
    if charter is None:
        raise SourceRefused("The table [charter] is missing.", file=OUTLINE_FILE, line=1)
    if front is None:
        raise SourceRefused("The table [front] is missing.", file=OUTLINE_FILE, line=1)
    charter.allow("key", "open")
    key = _key(charter)
    if key in reserved:
        raise charter.refused(f'"{key}" is an address of the product itself; choose another charter key.', "key")
    is_open = charter.flag("open")
    declared = tuple(_section(table) for table in sections)
    named = tuple(_annexe(table) for table in annexes)
    _refuse_doubles(sections, [("key", one.key) for one in declared], "sections")
    _refuse_doubles(sections, [("file", one.file) for one in declared], "sections")
    _refuse_doubles(annexes, [("key", one.key) for one in named], "annexes")
    _refuse_second_footnotes(sections, declared)
    read_front = _front(front, named)
    files = [one.file for one in named if one.file] + ([read_front.logo] if read_front.logo else [])
    return Outline(
        key=key,
        open=is_open,
        front=read_front,
        sections=declared,
        edition=None if edition is None else _edition(edition),
        named_files=tuple(files),
        logo_alt=" ".join((front.text("logo_alt") or "").split()),
    )


def _front(table: Table, annexes: tuple[Annexe, ...]) -> Front:
    table.allow("title", "organisation", "address", "contact", "logo", "logo_alt", "language")
    language = table.text("language")
    if language is not None and not _LANGUAGE.fullmatch(language):
        raise table.refused('"language" must be a language tag such as "en" or "en-GB".', "language")
    return Front(
        title=table.needed("title"),
        organisation=table.needed("organisation"),
        address=table.text("address") or "",
        contact=table.text("contact") or "",
        logo=_file(table, "logo"),
        language=language or "en",
        annexes=annexes,
    )


def _annexe(table: Table) -> Annexe:
    table.allow("key", "title", "file", "url")
    url = table.text("url")
    if url is not None and not _WEB.fullmatch(url):
        raise table.refused('"url" must be a web address that begins with https:// or http://.', "url")
    return Annexe(key=_key(table), title=table.needed("title"), file=_file(table, "file"), url=url)


def _section(table: Table) -> DeclaredSection:
    table.allow("key", "kind", "heading", "file")
    key = _key(table)
    section = DeclaredSection(
        key=key,
        kind=_choice(table, "kind", SectionKind),
        heading=_heading(table),
        file=_file(table, "file") or f"{key}.md",
        line=table.line,
        heading_line=table.lines.get("heading", table.line),
    )
    if not section.file.endswith(".md"):
        raise table.refused("The file of a section must end in .md.", "file")
    return section


def _heading(table: Table) -> str:
    """The heading on one line and in canonical form; it is inline Markdown and may be empty."""
    line = " ".join(part for part in re.split("[ \n]+", (table.text("heading") or "").lstrip(" \n\ufeff")) if part)
    if not line:
        return ""
    try:
        (block,) = canonical_blocks([Block(Kind.HEADING, line, level=2)])
    except (BadInput, ValueError):
        raise table.refused('"heading" must be one line of text.', "heading") from None
    return block.text


def _edition(table: Table) -> SourceEdition:
    table.allow("date", "label", "effective")
    written = table.day_or_text("date")
    if written is None:
        raise table.refused('"date" in [edition] is missing.')
    if not _MONTH_OR_DAY.fullmatch(written):
        raise table.refused('"date" must be a month like "2025-05" or a day like "2026-11-21".', "date")
    _day(table, "date", written if len(written) == 10 else f"{written}-01", written)
    effective = table.day_or_text("effective")
    if effective is not None and (len(effective) != 10 or not _MONTH_OR_DAY.fullmatch(effective)):
        raise table.refused('"effective" must be a day like "2026-11-21".', "effective")
    label = None if table.text("label") is None else table.needed("label")
    return SourceEdition(
        date=written,
        label=label,
        effective=None if effective is None else _day(table, "effective", effective, effective),
    )


def _day(table: Table, key: str, day: str, written: str) -> date:
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise table.refused(f"There is no {written} in the calendar.", key) from None


def _key(table: Table) -> str:
    key = table.needed("key")
    if not _KEY.fullmatch(key):
        raise table.refused('"key" is made of lower-case letters, digits and hyphens between them, at most 64.', "key")
    return key


def _file(table: Table, key: str) -> str | None:
    name = table.text(key)
    if name is not None and not _FILE.fullmatch(name):
        raise table.refused(f'"{key}" must be the name of a file in this folder, without any path.', key)
    return name


def _choice(table: Table, key: str, kinds: type[StrEnum]) -> SectionKind:
    written = table.needed(key)
    if written not in list(kinds):
        raise table.refused(f'"{written}" is not a kind of section; kinds are: {", ".join(kinds)}.', key)
    return SectionKind(written)


def _refuse_doubles(tables: tuple[Table, ...], values: list[tuple[str, str]], what: str) -> None:
    first: dict[str, Table] = {}
    for table, (key, value) in zip(tables, values, strict=True):
        earlier = first.setdefault(value, table)
        if earlier is not table:
            raise table.refused(f'Two {what} have the {key} "{value}"; the first stands in line {earlier.line}.', key)


def _refuse_second_footnotes(tables: tuple[Table, ...], sections: tuple[DeclaredSection, ...]) -> None:
    footnotes = [at for at, section in enumerate(sections) if section.kind is SectionKind.FOOTNOTES]
    for at in footnotes[1:]:
        raise tables[at].refused("A charter has one section of kind footnotes; this is a second one.", "kind")
